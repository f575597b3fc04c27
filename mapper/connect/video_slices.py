"""A video's label row in slices: some of its frames with what is answered on them, each a row that the SDK loads by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mapper.connect.frames import frame_number
from mapper.connect.records import frame_pairs, listed, record, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record

Tables = dict[int, dict[str, dict[str, Any]]]
"""Entries of the three tables of answers, by slice."""


def video_slices(row: Record, size: int) -> Iterator[Record]:
    """The row itself if few of its frames have labels; otherwise rows with ``size`` labelled frames each."""
    units = record(row.get("data_units"))
    unit = record(next(iter(units.values()), None))
    labels = record(unit.get("labels"))
    numbered = sorted((number, key) for key in labels if (number := frame_number(key)) is not None)
    if len(numbered) <= size or len(numbered) < len(labels) or len(units) != 1:
        yield row
        return
    # The first slice begins with the video, so that every frame is in one.
    starts = [0, *(numbered[place][0] for place in range(size, len(numbered), size))]
    tables = _tables(row, starts)
    for part in range(len(starts)):
        frames = {key: labels[key] for _, key in numbered[part * size : (part + 1) * size]}
        here = tables[part]
        _answered(record(row.get("object_answers")), frames, here["object_answers"])
        yield row | {"data_units": {key: unit | {"labels": frames} for key in units}} | here


def _tables(row: Record, starts: list[int]) -> Tables:
    tables: Tables = defaultdict(lambda: {"object_answers": {}, "object_actions": {}, "classification_answers": {}})
    for identity, entry in record(row.get("object_actions")).items():
        for action in map(record, listed(record(entry).get("actions"))):
            for part, pairs in _cut(action.get("range"), starts).items():
                held = tables[part]["object_actions"].setdefault(identity, {**record(entry), "actions": []})
                held["actions"].append({**action, "range": pairs})
    for identity, entry in record(row.get("classification_answers")).items():
        if record(entry).get("range") == []:  # a global one counts for every slice
            for part in range(len(starts)):
                tables[part]["classification_answers"][identity] = entry
        for part, pairs in _cut(record(entry).get("range"), starts).items():
            tables[part]["classification_answers"][identity] = {**record(entry), "range": pairs}
    return tables


def _answered(given: Record, frames: Record, answers: dict[str, Any]) -> None:
    """Put the answers of the objects on these frames into a slice's table."""
    for frame in frames.values():
        for found in listed(record(frame).get("objects")):
            identity = text(record(found).get("objectHash"))
            if identity in given:
                answers[identity] = given[identity]


def _cut(found: Any, starts: list[int]) -> dict[int, list[list[int]]]:
    """Frame pairs by slice."""
    cut: dict[int, list[list[int]]] = defaultdict(list)
    for first, last in frame_pairs(found) or []:
        for part in range(bisect_right(starts, first) - 1, bisect_right(starts, last)):
            end = starts[part + 1] - 1 if part + 1 < len(starts) else last
            cut[part].append([max(first, starts[part]), min(last, end)])
    return cut
