"""Which rule takes a track: one for all of its frames, unless a rule says that it takes frames one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mapper.engine.outcomes import Several
from mapper.findings.base import Issue
from mapper.findings.mapping_tracks import MixedFrames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mapper.cvat.model import Entry
    from mapper.engine.compile import Way
    from mapper.engine.outcomes import Emitter, Origin
    from mapper.engine.track_row import TrackRow
    from mapper.spec.matching import Match


class Portion(NamedTuple):
    """The entries of a track that one rule takes; ``issue`` if it cannot be told whether it takes them."""

    emitter: Emitter
    entries: Sequence[Entry]
    issue: MixedFrames | None = None


def origin_of(emitter: Emitter) -> Origin:
    """Where an emitter comes from; all of them say so."""
    return emitter.origin  # type: ignore[attr-defined, no-any-return]


def portions(ways: Sequence[Way], rules: Mapping[str, Match], entries: Sequence[Entry], row: TrackRow) -> Iterator[Portion]:
    """Share out the visible entries of a track among rules; ``rules`` are their matches by id.

    A rule's match is asked on every frame that earlier rules have left. Where the frames agree, that decides. Where they do
    not, ``any`` takes all of them, ``all`` none, ``each`` those on which it holds; a rule that states nothing stops the track.
    """
    left = entries
    for way in ways:
        if way.condition is True:
            yield Portion(way.emitter, left)
            return
        rule = origin_of(way.emitter).rule
        held = _holds(way, left, row)
        if not any(held):
            continue
        stated = rules[rule].frames
        if all(held) or stated == "any":
            yield Portion(way.emitter, left)
            return
        if stated is None:
            yield Portion(way.emitter, left, MixedFrames(rule, sum(held), len(held)))
            return
        if stated == "each":
            yield Portion(way.emitter, [entry for entry, here in zip(left, held, strict=True) if here])
            left = [entry for entry, here in zip(left, held, strict=True) if not here]


def _holds(way: Way, entries: Sequence[Entry], row: TrackRow) -> list[bool]:
    condition, view = way.condition, row.view
    held: list[bool] = []
    for frame, _, _, shape in entries:
        view.frame = frame
        held.append(condition(shape, view))
    return held


def settled(emitter: Emitter, entries: Sequence[Entry], row: TrackRow) -> Emitter:
    """What makes one class of all entries: ``otherwise`` instead of the conversion, if the conversion refuses one of them."""
    if isinstance(emitter, Several):
        return replace(emitter, parts=tuple(settled(part, entries, row) for part in emitter.parts))
    otherwise: Emitter | None = getattr(emitter, "otherwise", None)
    if otherwise is None:
        return emitter
    run = emitter.run  # type: ignore[attr-defined] # what has an ``otherwise`` converts
    if any(isinstance(run(entry.shape.geometry, row.frame_at(entry.frame)), Issue) for entry in entries):
        return settled(otherwise, entries, row)
    return emitter
