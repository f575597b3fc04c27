"""A task as images: all of them one image group, groups of a limited size, or each a label row of its own.

A unit's place in a group is the rank of its frame, and files are not always in order: a first pass lists the images.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.model import Image
from mapper.encord.answers import IMAGE_RANGE
from mapper.encord.ids import stable_uuid
from mapper.encord.rows import UNIT_END, Unit, row_head, unit_head
from mapper.engine.gather import Gathering
from mapper.engine.run import media_entry
from mapper.engine.track_frames import Head, declared_frames, frame_name, is_video, title_of
from mapper.engine.track_row import PART_BITS, TAGS, UNITS
from mapper.findings.encord import LargeGroup
from mapper.findings.encord_rows import FramesByNumber, FramesUnknown
from mapper.geometry.shapes import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.model import Task
    from mapper.cvat.reading import Reading
    from mapper.engine.frame_spool import Names
    from mapper.engine.row import ImageRow

GroupKey = tuple[str, str]
"""Task id and subset."""

LARGE = 500
"""Images in a group beyond which Encord's SDK needs minutes to load it."""

HEADS = 5
"""The part of a fragment's key for the head of an image's row."""


class Listed(NamedTuple):
    """What a first pass found: the place of each image of a task by its position, and the frames of tasks that list none."""

    places: dict[GroupKey, dict[int, int]]
    frames: dict[GroupKey, list[int]]


def survey(source: Reading) -> Listed:
    """For every task the place of each image, in order of frames; the frames of tracks where the task does not say its own."""
    found: dict[GroupKey, list[tuple[int, int]]] = {}
    for image in source.images():
        places = found.setdefault((image.task.id, image.subset), [])
        places.append((image.frame, len(places)))
    seen: dict[GroupKey, set[int]] = {}
    if not source.export.tasks or any(declared_frames(task) is None for task in source.export.tasks):
        for track in source.tracks():
            if declared_frames(track.task) is None:
                frames = (entry.frame for entry in track.entries if not entry.outside)
                seen.setdefault((track.task.id, track.subset), set()).update(frames)
    places_of = {key: {position: rank for rank, (_, position) in enumerate(sorted(places))} for key, places in found.items()}
    return Listed(places_of, {key: sorted(frames) for key, frames in seen.items()})


@dataclass(slots=True, eq=False, kw_only=True)
class Images(Gathering):
    """Images in the making, which are ``grouped`` or not.

    ``places``: of images by their position in the export. ``frames``: of a task that lists no images, None until they are
    known. ``numbers``: the place of each frame that was listed. ``units``: how many
    there are.
    """

    grouped: bool
    places: dict[int, int] | None = None
    frames: Sequence[int] | None = None
    numbers: dict[int, int] = field(default_factory=dict)
    listed: int = 0
    units: int = 0

    def __post_init__(self) -> None:
        Gathering.__post_init__(self)
        self.per_row = self.setting.group_size if self.grouped else 1
        declared = declared_frames(self.task)
        if declared is not None:
            self.frames = declared
        elif self.frames is not None:
            self.numbers = {frame: number for number, frame in enumerate(self.frames)}

    def number_of(self, frame: int) -> int | None:
        """The place of a frame: among the images that were listed, else among the frames that the task says it has."""
        if self.listed or self.numbers:
            return self.numbers.get(frame)
        if isinstance(self.frames, range):
            return self.frames.index(frame) if frame in self.frames else None
        return frame

    def unit(self, row: int = 0) -> Unit:
        """The group, or one of several."""
        stage, task = self.setting.stage, self.task
        again = (str(row),) if self.per_row else ()
        identity = group_hash(stage.dataset.hash, task, self.subset, *again)
        title = task.name or f"task {task.id}"
        width, height = self.size or (0, 0)
        return Unit(identity, f"{title} ({row + 1})" if again else title, width, height, *stage.shared(task, self.subset)[2:4])

    def add(self, image: Image) -> None:
        """Convert an image."""
        self.meet(image)
        number = self.listed if self.places is None else self.places[self.listed]
        self.listed += 1
        self.numbers.setdefault(image.frame, number)
        row, sequence = self._place(number)
        unit = self._unit(image, number)
        part = self.setting.stage.row(image, unit, self.taken, IMAGE_RANGE if sequence == 0 else b"[%d,%d]" % (sequence, sequence))
        if self.grouped:
            part.tracks = self.foreign.setdefault(row, {})
        self.setting.program.convert(image, part)
        for entry in part.objects:
            self.shelf.put_whole(number, entry)
        self.keep_answers(part, row)
        self._keep_tags(part, row, number)

    def _place(self, number: int) -> tuple[int, int]:
        return divmod(number, self.per_row) if self.per_row else (0, number)

    def _keep_tags(self, part: ImageRow, row: int, number: int) -> None:
        for entry in part.classifications():
            self.shelf.add(row << PART_BITS | TAGS, entry)
        for feature, item in part.instances.items():
            self.marks.hold(feature, number, (feature, item.root, item.nested, item.manual), item.hash)

    def _unit(self, image: Image, number: int) -> Unit:
        """File the data unit of an image, and list its media."""
        self.units += 1
        setting = self.setting
        unit = setting.stage.next_unit(image)
        sequence = self._place(number)[1]
        self.shelf.add(number << PART_BITS | UNITS, unit_head(unit, str(sequence) if self.grouped else 0))
        if not self.grouped:
            self.shelf.add(number << PART_BITS | HEADS, row_head(setting.stage.dataset, unit, "image"))
        setting.media(media_entry(image, unit, sequence if self.grouped else None, setting.files(image)))
        return unit

    def rows(self, names: Names) -> Iterator[Iterator[bytes]]:
        """The label rows in order of frames (images that are no group: in the order of the export); none without a frame size."""
        self.close_answers()
        if self.size is None:
            return
        if not self.listed:
            self._make_units()
        self._say_large()
        numbers = [key >> PART_BITS for key in self.shelf.numbers() if key & (1 << PART_BITS) - 1 == UNITS]
        size = self.per_row or len(numbers) or 1
        for first in range(0, len(numbers), size):
            here = numbers[first : first + size]
            row = self._place(here[0])[0]
            yield self._group(row, here, names) if self.grouped else self._image(here[0], names)

    def _say_large(self) -> None:
        images = min(self.units, self.per_row or self.units)
        if self.grouped and images > LARGE:
            self.setting.program.context.findings.add(LargeGroup(title=f"task {self.task.id}", images=images))

    def _make_units(self) -> None:
        """The units of frames that the export does not list."""
        add, task, title = self.setting.program.context.findings.add, self.task, title_of(self.task)
        frames: Sequence[int] = self.frames if self.frames is not None else self._seen()
        if declared_frames(task) is None:
            add(FramesUnknown(title))
        if not is_video(task) and task.mode and not self.heads.keys() >= set(frames):
            add(FramesByNumber(title))
        width, height = self.size or (0, 0)
        for frame in frames:
            head = self.heads.get(frame) or Head(frame + task.offset, frame_name(task, frame), Frame(width, height))
            image = Image(head.id, head.name, *head.size, task, self.subset, frame, 0, [])
            self._unit(image, self.number_of(frame) or 0)

    def _seen(self) -> list[int]:
        """The frames with objects, of a task that says nothing of its frames."""
        return self.shelf.shown()

    def _group(self, row: int, numbers: Sequence[int], names: Names) -> Iterator[bytes]:
        yield row_head(self.setting.stage.dataset, self.unit(row), "img_group")
        yield b',"data_units":{'
        for index, number in enumerate(numbers):
            if index:
                yield b","
            yield from self._labels(number, names)
        yield from self.tail(row)

    def _image(self, number: int, names: Names) -> Iterator[bytes]:
        yield from self.shelf.read(number << PART_BITS | HEADS)
        yield b',"data_units":{'
        yield from self._labels(number, names)
        yield from self.tail(number)

    def _labels(self, number: int, names: Names) -> Iterator[bytes]:
        yield from self.shelf.read(number << PART_BITS | UNITS)
        yield from self.shelf.objects(number, names)
        yield UNIT_END


def group_hash(dataset: str, task: Task, subset: str, *part: str) -> str:
    """The data hash of a task's image group, or of a part of it; ``dataset`` is the dataset's hash."""
    return stable_uuid("group", dataset, task.id, subset, *part)
