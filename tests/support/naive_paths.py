"""Outlines between two keyframes, a second writing of CVAT's rules: plain loops, and not a line of the product."""

from __future__ import annotations

from itertools import pairwise
from math import dist


def naive(before: list[float], after: list[float], part: float, *, closed: bool) -> list[float]:
    """The rules of CVAT's server, step by step, with plain loops over everything."""
    left, right = (list(zip(path[::2], path[1::2], strict=True)) for path in (before, after))
    if closed:
        left, right = [*left, left[0]], [*right, right[0]]
    a, b = shares(left), shares(right)
    match = {i: [nearest(share, b)] for i, share in enumerate(a)}
    taken = [j for matched in match.values() for j in matched]
    for j, share in enumerate(b):
        if j not in taken:
            match[nearest(share, a)].append(j)
    groups = {
        i: [tuple(p + (q - p) * part for p, q in zip(left[i], right[j], strict=True)) for j in sorted(match[i])] for i in match
    }  # fmt: skip
    out: list[tuple[float, ...]] = []
    opened: list[int] = []
    for i in [*match, -1]:
        if opened and (i < 0 or len(match[i]) > 1 or match[i] != match[opened[0]]):
            run = [groups[k][0] for k in opened]
            out += run if len(run) == 1 else thin(run, length(left[opened[0] : opened[-1] + 1]), len(opened))
            opened = []
        if i >= 0 and len(match[i]) == 1:
            opened.append(i)
        elif i >= 0:
            first, last = min(match[i]), max(match[i])
            out += thin(groups[i], length(right[first : last + 1]), last - first + 1)
    return [number for point in (out[:-1] if closed else out) for number in point]


def thin(points: list[tuple[float, ...]], base: float, count: int) -> list[tuple[float, ...]]:
    """The first, the last, and what lies far enough apart between them."""
    least, kept = base / (2 * count), points[:1]
    for point in points[1:-1]:
        kept += [point] if dist(kept[-1], point) >= least else []
    kept.append(points[-1])
    if len(kept) == 2 and dist(*kept) < least:
        return [tuple((p + q) / 2 for p, q in zip(*kept, strict=True))]
    return kept


def length(points: list[tuple[float, float]]) -> float:
    """Along the points."""
    return sum(dist(p, q) for p, q in pairwise(points))


def shares(points: list[tuple[float, float]]) -> list[float]:
    """Of the whole length, up to each point."""
    return [length(points[: index + 1]) / length(points) for index in range(len(points))]


def nearest(value: float, candidates: list[float]) -> int:
    """The lowest index of the nearest."""
    return min(range(len(candidates)), key=lambda index: (abs(candidates[index] - value), index))
