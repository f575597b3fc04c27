"""Polygons and polylines between two keyframes: CVAT pairs vertices by arc length, moves the pairs, and thins the result.

The two outlines may have different vertex counts, and the number of vertices may differ from frame to frame. Ties and
thresholds are decided as CVAT's server decides them; lengths are sums over the slice for the same reason.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from math import isfinite, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.geometry.shapes import Path

Point = tuple[float, float]


def has_length(path: Path) -> bool:
    """Whether the vertices of a path are not all one point; without a length there is no arc length to pair by."""
    length = _length(_points(path, closed=True))
    return length > 0 and isfinite(length)


def path_between(before: Path, after: Path, part: float, *, closed: bool) -> Path:
    """The path at ``part`` (0…1) of the way; ``closed`` for polygons. A path without length gives ``before`` unchanged."""
    if not (has_length(before) and has_length(after)):
        return before
    left, right = _points(before, closed=closed), _points(after, closed=closed)
    matches = _matches(_shares(left), _shares(right))
    moved = [
        [
            (left[i][0] + (right[j][0] - left[i][0]) * part, left[i][1] + (right[j][1] - left[i][1]) * part)
            for j in matched
        ]
        for i, matched in enumerate(matches)
    ]  # fmt: skip
    thinned = _reduced(left, right, matches, moved)
    if closed:
        thinned.pop()
    return [number for point in thinned for number in point]


def _points(path: Path, *, closed: bool) -> list[Point]:
    points = list(zip(path[::2], path[1::2], strict=True))
    return [*points, points[0]] if closed else points


def _distance(one: Point, other: Point) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    return sqrt(dx * dx + dy * dy)


def _length(points: Sequence[Point]) -> float:
    return sum(map(_distance, points, points[1:]))


def _shares(points: Sequence[Point]) -> list[float]:
    """How much of the whole length lies before each vertex, 0…1, never decreasing."""
    lengths = [0.0]
    for one, other in pairwise(points):
        lengths.append(lengths[-1] + _distance(one, other))
    return [length / lengths[-1] for length in lengths]


def _nearest(value: float, shares: Sequence[float]) -> int:
    """The index of the nearest share, the lowest of those that are equally near."""
    best = min(bisect_left(shares, value), len(shares) - 1)
    distance = abs(shares[best] - value)
    for index in range(best - 1, -1, -1):
        nearer = abs(shares[index] - value)
        if nearer > distance:
            break
        best, distance = index, nearer
    return best


def _matches(left: Sequence[float], right: Sequence[float]) -> list[list[int]]:
    """For each vertex on the left its vertices on the right, so that every vertex on both sides has at least one."""
    matches = [[_nearest(share, right)] for share in left]
    taken = {matched[0] for matched in matches}
    for j, share in enumerate(right):
        if j not in taken:
            matches[_nearest(share, left)].append(j)
    for matched in matches:
        matched.sort()
    return matches


def _reduced(left: Sequence[Point], right: Sequence[Point], matches: list[list[int]], moved: list[list[Point]]) -> list[Point]:
    """The moved points, thinned where several vertices of one side meet one of the other."""
    found: list[Point] = []
    i = 0
    while i < len(left):
        matched = matches[i]
        if len(matched) > 1:
            first, last = matched[0], matched[-1]
            found += _thinned(moved[i], _length(right[first : last + 1]), last - first + 1)
            i += 1
            continue
        k = i
        while k + 1 < len(left) and matches[k + 1] == matched:
            k += 1
        run = [moved[index][0] for index in range(i, k + 1)]
        found += run if k == i else _thinned(run, _length(left[i : k + 1]), k - i + 1)
        i = k + 1
    return found


def _thinned(points: Sequence[Point], base: float, count: int) -> list[Point]:
    least = base / (2 * count)
    kept = [points[0]]
    for point in points[1:-1]:
        if _distance(kept[-1], point) >= least:
            kept.append(point)
    kept.append(points[-1])
    if len(kept) == 2 and _distance(*kept) < least:  # noqa: PLR2004 - the two ends
        return [((kept[0][0] + kept[1][0]) / 2, (kept[0][1] + kept[1][1]) / 2)]
    return kept
