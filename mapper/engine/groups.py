"""Image groups: all images of one task as one label row, read twice so that memory holds no group.

The first pass lists the images, since a unit's place in the group is the rank of its frame and files are not always in
order. The second pass converts; units and answers go to spools and are joined when the export ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from mapper.encord.answers import IMAGE_RANGE
from mapper.encord.ids import stable_uuid
from mapper.encord.rows import Unit, row_head, unit_entry
from mapper.engine.row import Tracked, tracked_entries
from mapper.engine.run import media_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mapper.cvat.model import Image
    from mapper.engine.program import Program
    from mapper.engine.run import FileOf, Images, Stage

GroupKey = tuple[str, str]
"""Task id and subset."""

CHUNK = 1 << 20

_PARTS = ("units", "answers", "classifications", "actions")


@dataclass(slots=True)
class Group:
    """A group while it is written: the parts of its row in spools, hashes and tracks that its images share."""

    unit: Unit
    folder: Path | None
    sequence: dict[int, int]
    taken: set[bytes] = field(default_factory=set)
    tracks: dict[bytes, Tracked] = field(default_factory=dict)
    spools: dict[str, IO[bytes]] = field(default_factory=dict)

    def add(self, part: str, entries: list[bytes]) -> None:
        """Append entries of a JSON object to one of its parts."""
        if not entries:
            return
        spool = self.spools.get(part)
        if spool is None:
            spool = self.spools[part] = TemporaryFile(dir=self.folder)  # noqa: SIM115 - open until the group is written
        else:
            spool.write(b",")
        spool.write(b",".join(entries))

    def chunks(self, part: str) -> Iterator[bytes]:
        """A finished part, piece by piece; the spool is gone afterwards."""
        spool = self.spools.pop(part, None)
        if spool is None:
            return
        with spool:
            spool.seek(0)
            while chunk := spool.read(CHUNK):
                yield chunk

    def close(self) -> None:
        """Give up the spools that were not read to their end."""
        for spool in self.spools.values():
            spool.close()

    def row(self, head: bytes) -> Iterator[bytes]:
        """The label row in pieces, in the order in which ``rows.image_row`` writes a whole one."""
        answers, actions = tracked_entries(self.tracks)
        self.add("answers", answers)
        self.add("actions", actions)
        opening = (b',"data_units":{', b'},"object_answers":{', b'},"classification_answers":{', b'},"object_actions":{')
        yield head
        for before, part in zip(opening, _PARTS, strict=True):
            yield before
            yield from self.chunks(part)
        yield b"}}"


def survey(source: Images) -> dict[GroupKey, dict[int, int]]:
    """First pass: for every group, the place of each image (by its position in the document), in order of frames."""
    found: dict[GroupKey, list[tuple[int, int]]] = {}
    for position, image in enumerate(source.images()):
        found.setdefault((image.task.id, image.subset), []).append((image.frame, position))
    return {key: {position: rank for rank, (_, position) in enumerate(sorted(places))} for key, places in found.items()}


def group_rows(
    program: Program,
    places: dict[GroupKey, dict[int, int]],
    source: Images,
    stage: Stage,
    files: FileOf,
    folder: Path | None,
    media: Callable[[bytes], None],
) -> Iterator[Iterator[bytes]]:
    """Second pass: each group's row as pieces of bytes, in the order in which groups first occur."""
    groups: dict[GroupKey, Group] = {}
    try:
        for position, image in enumerate(source.images()):
            key = (image.task.id, image.subset)
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group(_group_unit(stage, image), folder, places[key])
            media(_convert(program, group, image, stage, files, group.sequence[position]))
        for group in groups.values():
            yield group.row(row_head(stage.dataset, group.unit, "img_group"))
    finally:
        for group in groups.values():
            group.close()


def _convert(program: Program, group: Group, image: Image, stage: Stage, files: FileOf, sequence: int) -> bytes:
    unit = stage.next_unit(image)
    part = stage.row(image, unit, group.taken, IMAGE_RANGE if sequence == 0 else b"[%d,%d]" % (sequence, sequence))
    part.tracks = group.tracks
    program.convert(image, part)
    group.add("units", [unit_entry(unit, str(sequence), part.objects)])
    group.add("answers", part.answers)
    group.add("classifications", part.classifications())
    group.add("actions", part.actions)
    return media_entry(image, unit, sequence, files(image))


def _group_unit(stage: Stage, image: Image) -> Unit:
    unit = stage.unit(image)
    title = image.task.name or f"task {image.task.id}"
    return unit._replace(hash=group_hash(stage.dataset.hash, image), title=title)


def group_hash(dataset: str, image: Image) -> str:
    """The data hash of the group that an image belongs to; ``dataset`` is the dataset's hash."""
    return stable_uuid("group", dataset, image.task.id, image.subset)
