"""Checks of the classifications of a label row."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mapper.connect import records
from mapper.connect.checks_answers import Answers, range_problem, static_issues
from mapper.connect.records import Remark, form_problems, frame_pairs, listed, record, text
from mapper.connect.stamps import stamp_issues
from mapper.findings.verify_answers import AnswerEntry, BadRange, OverlappingClassifications, UnansweredClassification
from mapper.findings.verify_rows import HashClash, MalformedRecord, UnknownFeature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.frames import Presence
    from mapper.connect.ontology_index import Item, OntologyIndex
    from mapper.connect.records import Record
    from mapper.findings.base import Issue


def classification_remarks(row: Record, index: OntologyIndex, seen: dict[str, Presence], frames: int) -> Iterator[Remark]:
    """What is wrong with a row's classifications, whose hashes must not be those of the objects ``seen``."""
    placed: dict[str, list[tuple[int, int]]] = {}
    for identity, entry in record(row.get("classification_answers")).items():
        found = record(entry)
        what = f"classification {identity}"
        for issue in _instance(identity, entry, seen):
            yield Remark(issue, shape=what)
        feature = text(found.get("featureHash"))
        item = index.classifications.get(feature)
        if item is None:
            yield Remark(UnknownFeature(what="classification", hash=feature), shape=what)
            continue
        shape = f"{what}, {item.title}"
        pairs, issues = _placed(item, found.get("range"), frames)
        placed.setdefault(feature, []).extend(pairs)
        for attribute, issue in (*(("", issue) for issue in issues), *_answers(item, found)):
            yield Remark(issue, "", shape, item.title, attribute)
    for feature, pairs in placed.items():
        item = index.classifications[feature]
        for (_, before), (after, _) in pairwise(sorted(pairs)):
            if after <= before:
                yield Remark(OverlappingClassifications(title=item.title, frame=after), label=item.title)


def _instance(identity: str, entry: Any, seen: dict[str, Presence]) -> Iterator[Issue]:
    for problem in form_problems(entry, records.CLASSIFICATION):
        yield MalformedRecord(what=f"classification {identity}", problem=problem)
    found = record(entry)
    if record(found.get("spaces")):
        yield MalformedRecord(what=f"classification {identity}", problem="it has spaces, which images and videos do not")
    if found.get("classificationHash") != identity:
        problem = f"has the classificationHash {found.get('classificationHash')!r}"
        yield AnswerEntry(table="classification_answers", hash=identity, problem=problem)
    if identity in seen:
        yield HashClash(hash=identity, problem="stands for an object and a classification")
    yield from stamp_issues(f"classification {identity}", found)


def _placed(item: Item, found: Any, frames: int) -> tuple[list[tuple[int, int]], list[Issue]]:
    """The frames that an instance takes up; a global one takes up the whole row, and its range is empty."""
    pairs = frame_pairs(found)
    if item.everywhere:
        wrong = [] if pairs == [] else [BadRange(what=f"{item.title!r}", problem="a global classification has no range")]
        return [(0, 0)], [*wrong]
    problem = range_problem(pairs, frames)
    return pairs or [], [BadRange(what=f"{item.title!r}", problem=problem)] if problem else []


def _answers(item: Item, found: Record) -> Iterator[tuple[str, Issue]]:
    answers = Answers()
    yield from static_issues("classification_answers", listed(found.get("classifications")), item, answers)
    if item.root not in answers.counts:
        yield "", UnansweredClassification(title=item.title)
        return
    yield from (("", issue) for issue in answers.relations(item))
