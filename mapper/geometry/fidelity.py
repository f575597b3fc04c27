"""How near an approximation is: intersection over union of two areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper.geometry.shapes import Polygons


def share(part: float, whole: float) -> float:
    """IoU where one area contains the other; never above 1, which rounding may pass."""
    return min(1.0, part / whole) if whole > 0 else 0.0


def polygons_iou(one: Polygons, other: Polygons) -> float:
    """IoU of two sets of polygons with holes; rings that cross themselves count even-odd."""
    from numpy import errstate  # noqa: PLC0415 - as slow to load as shapely, which brings it along

    with errstate(all="ignore"):  # coordinates next to zero underflow there, which changes no area
        first, second = _area(one), _area(other)
        return share(first.intersection(second).area, first.union(second).area)


def is_valid(parts: Polygons) -> bool:
    """Whether no ring crosses itself or another, and holes lie in their outlines."""
    return all(bool(polygon.is_valid) for polygon in _polygons(parts))


def _polygons(parts: Polygons) -> list[Any]:
    from shapely import Polygon  # noqa: PLC0415 - 0.1 s to load, and only approximations need it

    pairs = [[list(zip(ring[::2], ring[1::2], strict=True)) for ring in rings] for rings in parts]
    return [Polygon(outline, holes) for outline, *holes in pairs]


def _area(parts: Polygons) -> Any:
    from shapely import make_valid, unary_union  # noqa: PLC0415 - as above

    return unary_union([make_valid(polygon) for polygon in _polygons(parts)])
