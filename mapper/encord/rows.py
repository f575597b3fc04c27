"""Label rows as JSON bytes: the fragments of an image's objects put into a row (``LabelRowV2.from_labels_dict`` loads it)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.encord.ids import stable_uuid

if TYPE_CHECKING:
    from collections.abc import Iterable

MIME_TYPES = {
    "avif": "image/avif", "bmp": "image/bmp", "gif": "image/gif", "jpe": "image/jpeg", "jpeg": "image/jpeg", "jpg": "image/jpeg",
    "png": "image/png", "tif": "image/tiff", "tiff": "image/tiff", "webp": "image/webp",
}  # fmt: skip
"""By lower-case file ending. Frames of a video have no ending in CVAT's XML and are saved as PNG."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What all rows of a bundle share."""

    hash: str
    title: str


class Unit(NamedTuple):
    """One image as Encord's data unit; ``created`` and ``edited`` are Encord dates."""

    hash: str
    title: str
    width: int
    height: int
    created: str
    edited: str


def mime_type(name: str) -> str:
    """The MIME type that a file name tells; PNG if it has no (known) ending."""
    return MIME_TYPES.get(name.rpartition(".")[2].lower(), "image/png")


def row_head(dataset: Dataset, unit: Unit, data_type: str) -> bytes:
    """The row up to its answers, without the closing brace."""
    between, after = _head_parts(dataset, unit.created, unit.edited, data_type)
    label = stable_uuid("label", unit.hash).encode()
    return b'{"label_hash":"%b"%b%b,"data_hash":"%b"%b' % (label, between, orjson.dumps(unit.title), unit.hash.encode(), after)


@lru_cache(maxsize=64)
def _head_parts(dataset: Dataset, created: str, edited: str, data_type: str) -> tuple[bytes, bytes]:
    """What the heads of all rows have in common, before the title and after the hash of the data."""
    before = {
        "branch_name": "main",
        "created_at": created,
        "last_edited_at": edited,
        "dataset_hash": dataset.hash,
        "dataset_title": dataset.title,
    }
    after: dict[str, Any] = {
        "data_type": data_type,
        "annotation_task_status": None,
        "is_shadow_data": False,
        "label_status": "LABEL_IN_PROGRESS",
        "spaces": {},
    }
    return b',%b,"data_title":' % orjson.dumps(before)[1:-1], b",%b" % orjson.dumps(after)[1:-1]


def unit_head(unit: Unit, sequence: int | str) -> bytes:
    """A data unit up to its objects; the sequence is text in groups, a number otherwise."""
    entry = {
        "data_hash": unit.hash,
        "data_title": unit.title,
        "data_link": "",
        "data_type": mime_type(unit.title),
        "data_sequence": sequence,
        "width": unit.width,
        "height": unit.height,
    }
    return b'"%b":%b,"labels":{"objects":[' % (unit.hash.encode(), orjson.dumps(entry)[:-1])


UNIT_END = b'],"classifications":[]}}'
"""What ends a unit; classifications stand among the row's answers."""


def unit_entry(unit: Unit, sequence: int | str, objects: Iterable[bytes]) -> bytes:
    """``"<data hash>": {…}`` with the objects of one image."""
    return unit_head(unit, sequence) + b",".join(objects) + UNIT_END


def image_row(
    head: bytes, unit: bytes, objects: Iterable[bytes], answers: Iterable[bytes], tags: Iterable[bytes], actions: Iterable[bytes]
) -> bytes:
    """The row of one image from its fragments; put together in one go, since it is the bulk of what a run copies."""
    return b"".join((
        head, b',"data_units":{', unit, b",".join(objects), UNIT_END,
        b'},"object_answers":{', b",".join(answers),
        b'},"classification_answers":{', b",".join(tags),
        b'},"object_actions":{', b",".join(actions), b"}}",
    ))  # fmt: skip


@lru_cache(maxsize=1024)
def object_stamps(created: str, edited: str, confidence: float = 1) -> tuple[bytes, bytes]:
    """What an object of these dates says between its class and its hash: one made by hand, and one made by a machine."""
    stamps = {"createdAt": created, "createdBy": None, "lastEditedAt": edited, "confidence": 1 if confidence == 1 else confidence}
    by_hand, by_machine = (orjson.dumps(stamps | {"manualAnnotation": flag})[1:-1] for flag in (True, False))
    return b',%b,"objectHash":"' % by_hand, b',%b,"objectHash":"' % by_machine


def object_answer(object_hash: bytes, answers: bytes) -> bytes:
    """One entry of ``object_answers``; every object needs one, answers or not."""
    return b'"%b":{"classifications":[%b],"objectHash":"%b"}' % (object_hash, answers, object_hash)


def object_action(object_hash: bytes, actions: bytes) -> bytes:
    """One entry of ``object_actions``; only objects with dynamic answers have one."""
    return b'"%b":{"actions":[%b],"objectHash":"%b"}' % (object_hash, actions, object_hash)


def classification_answer(instance: bytes, feature: str, ranges: bytes, unit: Unit, answers: bytes, *, manual: bool) -> bytes:
    """One entry of ``classification_answers``; ``ranges`` is the inside of a list of inclusive frame pairs."""
    entry: dict[str, Any] = {
        "classificationHash": instance.decode(),
        "featureHash": feature,
        "spaces": {},
        "createdBy": None,
        "createdAt": unit.created,
        "lastEditedBy": None,
        "lastEditedAt": unit.edited,
        "confidence": 1,
        "manualAnnotation": manual,
    }
    return b'"%b":%b,"range":[%b],"classifications":[%b]}' % (instance, orjson.dumps(entry)[:-1], ranges, answers)
