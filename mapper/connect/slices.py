"""Large rows in slices: the SDK's time grows with the square of a group's labels, and what it keeps of a video with its frames.

A slice is a label row of its own: some of the units, numbered from 0 again, the answers of the objects on them, and the
frame ranges that fall on them, shifted. Linear in the group: every entry goes to the slices that it touches. The slices of a
video are frames of it, under their own numbers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mapper.connect.frames import frame_number
from mapper.connect.records import frame_pairs, listed, record, text
from mapper.connect.video_slices import video_slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record

SLICE = 50
"""Images or frames in a slice; a row of up to as many is checked whole."""

Pieces = dict[int, dict[str, Any]]
"""Entries of a table by slice."""


def slices(row: Record, size: int = SLICE) -> Iterator[Record]:
    """The row itself unless it is a large group or video; otherwise rows that hold ``size`` images or labelled frames each."""
    if row.get("data_type") == "video":
        yield from video_slices(row, size)
        return
    units = record(row.get("data_units"))
    if row.get("data_type") != "img_group" or len(units) <= size:
        yield row
        return
    parts: list[dict[str, Any]] = [{} for _ in range(0, len(units), size)]
    answers: Pieces = defaultdict(dict)
    given = record(row.get("object_answers"))
    for place, (key, unit) in enumerate(_in_sequence(units)):
        part, number = divmod(place, size)
        parts[part][key] = {**unit, "data_sequence": str(number)}
        for found in listed(record(unit.get("labels")).get("objects")):
            identity = text(record(found).get("objectHash"))
            if identity in given:
                answers[part][identity] = given[identity]
    actions = _cut_actions(record(row.get("object_actions")), size, len(parts))
    classes = _cut_classifications(record(row.get("classification_answers")), size, len(parts))
    for part, held in enumerate(parts):
        tables = {"object_answers": answers, "object_actions": actions, "classification_answers": classes}
        yield row | {"data_units": held} | {name: pieces.get(part, {}) for name, pieces in tables.items()}


def _in_sequence(units: Record) -> list[tuple[str, Record]]:
    """Units by their place; those without a readable one last, as our own checks tell them."""
    known = ((frame_number(record(unit).get("data_sequence")), key, record(unit)) for key, unit in units.items())
    ordered = sorted(known, key=lambda entry: len(units) if entry[0] is None else entry[0])
    return [(key, unit) for _, key, unit in ordered]


def _cut(found: Any, size: int, parts: int) -> dict[int, list[list[int]]]:
    """Frame pairs by slice, shifted to its start; past the last slice there is nothing to hold them."""
    cut: dict[int, list[list[int]]] = defaultdict(list)
    for first, last in frame_pairs(found) or []:
        for part in range(first // size, min(last // size, parts - 1) + 1):
            start = part * size
            cut[part].append([max(first - start, 0), min(last - start, size - 1)])
    return cut


def _cut_actions(table: Record, size: int, parts: int) -> Pieces:
    pieces: Pieces = defaultdict(dict)
    for identity, entry in table.items():
        for action in map(record, listed(record(entry).get("actions"))):
            for part, pairs in _cut(action.get("range"), size, parts).items():
                held = pieces[part].setdefault(identity, {**record(entry), "actions": []})
                held["actions"].append({**action, "range": pairs})
    return pieces


def _cut_classifications(table: Record, size: int, parts: int) -> Pieces:
    pieces: Pieces = defaultdict(dict)
    for identity, entry in table.items():
        if record(entry).get("range") == []:  # a global one counts for every slice
            for part in range(parts):
                pieces[part][identity] = entry
        for part, pairs in _cut(record(entry).get("range"), size, parts).items():
            pieces[part][identity] = {**record(entry), "range": pairs}
    return pieces
