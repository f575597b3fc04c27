"""Outlines to pixels without a raster: a pixel is set if its centre is inside, crossings counted even-odd."""

from __future__ import annotations

from math import ceil, floor, hypot, sqrt
from typing import TYPE_CHECKING

from mapper.geometry.rings import signed_area
from mapper.geometry.rotation import direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.geometry.run_lengths import Span
    from mapper.geometry.shapes import Ellipse, Frame, Path

_THIN = 1e-6  # pixels: an ellipse thinner than this covers no centre but by chance, and its square would underflow


def fill_ring(ring: Path, frame: Frame) -> list[Span]:
    """Spans of the pixels of the image whose centres lie inside the ring; linear in the rows that its sides cross."""
    crossings: dict[int, list[float]] = {}
    for x0, y0, x1, y1 in _sides(ring):
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0  # noqa: PLW2901 - downwards from here
        first, last = max(0, ceil(y0 - 0.5)), min(frame.height, ceil(y1 - 0.5))
        if first < last:
            slope = (x1 - x0) / (y1 - y0)
            for row in range(first, last):
                crossings.setdefault(row, []).append(x0 + (row + 0.5 - y0) * slope)
    spans: list[Span] = []
    for row in sorted(crossings):
        columns = sorted(crossings[row])
        for left, right in zip(columns[::2], columns[1::2], strict=True):
            _add(spans, row, left, right, frame.width)
    return spans


def fill_ellipse(ellipse: Ellipse, frame: Frame) -> list[Span]:
    """Spans of the pixels of the image whose centres lie inside the ellipse.

    For each row of centres the inequality (u/rx)^2 + (v/ry)^2 < 1 is a quadratic in the column.
    """
    cx, cy, rx, ry, rotation = ellipse
    if min(rx, ry) < _THIN:
        return []
    c, s = direction(rotation)
    a, b = 1 / (rx * rx), 1 / (ry * ry)
    squares, mixed, rest = c * c * a + s * s * b, c * s * (a - b), s * s * a + c * c * b
    reach = hypot(rx * s, ry * c)
    spans: list[Span] = []
    for row in range(max(0, ceil(cy - reach - 0.5)), min(frame.height, ceil(cy + reach - 0.5))):
        dy = row + 0.5 - cy
        under_root = mixed * dy * mixed * dy - squares * (rest * dy * dy - 1)
        if under_root > 0:
            middle, half = cx - mixed * dy / squares, sqrt(under_root) / squares
            _add(spans, row, middle - half, middle + half, frame.width)
    return spans


def _add(spans: list[Span], row: int, left: float, right: float, width: int) -> None:
    start, end = max(0, ceil(left - 0.5)), min(width, ceil(right - 0.5))
    if start >= end:
        return
    if spans and spans[-1][0] == row and spans[-1][2] >= start:  # sides that touch between two centres
        start = spans.pop()[1]
    spans.append((row, start, end))


def _sides(ring: Path) -> Iterator[tuple[float, float, float, float]]:
    xs, ys = ring[::2], ring[1::2]
    return zip(xs, ys, [*xs[1:], *xs[:1]], [*ys[1:], *ys[:1]], strict=True)


def iou_with_spans(ring: Path, spans: list[Span]) -> float:
    """IoU of a simple ring and the pixels of some spans, exact within rounding.

    The part of the ring left of a column X has, by Green's theorem, the area of the integral of min(x, X) along dy; two
    such integrals, over the sides within one row of pixels, give what a span has in common with the ring.
    """
    total = signed_area(ring)
    rows: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in spans:
        rows.setdefault(row, []).append((start, end))
    first, last = min(rows, default=0), max(rows, default=0)
    common = sum(_common_along(side, rows, first, last) for side in _sides(ring))
    pixels = sum(end - start for _, start, end in spans)
    common = min(abs(common), abs(total), pixels) if common * total > 0 else 0.0
    return common / (abs(total) + pixels - common)


def _common_along(side: tuple[float, float, float, float], rows: dict[int, list[tuple[int, int]]], first: int, last: int) -> float:
    """What one side adds to the area in common: the integral of min(x, end) - min(x, start) along dy over all spans."""
    x0, y0, x1, y1 = side
    if y0 == y1:
        return 0.0
    slope = (x1 - x0) / (y1 - y0)
    top, bottom = (y0, y1) if y0 < y1 else (y1, y0)
    found = 0.0
    for row in range(max(first, floor(top)), min(last + 1, ceil(bottom))):
        upper, lower = max(top, row), min(bottom, row + 1)
        one, other = x0 + (upper - y0) * slope, x0 + (lower - y0) * slope
        low, high = (one, other) if one < other else (other, one)
        for start, end in rows.get(row, ()):
            if low >= end:
                found += (lower - upper) * (end - start)
            elif high > start:
                found += (lower - upper) * (_mean_below(low, high, end) - _mean_below(low, high, start))
    return found if y1 > y0 else -found


def _mean_below(low: float, high: float, limit: float) -> float:
    """Mean of min(x, limit) for x evenly between low and high."""
    if limit >= high:
        return (low + high) / 2
    if limit <= low:
        return limit
    return limit - (limit - low) ** 2 / (2 * (high - low))
