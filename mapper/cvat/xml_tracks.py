"""The tracks of an export, from parser events: heads, nested tracks, and what is done with entries once all are read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mapper.cvat.frames import Seen
from mapper.cvat.model import Track
from mapper.cvat.tracks import LONGEST_GAP, alike, ascending, by_kind, chosen, filled, gaps, hidden_elements
from mapper.cvat.xml_elements import ElementTracks
from mapper.cvat.xml_entries import EntryEvents, TrackHead
from mapper.findings.source.entries import FrameBeyond, FrameCopied, FrameOffGrid, FrameRepeated, FramesUnordered
from mapper.findings.source.opening import XmlBroken
from mapper.findings.source.shapes import XmlAttributeMissing, XmlAttributeUnknown
from mapper.findings.source.tracks import (
    GapTooLong,
    OffsetUncertain,
    TrackEmpty,
    TrackFilled,
    TrackIdRepeated,
    TrackKindsMixed,
    TrackMisfit,
    TrackSparse,
    TrackUnseen,
)

if TYPE_CHECKING:
    from mapper.cvat.frames import Frames
    from mapper.cvat.model import Entry, Task
    from mapper.cvat.tally import Tally
    from mapper.cvat.tracks import Interpolate
    from mapper.cvat.xml_driver import Driver
    from mapper.geometry.kinds import Kind

_KNOWN = frozenset({"id", "label", "source", "task_id", "subset", "group_id"})


class TrackEvents:
    """Reads one track after the other; ``tracks``: those that are complete; whoever takes them clears the list."""

    def __init__(self, driver: Driver, tally: Tally, interpolate: Interpolate | None) -> None:
        self.driver = driver
        self.tally = tally
        self.tracks: list[Track] = []
        self.entries = EntryEvents(driver, tally, self._end, self._nested)
        self._elements = ElementTracks(self.entries)
        self._interpolate = interpolate
        self._frames: Frames | None = None
        self._ids = Seen()
        self._open = False

    def begin(self, attrs: list[str], frames: Frames) -> None:
        """A track has started."""
        self._open = True
        self._frames = frames
        self._elements.clear()
        found = dict(zip(attrs[::2], attrs[1::2], strict=True))
        name = found.get("id", "")
        head = TrackHead(
            id=name,
            label=found.get("label"),
            source=found.get("source"),
            group_id=found.get("group_id"),
            task_id=found.get("task_id"),
            subset=found.get("subset", ""),
            line=self.driver.line,
            place=f"track {name}" if name else "track",
        )
        self.entries.begin_track(head)
        for key in [key for key in found if key not in _KNOWN]:
            self.entries.tell(XmlAttributeUnknown("track", key, found[key]), attribute=key)
        if head.label is None:
            self.entries.tell(XmlAttributeMissing("track", "label"))
        if name and not self._ids.name(name):
            self.entries.tell(TrackIdRepeated(name))

    def abandon(self) -> None:
        """The XML has broken off: what the open track holds so far is refused."""
        if self._open:
            if self.entries.tag and not self._elements.abandon():
                self.tally.refuse(self.entries.tag, self.entries.where()[1], XmlBroken.code)
            self._elements.refuse_all(XmlBroken.code)
            self._refuse(XmlBroken.code)

    @property
    def pieces(self) -> int:
        """How many pieces of text wait in an attribute that has not ended."""
        return max(self.entries.pieces, self._elements.pieces)

    def _nested(self, attrs: list[str]) -> None:
        self._elements.begin(attrs)

    def _refuse(self, code: str) -> None:
        self._open = False
        self.tally.tracks_refused += 1
        self.entries.refuse_entries(code)

    def _end(self) -> None:
        """The track has ended: put its entries in order, find its task and frames, pass it on."""
        events = self.entries
        if events.head.label is None:
            self._elements.refuse_all(XmlAttributeMissing.code)
            self._refuse(XmlAttributeMissing.code)
            return
        self._elements.join()
        if not events.entries:
            if not events.bad:
                events.tell(TrackEmpty(events.head.id))
            self._refuse(TrackEmpty.code)
            return
        self._open = False
        task, entries = self._placed(events.entries if ascending(events.entries) else self._ordered(events.entries))
        kinds = by_kind(entries)
        if len(kinds) > 1:
            events.tell(TrackKindsMixed(events.head.id, ", ".join(sorted(kinds))))
        for kind, part in kinds.items():
            self._pass_on(kind, part, task)
        events.entries = []

    def _pass_on(self, kind: Kind, entries: list[Entry], task: Task) -> None:
        """Make a track of entries of one kind, and count it."""
        head = self.entries.head
        if kind == "skeleton":
            entries = hidden_elements(entries)
        entries = self._filled(entries, task.step)
        if kind == "skeleton":
            for entry in entries:
                if not entry.outside:
                    self.tally.count(entry.shape)
        if all([entry[2] for entry in entries]):  # noqa: C419 - a list is twice as fast
            self.entries.tell(TrackUnseen(head.id))
        track = Track(head.id, head.label or "", kind, task, head.subset, head.source, head.group_id, head.line, entries)
        self.tally.count_track(track)
        self.tracks.append(track)

    def _ordered(self, entries: list[Entry]) -> list[Entry]:
        """Sort, report what is out of order, and refuse what repeats."""
        events, name = self.entries, self.entries.head.id
        late = next((entry for before, entry in pairwise(entries) if entry.frame < before.frame), None)
        if late is not None:
            events.tell(FramesUnordered(name, late.frame), late.shape.line)
        kept, left = chosen(entries)
        for one, other in left:
            issue = (FrameCopied if alike(one, other) else FrameRepeated)(name, other.frame)
            events.tell(issue, other.shape.line)
            events.refuse_entry(other, issue.code)
        return kept

    def _placed(self, entries: list[Entry]) -> tuple[Task, list[Entry]]:
        """The task of the track, and the entries on frames of it; what does not fit is reported."""
        events, head, frames = self.entries, self.entries.head, self._frames
        assert frames is not None  # noqa: S101 - begin() sets it
        task = frames.task(head.task_id, head.subset, "a track", line=head.line, shape=head.place)
        if frames.shifted(task):
            other = frames.unshown(task)
            if other is not None:
                events.tell(OffsetUncertain(task.id, other.id))
            if not frames.fits(task, entries[0].frame - task.offset):
                events.tell(TrackMisfit(head.id, entries[0].frame, task.offset, task.id), entries[0].shape.line)
            elif task.offset:
                entries = [entry._replace(frame=entry.frame - task.offset) for entry in entries]
        self._compare(task, entries)
        return task, entries

    def _compare(self, task: Task, entries: list[Entry]) -> None:
        """Report entries that are on no frame of the task."""
        events, start, stop, step = self.entries, task.start_frame, task.stop_frame, task.step
        if step > 1:
            for entry in entries:
                if (entry.frame - start) % step:
                    events.tell(FrameOffGrid(events.head.id, entry.frame, start, step), entry.shape.line)
        if task.size and not (start <= entries[0].frame and entries[-1].frame <= stop):
            for entry in entries:
                if not (entry.outside or start <= entry.frame <= stop):
                    events.tell(FrameBeyond(events.head.id, entry.frame, start, stop), entry.shape.line)

    def _filled(self, entries: list[Entry], step: int) -> list[Entry]:
        """Report gaps, or fill them if that is wanted."""
        found = gaps(entries, step)
        if not found:
            return entries
        events, name = self.entries, self.entries.head.id
        if self._interpolate is None:
            events.tell(TrackSparse(name, len(found), found[0].before.frame), found[0].before.shape.line)
            return entries
        new: list[Entry] = []
        for gap in found:
            if gap.frames > LONGEST_GAP:
                events.tell(GapTooLong(name, gap.before.frame, gap.frames), gap.before.shape.line)
            else:
                new += filled(gap, step, self._interpolate)
        if not new:
            return entries
        events.tell(TrackFilled(name, len(new)))
        key = new[0].shape.kind, new[0].shape.label
        self.tally.filled[key] = self.tally.filled.get(key, 0) + len(new)
        if new[0].shape.kind != "skeleton":
            for entry in new:
                self.tally.count(entry.shape)
        return sorted((*entries, *new), key=lambda entry: entry.frame)
