"""Label rows in a form that can be compared: without order, dates as instants, neighbouring ranges merged.

The SDK reverses the order of answers and actions on each load, joins equal actions, and leaves out nulls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.connect.records import frame_pairs, listed, record, text
from mapper.connect.stamps import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.connect.records import Record

_DATES = frozenset({"createdAt", "lastEditedAt", "created_at", "last_edited_at"})
_LONGEST = 80


class Difference(NamedTuple):
    """A value that did not come back; ``read`` is "nothing" if it is lost."""

    path: str
    wrote: str
    read: str


def canonical_row(row: Any) -> Record:
    """A label row in the form that ``differences`` compares."""
    found = _dated(record(row))
    moving = found.get("data_type") == "video"
    tables = {
        "data_units": {text(record(unit).get("data_hash")): _unit(record(unit), moving) for unit in _values(found.get("data_units"))},
        "object_answers": {key: _answered(record(entry)) for key, entry in record(found.get("object_answers")).items()},
        "object_actions": {key: _acted(record(entry)) for key, entry in record(found.get("object_actions")).items()},
        "classification_answers": {key: _answered(record(entry)) for key, entry in record(found.get("classification_answers")).items()},
    }
    return found | tables


def _values(value: Any) -> Iterable[Any]:
    return record(value).values()


def _dated(found: Record) -> Record:
    return {key: instant(value) or value if key in _DATES and type(value) is str else value for key, value in found.items()}


def _unit(unit: Record, moving: bool) -> Record:  # noqa: FBT001 - two kinds of unit
    labels = record(unit.get("labels"))
    frames = labels if moving else {"0": labels}
    return unit | {"labels": {key: _objects(record(frame)) for key, frame in frames.items()}}


def _objects(frame: Record) -> Record:
    return {text(record(entry).get("objectHash")): _dated(record(entry)) for entry in listed(frame.get("objects"))}


def _answered(entry: Record) -> Record:
    answers: dict[str, Record] = {}
    for answer in map(record, listed(entry.get("classifications"))):
        _join(answers, answer)
    return _dated(_ranged(entry)) | {"classifications": answers}


def _join(answers: dict[str, Record], answer: Record) -> None:
    """Put an answer among the others; a checklist may stand in several entries, a scalar that does is kept as a list."""
    feature = text(answer.get("featureHash"))
    former = answers.get(feature)
    value = _options(answer.get("answers"))
    if former is not None:
        both = former["answers"], value
        value = both[0] | both[1] if type(both[0]) is dict and type(both[1]) is dict else list(both)
    answers[feature] = answer | {"answers": value}


def _options(answers: Any) -> Any:
    """Options by hash; anything else as it is."""
    return {text(record(option).get("featureHash")): option for option in answers} if type(answers) is list else answers


def _acted(entry: Record) -> Record:
    actions: dict[str, Record] = {}
    for action in map(record, listed(entry.get("actions"))):
        value = _options(action.get("answers"))
        key = f"{text(action.get('featureHash'))} = {_text_of(sorted(value) if type(value) is dict else value)}"
        former = listed(record(actions.get(key)).get("range"))
        actions[key] = _ranged(action | {"answers": value, "range": [*former, *listed(action.get("range"))]})
    return entry | {"actions": actions}


def _ranged(entry: Record) -> Record:
    pairs = frame_pairs(entry.get("range"))
    return entry if pairs is None else entry | {"range": merged(pairs)}


def merged(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted frame pairs with neighbours and overlaps joined."""
    joined: list[tuple[int, int]] = []
    for first, last in pairs:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def differences(wrote: Any, read: Any, path: str = "") -> Iterator[Difference]:
    """Every value that was written and did not come back equal; what the SDK adds on its own does not count.

    Numbers are compared by value, so 1 is 1.0, but True is not 1.
    """
    if type(wrote) is dict and type(read) is dict:
        for key, value in wrote.items():
            if key in read:
                yield from differences(value, read[key], f"{path}/{key}")
            elif value not in (None, {}, []):
                yield Difference(f"{path}/{key}", _text_of(value), "nothing")
    elif type(wrote) is list and type(read) is list and len(wrote) == len(read):
        for index, (value, other) in enumerate(zip(wrote, read, strict=True)):
            yield from differences(value, other, f"{path}/{index}")
    elif wrote != read or (type(wrote) is bool) is not (type(read) is bool):
        yield Difference(path, _text_of(wrote), _text_of(read))


def _text_of(value: Any) -> str:
    written = orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
