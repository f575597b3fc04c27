"""Rules that may take tracks: conditions that differ from frame to frame need to say what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.tracks import FramesUnstated, NestedFrames
from mapper.spec.semantics.static import possible_kinds
from mapper.spec.wording import where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.spec.located import Located
    from mapper.spec.matching import Match
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer

VARYING = ("elements", "width", "height", "area", "rotation", "point_count", "occluded", "z_order", "image", "frame")
"""What CVAT stores for each frame of a track. Attributes vary where the label schema calls them mutable, which no spec tells."""


def track_frames(spec: MappingSpec, located: Located) -> list[Found]:
    """The first condition of each rule that leaves a track undecided, and every `frames` in a place where it says nothing."""
    found: list[Found] = []
    for number, rule in enumerate(spec.rules):
        pointer: Pointer = ("rules", number, "match")
        found += [(NestedFrames(), located.key_place((*at, "frames"))) for at, match in _inner(rule.match, pointer) if match.frames]
        if rule.match.frames is None and rule.match.track is not False and possible_kinds(rule.match) != ["tag"]:
            open_ = next(_varying(rule.match, pointer), None)
            if open_ is not None:
                found.append((FramesUnstated(where(open_)), located.key_place(open_)))
    return found


def _inner(match: Match, pointer: Pointer) -> Iterator[tuple[Pointer, Match]]:
    """The matches below a match."""
    parts = [((*pointer, name, index), inner) for name in ("any", "all") for index, inner in enumerate(getattr(match, name) or ())]
    if match.not_ is not None:
        parts.append(((*pointer, "not"), match.not_))
    for at, inner in parts:
        yield at, inner
        yield from _inner(inner, at)


def _varying(match: Match, pointer: Pointer) -> Iterator[Pointer]:
    for at, part in ((pointer, match), *_inner(match, pointer)):
        yield from ((*at, name) for name in VARYING if getattr(part, name) is not None)
