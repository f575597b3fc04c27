"""Runs a program over an export: one label row an image, or one for all images of a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from mapper.encord.answers import IMAGE_RANGE
from mapper.encord.dates import EPOCH, encord_date
from mapper.encord.ids import joined, uuid_of
from mapper.encord.rows import Dataset, Unit, image_row, object_stamps, row_head, unit_head
from mapper.engine.row import ImageRow
from mapper.geometry.shapes import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Export, Image, Task
    from mapper.engine.program import Program


class Images(Protocol):
    """What a reader offers."""

    export: Export

    def images(self) -> Iterator[Image]:
        """One image at a time."""


class Written(NamedTuple):
    """A finished label row and the media that it needs, both as JSON bytes without a line break."""

    row: bytes
    media: bytes


class Shared(NamedTuple):
    """What all images of a task and subset share: the start of their key, of their objects' keys, dates and stamps."""

    data: bytes
    prefix: str
    created: str
    edited: str
    manual: bytes
    automatic: bytes


@dataclass(slots=True)
class Stage:
    """Makes an ImageRow of an image: its unit, its hash prefix and its constant fragments."""

    export: Export
    dataset: Dataset
    file: str
    known: dict[tuple[str, str], Shared] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def unit(self, image: Image, occurrence: int = 0) -> Unit:
        """The data unit of an image; it keeps its id as long as task, frame and name stay."""
        found = self.shared(image.task, image.subset)
        again = joined(str(occurrence)) if occurrence else b""
        identity = uuid_of(b"%b%b%b" % (found.data, joined(str(image.frame), image.name), again))
        return Unit(identity, image.name, image.width, image.height, found.created, found.edited)

    def next_unit(self, image: Image) -> Unit:
        """The same for the images of an export in turn: one that repeats frame and name of another gets an id of its own."""
        occurrence, unit = 0, self.unit(image)
        while (number := int(unit.hash.replace("-", "")[16:], 16)) in self.seen:
            occurrence += 1
            unit = self.unit(image, occurrence)
        self.seen.add(number)
        return unit

    def shared(self, task: Task, subset: str) -> Shared:
        """What the images of a task and subset share."""
        return self.known.get((task.id, subset)) or self._shared(task, subset)

    def _shared(self, task: Task, subset: str) -> Shared:
        created = encord_date(task.created) or encord_date(self.export.created) or EPOCH
        edited = encord_date(task.updated) or encord_date(self.export.updated) or created
        prefix = joined(task.id, subset).decode("utf-8", "surrogatepass")
        found = Shared(joined("data", self.dataset.hash, task.id, subset), prefix, created, edited, *object_stamps(created, edited))
        self.known[task.id, subset] = found
        return found

    def row(self, image: Image, unit: Unit, taken: set[bytes], frame_range: bytes = IMAGE_RANGE) -> ImageRow:
        """An empty row for an image."""
        return ImageRow(**self.parts(image, unit, taken, frame_range))

    def parts(self, image: Image, unit: Unit, taken: set[bytes], frame_range: bytes) -> dict[str, Any]:
        """What makes a row for an image, by field."""
        found = self.shared(image.task, image.subset)
        number = str(image.frame)
        return {
            "image": image,
            "frame": Frame(image.width, image.height),
            "unit": unit,
            "file": self.file,
            "range": frame_range,
            "prefix": f"{found.prefix}{len(number)}:{number}",
            "manual": found.manual,
            "automatic": found.automatic,
            "taken": taken,
        }


def media_entry(image: Image, unit: Unit, sequence: int | None, file: str | None) -> bytes:
    """One entry of the bundle's media list."""
    entry = {
        "data_hash": unit.hash,
        "title": unit.title,
        "width": unit.width,
        "height": unit.height,
        "task_id": image.task.id,
        "subset": image.subset,
        "frame": image.frame,
        "image_id": image.id,
    }
    if sequence is not None:
        entry["data_sequence"] = sequence
    if file is not None:
        entry["file"] = file
    return orjson.dumps(entry)


def image_rows(program: Program, source: Images, stage: Stage, files: FileOf) -> Iterator[Written]:
    """One label row an image."""
    for image in source.images():
        unit = stage.next_unit(image)
        part = stage.row(image, unit, set())
        program.convert(image, part)
        head = row_head(stage.dataset, unit, "image")
        line = image_row(head, unit_head(unit, 0), part.objects, part.answers, part.classifications(), part.actions)
        yield Written(line, media_entry(image, unit, None, files(image)))


class FileOf(Protocol):
    """Finds the media file of an image."""

    def __call__(self, image: Image, /) -> str | None:
        """The file's path within the media, or None."""
