"""Fewer vertices within a tolerance (Douglas and Peucker), for open lines and closed rings."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.geometry.shapes import Path


def simplify_ring(ring: Path, tolerance: float) -> Path:
    """A subset of an open ring's vertices such that no vertex left out is farther than the tolerance (pixels) from it.

    The result may have fewer than three vertices, if the ring is thinner than the tolerance.
    """
    count = len(ring) // 2
    if not count:
        return []
    x0, y0 = ring[0], ring[1]
    distances = [hypot(x - x0, y - y0) for x, y in zip(ring[::2], ring[1::2], strict=True)]
    far = distances.index(max(distances))
    closed = [*ring, x0, y0]
    kept = sorted({0, far, *_kept(closed, 0, far, tolerance), *_kept(closed, far, count, tolerance)})
    return [number for index in kept for number in ring[2 * index : 2 * index + 2]]


def _kept(path: Path, first: int, last: int, tolerance: float) -> list[int]:
    """Indices strictly between first and last that have to stay."""
    kept: list[int] = []
    todo = [(first, last)]
    while todo:
        start, end = todo.pop()
        if end - start < 2:  # noqa: PLR2004 - nothing in between
            continue
        distance, index = max(_distances(path, start, end), key=lambda pair: (pair[0], -pair[1]))
        if distance > tolerance:
            kept.append(index)
            todo += [(start, index), (index, end)]
    return kept


def _distances(path: Path, start: int, end: int) -> list[tuple[float, int]]:
    """(distance to the segment start-end, index) of each vertex in between."""
    ax, ay, bx, by = *path[2 * start : 2 * start + 2], *path[2 * end : 2 * end + 2]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    found = []
    for index in range(start + 1, end):
        x, y = path[2 * index] - ax, path[2 * index + 1] - ay
        share = min(1.0, max(0.0, (x * dx + y * dy) / length)) if length else 0.0
        found.append((hypot(x - share * dx, y - share * dy), index))
    return found
