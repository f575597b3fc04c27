"""Masks as run lengths: from CVAT's crop to the full image without a raster in between.

Both sides store rows of pixels one after another, background first. A span is a stretch of set pixels in one row:
(row, first column, column after the last), in pixels of the image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.geometry import EmptyGeometry, MaskRuns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Frame, Mask

Span = tuple[int, int, int]


def problem(mask: Mask) -> Issue | None:
    """What makes the mask unusable: its runs do not fill the crop exactly, or no pixel is set."""
    runs, _, _, width, height = mask
    total = sum(runs)
    if width <= 0 or height <= 0 or total != width * height or min(runs) < 0:
        return MaskRuns(total, width, height)
    return None if any(runs[1::2]) else EmptyGeometry("mask")


def is_inside(mask: Mask, frame: Frame) -> bool:
    """Whether the crop lies within the image."""
    return mask.left >= 0 and mask.top >= 0 and mask.left + mask.width <= frame.width and mask.top + mask.height <= frame.height


def image_runs(mask: Mask, frame: Frame) -> list[int]:
    """Run lengths over the whole image; the mask has no ``problem`` and lies inside it.

    Linear in the runs and the rows that they cross: offset a of the crop is pixel (top + a // width) · W + left + a % width.
    """
    runs, left, top, width, _ = mask
    step = frame.width - width  # pixels of the image between the end of one crop row and the start of the next
    origin = top * frame.width + left
    full: list[int] = []
    offset = end = 0
    for zeros, ones in zip(runs[::2], runs[1::2], strict=False):
        offset += zeros
        if not ones:
            continue
        row, column = divmod(offset, width)
        start = origin + offset + row * step
        offset += ones
        length, room = ones, width - column
        while length > room:  # the run goes on in the next row of the crop
            if start == end and full:
                full[-1] += room
            else:
                full += (start - end, room)
            end = start + room
            start = end + step
            length -= room
            room = width
        if start == end and full:
            full[-1] += length
        else:
            full += (start - end, length)
        end = start + length
    rest = frame.width * frame.height - end
    if rest:
        full.append(rest)
    return full


def spans(mask: Mask) -> list[Span]:
    """The mask's spans in order of rows and columns, neighbours in a row merged; the mask has no ``problem``."""
    runs, left, top, width, _ = mask
    found: list[Span] = []
    offset = 0
    for zeros, ones in zip(runs[::2], runs[1::2], strict=False):
        offset += zeros
        stop = offset + ones
        while offset < stop:
            row, column = divmod(offset, width)
            end = min(width, column + stop - offset)
            offset += end - column
            start = left + column
            if found and found[-1][0] == top + row and found[-1][2] == start:
                start = found.pop()[1]
            found.append((top + row, start, left + end))
    return found


def cut_spans(found: Iterable[Span], frame: Frame) -> list[Span]:
    """The part of the spans that lies in the image."""
    width, height = frame
    clipped = ((row, max(0, start), min(width, end)) for row, start, end in found if 0 <= row < height)
    return [span for span in clipped if span[1] < span[2]]


def span_runs(found: Iterable[Span], frame: Frame) -> list[int]:
    """Run lengths over the whole image; the spans are in order, do not overlap, and lie in it."""
    full: list[int] = []
    end = 0
    for row, first, last in found:
        start = row * frame.width + first
        if start == end and full:
            full[-1] += last - first
        else:
            full += (start - end, last - first)
        end = row * frame.width + last
    rest = frame.width * frame.height - end
    if rest or not full:
        full.append(rest)
    return full


def count(found: Iterable[Span]) -> int:
    """Number of set pixels."""
    return sum(end - start for _, start, end in found)
