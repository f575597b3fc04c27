"""What Encord's SDK accepts in a label row without a word, and we do not: units, objects, references, dates, authors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.connect import records
from mapper.connect.checks_answers import object_remarks
from mapper.connect.checks_classifications import classification_remarks
from mapper.connect.checks_shapes import geometry_issues, geometry_keys
from mapper.connect.checks_units import unit_remarks
from mapper.connect.frames import DATA_TYPES, Presence, frame_count, frames_of
from mapper.connect.records import Remark, form_problems, record, text
from mapper.connect.stamps import date_issues, stamp_issues
from mapper.findings.verify_rows import ForeignConstant, HashClash, MalformedRecord, UnknownFeature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.frames import FrameOf
    from mapper.connect.ontology_index import Item, OntologyIndex
    from mapper.findings.base import Issue

STATUSES = frozenset({"NOT_LABELLED", "LABEL_IN_PROGRESS", "LABELLED", "REVIEW_IN_PROGRESS", "REVIEWED", "REVIEWED_TWICE"})

_CONSTANTS = ("name", "color", "shape", "value")


def row_remarks(row: Any, index: OntologyIndex) -> Iterator[Remark]:
    """Everything that is wrong with a label row, whatever it holds; ``index`` is that of the bundle's ontology."""
    yield from (Remark(MalformedRecord(what="label row", problem=problem)) for problem in form_problems(row, records.ROW))
    found = record(row)
    if found.get("data_type") not in DATA_TYPES:
        yield Remark(MalformedRecord(what="label row", problem=f"the data_type {found.get('data_type')!r} holds no images"))
    if text(found.get("label_status")) not in STATUSES:
        yield Remark(MalformedRecord(what="label row", problem=f"the label_status {found.get('label_status')!r} is unknown"))
    if record(found.get("spaces")):
        yield Remark(MalformedRecord(what="label row", problem="it has spaces, which images and videos do not"))
    yield from map(Remark, date_issues("label row", found, ("created_at", "last_edited_at")))
    yield from unit_remarks(found)
    seen: dict[str, Presence] = {}
    for frame in frames_of(found):
        yield from _frame(frame, index, seen)
    frames = frame_count(found)
    yield from object_remarks(found, seen, frames)
    yield from classification_remarks(found, index, seen, frames)


def _frame(frame: FrameOf, index: OntologyIndex, seen: dict[str, Presence]) -> Iterator[Remark]:
    for entry in frame.objects:
        found = record(entry)
        identity, item = text(found.get("objectHash")), index.objects.get(text(found.get("featureHash")))
        label = item.title if item else ""
        what = f"object {identity}"
        shape = f"{what}, {label}" if label else what
        for issue in _object(entry, what, item, frame):
            yield Remark(issue, frame.title, shape, label)
        presence = seen.get(identity)
        if presence is None:
            presence = seen[identity] = Presence(text(found.get("featureHash")), item, frame.title)
        elif presence.feature != text(found.get("featureHash")):
            yield Remark(HashClash(hash=identity, problem="stands for objects of two classes"), frame.title, shape, label)
        if frame.number in presence.frames:
            yield Remark(HashClash(hash=identity, problem=f"stands twice on frame {frame.number}"), frame.title, shape, label)
        presence.frames.add(frame.number)


def _object(entry: Any, what: str, item: Item | None, frame: FrameOf) -> Iterator[Issue]:
    found = record(entry)
    known = geometry_keys(item.shape if item else text(found.get("shape")))
    for problem in form_problems(entry, records.OBJECT, known):
        yield MalformedRecord(what=what, problem=problem)
    if not text(found.get("objectHash")):
        yield MalformedRecord(what=what, problem="an empty objectHash")
    yield from stamp_issues(what, found)
    if item is None:
        yield UnknownFeature(what="object", hash=text(found.get("featureHash")))
        return
    wanted = (item.title, item.color, item.shape, item.value)
    for key, constant in zip(_CONSTANTS, wanted, strict=True):
        if found.get(key) != constant:
            yield ForeignConstant(what=what, key=key, written=str(found.get(key)), wanted=constant)
    yield from geometry_issues(found, frame.image, item)
