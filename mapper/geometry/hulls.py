"""Convex hull, and the smallest rectangle of any angle around it (rotating calipers)."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, degrees
from typing import TYPE_CHECKING

from mapper.geometry.rings import TRIANGLE
from mapper.geometry.rotation import direction
from mapper.geometry.shapes import RotatableBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.geometry.shapes import Path

Point = tuple[float, float]

_QUARTER = 90.0
_ROUNDING = 1e-9  # of equally good rectangles the one with the smallest angle, whatever the last digits say


def convex_hull(path: Path) -> Path:
    """The hull's corners, clockwise on screen; fewer than three if all vertices are on one line."""
    points = sorted(set(zip(path[::2], path[1::2], strict=True)))
    chain = [*_half(points), *_half(reversed(points))]
    return [number for point in (chain or points) for number in point]


def _half(points: Iterable[Point]) -> list[Point]:
    """One side of the hull without its last point, which starts the other side (Andrew's monotone chain)."""
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive if a, b, c turn clockwise on screen."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def minimum_rectangle(path: Path) -> RotatableBox | None:
    """The rectangle of least area around the vertices, 0 <= theta < 90; None if they enclose nothing.

    One of its sides lies on a side of the hull, so it is enough to try those (Freeman and Shapira 1975).
    """
    hull = convex_hull(path)
    points = list(zip(hull[::2], hull[1::2], strict=True))
    if len(points) < TRIANGLE:
        return None
    tried = _candidates(points)
    if not tried:
        return None
    least = min(tried)[0] * (1 + _ROUNDING)
    box = _box_along(points, min(angle for size, angle in tried if size <= least))
    return box if box.w > 0 and box.h > 0 else None


def _candidates(points: list[Point]) -> list[tuple[float, float]]:
    """(area, angle in degrees modulo 90) of the rectangle on each side of the hull; linear, as the far corners only advance."""
    count = len(points)
    ahead = far = behind = 1
    found: list[tuple[float, float]] = []
    for index, (start, end) in enumerate(pairwise([*points, points[0]])):
        ux, uy = end[0] - start[0], end[1] - start[1]
        ahead = _advance(points, max(ahead, index + 1), ux, uy)
        far = _advance(points, max(far, ahead), -uy, ux)
        behind = _advance(points, max(behind, far), -ux, -uy)
        right, low, left = points[ahead % count], points[far % count], points[behind % count]
        along = (right[0] - left[0]) * ux + (right[1] - left[1]) * uy
        across = (low[1] - start[1]) * ux - (low[0] - start[0]) * uy
        length = ux * ux + uy * uy
        if length > 0:  # it may underflow
            found.append((along * across / length, degrees(atan2(uy, ux)) % _QUARTER))
    return found


def _advance(points: list[Point], index: int, dx: float, dy: float) -> int:
    """The corner from ``index`` on that lies farthest in direction (dx, dy)."""
    count = len(points)
    here = points[index % count]
    for step in range(index, index + count):
        there = points[(step + 1) % count]
        if (there[0] - here[0]) * dx + (there[1] - here[1]) * dy <= 0:
            return step
        here = there
    return index


def _box_along(points: list[Point], angle: float) -> RotatableBox:
    """The box around the points whose sides have that angle."""
    turned = angle if angle < _QUARTER else 0.0  # -1e-20 % 90.0 is 90.0
    c, s = direction(turned)
    along = [x * c + y * s for x, y in points]
    across = [y * c - x * s for x, y in points]
    w, h = max(along) - min(along), max(across) - min(across)
    u, v = (max(along) + min(along)) / 2, (max(across) + min(across)) / 2
    return RotatableBox(u * c - v * s - w / 2, u * s + v * c - h / 2, w, h, turned)
