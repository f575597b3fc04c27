"""Runs a program over an export: one label row an image, or one for all images of a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

import orjson

from mapper.encord.answers import IMAGE_RANGE
from mapper.encord.dates import EPOCH, encord_date
from mapper.encord.ids import joined, stable_uuid
from mapper.encord.rows import Dataset, Unit, image_row, row_head, unit_head
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


@dataclass(slots=True)
class Stage:
    """Makes an ImageRow of an image: its unit, its hash prefix and its constant fragments."""

    export: Export
    dataset: Dataset
    file: str
    dates: dict[Task, tuple[str, str]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def unit(self, image: Image, occurrence: int = 0) -> Unit:
        """The data unit of an image; it keeps its id as long as task, frame and name stay."""
        again = (str(occurrence),) if occurrence else ()
        identity = stable_uuid("data", self.dataset.hash, image.task.id, image.subset, str(image.frame), image.name, *again)
        created, edited = self.dates.get(image.task) or self._dates(image)
        return Unit(identity, image.name, image.width, image.height, created, edited)

    def next_unit(self, image: Image) -> Unit:
        """The same for the images of an export in turn: one that repeats frame and name of another gets an id of its own."""
        occurrence, unit = 0, self.unit(image)
        while (number := int(unit.hash.replace("-", "")[16:], 16)) in self.seen:
            occurrence += 1
            unit = self.unit(image, occurrence)
        self.seen.add(number)
        return unit

    def _dates(self, image: Image) -> tuple[str, str]:
        created = encord_date(image.task.created) or encord_date(self.export.created) or EPOCH
        edited = encord_date(image.task.updated) or encord_date(self.export.updated) or created
        self.dates[image.task] = created, edited
        return created, edited

    def row(self, image: Image, unit: Unit, taken: set[bytes], frame_range: bytes = IMAGE_RANGE) -> ImageRow:
        """An empty row for an image."""
        manual, automatic = _constants(unit.created, unit.edited)
        return ImageRow(
            image=image,
            frame=Frame(image.width, image.height),
            unit=unit,
            file=self.file,
            range=frame_range,
            prefix=joined(image.task.id, image.subset, str(image.frame)).decode("utf-8", "surrogatepass"),
            manual=manual,
            automatic=automatic,
            taken=taken,
        )


@lru_cache(maxsize=64)
def _constants(created: str, edited: str) -> tuple[bytes, bytes]:
    """What every object of these dates says between its class and its hash: by hand, and by a machine."""
    stamps = {"createdAt": created, "createdBy": None, "lastEditedAt": edited, "confidence": 1}
    by_hand, by_machine = (orjson.dumps(stamps | {"manualAnnotation": flag})[1:-1] for flag in (True, False))
    return b',%b,"objectHash":"' % by_hand, b',%b,"objectHash":"' % by_machine


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
        yield Written(line, media_entry(image, unit, None, files(image.name, image.subset)))


class FileOf(Protocol):
    """Finds the media file of an image."""

    def __call__(self, name: str, subset: str, /) -> str | None:
        """The file's path within the media, or None."""
