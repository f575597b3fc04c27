"""CVAT's cuboid (two faces drawn freely) and Encord's (a front face and a projection): which corner is which, and the fit.

CVAT stores eight corners: front left top and bottom, front right top and bottom, back **right** top and bottom, back
**left** top and bottom; the names in its XML (tl2, bl2, tr2, br2) call the back right edge left.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from mapper.geometry.rings import area
from mapper.geometry.shapes import Cuboid2D

if TYPE_CHECKING:
    from mapper.geometry.shapes import Path

_FRONT = (0, 4, 6, 2)  # left top, right top, right bottom, left bottom: where their x stand
_BACK = (12, 8, 10, 14)
_SAME_SIZE = 1e-9  # the scale differs from 1 by rounding only
_ROUNDING = 0.005  # pixels: CVAT writes two decimals
_CORNERS = 4


class Fit(NamedTuple):
    """The nearest cuboid that Encord can hold, and the largest distance between a corner and its place, in pixels."""

    cuboid: Cuboid2D
    residual: float


def faces(path: Path) -> tuple[Path, Path]:
    """Front and back face, each from its left top corner clockwise on screen, so that partners have the same index."""
    front, back = ([n for i in where for n in path[i : i + 2]] for where in (_FRONT, _BACK))
    return front, back


def back_face(cuboid: Cuboid2D) -> Path:
    """The back face as Encord derives it from the front."""
    front, offset, vanishing, scale = cuboid
    if vanishing is None:
        dx, dy = offset or (0.0, 0.0)
        return _scaled(front, 1.0, dx, dy)
    return _scaled(front, scale, vanishing[0] * (1 - scale), vanishing[1] * (1 - scale))


def fit(path: Path) -> Fit | None:
    """Fit a projection to both faces; None if the front face has no area.

    Perspective: back = scale · front + shift by least squares, and shift / (1 - scale) is the vanishing point. Isometric:
    scale 1, and the mean offset. The simpler form wins where it is as near, or near within the export's rounding.
    """
    front, back = faces(path)
    fx, fy, bx, by = (sum(numbers) / _CORNERS for numbers in (front[::2], front[1::2], back[::2], back[1::2]))
    isometric = Fit(
        Cuboid2D(front, (bx - fx, by - fy), None, 1.0),
        _residual(_scaled(front, 1.0, bx - fx, by - fy), back),
    )
    centred, back_centred = _scaled(front, 1.0, -fx, -fy), _scaled(back, 1.0, -bx, -by)
    squares = sum(f * f for f in centred)
    if not (squares > 0 and area(front) > 0):
        return None
    scale = sum(f * b for f, b in zip(centred, back_centred, strict=True)) / squares
    if scale <= 0 or abs(scale - 1) < _SAME_SIZE or isometric.residual <= _ROUNDING:
        return isometric
    tx, ty = bx - scale * fx, by - scale * fy
    vanishing = (tx / (1 - scale), ty / (1 - scale))
    perspective = Fit(
        Cuboid2D(front, None, vanishing, scale),
        _residual(_scaled(front, scale, tx, ty), back),
    )
    return perspective if perspective.residual < isometric.residual else isometric


def _scaled(path: Path, scale: float, dx: float, dy: float) -> Path:
    moved = list(path)
    moved[::2] = [x * scale + dx for x in path[::2]]
    moved[1::2] = [y * scale + dy for y in path[1::2]]
    return moved


def _residual(one: Path, other: Path) -> float:
    distances = (hypot(x - u, y - v) for x, y, u, v in zip(one[::2], one[1::2], other[::2], other[1::2], strict=True))
    return max(distances)
