"""Answers of CVAT's API about one task, put into one folder or zip.

``annotations.json`` (``/api/tasks/ID/annotations``), ``labels.json`` (``/api/labels?task_id=ID``, all pages in one), ``meta.json``
(``/api/tasks/ID/data/meta``) and, if it is there, ``task.json`` (``/api/tasks/ID``) for the task's name, subset and dates.
"""

from __future__ import annotations

import re
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from mapper.cvat import fields_json as json
from mapper.cvat.fields_json import MismatchError
from mapper.cvat.json_document import holds_tracks
from mapper.cvat.manifest import CLOUDS, Manifest, Medium
from mapper.cvat.meta import frame_step
from mapper.cvat.model import Export, Task
from mapper.cvat.stored import ANNOTATION, StoredJob, StoredTask
from mapper.cvat.stored_labels import ANNOTATIONS, TASK, read_labels
from mapper.cvat.stored_reading import StoredReading
from mapper.cvat.words import ById, Labels
from mapper.findings.source.backups import JsonMismatch, PartMissing
from mapper.findings.source.opening import LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.cvat.archive import Limits
    from mapper.cvat.members import Members
    from mapper.cvat.model import LabelSpec
    from mapper.cvat.reporter import Reporter

LABELS, META = "labels.json", "meta.json"
ADVICE = {
    LABELS: "put the answer of /api/labels?task_id=ID&page_size=all beside it as labels.json",
    META: "put the answer of /api/tasks/ID/data/meta beside it as meta.json",
}

_NODE_LABEL = re.compile(r'data-label-id="([0-9]+)"')
_SERVER_KEYS = frozenset({"project_id", "task_id", "job_id", "organization_id", "created_date", "updated_date"})


class ApiSource:
    """The answer with the annotations: those of all jobs, merged by the server."""

    def __init__(self, members: Members, file: str) -> None:
        self.file = file
        self.members = members

    @property
    def sha256(self) -> str:
        """Digest of the JSON files that were read."""
        return self.members.sha256

    @property
    def bytes(self) -> int:
        """Length of the JSON files that were read."""
        return self.members.bytes

    def moves(self, _index: int) -> bool:
        """Whether the annotations of the task seem to have tracks."""
        return holds_tracks(self.members.read(ANNOTATIONS))

    def annotations(self, _index: int) -> list[dict[str, Any]]:
        """The annotations of the task, as if it had one job."""
        document = self.members.json(ANNOTATIONS)
        if not isinstance(document, dict):
            raise self.members.report.refuse(JsonMismatch(ANNOTATIONS, "an object with tags, shapes and tracks"))
        return [document]


def open_api(members: Members, report: Reporter, labels: Sequence[LabelSpec], limits: Limits) -> StoredReading:
    """Open the answers about one task; given labels take the place of the schema, its ids are still needed.

    Raises:
        SourceError: a part is missing or is not what CVAT answers.
    """
    for name, advice in ADVICE.items():
        if not members.has(name):
            raise report.refuse(PartMissing(report.file, name, advice))
    found = _results(members.json(LABELS), report)
    words = ById(*_ids(found))
    declared = read_labels(_plain(found), LABELS, report)
    more = members.json(TASK) if members.has(TASK) else {}
    try:
        task = _task(_mapping(members.json(META), META), _mapping(more, TASK), limits, report)
    except MismatchError as error:
        raise report.refuse(JsonMismatch(f"{error.place} in {META} or {TASK}", error.wanted)) from None
    known = task.task
    export = Export(
        scope="task",
        id=known.id,
        name=known.name,
        created=known.created,
        updated=known.updated,
        tasks=(known,),
        labels=tuple(labels) or declared,
    )
    return StoredReading(ApiSource(members, report.file), export, [task], words, Labels(export.labels), report)


def _results(document: Any, report: Reporter) -> list[dict[str, Any]]:
    """The labels of an answer, with or without its page around them."""
    found = document.get("results") if isinstance(document, dict) else document
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise report.refuse(JsonMismatch(LABELS, "a list of labels"))
    if isinstance(document, dict) and document.get("next"):
        raise report.refuse(PartMissing(LABELS, "next page", ADVICE[LABELS]))
    return found


def _ids(labels: list[dict[str, Any]]) -> tuple[dict[int, str], dict[int, str]]:
    """Names of labels and of attributes by id, those of sublabels among them."""
    names: dict[int, str] = {}
    attributes: dict[int, str] = {}
    for label in labels:
        for item in (label, *_dicts(label.get("sublabels"))):
            _note(names, item)
            for attribute in _dicts(item.get("attributes")):
                _note(attributes, attribute)
    return names, attributes


def _note(names: dict[int, str], item: Mapping[str, Any]) -> None:
    key, name = item.get("id"), item.get("name")
    if type(key) is int and isinstance(name, str):
        names[key] = name


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _plain(labels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labels as a backup has them: without what only a server knows, sublabels once, drawings with names for ids."""
    found = []
    for label in labels:
        if label.get("parent_id") is not None:
            continue
        kept = {key: value for key, value in label.items() if key not in _SERVER_KEYS}
        if isinstance(drawing := kept.get("svg"), str):
            kept["svg"] = _NODE_LABEL.sub(partial(_named, _ids([label])[0]), drawing)
        found.append(kept)
    return found


def _named(names: Mapping[int, str], match: re.Match[str]) -> str:
    return f'data-label-name="{escape(names.get(int(match[1][:18]), ""))}"'


def _mapping(document: Any, name: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise MismatchError(name, "an object")
    return document


def _task(meta: Mapping[str, Any], more: Mapping[str, Any], limits: Limits, report: Reporter) -> StoredTask:
    start, step, size = json.count(meta, "start_frame", 0), frame_step(json.text(meta, "frame_filter")), json.count(meta, "size")
    if size > limits.frames:
        raise report.refuse(LimitExceeded("the number of frames", str(limits.frames)))
    frames = [_medium(item) for item in json.objects(meta, "frames")]
    video = json.text(more, "mode", "interpolation" if len(frames) == 1 < size else "annotation") == "interpolation"
    first = frames[0] if frames else Medium("", 0, 0)
    task = Task(
        id=str(json.count(more, "id")) if "id" in more else "",
        name=json.text(more, "name"),
        subset=json.text(more, "subset"),
        mode="interpolation" if video else "annotation",
        size=size,
        start_frame=start,
        stop_frame=json.count(meta, "stop_frame", start + step * max(size - 1, 0)),
        step=step,
        created=json.text(more, "created_date"),
        updated=json.text(more, "updated_date"),
        source=first.name if video else "",
        width=first.width if video else 0,
        height=first.height if video else 0,
    )
    listed = json.wholes(meta, "included_frames")
    return StoredTask(
        task=task,
        jobs=(StoredJob(ANNOTATION, 0, size - 1, listed or None),),
        included=frozenset({0}),
        manifest=_manifest(task, frames, first, video=video),
        deleted=json.wholes(meta, "deleted_frames"),
        sort=_sort(meta, more, frames),
    )


def _medium(item: Mapping[str, Any]) -> Medium:
    return Medium(json.text(item, "name"), json.count(item, "width", 0), json.count(item, "height", 0))


def _manifest(task: Task, frames: list[Medium], first: Medium, *, video: bool) -> Manifest:
    """What the answer says of the media, as if it were their manifest: the frames of the task at their numbers in the media."""
    if video:
        return Manifest(type="video", video=first)
    return Manifest(type="images", images={task.start_frame + place * task.step: medium for place, medium in enumerate(frames)})


def _sort(meta: Mapping[str, Any], more: Mapping[str, Any], frames: list[Medium]) -> str:
    known = {"1d": "audio", "2d": "2d", "3d": "3d"}.get(json.text(more, "dimension"))
    if known:
        return known
    if json.text(meta, "chunk_type").startswith("audio") or json.text(more, "data_original_chunk_type").startswith("audio"):
        return "audio"
    return "3d" if any(medium.name.lower().endswith(CLOUDS) for medium in frames) else "2d"
