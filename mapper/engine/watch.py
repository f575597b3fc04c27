"""A program that is watched while it converts: what became of chosen shapes, and how often each rule could have decided.

Nothing is decided here. The conditions, the conversions and the row are the program's own; only the last step of each
way is wrapped, to look at the row before and after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.choosing import chooser
from mapper.engine.program import Program
from mapper.engine.watch_tracks import WatchedTracks
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image, Shape
    from mapper.engine.accounts import Books, Verdict
    from mapper.engine.compile import Way
    from mapper.engine.context import Context
    from mapper.engine.outcomes import Emitter, Outcome
    from mapper.engine.row import ImageRow, Instance
    from mapper.engine.track_frames import TrackFrame
    from mapper.engine.watch_tracks import TrackEvent
    from mapper.findings.base import Issue, Severity
    from mapper.geometry.kinds import Kind

Place = tuple[int, int]
"""Which image of the export and which of its shapes, both from 0."""


class Note(NamedTuple):
    """A finding that one shape raised."""

    issue: Issue
    severity: Severity
    attribute: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What became of one shape: ``objects``, ``answers`` and ``actions`` are the JSON that it added to its row.

    ``instances``: the classifications that it answered, by feature hash.
    """

    place: Place
    shape: Shape
    image: Image
    row: ImageRow
    emitter: Emitter
    rule: str
    verdict: Verdict
    books: Books
    objects: tuple[bytes, ...]
    answers: tuple[bytes, ...]
    actions: tuple[bytes, ...]
    instances: dict[str, Instance]
    notes: tuple[Note, ...]


class _Noting(Collector):
    """Passes findings on, and keeps those that a shape raises while it is looked at."""

    def __init__(self, inner: Collector) -> None:
        super().__init__()
        self.inner = inner
        self.notes: list[Note] = []

    def add(self, issue: Issue, *, severity: Severity | None = None, attribute: str = "", **more: Any) -> None:
        """Count it where it belongs, and note it."""
        self.notes.append(Note(issue, issue.severity if severity is None else severity, attribute))
        self.inner.add(issue, severity=severity, attribute=attribute, **more)


@dataclass(slots=True)
class Shadows:
    """How many shapes and tracks each rule matches, and which rule before it took them; by the rules' numbers.

    ``tracks``: how many there are; ``took``: of how many each rule took frames, by its id; ``tracks_matched`` and
    ``tracks_taken``: as for shapes, for those of which a rule took nothing.
    """

    matched: dict[int, int] = field(default_factory=dict)
    taken: dict[int, dict[str, int]] = field(default_factory=dict)
    tracks: int = 0
    took: dict[str, int] = field(default_factory=dict)
    tracks_matched: dict[int, int] = field(default_factory=dict)
    tracks_taken: dict[int, dict[str, int]] = field(default_factory=dict)


class WatchedProgram(Program):
    """A program that reports what becomes of shapes.

    ``wanted`` chooses the shapes to report and ``tracks`` the tracks, by their number from 0 (called for each); ``shadows``,
    if given, counts what every rule matches.
    """

    def __init__(
        self,
        context: Context,
        wanted: Callable[[Place], bool],
        shadows: Shadows | None = None,
        tracks: Callable[[int], bool] = lambda _: False,
    ) -> None:
        super().__init__(context)
        self.events: list[Event] = []
        self.track_events: list[TrackEvent] = []
        self._wanted_tracks = tracks
        self._wanted = wanted
        self._shadows = shadows
        self._conditions: dict[tuple[str, Kind], list[tuple[int, Any]]] = {}
        self._image = self._shape = -1

    def convert(self, image: Image, row: ImageRow) -> None:
        """Convert all shapes of an image, and know which of them is at hand."""
        self._image, self._shape = self._image + 1, -1
        super().convert(image, row)

    def _ways(self, label: str, kind: Kind) -> list[Way]:
        found = self.ways.get((label, kind))
        if found is None:
            plain = super()._ways(label, kind)
            found = self.ways[label, kind] = [way._replace(emit=self._watched(way)) for way in plain]
            choose = chooser(found)
            if choose is not None:
                self.choosers[label, kind] = choose
        return found

    def _watched(self, way: Way) -> Callable[[Shape, Image, ImageRow], Outcome]:
        def emit(shape: Shape, image: Image, row: ImageRow) -> Outcome:
            self._shape += 1
            place = (self._image, self._shape)
            if self._shadows is not None:
                self._count(self._shadows, rule_of(way.emitter), shape, image)
            return self._event(way, place, shape, image, row) if self._wanted(place) else way.emit(shape, image, row)

        return emit

    def tracks(self) -> WatchedTracks:
        """Tracks of which those that are wanted are reported, and all are counted if rules are."""
        count = self._shadows is not None
        return WatchedTracks(self, lambda place: count or self._wanted_tracks(place), self._noted, self._track)

    def _noted(self, work: Callable[[], None]) -> tuple[Note, ...]:
        """Do a piece of work; the findings that it raises, which are passed on."""
        usual = self.context.findings
        self.context.findings = noting = _Noting(usual)
        try:
            work()
        finally:
            self.context.findings = usual
        return tuple(noting.notes)

    def _track(self, event: TrackEvent) -> None:
        if self._wanted_tracks(event.place):
            self.track_events.append(event)
        if self._shadows is not None:
            self._shadows.tracks += 1
            self._count_track(self._shadows, event)

    def _count_track(self, shadows: Shadows, event: TrackEvent) -> None:
        """Count a track for every rule that took frames of it, and for those that would have liked to."""
        taken = dict.fromkeys(rule_of(part.emitter) for part in event.parts)
        for rule in taken:
            shadows.took[rule] = shadows.took.get(rule, 0) + 1
        if event.row is None:
            return
        numbers = {rule.id: number for number, rule in enumerate(self.context.spec.rules)}
        last = max((numbers[rule] for rule in taken if rule), default=len(numbers))
        view = event.row.view
        for number, condition in self._conditions.get((event.track.label, event.track.kind)) or self._compiled(event.visible[0].shape):
            rule = self.context.spec.rules[number].id
            if number < last or rule in taken:
                continue  # what stands before the rule that took the rest was asked, and took what it matches
            if condition is True or any(condition(entry.shape, _at(view, entry.frame)) for entry in event.visible):
                shadows.tracks_matched[number] = shadows.tracks_matched.get(number, 0) + 1
                by = shadows.tracks_taken.setdefault(number, {})
                by[next(iter(taken))] = by.get(next(iter(taken)), 0) + 1

    def _event(self, way: Way, place: Place, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        before = [len(entries) for entries in (row.objects, row.answers, row.actions)]
        outcomes: list[Outcome] = []
        notes = self._noted(lambda: outcomes.append(way.emit(shape, image, row)))
        (outcome,) = outcomes
        objects, answers, actions = (
            tuple(entries[start:]) for entries, start in zip((row.objects, row.answers, row.actions), before, strict=True)
        )
        instances = {feature: row.instances[feature] for feature in outcome.verdict.targets if feature in row.instances}
        self.events.append(
            Event(
                place=place, shape=shape, image=image, row=row, emitter=way.emitter, rule=rule_of(way.emitter),
                verdict=outcome.verdict, books=outcome.books, objects=objects, answers=answers, actions=actions,
                instances=instances, notes=notes,
            )
        )  # fmt: skip
        return outcome

    def _count(self, shadows: Shadows, decided: str, shape: Shape, image: Image) -> None:
        for number, condition in self._conditions.get((shape.label, shape.kind)) or self._compiled(shape):
            if condition is True or condition(shape, image):
                shadows.matched[number] = shadows.matched.get(number, 0) + 1
                if self.context.spec.rules[number].id != decided:
                    taken = shadows.taken.setdefault(number, {})
                    taken[decided] = taken.get(decided, 0) + 1

    def _compiled(self, shape: Shape) -> list[tuple[int, Any]]:
        found = self._conditions[shape.label, shape.kind] = list(self.compiler.index.all_conditions(shape.label, shape.kind))
        return found


def _at(view: TrackFrame, frame: int) -> Image:
    """What stands for the image of a frame."""
    view.frame = frame
    return view  # type: ignore[return-value] # it has what an image has


def rule_of(emitter: Emitter) -> str:
    """The id of the rule that an emitter acts for, "" for policy."""
    return str(emitter.origin.rule)  # type: ignore[attr-defined]
