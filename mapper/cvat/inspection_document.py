"""The counts of an inspection as a document: what ``mapper inspect --output-format json`` prints and its text shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.inspection import unlisted
from mapper.cvat.model import FIELDS

if TYPE_CHECKING:
    from mapper.cvat.inspection import Anomaly, Cause, Inspection, LabelUse, Place
    from mapper.cvat.values import Values

TOP = 10
"""How many values of each thing are listed."""


def document(inspection: Inspection) -> dict[str, Any]:
    """Plain dicts, lists, texts and numbers; every list is in the export's order, values with the most frequent first."""
    export = inspection.export
    return {
        "export": {key: getattr(export, key) for key in ("scope", "id", "name", "created", "updated")},
        "counts": {
            "images": inspection.images,
            "images_empty": inspection.empty,
            "tracks": inspection.tracks,
            "shapes": inspection.shapes,
        },
        "tasks": _tasks(inspection),
        "subsets": _values(inspection.subsets),
        "sizes": _values(inspection.sizes),
        "labels": [_label(name, use) for name, use in inspection.labels.items()],
        "fields": [{"name": name, "present": inspection.present[name], "set": _values(inspection.fields[name])} for name in FIELDS],
        "anomalies": [_anomaly(cause, anomaly) for cause, anomaly in inspection.odd()],
    }


def _tasks(inspection: Inspection) -> list[dict[str, Any]]:
    """The declared tasks, and those that only images and tracks name."""
    keys = ("id", "name", "subset", "mode", "size", "start_frame", "stop_frame", "step", "width", "height", "created", "updated")
    images, tracks = inspection.tasks.counts, inspection.track_tasks.counts
    found: dict[str, dict[str, Any]] = {task.id: {key: getattr(task, key) for key in keys} for task in inspection.export.tasks}
    found |= {name: {"id": name} for name in (*images, *tracks) if name not in found}
    return [task | {"images": images[name], "tracks": tracks[name]} for name, task in found.items()]


def _values(values: Values) -> dict[str, Any]:
    top = [{"value": value, "count": count} for value, count in values.top(TOP)]
    return {"total": values.total, "distinct": values.distinct, "distinct_is_exact": values.complete, "top": top}


def _label(name: str, use: LabelUse) -> dict[str, Any]:
    spec = use.spec
    record: dict[str, Any] = {"name": name, "declared": spec is not None, "type": spec.type if spec else ""}
    record |= {"color": spec.color if spec else "", "total": use.kinds.total(), "images": use.images}
    record["shapes"] = dict(sorted(use.kinds.items()))
    record["tracks"] = {kind: counts.document() for kind, counts in sorted(use.tracks.items())}
    record["attributes"] = _attributes(use)
    if use.elements:
        record["elements"] = [
            {"name": element, "declared": part.spec is not None, "total": part.kinds.total()}
            | {"outside": part.outside, "occluded": part.occluded, "attributes": _attributes(part)}
            for element, part in use.elements.items()
        ]
    return record


def _attributes(use: LabelUse) -> list[dict[str, Any]]:
    """The declared attributes, then those that were only seen."""
    declared = {spec.name: spec for spec in use.spec.attributes} if use.spec else {}
    found = []
    for name in dict.fromkeys((*declared, *use.attributes)):
        spec, values = declared.get(name), use.attributes.get(name)
        record: dict[str, Any] = {"name": name, "declared": spec is not None}
        if spec is not None:
            record |= {key: getattr(spec, key) for key in ("input_type", "mutable", "default")} | {"listed": list(spec.values)}
        record["used"] = _values(values) if values else {"total": 0, "distinct": 0, "distinct_is_exact": True, "top": []}
        outside = unlisted(spec, values) if spec and values else []
        record["unlisted"] = {"distinct": len(outside), "top": [{"value": value, "count": count} for value, count in outside[:TOP]]}
        found.append(record)
    return found


def _anomaly(cause: Cause, anomaly: Anomaly) -> dict[str, Any]:
    about = {key: value for key, value in cause._asdict().items() if value}
    return about | {"count": anomaly.count, "places": [_place(place, line) for place, line in anomaly.places]}


def _place(place: Place, line: int) -> dict[str, Any]:
    return ({"image": place.image} if place.frame < 0 else {"track": place.track, "frame": place.frame}) | {"line": line}
