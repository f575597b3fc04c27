"""Reading JSON that may hold anything: tolerant access, and the forms that records of a label row have.

Documents come from disk, so nothing here raises: a value of the wrong type is told by ``form_problems`` and read as empty.
The types are exact: ``orjson`` gives no others, and a boolean is no number.
"""

from __future__ import annotations

from math import isfinite
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.findings.base import Issue

Types = tuple[type, ...]
Record = dict[str, Any]


class Remark(NamedTuple):
    """An issue with its place in the bundle: image, object, and the ontology's names by which findings are grouped."""

    issue: Issue
    image: str = ""
    shape: str = ""
    label: str = ""
    attribute: str = ""


def record(value: Any) -> Record:
    """The value if it is a JSON object, else an empty one."""
    return value if type(value) is dict else {}


def listed(value: Any) -> list[Any]:
    """The value if it is a JSON list, else an empty one."""
    return value if type(value) is list else []


def text(value: Any) -> str:
    """The value if it is text, else ""."""
    return value if type(value) is str else ""


def integer(value: Any) -> int:
    """The value if it is a whole number, else 0."""
    return value if type(value) is int else 0


def is_number(value: Any) -> TypeGuard[float]:
    """Whether the value is a finite number; booleans are none."""
    return type(value) in {int, float} and isfinite(value)


def frame_pairs(value: Any) -> list[tuple[int, int]] | None:
    """Inclusive frame pairs, in order; None if the value is no list of pairs of whole numbers that run forwards."""
    pairs = [tuple(pair) for pair in listed(value) if type(pair) is list and [type(end) for end in pair] == [int, int]]
    if type(value) is not list or len(pairs) != len(value) or any(not 0 <= first <= last for first, last in pairs):
        return None
    return sorted(pairs)


class Form(NamedTuple):
    """The keys of a record: those it needs, all that are known, and the types of their values."""

    needed: frozenset[str]
    types: dict[str, Types]


_TEXT: Types = (str,)
_NULLABLE: Types = (str, NoneType)
_NUMBER: Types = (int, float)
_ANY: Types = (str, int, float, bool, list, dict, NoneType)


def _form(needed: dict[str, Types], optional: dict[str, Types] | None = None) -> Form:
    return Form(frozenset(needed), needed | (optional or {}))


_STAMPS: dict[str, Types] = {
    # Their own checks say more: dates, authors, confidence.
    "createdAt": _ANY,
    "createdBy": _ANY,
    "lastEditedAt": _ANY,
    "lastEditedBy": _ANY,
    "confidence": _ANY,
    "manualAnnotation": (bool,),
    "reviews": (list,),
}

ROW = _form(
    {
        **dict.fromkeys(("label_hash", "branch_name", "dataset_hash", "dataset_title", "data_title", "data_hash"), _TEXT),
        **dict.fromkeys(("data_type", "label_status"), _TEXT),
        **dict.fromkeys(("data_units", "object_answers", "classification_answers", "object_actions"), (dict,)),
    },
    {
        "created_at": _ANY,
        "last_edited_at": _ANY,
        "annotation_task_status": _NULLABLE,
        "is_shadow_data": (bool,),
        "spaces": (dict,),
        "is_valid": (bool,),
        "client_metadata": (dict, NoneType),
        "priority": (int, float, NoneType),
        "task_uuid": _NULLABLE,
    },
)

UNIT = _form(
    {
        **dict.fromkeys(("data_hash", "data_title", "data_link", "data_type"), _TEXT),
        "data_sequence": (int, str),
        "width": (int,),
        "height": (int,),
        "labels": (dict,),
    }
)
VIDEO_UNIT = Form(UNIT.needed | {"data_fps", "data_duration"}, UNIT.types | {"data_fps": _NUMBER, "data_duration": _NUMBER})
LABELS = _form({"objects": (list,)}, {"classifications": (list,)})
OBJECT = _form(
    dict.fromkeys(("name", "color", "shape", "value", "objectHash", "featureHash"), _TEXT),
    {**_STAMPS, "isDeleted": (bool, NoneType), "objectNumber": (int,)},
)
ANSWER = _form({"name": _TEXT, "value": _TEXT, "featureHash": _TEXT, "answers": _ANY}, {"manualAnnotation": (bool,)})
ACTION = Form(
    ANSWER.needed | {"dynamic", "range"},
    ANSWER.types | {"dynamic": (bool,), "range": (list,), "shouldPropagate": (bool,)},
)
OPTION = _form({"name": _TEXT, "value": _TEXT, "featureHash": _TEXT})
OBJECT_ANSWERS = _form({"classifications": (list,), "objectHash": _TEXT}, {"objectNumber": (int,)})
OBJECT_ACTIONS = _form({"actions": (list,), "objectHash": _TEXT})
CLASSIFICATION = _form(
    {"classifications": (list,), "classificationHash": _TEXT, "featureHash": _TEXT, "range": (list,)},
    {**_STAMPS, "spaces": (dict,)},
)


def form_problems(value: Any, form: Form, more: tuple[str, ...] = ()) -> Iterator[str]:
    """What a record lacks, has too much, or has of another type; ``more`` are further known keys, whatever they hold."""
    if type(value) is not dict:
        yield f"{_kind(value)} instead of an object"
        return
    for key in sorted(form.needed - value.keys()):
        yield f"no {key!r}"
    types = form.types
    for key, found in value.items():
        wanted = types.get(key)
        if wanted is None:
            if key not in more:
                yield f"unknown key {key!r}"
        elif type(found) not in wanted:
            yield f"{key!r} is {_kind(found)}"


_KINDS: dict[type, str] = {
    str: "text", int: "a number", float: "a number", bool: "a boolean", list: "a list", dict: "an object", NoneType: "null",
}  # fmt: skip


def _kind(value: Any) -> str:
    return _KINDS[type(value)]
