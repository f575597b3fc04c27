"""Tells of a track which rule took which of its frames and why no earlier one did, and what stands for it in the bundle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.explain import Miss, first_miss
from mapper.engine.track_ways import Ranges, Stands, Valued, ranges, track_conversions, track_objects, track_values
from mapper.engine.watch import rule_of
from mapper.findings.base import Location, location_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Entry
    from mapper.engine.watch import Note
    from mapper.engine.watch_tracks import Part, TrackEvent
    from mapper.spec.load import LoadedSpec


class Passed(NamedTuple):
    """A rule that took none of the frames that were left: the first condition that did not hold, and on which frame.

    ``held``: on how many of ``asked`` frames the rule holds; more than none only if it says ``frames: all``.
    """

    rule: str
    place: Location
    frame: int
    miss: Miss
    held: int
    asked: int


class Taken(NamedTuple):
    """Frames that one rule took; ``stated`` is what it says under ``frames``. ``rule`` is "" where policy decided."""

    rule: str
    place: Location | None
    stated: str | None
    frames: Ranges
    held: int
    asked: int
    accounts: tuple[tuple[str, str], ...]
    conversions: tuple[dict[str, Any], ...]
    values: tuple[Valued, ...]
    objects: tuple[Stands, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackExplanation:
    """All about one track; ``seen``, ``outside`` and ``keyframes`` count its frames. ``row`` is its line of label_rows.jsonl."""

    source: Location
    id: str
    label: str
    kind: str
    frames: Ranges
    seen: int
    outside: int
    keyframes: int
    line_frame: int | None
    tried: tuple[Passed, ...]
    parts: tuple[Taken, ...]
    notes: tuple[Note, ...]
    row: int | None
    unit: str
    title: str

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports."""
        return {
            "source": location_dict(self.source),
            "track": {"id": self.id, "kind": self.kind, "label": self.label},
            "frames": {"ranges": self.frames, "seen": self.seen, "outside": self.outside, "keyframes": self.keyframes},
            "at": self.line_frame,
            "tried": [
                {"rule": entry.rule, "spec": location_dict(entry.place), "frame": entry.frame, "held": entry.held, "asked": entry.asked}
                | entry.miss.as_dict()
                for entry in self.tried
            ],
            "parts": [_part_dict(part) for part in self.parts],
            "findings": [_noted(note, count) for note, count in Counter(self.notes).items()],
            "bundle": {"row": self.row, "unit": self.unit, "title": self.title},
        }


def _noted(note: Note, count: int) -> dict[str, Any]:
    record = {"code": note.issue.code, "severity": note.severity.word, "message": note.issue.message(), "count": count}
    return record | ({"attribute": note.attribute} if note.attribute else {})


def _part_dict(part: Taken) -> dict[str, Any]:
    record = part._asdict() | {"rule": part.rule or None, "spec": location_dict(part.place) if part.place else None}
    record["values"] = [value._asdict() | {"by": location_dict(value.by) if value.by else None} for value in part.values]
    record["objects"] = [made._asdict() for made in part.objects]
    del record["place"]
    return record


def track_explained(event: TrackEvent, loaded: LoadedSpec, file: str, line: int | None, row: int | None) -> TrackExplanation:
    """What is to be said of a track that was watched; ``line`` is the line that was asked about."""
    track, visible = event.track, event.visible
    at = [entry for entry in track.entries if line is not None and track.line < entry.shape.line <= line and entry.keyframe]
    return TrackExplanation(
        source=Location(file=file, line=track.line),
        id=track.id,
        label=track.label,
        kind=track.kind,
        frames=ranges(entry.frame for entry in visible),
        seen=len(visible),
        outside=len(track.entries) - len(visible),
        keyframes=sum(entry.keyframe for entry in track.entries),
        line_frame=at[-1].frame if at else None,
        tried=tuple(_tried(event, loaded)),
        parts=tuple(_taken(part, event, loaded) for part in event.parts),
        notes=event.notes,
        row=row if event.row is not None else None,
        unit=event.row.unit.hash if event.row is not None else "",
        title=event.row.unit.title if event.row is not None else "",
    )


# -- rules -----------------------------------------------------------------------------------------------------------


def _numbers(event: TrackEvent, loaded: LoadedSpec) -> dict[str, int]:
    numbers = {rule.id: number for number, rule in enumerate(loaded.spec.rules)}
    return {rule_of(part.emitter): numbers.get(rule_of(part.emitter), len(numbers)) for part in event.parts}


def _tried(event: TrackEvent, loaded: LoadedSpec) -> Iterator[Passed]:
    """The rules before the last one that took frames, those that took some left out."""
    took = _numbers(event, loaded)
    if event.row is None or not took or ("" in took and _refused_at_once(event, loaded)):
        return
    left = event.visible
    for number, rule in enumerate(loaded.spec.rules[: max(took.values())]):
        if rule.id in took:
            gone = {entry.frame for part in event.parts if rule_of(part.emitter) == rule.id for entry in part.entries}
            left = [entry for entry in left if entry.frame not in gone]
            continue
        misses = [(entry.frame, miss) for entry in left if (miss := _miss(event, loaded, number, entry)) is not None]
        if misses:
            yield Passed(rule.id, loaded.place(("rules", number, "id")), *misses[0], len(left) - len(misses), len(left))


def _refused_at_once(event: TrackEvent, loaded: LoadedSpec) -> bool:
    assert event.row is not None  # noqa: S101 - see the caller
    declared = event.row.context.label(event.track.label).declared
    return not declared and loaded.spec.policy.undeclared_label.do == "refuse"


def _miss(event: TrackEvent, loaded: LoadedSpec, number: int, entry: Entry) -> Miss | None:
    assert event.row is not None  # noqa: S101 - see the caller
    view = event.row.view
    view.frame = entry.frame
    return first_miss(loaded.spec.rules[number].match, entry.shape, view)  # type: ignore[arg-type] # it has what an image has


def _taken(part: Part, event: TrackEvent, loaded: LoadedSpec) -> Taken:
    rule = rule_of(part.emitter)
    number = next((number for number, other in enumerate(loaded.spec.rules) if other.id == rule), None)
    held = [_miss(event, loaded, number, entry) is None for entry in part.entries] if number is not None else []
    return Taken(
        rule=rule,
        place=loaded.place(("rules", number, "id")) if number is not None else None,
        stated=loaded.spec.rules[number].match.frames if number is not None else None,
        frames=ranges(entry.frame for entry in part.entries),
        held=sum(held),
        asked=len(part.entries),
        accounts=tuple(dict.fromkeys((verdict.account, verdict.why) for verdict in part.fates)),
        conversions=tuple(track_conversions(part)),
        values=tuple(track_values(part)),
        objects=tuple(track_objects(part)),
    )
