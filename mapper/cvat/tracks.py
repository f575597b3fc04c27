"""Entries put in order, and gaps between them: what a track needs after its entries are read, whatever the format."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, pairwise
from operator import lt
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.model import Entry, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Element

Interpolate = Callable[[Entry, Entry, int], Shape]
"""``(before, after, frame)``: the shape on a frame strictly between two entries, the first of which is not outside.

Everything but the geometry is ``before``'s. ``after`` may be outside: the geometry moves towards its place all the same.
"""

LONGEST_GAP = 100_000
"""Frames of a gap that are filled at most."""


class Gap(NamedTuple):
    """Two neighbouring entries that are further apart than a step, the first of them seen; how many frames lie between."""

    before: Entry
    after: Entry
    frames: int


def ascending(entries: Sequence[Entry]) -> bool:
    """Whether frames ascend and none occurs twice, as in every file of CVAT."""
    frames = [entry[0] for entry in entries]
    return all(map(lt, frames, frames[1:]))


def chosen(entries: Sequence[Entry]) -> tuple[list[Entry], list[tuple[Entry, Entry]]]:
    """The entries in order of their frames, one a frame, and those left out as (kept, left out).

    Of several entries on one frame the first keyframe is kept, or the first entry if none is a keyframe. (CVAT reads
    keyframes only, and fails on two that differ.)
    """
    kept, left = [], []
    for _, group in groupby(sorted(entries, key=lambda entry: entry.frame), key=lambda entry: entry.frame):
        same = list(group)
        best = next((entry for entry in same if entry.keyframe), same[0])
        kept.append(best)
        left += [(best, entry) for entry in same if entry is not best]
    return kept, left


def alike(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same but for their lines."""
    if one[:3] != other[:3] or one.shape[:2] != other.shape[:2] or one.shape[4:6] != other.shape[4:6]:
        return False
    return _places(one.shape) == _places(other.shape)


def _places(shape: Shape) -> object:
    return sorted(element[:-1] for element in shape.geometry) if shape.kind == "skeleton" else shape.geometry


def by_kind(entries: Sequence[Entry]) -> dict[Kind, list[Entry]]:
    """The entries of each kind, kinds in order of their first entry."""
    kinds = [entry[3][0] for entry in entries]
    if kinds.count(kinds[0]) == len(kinds):
        return {kinds[0]: list(entries)}
    found: dict[Kind, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.shape.kind, []).append(entry)
    return found


def gaps(entries: Sequence[Entry], step: int) -> list[Gap]:
    """The gaps of entries in order; none if one of them is interpolated, for then CVAT wrote every frame there is.

    A track without an interpolated entry that CVAT wrote has none either, but across frames deleted since.
    """
    if not entries or entries[-1].frame - entries[0].frame == step * (len(entries) - 1):
        return []
    if not all(entry.keyframe for entry in entries):
        return []
    found = [Gap(before, after, (after.frame - before.frame - 1) // step) for before, after in pairwise(entries) if not before.outside]
    return [gap for gap in found if gap.frames]


def filled(gap: Gap, step: int, interpolate: Interpolate) -> Iterator[Entry]:
    """Entries for the frames of a gap."""
    for frame in range(gap.before.frame + step, gap.after.frame, step):
        yield Entry(frame, keyframe=False, outside=False, shape=interpolate(gap.before, gap.after, frame))


def hidden_elements(entries: Sequence[Entry]) -> list[Entry]:
    """Skeletons whose hidden points are there: what an entry leaves out stands outside, at the last place that it had.

    CVAT writes a point that goes outside once, then not until it is seen again. A point that no entry has had yet stays
    absent. An entry is outside if it says so itself or all its points are.
    """
    last: dict[str, Element] = {}
    found = []
    for entry in entries:
        own = entry.shape.geometry
        here = {element.label for element in own}
        last |= {element.label: element for element in own}
        elements = (*own, *(element._replace(outside=True) for label, element in last.items() if label not in here))
        outside = entry.outside or all(element.outside for element in elements)
        found.append(entry._replace(outside=outside, shape=entry.shape._replace(geometry=elements)))
    return found
