"""The annotations of one job: read, left out as a whole, or refused one by one; each ends in the tally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import TAGS
from mapper.cvat.stored import ANNOTATION, Content
from mapper.cvat.stored_shapes import xml_name
from mapper.findings.source.backups import JobExcluded, JobsMerged, JsonKeyUnknown, JsonMismatch
from mapper.findings.source.stored import AudioInterval, FrameUnknown, OnDeletedFrame, OnPlaceholder, ThreeDimensional

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.merging.jobs import Merged
    from mapper.cvat.stored import Placed, StoredJob, StoredTask
    from mapper.cvat.stored_tracks import StoredTracks
    from mapper.findings.base import Issue

Items = dict[str, Any]
"""The annotations of a job: ``tags``, ``shapes``, ``tracks`` and ``intervals``, each a list."""

LISTS = {"tags": "tag", "shapes": "shape", "tracks": "track", "intervals": "interval"}
KEYS = frozenset({"version", *LISTS})


def job_content(task: StoredTask, job: StoredJob, number: int, items: Items, read: StoredTracks) -> Content:
    """The annotations of a job on its frames; the raw ones are given up on the way."""
    for key in sorted(items.keys() - KEYS):
        read.report.add(JsonKeyUnknown(key[:60], "job"), attribute=key[:60])
    content = Content(job.start)
    for index, item in _taken(items, "shapes", read):
        placed = read.shape(item, f"job {number}, shapes[{index}]")
        if placed is not None and _stands(placed, task, job, read):
            content.shapes.append(placed)
    for index, item in _taken(items, "tags", read):
        placed = read.tag(item, f"job {number}, tags[{index}]")
        if placed is not None and _stands(placed, task, job, read):
            content.shapes.append(placed)
    for index, item in _taken(items, "tracks", read):
        track = read.track(item, f"job {number}, tracks[{index}]")
        if track is not None:
            track.end = job.stop
            for element in track.elements:
                element.end = job.stop
            content.tracks.append(track)
    _refuse(items, "intervals", AudioInterval, f"job {number}", read)
    return content


def exclude(job: StoredJob, number: int, items: Items, read: StoredTracks) -> None:
    """Leave a job out, by its type."""
    count = sum(len(found) for key in LISTS if isinstance(found := items.get(key), list))
    issue = JobExcluded(number, job.type, count)
    read.report.add(issue)
    for key in LISTS:
        for item in _listed(items, key):
            _count(item, key, issue.code, read)


def refuse_task(task: StoredTask, read: StoredTracks) -> None:
    """Tell of a task that is neither images nor video; its point clouds count as images that are refused."""
    if task.sort == "3d":
        read.tally.images_refused += len(task.frames())
        read.report.add(ThreeDimensional("task"))
    else:
        read.report.add(AudioInterval("task"))


def refuse_all(task: StoredTask, items: Items, place: str, read: StoredTracks) -> None:
    """Refuse everything in a job of such a task."""
    issue = ThreeDimensional if task.sort == "3d" else AudioInterval
    for key in LISTS:
        _refuse(items, key, issue, place, read)


def report_merged(found: Merged, read: StoredTracks) -> None:
    """Tell of what stood in two jobs."""
    for _, shape in found.shapes:
        read.tally.refuse_shape(shape, JobsMerged.code)
        read.report.add(JobsMerged(shape.kind), label=shape.label)
    for label in found.tracks:
        read.report.add(JobsMerged("track"), label=label)
    for label, moment in found.keyframes:
        read.tally.refuse(TAGS[moment.kind], label, JobsMerged.code)
        read.report.add(JobsMerged("keyframe"), label=label)


def _stands(placed: Placed, task: StoredTask, job: StoredJob, read: StoredTracks) -> bool:
    """Whether a shape's frame is one that is converted; if not it is refused."""
    frame, shape = placed
    issue: Issue
    if frame in task.deleted:
        issue = OnDeletedFrame(shape.kind, frame)
    elif frame in task.mixed_in and job.type == ANNOTATION:
        issue = OnPlaceholder(shape.kind, frame)
    elif not job.has(frame):
        issue = FrameUnknown(shape.kind, frame)
    else:
        return True
    read.tally.refuse_shape(shape, issue.code)
    read.report.add(issue, label=shape.label)
    return False


def _taken(items: Items, key: str, read: StoredTracks) -> Iterator[tuple[int, Any]]:
    """The entries of a list, which is emptied on the way: what is read needs less memory than what was parsed."""
    found: Any = items.get(key)
    if found is None:
        return
    if not isinstance(found, list):
        read.tally.refuse(key, "", JsonMismatch.code)
        read.report.add(JsonMismatch(key, "a list"), attribute=key)
        return
    for index in range(len(found)):
        item, found[index] = found[index], None
        yield index, item


def _refuse(items: Items, key: str, issue: type[ThreeDimensional | AudioInterval], place: str, read: StoredTracks) -> None:
    for index, item in enumerate(_listed(items, key)):
        what = _count(item, key, issue.code, read)
        label = read.name(item)
        read.report.add(issue(what), shape=f"{place}, {key}[{index}]", label=label)


def _listed(items: Items, key: str) -> list[Any]:
    found = items.get(key)
    return found if isinstance(found, list) else []


def _count(item: Any, key: str, code: str, read: StoredTracks) -> str:
    """Count an annotation as refused; gives what it is."""
    what = xml_name(item) if key == "shapes" else LISTS[key]
    read.tally.refuse(what, read.name(item), code)
    if key == "tracks":
        read.tally.tracks_refused += 1
    return what
