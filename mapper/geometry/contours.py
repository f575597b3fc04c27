"""The exact outline of a mask: polygons along pixel edges, traced on spans without any raster.

A part is a set of pixels that hang together by their sides. Its outline runs clockwise on screen and its holes the other
way. No ring touches itself: where two pixels meet at a corner only, they are joined there if they belong to one part,
and kept apart if not. So parts and holes are valid polygons, and their area is the number of pixels.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.geometry.run_lengths import Span
    from mapper.geometry.shapes import Path, Polygons

_Row = list[int]  # indices of the spans of one row
_End = tuple[int, int, bool, int]  # column, rank, whether the edge arrives at the line, edge


def contours(found: list[Span]) -> Polygons:
    """Parts with their holes, in order of their first pixel; the spans are in order, neighbours merged."""
    parts = _parts(found)
    links = _links(found, parts)
    seen = bytearray(len(links))
    outlines: dict[int, list[Path]] = {}
    for left in range(0, len(links), 2):  # each ring has left edges, and a part's first span is on its outline
        if not seen[left]:
            outlines.setdefault(parts[left // 2], []).append(_trace(found, links, left, seen))
    return list(outlines.values())


def _lines(found: list[Span]) -> Iterator[tuple[int, _Row, _Row]]:
    """(y, spans of the row above the line y, spans of the row below) for each line that has any."""
    above: _Row = []
    before = None
    for row, group in groupby(range(len(found)), key=lambda index: found[index][0]):
        below = list(group)
        if before is not None and row != before + 1:
            yield before + 1, above, []
            above = []
        yield row, above, below
        above, before = below, row
    if before is not None:
        yield before + 1, above, []


def _parts(found: list[Span]) -> list[int]:
    """For each span the number of its part: the index of the part's first span."""
    parent = list(range(len(found)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = index = parent[parent[index]]
        return index

    for _, above, below in _lines(found):
        position = 0
        for lower in below:
            _, start, end = found[lower]
            while position < len(above) and found[above[position]][2] <= start:
                position += 1
            beside = position
            while beside < len(above) and found[above[beside]][1] < end:
                one, other = sorted((root(above[beside]), root(lower)))
                parent[other] = one
                beside += 1
    return [root(index) for index in range(len(found))]


def _links(found: list[Span], parts: list[int]) -> list[int]:
    """For each vertical edge the one that follows it; edge 2i is the left side of span i (going up), 2i + 1 the right (down).

    On a line between two rows there is a horizontal edge wherever just one of the rows is set. It joins an edge that
    arrives at the line (left side from below, right side from above) with one that leaves it. Sorted by column, the
    ends of vertical edges pair up; two at the same column are either one straight line, or the corner of two pixels.
    """
    links = [0] * (2 * len(found))
    for _, above, below in _lines(found):
        ends = sorted([*_ends(found, above, from_above=True), *_ends(found, below, from_above=False)])
        for index in range(1, len(ends) - 1, 2):
            one, other = ends[index], ends[index + 1]
            if one[0] == other[0] and parts[one[3] // 2] == parts[other[3] // 2]:
                ends[index], ends[index + 1] = other, one
        for one, other in zip(ends[::2], ends[1::2], strict=True):
            arriving, leaving = (one, other) if one[2] else (other, one)
            links[arriving[3]] = leaving[3]
    return links


def _ends(found: list[Span], row: _Row, *, from_above: bool) -> Iterator[_End]:
    """Ends of a row's vertical edges on the line below or above it."""
    for index in row:
        _, start, end = found[index]
        yield end, 0, from_above, 2 * index + 1  # right sides sort first: pixels that meet at a corner stay apart
        yield start, 1, not from_above, 2 * index


def _trace(found: list[Span], links: list[int], start: int, seen: bytearray) -> Path:
    """The ring through one edge; vertices only where it turns."""
    ring: Path = []
    edge = start
    while not seen[edge]:
        seen[edge] = 1
        after = links[edge]
        row, *columns = found[edge // 2]
        x, x_after = columns[edge % 2], found[after // 2][1 + after % 2]
        if x != x_after:
            y = float(row + edge % 2)
            ring += (float(x), y, float(x_after), y)
        edge = after
    return ring
