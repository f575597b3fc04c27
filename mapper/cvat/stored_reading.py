"""Reads what backups and API answers store, task by task: every frame with its shapes and tags, then every track."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

from mapper.cvat.merging.jobs import merged
from mapper.cvat.model import Image
from mapper.cvat.reporter import Silent
from mapper.cvat.stored import ANNOTATION, GROUND_TRUTH, Content
from mapper.cvat.stored_jobs import exclude, job_content, refuse_all, refuse_task, report_merged
from mapper.cvat.stored_tracks import StoredTracks
from mapper.cvat.tally import Tally
from mapper.findings.source.stored import FrameSizeUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Export, Task, Track
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.stored import Placed, StoredTask
    from mapper.cvat.words import Labels, Words


class Source(Protocol):
    """Where the documents are."""

    file: str

    @property
    def sha256(self) -> str:
        """Digest of what was read."""

    @property
    def bytes(self) -> int:
        """Length of what was read."""

    def annotations(self, index: int) -> list[dict[str, Any]]:
        """The annotations of a task by its position, one entry a job; SourceError if they cannot be read."""

    def moves(self, index: int) -> bool:
        """Whether there are tracks among them, as far as a search tells that costs little beside parsing; SourceError likewise."""


class StoredReading:
    """An open backup, or API answers; ``Reading`` says what each member is.

    One task is held in memory at a time. Of several tasks each is read twice, for its images and for its tracks.
    """

    complete = True
    lines = 0

    def __init__(self, source: Source, export: Export, tasks: Sequence[StoredTask], words: Words, labels: Labels, report: Reporter) -> None:
        self.file = source.file
        self.export = export
        self.tally = Tally()
        self._source = source
        self._tasks = tasks
        self._report = report
        self._read = StoredTracks(words, labels, report, self.tally)
        self._quiet = StoredTracks(words, labels, Silent(report.findings, report.file), Tally())
        self._kept: tuple[int, Content] | None = None

    @property
    def sha256(self) -> str:
        """Digest of the JSON files that were read, in hexadecimal."""
        return self._source.sha256

    @property
    def bytes(self) -> int:
        """Length of the JSON files that were read."""
        return self._source.bytes

    def listed(self, _task: Task) -> Mapping[int, Medium]:
        """Nothing: every frame is an image."""
        return {}

    def foretells_tracks(self) -> bool:
        """Whether a list of tracks in the JSON is not empty."""
        return any(task.sort == "2d" and self._source.moves(index) for index, task in enumerate(self._tasks))

    def images(self) -> Iterator[Image]:
        """Every frame that is not deleted, with its shapes and tags, task by task."""
        for index, task in enumerate(self._tasks):
            content = self._content(index, task, self._read)
            if task.sort != "2d":
                refuse_task(task, self._read)
                continue
            by_frame: dict[int, list[Placed]] = {}
            for placed in content.shapes:
                by_frame.setdefault(placed.frame, []).append(placed)
            content.shapes = []
            self._kept = index, content
            for frame in task.frames():
                image = self._image(task, frame, by_frame.pop(frame, []))
                if image is not None:
                    yield image

    def tracks(self) -> Iterator[Track]:
        """Every track that is somewhere seen, task by task."""
        for index, task in enumerate(self._tasks):
            if task.sort != "2d":
                continue
            kept, self._kept = self._kept, None
            content = kept[1] if kept is not None and kept[0] == index else self._content(index, task, self._quiet)
            for stored in content.tracks:
                track = self._read.filled_in(stored, task.task, task.deleted | task.mixed_in)
                if track is not None:
                    yield track

    def close(self) -> None:
        """Give up what is held; no file is open between calls."""
        self._kept = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- one task --------------------------------------------------------------------------------------------------

    def _image(self, task: StoredTask, frame: int, placed: list[Placed]) -> Image | None:
        name, width, height = task.medium(frame)
        source = task.source_frame(frame)
        if not width:
            issue = FrameSizeUnknown(source)
            self._report.add(issue, image=name)
            self.tally.images_refused += 1
            for item in placed:
                self.tally.refuse_shape(item.shape, issue.code)
            return None
        self.tally.images += 1
        for item in placed:
            self.tally.count(item.shape)
        shapes = [item.shape for item in placed]
        return Image(source, name, width, height, task.task, task.task.subset, source, 0, shapes)

    def _content(self, index: int, task: StoredTask, read: StoredTracks) -> Content:
        """All annotations of a task that are converted; the others are reported and counted."""
        whole: list[Content] = []
        beside: list[Content] = []
        for number, (job, items) in enumerate(zip(task.jobs, self._source.annotations(index), strict=True)):
            if number not in task.included:
                exclude(job, number, items, read)
            elif task.sort != "2d":
                refuse_all(task, items, f"job {number}", read)
            else:
                joins = job.type == ANNOTATION or (job.type == GROUND_TRUTH and bool(task.mixed_in))
                (whole if joins else beside).append(job_content(task, job, number, items, read))
            items.clear()
        found = merged(whole, task.overlap, task.task.size - 1)
        report_merged(found, read)
        for content in beside:
            found.content.shapes += content.shapes
            found.content.tracks += content.tracks
        return found.content
