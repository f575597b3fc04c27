"""``task.json`` of a backup: the task, its frames and its jobs. People are not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat import fields_json as json
from mapper.cvat.fields_json import MismatchError
from mapper.cvat.manifest import CLOUDS
from mapper.cvat.meta import frame_step
from mapper.cvat.model import Task
from mapper.cvat.stored import ANNOTATION, GROUND_TRUTH, JOB_TYPES, StoredJob, StoredTask

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mapper.cvat.manifest import Manifest


def read_task(document: Mapping[str, Any], manifest: Manifest | None, *, id_: str, include: Collection[str], most: int) -> StoredTask:
    """The task that a document describes.

    Args:
        document: the parsed ``task.json``.
        manifest: the list of its media, if there is one.
        id_: what tells it from other tasks of the same backup; "" if it is alone.
        include: the types of jobs that are converted; those of a task with honeypots include its ground truth.
        most: frames that no task exceeds.

    Raises:
        MismatchError: a value is not of the kind that CVAT writes.
    """
    data = json.mapping(document, "data")
    jobs = tuple(_job(item, place, most) for place, item in enumerate(json.objects(document, "jobs")))
    layout = json.mapping(data, "validation_layout")
    pooled = frozenset(json.texts(layout, "frames")) if layout.get("mode") == "gt_pool" else frozenset()
    size = max((job.stop + 1 for job in jobs), default=0)
    return StoredTask(
        task=_task(document, data, manifest, size, id_),
        jobs=jobs,
        included=chosen(jobs, {*include, GROUND_TRUTH} if pooled and ANNOTATION in include else include),
        manifest=manifest,
        deleted=json.wholes(data, "deleted_frames"),
        mixed_in=_mixed_in(jobs, pooled),
        sort=_sort(document, data, manifest, jobs),
    )


def chosen(jobs: Sequence[StoredJob], types: Collection[str]) -> frozenset[int]:
    """Which jobs are converted, by position."""
    return frozenset(index for index, job in enumerate(jobs) if job.type in types)


def _job(item: Mapping[str, Any], place: int, most: int) -> StoredJob:
    kind = json.text(item, "type", ANNOTATION)
    start, stop = json.count(item, "start_frame"), json.count(item, "stop_frame")
    if kind not in JOB_TYPES:
        raise MismatchError(f"jobs[{place}].type", f"one of {', '.join(JOB_TYPES)}")
    if not start <= stop < most:
        raise MismatchError(f"jobs[{place}].stop_frame", f"a frame from start_frame on and below {most}")
    return StoredJob(kind, start, stop, json.wholes(item, "frames") or None, json.texts(item, "files"))


def _task(document: Mapping[str, Any], data: Mapping[str, Any], manifest: Manifest | None, size: int, id_: str) -> Task:
    start, step = json.count(data, "start_frame", 0), frame_step(json.text(data, "frame_filter"))
    video = manifest.video if manifest else None
    mode = "" if manifest is None else "annotation" if video is None else "interpolation"
    return Task(
        id=id_,
        name=json.text(document, "name"),
        subset=json.text(document, "subset"),
        mode=mode,
        size=size,
        start_frame=start,
        stop_frame=json.count(data, "stop_frame", start + step * max(size - 1, 0)),
        step=step,
        source=video.name if video else "",
        width=video.width if video else 0,
        height=video.height if video else 0,
    )


def _mixed_in(jobs: Sequence[StoredJob], pooled: frozenset[str]) -> frozenset[int]:
    """The frames of annotation jobs that are copies of validation frames."""
    if not pooled:
        return frozenset()
    named = ((job.start + place, name) for job in jobs if job.type == ANNOTATION for place, name in enumerate(job.files))
    return frozenset(frame for frame, name in named if name in pooled)


def _sort(document: Mapping[str, Any], data: Mapping[str, Any], manifest: Manifest | None, jobs: Sequence[StoredJob]) -> str:
    """2d, 3d or audio, by the media; a backup does not say it in so many words."""
    labels = json.objects(document, "labels")
    if json.text(data, "chunk_type").startswith("audio") or (labels and all(label.get("type") == "interval" for label in labels)):
        return "audio"
    clouds = manifest.clouds if manifest else any(name.lower().endswith(CLOUDS) for job in jobs for name in job.files)
    return "3d" if clouds else "2d"
