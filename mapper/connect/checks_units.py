"""The data units of a label row: keys, sequence, size, frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.connect import records
from mapper.connect.frames import frame_count, frame_number, size_of
from mapper.connect.records import Remark, form_problems, is_number, record, text
from mapper.findings.verify_rows import MalformedRecord, UnitMismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record


def unit_remarks(row: Record) -> Iterator[Remark]:
    """What is wrong with the units of a row."""
    units = record(row.get("data_units"))
    grouped, moving = row.get("data_type") == "img_group", row.get("data_type") == "video"
    identity = text(row.get("data_hash"))
    if not grouped and list(units) != [identity]:
        yield Remark(UnitMismatch(unit=identity, problem=f"the row needs one unit under its data_hash, it has {len(units)}"))
    if grouped and (identity in units or not units):
        problem = "an image group needs a data_hash that is none of its images'" if units else "an image group without images"
        yield Remark(UnitMismatch(unit=identity, problem=problem))
    for key, unit in units.items():
        title = text(record(unit).get("data_title"))
        for problem in form_problems(unit, records.VIDEO_UNIT if moving else records.UNIT):
            yield Remark(MalformedRecord(what=f"data unit {key}", problem=problem), title)
        found = record(unit)
        problems = [*_identity(key, found), *(_video(found, frame_count(row)) if moving else _labels(found.get("labels")))]
        for problem in problems:
            yield Remark(UnitMismatch(unit=key, problem=problem), title)
    yield from _sequence(units, grouped=grouped)


def _identity(key: str, unit: Record) -> Iterator[str]:
    if unit.get("data_hash") != key:
        yield f"its data_hash is {unit.get('data_hash')!r}"
    if size_of(unit) != (unit.get("width"), unit.get("height")):
        yield f"its width and height are {unit.get('width')!r} and {unit.get('height')!r}"


def _labels(labels: Any) -> Iterator[str]:
    yield from form_problems(labels, records.LABELS)
    if record(labels).get("classifications"):
        yield "it lists classifications, which only count in classification_answers"


def _video(unit: Record, frames: int) -> Iterator[str]:
    for key in ("data_fps", "data_duration"):
        if not is_number(unit.get(key)) or not unit[key] > 0:
            yield f"its {key} is {unit.get(key)!r}"
    for key, labels in record(unit.get("labels")).items():
        number = frame_number(key)
        if number is None:
            yield f"the frame {key!r} is no plain number"
        elif number >= frames:
            yield f"the frame {number} of {frames} does not exist"
        for problem in _labels(labels):
            yield f"frame {key}: {problem}"


def _sequence(units: Record, *, grouped: bool) -> Iterator[Remark]:
    """The places 0, 1, … in a group are text and each stands once; otherwise the one place is the number 0."""
    wanted = {str(place) for place in range(len(units))} if grouped else {0}
    seen: set[Any] = set()
    for key, unit in units.items():
        place = record(unit).get("data_sequence")
        # bool and float are no places, although False == 0.
        if type(place) is not (str if grouped else int) or place not in wanted:
            yield Remark(UnitMismatch(unit=key, problem=f"the data_sequence {place!r} is not among {len(units)} places from 0"))
        elif place in seen:
            yield Remark(UnitMismatch(unit=key, problem=f"the data_sequence {place!r} stands twice"))
        else:
            seen.add(place)
