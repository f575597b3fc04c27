"""Tracks that are watched while they convert: which rule took which frames, and what was written for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.engine.frame_spool import Shelf
from mapper.engine.tracks import Tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import Entry, Track
    from mapper.engine.accounts import Verdict
    from mapper.engine.outcomes import Emitter
    from mapper.engine.program import Program
    from mapper.engine.track_row import TrackRow
    from mapper.engine.track_rules import Portion
    from mapper.engine.tracks import Rows
    from mapper.engine.watch import Note


class Part(NamedTuple):
    """The frames of a track that one rule took: ``written`` are the fragments, by key, that they left on the row.

    ``objects``: the objects, by the place of their frame.
    ``mixed``: nobody could tell whether the rule takes them. ``fates``: what became of them, each verdict with its frames.
    """

    emitter: Emitter
    entries: Sequence[Entry]
    row: TrackRow
    fates: tuple[Verdict, ...]
    written: tuple[tuple[int, bytes], ...]
    objects: tuple[tuple[int, bytes], ...]
    mixed: bool


@dataclass(slots=True)
class TrackEvent:
    """What became of one track, the ``place``-th of the export from 0; ``row`` is None if it could not be placed."""

    place: int
    track: Track
    parts: list[Part] = field(default_factory=list)
    row: TrackRow | None = None
    notes: tuple[Note, ...] = ()

    @property
    def visible(self) -> list[Entry]:
        """The entries of the frames on which the object is seen."""
        return [entry for entry in self.track.entries if not entry.outside]


class _Recorder(Shelf):
    """Keeps what is put on a shelf while a part is converted."""

    __slots__ = ("inner", "shapes", "written")

    def __init__(self, inner: Shelf) -> None:
        self.inner = inner
        self.written: list[tuple[int, bytes]] = []
        self.shapes: list[tuple[int, bytes]] = []

    def add(self, key: int, fragment: bytes) -> None:
        """Note the fragment, and put it where it belongs."""
        self.written.append((key, fragment))
        self.inner.add(key, fragment)

    def put(self, frame: int, head: bytes, rest: bytes) -> None:
        """Note the object, and put it where it belongs."""
        self.shapes.append((frame, b"%b%b}" % (head, rest)))
        self.inner.put(frame, head, rest)

    def weigh(self, size: int) -> None:
        """Pass it on."""
        self.inner.weigh(size)


class WatchedTracks(Tracks):
    """Tracks of a watched program; ``wanted`` chooses the tracks to report, ``done`` gets each of them when it is converted."""

    def __init__(
        self,
        program: Program,
        wanted: Callable[[int], bool],
        notes: Callable[[Callable[[], None]], tuple[Note, ...]],
        done: Callable[[TrackEvent], None],
    ) -> None:
        super().__init__(program)
        self._wanted, self._notes, self._done = wanted, notes, done
        self._event: TrackEvent | None = None

    def convert(self, track: Track, rows: Rows) -> None:
        """Convert a track; what it writes and raises is noted if it is wanted."""
        if not self._wanted(self.count):
            super().convert(track, rows)
            return
        event = self._event = TrackEvent(self.count, track)
        event.notes = self._notes(lambda: Tracks.convert(self, track, rows))
        self._event = None
        self._done(event)

    def _portion(self, portion: Portion, row: TrackRow, rows: Rows) -> list[Verdict]:
        event = self._event
        if event is None:
            return super()._portion(portion, row, rows)
        event.row = event.row or row
        usual = row.target
        recorder = _Recorder(usual.shelf)
        row.target = usual._replace(shelf=recorder)
        fates = super()._portion(portion, row, rows)
        row.target = usual
        taken = Part(
            portion.emitter, portion.entries, row, tuple(fates), tuple(recorder.written), tuple(recorder.shapes), portion.issue is not None
        )
        event.parts.append(taken)
        return fates
