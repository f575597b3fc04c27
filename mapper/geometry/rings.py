"""Flat paths ``[x0, y0, x1, y1, …]`` in pixels: size, extents, distinct vertices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.geometry import TooFewPoints

if TYPE_CHECKING:
    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Path, Polygons

TRIANGLE = 3
"""The fewest vertices that enclose an area."""

_FIRST_TWO = 4  # numbers


class Bounds(NamedTuple):
    """The upright box around something."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """In square pixels."""
        return (self.right - self.left) * (self.bottom - self.top)


def bounds(path: Path) -> Bounds:
    """The upright box around all vertices; the path has at least one."""
    xs, ys = path[::2], path[1::2]
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def signed_area(ring: Path) -> float:
    """Area by the shoelace formula, positive if the ring runs clockwise on screen; parts of a ring that crosses itself cancel."""
    if not ring:
        return 0.0
    xs, ys = ring[::2], ring[1::2]
    x0, y0 = xs[0], ys[0]  # relative to a vertex: far from the origin the products would lose digits
    xs = [x - x0 for x in xs]
    ys = [y - y0 for y in ys]
    total = sum(x * after for x, after in zip(xs, ys[1:], strict=False))
    return (total - sum(after * y for after, y in zip(xs[1:], ys, strict=False))) / 2


def area(ring: Path) -> float:
    """Area of a simple ring in square pixels."""
    return abs(signed_area(ring))


def polygons_area(parts: Polygons) -> float:
    """Area of all outlines without their holes."""
    return sum(area(rings[0]) - sum(area(hole) for hole in rings[1:]) for rings in parts)


def problem(ring: Path, kind: str = "polygon") -> Issue | None:
    """What makes a ring unusable: fewer than three different vertices."""
    if len(ring) >= 2 * TRIANGLE:
        first, second, third = (ring[0], ring[1]), (ring[2], ring[3]), (ring[4], ring[5])
        if first != second != third != first:  # nearly always; saves looking at all of them
            return None
    found = len(set(zip(ring[::2], ring[1::2], strict=True)))
    return TooFewPoints(kind, TRIANGLE, found) if found < TRIANGLE else None


def is_closed(ring: Path) -> bool:
    """Whether the last vertex repeats the first."""
    return len(ring) > _FIRST_TWO and ring[-1] == ring[1] and ring[-2] == ring[0]


def opened(ring: Path) -> Path:
    """A ring without the vertices at its end that repeat the first: CVAT's interpolation closes a closed one again."""
    while is_closed(ring):
        ring = ring[:-2]
    return ring
