"""Converts tracks: one rule, one hash and one set of static answers for all frames of an object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from mapper.engine.accounts import LOST
from mapper.engine.passage import Passage
from mapper.engine.track_row import identity_of
from mapper.engine.track_rules import origin_of, portions, settled
from mapper.findings.encord_rows import NoFrameSize
from mapper.findings.mapping_tracks import KeyframesUndecided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.model import Entry, Track
    from mapper.engine.accounts import Verdict
    from mapper.engine.program import Program
    from mapper.engine.track_row import TrackRow
    from mapper.engine.track_rules import Portion
    from mapper.geometry.shapes import Frame
    from mapper.spec.matching import Match


class Rows(Protocol):
    """The label rows that a task's tracks go to.

    ``size``: that of the task's frames, None if nobody says it; ``varying``: frames may have sizes of their own. ``per_row``:
    frames in a label row, 0 for all. ``per_frame``: an object counts once on each frame, not once in its row.
    """

    size: Frame | None
    per_row: int
    per_frame: bool

    @property
    def varying(self) -> bool:
        """Whether ``TrackFrame.here`` has to be asked on each frame."""

    def numbers_of(self, frames: list[int]) -> Sequence[int | None]:
        """The places of frames in the rows, None for those that they do not hold; the frames ascend, and there is one at least."""

    def track_row(self, track: Track, identity: bytes) -> TrackRow:
        """A row for one track."""


@dataclass(slots=True)
class Tracks:
    """Converts one track after the other; ``count`` is how many."""

    program: Program
    stated: dict[str, Match] = field(init=False)
    count: int = 0
    undecided: int = 0

    def __post_init__(self) -> None:
        self.stated = {rule.id: rule.match for rule in self.program.context.spec.rules}

    def convert(self, track: Track, rows: Rows) -> None:
        """Convert a track onto its task's rows; every entry of it gets an account."""
        self.count += 1
        visible = [entry for entry in track.entries if not entry.outside]
        fates: list[Verdict] = []
        if visible and rows.size is None:
            fates.append(self._unplaced(track, visible))
        elif visible:
            fates = self._shared_out(track, visible, rows)
        self._flags(track, len(track.entries) - len(visible), fates)

    def finish(self) -> None:
        """Report what only the whole run can tell."""
        if self.undecided:
            self.program.context.findings.add(KeyframesUndecided(self.undecided))

    # -- the frames on which it is seen --------------------------------------------------------------------------

    def _shared_out(self, track: Track, visible: list[Entry], rows: Rows) -> list[Verdict]:
        """Convert each portion of the track; the first that makes an object is the track itself, others are split from it."""
        row = rows.track_row(track, identity_of(track, visible[0]))
        fates: list[Verdict] = []
        made = False
        for portion in portions(self.program.track_ways(track, visible, row), self.stated, visible, row):
            if made:
                row = rows.track_row(track, identity_of(track, portion.entries[0]) + b"/")
            found = self._portion(portion, row, rows)
            made = made or any(verdict.account not in LOST for verdict in found)
            fates += found
        return fates

    def _portion(self, portion: Portion, row: TrackRow, rows: Rows) -> list[Verdict]:
        if portion.issue is not None:
            return [self._refused(portion, row)]
        emitter = settled(portion.emitter, portion.entries, row)
        return Passage(emitter, row, rows, self.program.ledger).run(portion.entries)

    # -- what cannot be placed -----------------------------------------------------------------------------------

    def _refused(self, portion: Portion, row: TrackRow) -> Verdict:
        """Refuse the entries for which no rule can be chosen."""
        origin, issue = origin_of(portion.emitter), portion.issue
        assert issue is not None  # noqa: S101 - see the caller
        row.view.frame = portion.entries[0].frame
        origin.report(issue, issue.severity, portion.entries[0].shape, row)
        return self._lost(origin.verdict("refused", issue.code), portion.entries)

    def _unplaced(self, track: Track, visible: Sequence[Entry]) -> Verdict:
        """Refuse a track of a task without a frame size, which was reported with the task."""
        return self._lost(self.program.ledger.verdict(track.kind, track.label, "", "refused", NoFrameSize.code), visible)

    def _lost(self, verdict: Verdict, entries: Sequence[Entry]) -> Verdict:
        ledger = self.program.ledger
        for entry in entries:
            books = ledger.whole(entry.shape, "refused", verdict.why)
            verdict.counts[books] = verdict.counts.get(books, 0) + 1
            if entry.shape.kind == "skeleton":
                ledger.points.count(entry.shape, verdict, 0)
        return verdict

    def _flags(self, track: Track, outside: int, fates: list[Verdict]) -> None:
        """Account for keyframes, and for the entries that say where the object is not seen."""
        keyframes = [entry[1] for entry in track.entries].count(True)
        ledger, policy = self.program.ledger, self.program.context.spec.policy.fields.keyframe
        if fates and all(verdict.account in LOST for verdict in fates):
            fate = fates[0]
            for name, count in (("keyframe", keyframes), ("outside", outside)):
                ledger.flag(track, name, fate.account, fate.rule, fate.why, count)
            return
        ledger.flag(track, "outside", "kept", "", "told by absence", outside)
        if policy is not None:
            ledger.flag(track, "keyframe", "dropped", "", policy.reason, keyframes)
        else:
            self.undecided += keyframes
            ledger.flag(track, "keyframe", "refused", "", KeyframesUndecided.code, keyframes)
