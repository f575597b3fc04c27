"""Which task an image belongs to, and which frame of it it is; and what repeats or is out of order."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.meta import by_id, with_offsets
from mapper.cvat.model import Task
from mapper.findings.source.images import ImageIdRepeated, ImageNameRepeated, ImagesUnordered, OffsetMisfit, TaskUnknown

if TYPE_CHECKING:
    from mapper.cvat.model import Export
    from mapper.cvat.reporter import Reporter

_SPAN = 4096
"""Ids are remembered as bits of whole numbers, one for each span of this many."""


class Head(NamedTuple):
    """The XML attributes of an image; ``task_id`` is None if there is none, ``subset`` is "" if there is none."""

    id: int
    name: str
    width: int
    height: int
    task_id: str | None
    subset: str
    line: int


class Seen:
    """What was seen of one task and subset, in about 80 bytes an image: digests of names, and bits for ids."""

    __slots__ = ("ids", "last", "names")

    def __init__(self) -> None:
        self.names: set[int] = set()
        self.ids: dict[int, int] = {}
        self.last = -1

    def name(self, name: str) -> bool:
        """Whether this name is new; two names in 10^19 are taken for one."""
        digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
        before = len(self.names)
        self.names.add(digest)
        return len(self.names) > before

    def id(self, number: int) -> bool:
        """Whether this id is new."""
        span, bit = divmod(number, _SPAN)
        before = self.ids.get(span, 0)
        self.ids[span] = before | 1 << bit
        return self.ids[span] != before


class Placed(NamedTuple):
    """What was seen of one task and subset in a slice: digests of names, ids in spans, the last id."""

    names: set[int]
    ids: dict[int, int]
    last: int


class Frames:
    """Finds task and frame for each image, and reports what does not fit."""

    def __init__(self, export: Export, report: Reporter) -> None:
        self._export = export
        self._report = report
        self._tasks = {task.id: task for task in reversed(export.tasks)}
        self._placed: dict[tuple[str, str], Task] = {}
        self._subsets: dict[str, str] = {}
        self._split: set[str] = set()
        self._seen: dict[tuple[str, str], Seen] = {}

    @property
    def steady(self) -> bool:
        """Whether no subset turned out to be two, so that the place of an image does not depend on those before it."""
        return not self._split

    def seen(self) -> dict[tuple[str, str], Placed]:
        """What was seen, by task and subset."""
        return {key: Placed(seen.names, seen.ids, seen.last) for key, seen in self._seen.items()}

    def place(self, head: Head) -> tuple[Task, int]:
        """The task of an image and its frame number there."""
        task = self.task(head.task_id, head.subset, "an image", line=head.line, image=head.name)
        self._compare(task, head)
        if not self.shifted(task):
            return task, head.id
        frame = head.id - task.offset
        if not self.fits(task, frame):
            self._report.add(OffsetMisfit(head.id, task.offset, task.id), line=head.line, image=head.name)
            return task, head.id
        return task, frame

    @staticmethod
    def fits(task: Task, frame: int) -> bool:
        """Whether the task has this frame, as far as meta tells."""
        index, off_grid = divmod(frame - task.start_frame, task.step)
        return not (off_grid or index < 0 or index >= task.size > 0)

    def shifted(self, task: Task) -> bool:
        """Whether the frames of this task are numbered with its offset."""
        return self._export.scope == "project" and task.id in self._tasks

    def task(self, task_id: str | None, subset: str, what: str, *, line: int, image: str = "", shape: str = "") -> Task:
        """The task of an image or a track (``what``) by what it names; one that meta does not list is reported."""
        only = self._export.tasks[0].id if len(self._export.tasks) == 1 else ""
        name = only if task_id is None else task_id
        if self._export.tasks and name not in self._tasks:
            self._report.add(TaskUnknown(what, name), line=line, image=image, shape=shape)
        placed = self._placed.get((name, subset))
        if placed is None:
            placed = self._placed[name, subset] = self._first(name, subset)
        return placed

    def unshown(self, task: Task) -> Task | None:
        """An earlier task on which this one's offset depends, and that has not shown which subset it belongs to."""
        if task.subset not in self._split:
            return None
        earlier = [other for other in self._export.tasks if other.subset == task.subset and by_id(other) < by_id(task)]
        return next((other for other in earlier if other.id not in self._subsets), None)

    def _first(self, name: str, subset: str) -> Task:
        """The task when its first image is seen; its offset, if its subset turns out to be two.

        Where a project has tasks without a subset and a subset called "default", the images of the former say
        "default_1", meta says "default" for both, and the offsets of the two are counted apart.
        """
        task = self._tasks.get(name)
        if task is None:
            return Task(id=name, subset=subset)
        mine = self._subsets[name] = subset or task.subset
        if mine != task.subset:
            self._split.add(task.subset)
        if task.subset not in self._split:
            return task
        beside = [
            other for other in self._export.tasks if other.subset == task.subset and self._subsets.get(other.id, other.subset) == mine
        ]
        return next(other for other in with_offsets(beside) if other.id == name)

    def _compare(self, task: Task, head: Head) -> None:
        key = task.id, head.subset
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = Seen()
        if not seen.name(head.name):
            self._report.add(ImageNameRepeated(head.name), line=head.line, image=head.name)
        if not seen.id(head.id):
            self._report.add(ImageIdRepeated(head.id), line=head.line, image=head.name)
        elif head.id < seen.last:
            self._report.add(ImagesUnordered(head.id, seen.last), line=head.line, image=head.name)
        seen.last = head.id
