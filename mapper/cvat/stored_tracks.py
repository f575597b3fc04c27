"""Tracks as backups and API answers store them: keyframes, filled in to the frames on which something is known."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mapper.cvat import fields_json as json
from mapper.cvat.elements import TAGS
from mapper.cvat.fields_json import MismatchError
from mapper.cvat.interpolation.moments import KeyframeError, Moment
from mapper.cvat.interpolation.paths import has_length
from mapper.cvat.interpolation.tracks import CLOSED, ROTATING, expand
from mapper.cvat.model import Entry, Shape, Track
from mapper.cvat.stored import StoredTrack
from mapper.cvat.stored_geometry import geometry_key, geometry_of
from mapper.cvat.stored_shapes import DRAWN, NAMES, RefusedError, StoredShapes, issue_of
from mapper.findings.base import Issue
from mapper.findings.source.skeletons import SkeletonElementRefused, SkeletonElementRepeated
from mapper.findings.source.stored import KeyframesContradict, OnDeletedFrame, PathHeld
from mapper.findings.source.tracks import TrackEmpty, TrackUnseen
from mapper.geometry.shapes import Element

if TYPE_CHECKING:
    from mapper.cvat.interpolation.moments import Pairs
    from mapper.cvat.model import LabelSpec, Task

TRACKED = NAMES | {"shapes", "elements", "track_id", "score"}


class StoredTracks(StoredShapes):
    """Reads the tracks of one task."""

    def track(self, item: Any, place: str) -> StoredTrack | None:
        """The keyframes of a track, or None if it is refused."""
        try:
            return self._track(item, place)
        except (MismatchError, RefusedError) as error:
            self._refuse(self.name(item), issue_of(error), place)
        return None

    def _refuse(self, label: str, issue: Issue, place: str) -> None:
        self.tally.tracks_refused += 1
        self.tally.refuse("track", label, issue.code)
        self.report.add(issue, shape=place, label=label)

    def _track(self, item: Any, place: str, skeleton: str = "") -> StoredTrack:
        spec = self.label(item, "track", skeleton)
        self.unread(item, TRACKED, "track", place)
        keyframes = [
            self._keyframe(part, spec, skeleton, f"{place}.shapes[{index}]") for index, part in enumerate(json.items(item, "shapes"))
        ]
        frame = json.count(item, "frame", min((moment.frame for moment in keyframes), default=0))
        key = item.get("id")
        found = StoredTrack(
            id=str(key) if type(key) is int else "",
            label=spec.name,
            frame=frame,
            group=self.group(item),
            source=self.source(item),
            attributes=self.pairs(item, spec.name, "track", place),
            keyframes=keyframes,
            spec=spec,
            place=place,
        )
        if not skeleton:
            found.elements = self._elements_of(json.items(item, "elements"), spec.name, place)
        return found

    def _elements_of(self, items: list[Any], label: str, place: str) -> list[StoredTrack]:
        """The tracks of a skeleton's elements; those that cannot be read are left out."""
        found: dict[str, StoredTrack] = {}
        for index, item in enumerate(items):
            at = f"{place}.elements[{index}]"
            try:
                part = self._track(item, at, label)
            except (MismatchError, RefusedError) as error:
                self.part_refused(error, item, label, at)
                continue
            if part.label in found:
                self.part_refused(RefusedError(SkeletonElementRepeated(part.label)), item, label, at)
            found.setdefault(part.label, part)
        return list(found.values())

    def _keyframe(self, item: Any, label: LabelSpec, skeleton: str, place: str) -> Moment:
        kind = self.kind(item)
        if skeleton and kind != "points":
            raise RefusedError(SkeletonElementRefused(label.name, f"it is a {kind}, not a point"))
        self.unread(item, DRAWN, kind, place)
        points = self.point(item, label.name) if skeleton else self.points(item, kind)
        if kind == "mask" and isinstance(issue := geometry_of(kind, points, 0), Issue):
            raise RefusedError(issue)
        return Moment(
            frame=json.count(item, "frame"),
            kind=kind,
            points=points,
            rotation=json.number(item, "rotation") if kind in ROTATING else 0.0,
            outside=json.flag(item, "outside"),
            occluded=json.flag(item, "occluded"),
            z_order=str(json.whole(item, "z_order", 0)),
            attributes=self.pairs(item, label.name, kind, place),
        )

    # -- from keyframes to frames ------------------------------------------------------------------------------------

    def filled_in(self, stored: StoredTrack, task: Task, deleted: frozenset[int]) -> Track | None:
        """The track with all its frames, counted; None if it is refused."""
        try:
            entries = self._entries(stored, task, deleted)
        except KeyframeError as error:
            self._refuse(stored.label, KeyframesContradict(error.reason, error.frame), stored.place)
            return None
        name = stored.id or stored.place
        if not entries:
            self._refuse(stored.label, TrackEmpty(name), stored.place)
            return None
        if all(entry.outside for entry in entries):
            self.report.add(TrackUnseen(name), shape=stored.place, label=stored.label)
        self._report(stored, deleted)
        kind = entries[0].shape.kind
        track = Track(stored.id, stored.label, kind, task, task.subset, stored.source, stored.group, 0, entries)
        self.tally.count_track(track)
        for entry in entries:
            if not entry.outside:
                self.tally.count(entry.shape)
        return track

    def _entries(self, stored: StoredTrack, task: Task, deleted: frozenset[int]) -> list[Entry]:
        moments = expand(stored.keyframes, first=stored.frame, end=stored.end, deleted=deleted)
        parts = [(part, _by_frame(part, stored.end, deleted)) for part in stored.elements]
        found: list[Entry] = []
        shape, last = None, None
        for moment in moments:
            elements = tuple(self._part(part, at[moment.frame]) for part, at in parts if moment.frame in at)
            keyframe = moment.keyframe or any(moment.frame in at and at[moment.frame].keyframe for _, at in parts)
            same = (*moment[1:-1], elements)
            if shape is None or same != last:  # a track that rests on its place is one shape, not one a frame
                shape, last = self._shape(stored, moment, elements), same
            outside = moment.outside or (moment.kind == "skeleton" and all(element.outside for element in elements))
            if not outside or keyframe or (found and not found[-1].outside):
                found.append(Entry(task.start_frame + moment.frame * task.step, keyframe, outside, shape))
        return found

    def _shape(self, stored: StoredTrack, moment: Moment, elements: tuple[Element, ...]) -> Shape:
        geometry = elements if moment.kind == "skeleton" else geometry_of(moment.kind, moment.points, moment.rotation)
        rotation = repr(moment.rotation) if moment.rotation % 360 else None
        flag = "1" if moment.occluded else "0"
        fields = (flag, moment.z_order, stored.group, stored.source, None, rotation, None)
        pairs = self._held(moment.attributes, stored)
        return Shape(moment.kind, stored.label, geometry, geometry_key(moment.kind, geometry), pairs, fields, 0)

    def _held(self, mutable: Pairs, stored: StoredTrack) -> Pairs:
        """The attributes of a frame: the mutable ones, those of the whole track, and defaults for what is missing."""
        known = {name for name, _ in mutable}
        pairs = (*mutable, *(pair for pair in stored.attributes if pair[0] not in known))
        return self.filled(pairs, stored.spec) if stored.spec else pairs

    def _part(self, part: StoredTrack, moment: Moment) -> Element:
        x, y = moment.points
        return Element(part.label, x, y, moment.outside, moment.occluded, self._held(moment.attributes, part), 0)

    def _report(self, stored: StoredTrack, deleted: frozenset[int]) -> None:
        """Tell of keyframes that do not count and of outlines that are held."""
        for moment in stored.keyframes:
            if moment.frame in deleted:
                issue = OnDeletedFrame("keyframe", moment.frame)
                self.tally.refuse(TAGS[moment.kind], stored.label, issue.code)
                self.report.add(issue, shape=stored.place, label=stored.label)
        counted = sorted((moment for moment in stored.keyframes if moment.frame not in deleted), key=lambda moment: moment.frame)
        for before, after in pairwise(counted):
            if before.kind in CLOSED and not before.outside and after.frame - before.frame > 1:
                short = next((moment for moment in (before, after) if not has_length(moment.points)), None)
                if short is not None:
                    self.report.add(PathHeld(short.kind, short.frame), shape=stored.place, label=stored.label)


def _by_frame(part: StoredTrack, end: int, deleted: frozenset[int]) -> dict[int, Moment]:
    moments = expand(part.keyframes, first=part.frame, end=end, deleted=deleted, element=True)
    return {moment.frame: moment for moment in moments}
