"""Encord's official SDK as the judge, offline: what it loads and writes again must be what we wrote.

The comparison is naive and our own: order does not count, dates are instants, ranges are sets of frames.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any

from encord.objects import LabelRowV2, OntologyStructure
from encord.ontology import Ontology
from encord.orm.label_row import LabelRowMetadata
from encord.orm.ontology import Ontology as OntologyRecord

Json = dict[str, Any]

IDENTITY = ("label_hash", "data_hash", "dataset_hash", "dataset_title", "data_title", "label_status", "branch_name")
NOTHING = (
    "annotation_task_status", "workflow_graph_node", "backing_item_uuid", "created_at", "last_edited_at", "duration",
    "frames_per_second", "height", "width", "priority", "file_type", "task_uuid", "audio_codec", "audio_bit_depth",
    "audio_num_channels", "audio_sample_rate", "client_metadata", "images_data",
)  # fmt: skip
DATES = ("createdAt", "lastEditedAt")


def load_ontology(document: Json) -> Ontology:
    """The ontology as the SDK holds it."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    record = OntologyRecord(
        title="test",
        structure=OntologyStructure.from_dict(deepcopy(document)),
        ontology_hash="test",
        created_at=now,
        last_edited_at=now,
        description="",
    )
    return Ontology(record, None)  # type: ignore[arg-type]  # the client is never used offline


def load_row(ontology: Ontology, row: Json) -> LabelRowV2:
    """A label row as the SDK holds it, every instance valid."""
    known = {key: row[key] for key in IDENTITY} | dict.fromkeys(NOTHING)
    fixed = {"data_type": row["data_type"].upper(), "data_link": "", "number_of_frames": _frame_count(row)}
    if row["data_type"] == "video":
        (unit,) = row["data_units"].values()
        known |= {"frames_per_second": unit["data_fps"], "duration": unit["data_duration"]} | {
            key: unit[key] for key in ("width", "height")
        }
    metadata = LabelRowMetadata(**known, **fixed, spaces={}, is_shadow_data=False, is_valid=True)
    loaded = LabelRowV2(metadata, None, ontology)  # type: ignore[arg-type]  # as above
    loaded.from_labels_dict(deepcopy(row))
    for instance in loaded.get_object_instances():
        instance.is_valid()
    for tag in loaded.get_classification_instances():
        tag.is_valid()
    return loaded


def _frame_count(row: Json) -> int:
    if row["data_type"] != "video":
        return len(row["data_units"])
    (unit,) = row["data_units"].values()
    frames: int = ceil(unit["data_fps"] * unit["data_duration"])
    return frames


def check(ontology: Json, rows: list[Json]) -> None:
    """The SDK loads all of it and gives all of it back."""
    loaded = load_ontology(ontology)
    written = loaded.structure.to_dict()
    assert comparable_ontology(written) == comparable_ontology(ontology)
    for row in rows:
        assert comparable_row(load_row(loaded, row).to_encord_dict()) == comparable_row(row)


def comparable_ontology(document: Json) -> Any:
    """An ontology without what is empty, and without order where that says nothing."""
    if isinstance(document, dict):
        return {key: comparable_ontology(value) for key, value in document.items() if value not in ([], {}, None)}
    return [comparable_ontology(item) for item in document] if isinstance(document, list) else document


def comparable_row(row: Json) -> Json:
    """A row's units, objects, answers, actions and classifications by their hashes."""
    return {
        "identity": {key: row[key] for key in (*IDENTITY, "data_type")}
        | {key: _instant(row[key]) for key in ("created_at", "last_edited_at")},
        "units": {unit["data_hash"]: _unit(unit) for unit in row["data_units"].values()},
        "answers": {key: _answers(entry["classifications"]) for key, entry in row["object_answers"].items()},
        "actions": {key: _actions(entry["actions"]) for key, entry in row["object_actions"].items()},
        "classifications": {key: _classification(entry) for key, entry in row["classification_answers"].items()},
    }


def _unit(unit: Json) -> Json:
    labels = unit["labels"]
    frames = {"0": labels} if "objects" in labels else labels
    return {key: unit.get(key) for key in ("data_title", "data_type", "width", "height", "data_fps", "data_duration")} | {
        "sequence": int(unit["data_sequence"]),
        "objects": {int(frame): _objects(found["objects"]) for frame, found in frames.items() if found["objects"]},
    }


def _objects(objects: list[Json]) -> Json:
    by_hash = {entry["objectHash"]: _stamped(entry) for entry in objects}
    assert len(by_hash) == len(objects)
    return by_hash


def _stamped(entry: Json) -> Json:
    """Dates as instants; null is the same as nothing."""
    dated = {key: _instant(value) if key in DATES else value for key, value in entry.items()}
    return {key: value for key, value in dated.items() if value is not None}


def _answers(entries: list[Json]) -> Json:
    found = {entry["featureHash"]: (entry["name"], entry["value"], _value(entry["answers"])) for entry in entries}
    assert len(found) == len(entries)
    return found


def _actions(entries: list[Json]) -> dict[tuple[str, str], set[int]]:
    frames: dict[tuple[str, str], set[int]] = {}
    for entry in entries:
        key = entry["featureHash"], repr(_value(entry["answers"]))
        frames.setdefault(key, set()).update(_frames(entry["range"]))
    return frames


def _classification(entry: Json) -> Json:
    kept = {key: value for key, value in _stamped(entry).items() if key not in ("range", "classifications", "spaces")}
    return kept | {"frames": _frames(entry["range"]), "answers": _answers(entry["classifications"])}


def _frames(ranges: list[list[int]]) -> set[int]:
    return {frame for first, last in ranges for frame in range(first, last + 1)}


def _value(answers: Any) -> Any:
    if not isinstance(answers, list):
        return type(answers).__name__ if isinstance(answers, bool) else answers
    return sorted((option["featureHash"], option["name"], option["value"]) for option in answers)


def _instant(text: str) -> datetime:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        found = datetime.fromisoformat(text)
    return found.astimezone(UTC)
