"""Rotation in degrees, clockwise on screen (y grows downwards): the sense of CVAT's ``rotation`` and Encord's ``theta``."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.geometry.shapes import Path

FULL_TURN = 360.0

_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
# The cosine of 90 degrees in floats is 6e-17, which would make an upright box out of true.


def theta(degrees: float) -> float:
    """The same rotation with 0 <= theta < 360, as Encord wants it."""
    turned = degrees % FULL_TURN
    return turned if turned < FULL_TURN else 0.0  # -1e-20 % 360.0 is 360.0


def direction(degrees: float) -> tuple[float, float]:
    """Cosine and sine, exact at quarter turns."""
    turned = theta(degrees)
    quarter = _QUARTERS.get(turned)
    if quarter is not None:
        return quarter
    angle = radians(turned)
    return cos(angle), sin(angle)


def rotate(path: Path, cx: float, cy: float, degrees: float) -> Path:
    """The path turned about (cx, cy); all in pixels."""
    c, s = direction(degrees)
    turned = list(path)
    xs, ys = path[::2], path[1::2]
    turned[::2] = [cx + (x - cx) * c - (y - cy) * s for x, y in zip(xs, ys, strict=True)]
    turned[1::2] = [cy + (x - cx) * s + (y - cy) * c for x, y in zip(xs, ys, strict=True)]
    return turned


def box_corners(x: float, y: float, w: float, h: float, degrees: float) -> Path:
    """Corners of a box turned about its centre: what was top left, top right, bottom right, bottom left."""
    corners = [x, y, x + w, y, x + w, y + h, x, y + h]
    return rotate(corners, x + w / 2, y + h / 2, degrees) if degrees else corners


def box_extents(w: float, h: float, degrees: float) -> tuple[float, float]:
    """Width and height of the upright box around a turned box of size w by h."""
    c, s = direction(degrees)
    c, s = abs(c), abs(s)
    return w * c + h * s, w * s + h * c
