"""How far something leaves the image, and what of it lies inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.geometry.rings import TRIANGLE, area

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame, Path, Polygons

ROUNDING = 1e-9
"""Pixels: x + (right - x) may pass the right side by the last digit of a float; that is not outside."""

SLIGHT = 0.5
"""Pixels: up to here a polygon's vertices are moved onto the border; beyond, it is cut along the border."""


def overshoot(left: float, top: float, right: float, bottom: float, frame: Frame) -> float:
    """By how many pixels the extents pass the farthest side of the image, 0.0 if they do not."""
    if left >= 0 and top >= 0 and right <= frame.width and bottom <= frame.height:
        return 0.0
    excess = max(-left, -top, right - frame.width, bottom - frame.height)
    return excess if excess > ROUNDING else 0.0


def path_overshoot(path: Path, frame: Frame) -> float:
    """The same for all vertices of a path."""
    xs, ys = path[::2], path[1::2]
    return overshoot(min(xs), min(ys), max(xs), max(ys), frame)


def misses(left: float, top: float, right: float, bottom: float, frame: Frame) -> bool:
    """Whether the extents have no area in common with the image."""
    return left >= frame.width or top >= frame.height or right <= 0 or bottom <= 0


def clamp(path: Path, frame: Frame) -> Path:
    """Each vertex moved to the nearest place in the image."""
    width, height = float(frame.width), float(frame.height)
    moved = list(path)
    moved[::2] = [min(max(x, 0.0), width) for x in path[::2]]
    moved[1::2] = [min(max(y, 0.0), height) for y in path[1::2]]
    return moved


def clip_polygons(parts: Polygons, frame: Frame) -> Polygons | None:
    """The part inside the image, or None if it has no area; a part whose outline vanishes goes with its holes.

    Cut along the border (Sutherland and Hodgman 1974). Where a concave ring falls apart, its pieces stay joined by
    sides that run along the border: the area is right, and it remains one ring.
    """
    slight = all(path_overshoot(ring, frame) <= SLIGHT for rings in parts for ring in rings)
    kept: Polygons = []
    for rings in parts:
        outline, *holes = (_opened(clamp(ring, frame)) if slight else clip_ring(ring, frame) for ring in rings)
        if _has_area(outline):
            kept.append([outline, *(hole for hole in holes if _has_area(hole))])
    return kept or None


def clip_ring(ring: Path, frame: Frame) -> Path:
    """The ring cut along the border of the image; empty if nothing is left."""
    points = list(zip(ring[::2], ring[1::2], strict=True))
    for axis, limit, sign in ((0, 0.0, 1), (1, 0.0, 1), (0, float(frame.width), -1), (1, float(frame.height), -1)):
        points = _cut(points, axis, limit, sign)
    return [number for point in points for number in point]


def _cut(points: list[tuple[float, float]], axis: int, limit: float, sign: int) -> list[tuple[float, float]]:
    """What lies on one side of a line: where sign · (coordinate - limit) is not negative."""
    kept: list[tuple[float, float]] = []
    for before, point in zip([*points[-1:], *points], points, strict=False):
        here, there = sign * (point[axis] - limit), sign * (before[axis] - limit)
        if (here < 0) != (there < 0):
            share = there / (there - here)
            along = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            crossing = (limit, along) if axis == 0 else (along, limit)
            if not kept or kept[-1] != crossing:  # a vertex on the line is its own crossing
                kept.append(crossing)
        if here >= 0 and (not kept or kept[-1] != point):
            kept.append(point)
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _opened(ring: Path) -> Path:
    """The ring without last points that have come to lie on its first."""
    end = len(ring)
    while end > 2 and ring[end - 2 : end] == ring[:2]:  # noqa: PLR2004 - one point
        end -= 2
    return ring[:end]


def _has_area(ring: Path) -> bool:
    return len(ring) >= 2 * TRIANGLE and area(ring) > 0
