"""What is odd about one shape in its image, by geometry alone; nothing here is refused, that is for the spec to decide."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Protocol

from mapper.geometry.rings import Bounds, bounds
from mapper.geometry.rotation import box_corners, direction
from mapper.geometry.shapes import Ellipse, Mask, Rectangle

if TYPE_CHECKING:
    from mapper.cvat.model import Shape
    from mapper.geometry.shapes import Path

TOLERANCE = 0.5
"""Pixels by which a shape may reach beyond its image without being odd: annotators touch the border."""


class Sized(Protocol):
    """A picture: width and height in pixels, 0 if they are not known."""

    @property
    def width(self) -> int:
        """From left to right."""

    @property
    def height(self) -> int:
        """From top to bottom."""


def oddities(shape: Shape, image: Sized) -> list[str]:
    """The names of what is odd: inverted, zero-area, beyond-image (nothing is inside), partly-outside.

    The last two are not told where the size of the picture is not known.
    """
    around = extent(shape)
    if around is None:
        return []
    found = [name for name, odd in (("inverted", _inverted(shape)), ("zero-area", _flat(shape))) if odd]
    if not (image.width and image.height):
        return found
    if around.right < 0 or around.bottom < 0 or around.left > image.width or around.top > image.height:
        found.append("beyond-image")
    elif min(around.left, around.top, image.width - around.right, image.height - around.bottom) < -TOLERANCE:
        found.append("partly-outside")
    return found


def extent(shape: Shape) -> Bounds | None:
    """The box around a shape; None for a tag, and for a skeleton without a point in the picture."""
    geometry = shape.geometry
    if isinstance(geometry, Rectangle):
        xtl, ytl, xbr, ybr, rotation = geometry
        return bounds(box_corners(xtl, ytl, xbr - xtl, ybr - ytl, rotation) if rotation else [xtl, ytl, xbr, ybr])
    if isinstance(geometry, Ellipse):
        cos, sin = direction(geometry.rotation)
        dx, dy = hypot(geometry.rx * cos, geometry.ry * sin), hypot(geometry.rx * sin, geometry.ry * cos)
        return Bounds(geometry.cx - dx, geometry.cy - dy, geometry.cx + dx, geometry.cy + dy)
    if isinstance(geometry, Mask):
        return Bounds(geometry.left, geometry.top, geometry.left + geometry.width, geometry.top + geometry.height)
    if isinstance(geometry, tuple):
        geometry = [number for element in geometry if not element.outside for number in (element.x, element.y)]
    return bounds(geometry) if geometry else None


def _inverted(shape: Shape) -> bool:
    geometry = shape.geometry
    return isinstance(geometry, Rectangle) and (geometry.xbr < geometry.xtl or geometry.ybr < geometry.ytl)


def _flat(shape: Shape) -> bool:
    """Whether a shape that should have an area has none."""
    geometry = shape.geometry
    if isinstance(geometry, Rectangle):
        return geometry.xbr == geometry.xtl or geometry.ybr == geometry.ytl
    if isinstance(geometry, Ellipse):
        return geometry.rx == 0 or geometry.ry == 0
    if isinstance(geometry, Mask):
        return not any(geometry.runs[1::2])
    return shape.kind == "polygon" and _on_one_line(geometry)


def _on_one_line(path: Path) -> bool:
    """Whether all vertices lie on one line; the area would not do, because it cancels where an outline crosses itself."""
    x, y = path[:2]
    other = next(((a - x, b - y) for a, b in zip(path[2::2], path[3::2], strict=True) if (a, b) != (x, y)), (0.0, 0.0))
    return all((a - x) * other[1] == (b - y) * other[0] for a, b in zip(path[2::2], path[3::2], strict=True))
