"""What a condition may ask of a shape's geometry, as CVAT's annotation filter defines it (unrotated, in pixels)."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import Image, Shape
    from mapper.geometry.kinds import Kind

Size = tuple[float, float]

ROTATABLE = frozenset({"rectangle", "ellipse"})
"""Kinds whose geometry holds a rotation, as its fifth number."""


def _extent(xs: Sequence[float], ys: Sequence[float]) -> Size:
    return (max(xs) - min(xs), max(ys) - min(ys)) if xs else (0.0, 0.0)


def _path(points: list[float]) -> Size:
    return _extent(points[0::2], points[1::2])


def _shoelace(points: list[float]) -> float:
    xs, ys = points[0::2], points[1::2]
    pairs = zip(xs, ys, xs[1:] + xs[:1], ys[1:] + ys[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for x0, y0, x1, y1 in pairs)) / 2


SIZES: dict[Kind, Callable[[Any], Size]] = {
    "rectangle": lambda g: (abs(g.xbr - g.xtl), abs(g.ybr - g.ytl)),
    "ellipse": lambda g: (2 * g.rx, 2 * g.ry),
    "mask": lambda g: (g.width, g.height),
    "polygon": _path,
    "polyline": _path,
    "points": _path,
    "cuboid": _path,
    "skeleton": lambda g: _extent([element.x for element in g], [element.y for element in g]),
}

AREAS: dict[Kind, Callable[[Any], float]] = {
    "rectangle": lambda g: abs(g.xbr - g.xtl) * abs(g.ybr - g.ytl),
    "ellipse": lambda g: pi * g.rx * g.ry,
    "mask": lambda g: float(sum(g.runs[1::2])),
    "polygon": _shoelace,
}

COUNTS: dict[Kind, Callable[[Any], int]] = {
    "polygon": lambda g: len(g) // 2,
    "polyline": lambda g: len(g) // 2,
    "points": lambda g: len(g) // 2,
    "skeleton": len,
}


def width(shape: Shape, _: Image) -> float | None:
    """Unrotated width; None for tags."""
    measure = SIZES.get(shape.kind)
    return measure(shape.geometry)[0] if measure else None


def height(shape: Shape, _: Image) -> float | None:
    """Unrotated height; None for tags."""
    measure = SIZES.get(shape.kind)
    return measure(shape.geometry)[1] if measure else None


def area(shape: Shape, _: Image) -> float | None:
    """Area in square pixels: 0 for lines, points and skeletons, that of the extent for cuboids; None for tags."""
    if shape.kind == "tag":
        return None
    if shape.kind == "cuboid":
        across, down = _path(shape.geometry)
        return across * down
    measure = AREAS.get(shape.kind)
    return measure(shape.geometry) if measure else 0.0


def point_count(shape: Shape, _: Image) -> int | None:
    """How many points a path or skeleton has; None for other kinds."""
    measure = COUNTS.get(shape.kind)
    return measure(shape.geometry) if measure else None


def rotation(shape: Shape, _: Image) -> float | None:
    """Degrees clockwise of a rectangle or ellipse; None for other kinds."""
    return shape.geometry[4] if shape.kind in ROTATABLE else None
