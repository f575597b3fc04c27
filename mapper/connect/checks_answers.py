"""What Encord's SDK accepts as answers without a word, and we do not: of objects, static and dynamic, and of classifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mapper.connect import records
from mapper.connect.answer_values import answer_issues, is_empty_choice
from mapper.connect.records import Remark, form_problems, frame_pairs, listed, record, text
from mapper.findings.verify_answers import (
    AnswerEntry,
    BadAnswer,
    BadRange,
    MisplacedAnswer,
    OrphanAnswer,
    RepeatedAnswer,
    RequiredUnanswered,
)
from mapper.findings.verify_rows import MalformedRecord, UnknownFeature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.frames import Presence
    from mapper.connect.ontology_index import AttributeItem, Item
    from mapper.connect.records import Record
    from mapper.findings.base import Issue


@dataclass(slots=True)
class Answers:
    """The answers to one object or classification: how often each attribute is answered, and the options chosen."""

    counts: dict[str, int] = field(default_factory=dict)
    chosen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, attribute: AttributeItem, answers: Any) -> None:
        """One more entry."""
        self.counts[attribute.hash] = self.counts.get(attribute.hash, 0) + 1
        self.chosen.update((attribute.hash, text(record(option).get("featureHash"))) for option in listed(answers))

    def relations(self, item: Item) -> Iterator[Issue]:
        """Answers below options that are not chosen, and required attributes without answers."""
        for attribute in item.attributes.values():
            asked = attribute.parent is None or attribute.parent in self.chosen
            if attribute.hash in self.counts:
                if not asked and attribute.parent is not None:
                    yield OrphanAnswer(attribute=attribute.title, option=item.option_title(*attribute.parent))
            elif asked and attribute.required:
                yield RequiredUnanswered(attribute=attribute.title)


def object_remarks(row: Record, seen: dict[str, Presence], frames: int) -> Iterator[Remark]:
    """Answers and actions of a row's objects, which are ``seen`` on its frames."""
    static, dynamic = record(row.get("object_answers")), record(row.get("object_actions"))
    yield from map(Remark, _entries("object_answers", static, records.OBJECT_ANSWERS, seen))
    yield from map(Remark, _entries("object_actions", dynamic, records.OBJECT_ACTIONS, seen))
    for identity, presence in seen.items():
        if identity not in static:
            problem = "is an object of the row, but has no entry"
            yield Remark(AnswerEntry(table="object_answers", hash=identity, problem=problem), presence.image)
        if presence.item is None:
            continue
        answers = Answers()
        entries = listed(record(static.get(identity)).get("classifications"))
        actions = listed(record(dynamic.get(identity)).get("actions"))
        for attribute, issue in (
            *static_issues("object_answers", entries, presence.item, answers),
            *_actions(actions, presence, answers, frames),
            *(("", issue) for issue in answers.relations(presence.item)),
        ):
            shape = f"object {identity}, {presence.item.title}"
            yield Remark(issue, presence.image, shape, presence.item.title, attribute or getattr(issue, "attribute", ""))


def _entries(table: str, found: Record, form: records.Form, seen: dict[str, Presence]) -> Iterator[Issue]:
    for identity, entry in found.items():
        for problem in form_problems(entry, form):
            yield MalformedRecord(what=f"{table} of {identity}", problem=problem)
        if identity not in seen:
            yield AnswerEntry(table=table, hash=identity, problem="is no object of the row")
        elif record(entry).get("objectHash") != identity:
            yield AnswerEntry(table=table, hash=identity, problem=f"has the objectHash {record(entry).get('objectHash')!r}")


def static_issues(table: str, entries: list[Any], item: Item, answers: Answers) -> Iterator[tuple[str, Issue]]:
    """What is wrong with static answers, by attribute title; ``answers`` collects them."""
    for entry in entries:
        attribute, issues = _entry(table, entry, records.ANSWER, item, dynamic=False)
        title = attribute.title if attribute else ""
        yield from ((title, issue) for issue in issues)
        if attribute is not None:
            answers.add(attribute, record(entry).get("answers"))
    for identity, count in answers.counts.items():
        attribute = item.attributes[identity]
        if count > 1 and attribute.type != "checklist":  # Encord's editor spreads a checklist over entries
            yield attribute.title, RepeatedAnswer(attribute=attribute.title, count=count)


def _entry(table: str, entry: Any, form: records.Form, item: Item, *, dynamic: bool) -> tuple[AttributeItem | None, list[Issue]]:
    found = record(entry)
    issues: list[Issue] = [MalformedRecord(what=f"{table}, an answer", problem=problem) for problem in form_problems(entry, form)]
    attribute = item.attributes.get(text(found.get("featureHash")))
    if attribute is None:
        unknown = UnknownFeature(what="attribute", hash=text(found.get("featureHash")), there=f" of {item.title!r}")
        return None, [*issues, unknown]
    if attribute.dynamic is not dynamic:
        is_, wanted = ("dynamic", "static") if attribute.dynamic else ("static", "dynamic")
        return None, [MisplacedAnswer(table=table, attribute=attribute.title, found=is_, wanted=wanted)]
    return attribute, issues + answer_issues(found, attribute)


def _actions(actions: list[Any], presence: Presence, answers: Answers, frames: int) -> Iterator[tuple[str, Issue]]:
    item = presence.item
    if item is None:
        return
    ranges: dict[str, list[tuple[int, int]]] = {}
    for action in actions:
        attribute, issues = _entry("object_actions", action, records.ACTION, item, dynamic=True)
        title = attribute.title if attribute else ""
        yield from ((title, issue) for issue in issues)
        if attribute is None:
            continue
        found = record(action)
        answers.add(attribute, found.get("answers"))
        if found.get("dynamic") is not True:
            yield title, MalformedRecord(what=f"object_actions, {title!r}", problem="'dynamic' is not true")
        if is_empty_choice(found.get("answers")):
            yield title, BadAnswer(attribute=title, problem="a dynamic checklist with nothing ticked is lost")
        pairs = frame_pairs(found.get("range"))
        problem = range_problem(pairs, frames) or _absent(pairs or [], presence)
        if problem:
            yield title, BadRange(what=f"{title!r}", problem=problem)
        ranges.setdefault(attribute.hash, []).extend(pairs or [])
    for identity, pairs in ranges.items():
        title = item.attributes[identity].title
        if any(after <= before for (_, before), (after, _) in pairwise(sorted(pairs))):
            yield title, BadRange(what=f"{title!r}", problem="ranges overlap, the later answer would win")


def range_problem(pairs: list[tuple[int, int]] | None, frames: int) -> str:
    """What is wrong with frame pairs, "" if nothing is."""
    if pairs is None:
        return "the range is no list of pairs of frames that run forwards"
    if not pairs:
        return "the range is empty"
    last = max(end for _, end in pairs)
    return f"the range ends at frame {last} of {frames}" if last >= frames else ""


def _absent(pairs: list[tuple[int, int]], presence: Presence) -> str:
    """Ranges are within the row's frames, so they are short enough to be walked."""
    for first, last in pairs:
        for frame in range(first, last + 1):
            if frame not in presence.frames:
                return f"the object is not on frame {frame}"
    return ""
