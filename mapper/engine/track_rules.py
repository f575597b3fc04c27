"""Which rule takes a track: one for all of its frames, unless a rule says that it takes frames one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from mapper.engine.outcomes import Several
from mapper.findings.base import Issue
from mapper.findings.mapping_tracks import MixedFrames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mapper.cvat.model import Entry
    from mapper.engine.choosing import Chooser
    from mapper.engine.compile import Way
    from mapper.engine.outcomes import Emitter, Origin
    from mapper.engine.track_frames import TrackFrame
    from mapper.engine.track_row import TrackRow
    from mapper.spec.matching import Match


Key = TypeVar("Key")


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
    asked = ((way, way.condition, None if way.condition is True else rules[origin_of(way.emitter).rule].frames) for way in ways)
    for share in shares(asked, entries, row.view):
        emitter = share.key.emitter
        issue = MixedFrames(origin_of(emitter).rule, share.held, len(share.entries)) if share.mixed else None
        yield Portion(emitter, share.entries, issue)


class Share(NamedTuple, Generic[Key]):
    """The entries that one rule takes, and on how many its condition holds; ``mixed`` if it cannot be told whether it takes them."""

    key: Key
    entries: Sequence[Entry]
    held: int
    mixed: bool = False


def shares(asked: Iterable[tuple[Key, Any, str | None]], entries: Sequence[Entry], view: TrackFrame) -> Iterator[Share[Key]]:
    """Share out entries among conditions, each with what its rule states under ``frames``; see ``portions``."""
    left = entries
    for key, condition, stated in asked:
        if condition is True:
            yield Share(key, left, len(left))
            return
        held = _holds(condition, left, view)
        if not any(held):
            continue
        if all(held) or stated == "any":
            yield Share(key, left, sum(held))
            return
        if stated is None:
            yield Share(key, left, sum(held), mixed=True)
            return
        if stated == "each":
            yield Share(key, [entry for entry, here in zip(left, held, strict=True) if here], sum(held))
            left = [entry for entry, here in zip(left, held, strict=True) if not here]


def _holds(condition: Any, entries: Sequence[Entry], view: TrackFrame) -> list[bool]:
    held: list[bool] = []
    for frame, _, _, shape in entries:
        view.frame = frame
        held.append(condition(shape, view))
    return held


def open_ways(ways: Sequence[Way], choose: Chooser, entries: Sequence[Entry], view: TrackFrame) -> list[Way]:
    """The ways among many that may hold on some frame, in order; ``choose`` is one made for tracks, which leaves out no more."""
    buckets: dict[int, Sequence[Way]] = {}
    for frame, _, _, shape in entries:
        view.frame = frame
        found = choose(shape, view)  # type: ignore[arg-type] # it has what an image has
        buckets[id(found)] = found
    kept = {id(way) for found in buckets.values() for way in found}
    return [way for way in ways if id(way) in kept]


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
