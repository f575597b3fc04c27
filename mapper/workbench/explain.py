"""Tells for chosen shapes of an export which rule took them and why no earlier one did, and what came of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.explain import Miss, first_miss
from mapper.engine.groups import group_hash
from mapper.engine.watch import Event, Shadows, WatchedProgram
from mapper.engine.ways import Attempt, Made, ValueWay, attempts, made, values
from mapper.findings.base import location_dict
from mapper.findings.mapping import UnmatchedShape
from mapper.pipeline import run
from mapper.workbench.choice import choose
from mapper.workbench.explain_tracks import TrackExplanation, track_explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.engine.context import Context
    from mapper.engine.watch import Note
    from mapper.engine.watch_tracks import TrackEvent
    from mapper.findings.base import Location
    from mapper.pipeline import Options, Result
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec
    from mapper.workbench.choice import Choice, Chosen


ONE_ROW = frozenset({"video", "image_group"})
"""Media of which a task is one label row."""


class Tried(NamedTuple):
    """A rule before the one that matched, and why it did not."""

    rule: str
    place: Location
    miss: Miss


class Standing(NamedTuple):
    """Where the image of a shape stands in the bundle: the line of ``label_rows.jsonl``, its row and its data unit.

    The line is None where tasks of one export become different things.
    """

    row: int | None
    data_hash: str
    unit: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All about one shape; ``rule`` is "" where policy decided, ``place`` then None."""

    source: Location
    kind: str
    label: str
    number: int
    rule: str
    place: Location | None
    tried: tuple[Tried, ...]
    account: str
    why: str
    attempts: tuple[Attempt, ...]
    values: tuple[ValueWay, ...]
    made: tuple[Made, ...]
    notes: tuple[Note, ...]
    standing: Standing

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports."""
        return {
            "source": location_dict(self.source),
            "shape": {"kind": self.kind, "label": self.label, "number": self.number},
            "rule": self.rule or None,
            "spec": location_dict(self.place) if self.place else None,
            "tried": [{"rule": tried.rule, "spec": location_dict(tried.place), **tried.miss.as_dict()} for tried in self.tried],
            "account": self.account,
            "why": self.why,
            "conversions": [attempt._asdict() for attempt in self.attempts],
            "values": [way._asdict() | {"by": location_dict(way.by) if way.by else None} for way in self.values],
            "made": [made._asdict() for made in self.made],
            "findings": [_noted(note) for note in self.notes],
            "bundle": self.standing._asdict(),
        }


def _noted(note: Note) -> dict[str, Any]:
    record = {"code": note.issue.code, "severity": note.severity.word, "message": note.issue.message()}
    return record | ({"attribute": note.attribute} if note.attribute else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was asked: explanations in document order, how many shapes there were to choose from, and the whole run."""

    explanations: tuple[Explanation, ...]
    tracks: tuple[TrackExplanation, ...]
    chosen: Chosen
    result: Result


def explain(source: Place, loaded: LoadedSpec, options: Options, choice: Choice) -> Answer:
    """Convert an export without writing, and explain the chosen shapes; raises SourceError if it cannot be read."""
    chosen = choose(source, choice, loaded.labels)
    places, tracks = frozenset(chosen.places), frozenset(chosen.tracks)
    programs: list[WatchedProgram] = []

    def make(context: Context) -> WatchedProgram:
        programs.append(WatchedProgram(context, places.__contains__, tracks=tracks.__contains__))
        return programs[-1]

    result = run(source, loaded, None, options, make)
    told = tuple(_explained(event, loaded, chosen, result) for event in programs[-1].events)
    passed = tuple(_track(event, loaded, chosen, result, choice) for event in programs[-1].track_events)
    return Answer(explanations=told, tracks=passed, chosen=chosen, result=result)


def _track(event: TrackEvent, loaded: LoadedSpec, chosen: Chosen, result: Result, choice: Choice) -> TrackExplanation:
    """A track; the line of its row is known where every task is one row."""
    track = event.track
    row = chosen.groups[track.task.id, track.subset] + 1 if result.bundle["media_mode"] in ONE_ROW else None
    return track_explained(event, loaded, event.row.file if event.row else "", choice.line, row)


def _explained(event: Event, loaded: LoadedSpec, chosen: Chosen, result: Result) -> Explanation:
    numbers = {rule.id: number for number, rule in enumerate(loaded.spec.rules)}
    number = numbers.get(event.rule)
    return Explanation(
        source=event.row.locate(event.shape),
        kind=event.shape.kind,
        label=event.shape.label,
        number=event.place[1] + 1,
        rule=event.rule,
        place=loaded.place(("rules", number, "id")) if number is not None else None,
        tried=tuple(tried_before(event, loaded, number)),
        account=event.verdict.account,
        why=event.verdict.why,
        attempts=tuple(attempts(event)),
        values=tuple(values(event, loaded)),
        made=tuple(made(event)),
        notes=event.notes,
        standing=_standing(event, chosen, result),
    )


def tried_before(event: Event, loaded: LoadedSpec, number: int | None) -> list[Tried]:
    """The rules that were tried before the one that matched (None: all of them), unless policy refused the label at once."""
    context = event.emitter.origin.context  # type: ignore[attr-defined]
    if number is None and not context.label(event.shape.label).declared and loaded.spec.policy.undeclared_label.do == "refuse":
        return []
    found = []
    for index, rule in enumerate(loaded.spec.rules[:number]):
        miss = first_miss(rule.match, event.shape, event.image)
        if miss is not None:
            found.append(Tried(rule.id, loaded.place(("rules", index, "id")), miss))
    return found


def _standing(event: Event, chosen: Chosen, result: Result) -> Standing:
    unit, image = event.row.unit, event.image
    row, mode = chosen.groups[image.task.id, image.subset], result.bundle["media_mode"]
    if mode == "video":
        return Standing(row + 1, unit.hash, unit.hash, unit.title)
    if mode == "image_group":
        return Standing(row + 1, group_hash(result.bundle["dataset"]["id"], image.task, image.subset), unit.hash, unit.title)
    return Standing(event.place[0] + 1 if mode == "image" else None, unit.hash, unit.hash, unit.title)


class RuleHits(NamedTuple):
    """One rule on a whole export: ``hits`` shapes it decided, by account; ``matched`` all that its conditions hold for.

    ``taken``: how many of those an earlier rule took, by that rule. ``dead``: it decided nothing. Each frame of a track is a
    shape here; ``tracks``: of how many tracks it took frames, ``tracks_matched`` and ``tracks_taken``: of how many it would
    have, had no earlier rule taken them.
    """

    rule: str
    place: Location
    hits: int
    accounts: dict[str, int]
    matched: int
    taken: dict[str, int]
    tracks: int = 0
    tracks_matched: int = 0
    tracks_taken: Mapping[str, int] = MappingProxyType({})

    @property
    def dead(self) -> bool:
        """Whether the rule decided nothing."""
        return not self.hits

    @property
    def shadowed(self) -> bool:
        """Whether the rule decided nothing because earlier rules took all that it matches."""
        return not self.hits and self.matched + self.tracks_matched > 0

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports."""
        return self._asdict() | {
            "tracks_taken": dict(self.tracks_taken),
            "place": location_dict(self.place),
            "dead": self.dead,
            "shadowed": self.shadowed,
        }


class Hits(NamedTuple):
    """Every rule of a spec on an export, of which ``read`` shapes and tags were read, and ``tracks`` tracks.

    Each frame on which a track is seen is one of the shapes.
    ``unmatched``: those that no rule matches; ``refused``: those that no rule was asked about, since they cannot be read
    or their label is not declared.
    """

    rules: tuple[RuleHits, ...]
    read: int
    unmatched: int
    refused: int
    tracks: int = 0


def hits(source: Place, loaded: LoadedSpec, options: Options) -> Hits:
    """Convert an export without writing, and count what each rule decided; raises SourceError if it cannot be read."""
    shadows = Shadows()
    programs: list[WatchedProgram] = []

    def make(context: Context) -> WatchedProgram:
        programs.append(WatchedProgram(context, lambda _: False, shadows))
        return programs[-1]

    run(source, loaded, None, options, make)
    accounts: dict[str, Counter[str]] = {}
    unmatched = read = 0
    for verdict in programs[-1].ledger.verdicts.values():
        counted = sum(verdict.counts.values())
        read += counted
        unmatched += counted if not verdict.rule and verdict.why == UnmatchedShape.code else 0
        accounts.setdefault(verdict.rule, Counter())[verdict.account] += counted
    rules = tuple(
        _rule_hits(number, rule.id, loaded, +accounts.get(rule.id, Counter()), shadows) for number, rule in enumerate(loaded.spec.rules)
    )
    return Hits(rules, read, unmatched, sum(accounts.get("", Counter()).values()) - unmatched, shadows.tracks)


def _rule_hits(number: int, rule: str, loaded: LoadedSpec, accounts: Counter[str], shadows: Shadows) -> RuleHits:
    place = loaded.place(("rules", number, "id"))
    taken, tracks = (dict(sorted(found.get(number, {}).items())) for found in (shadows.taken, shadows.tracks_taken))
    return RuleHits(
        rule, place, sum(accounts.values()), dict(sorted(accounts.items())), shadows.matched.get(number, 0), taken,
        shadows.took.get(rule, 0), shadows.tracks_matched.get(number, 0), tracks,
    )  # fmt: skip
