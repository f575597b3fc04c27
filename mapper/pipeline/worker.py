"""Converts one slice of an export, in a process of its own or in this one."""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.cvat.archive import Limits
from mapper.cvat.beside import Sizes
from mapper.cvat.readers.native_xml import NativeXml
from mapper.cvat.reporter import Reporter
from mapper.cvat.slices import SliceFile
from mapper.encord.answers import IMAGE_RANGE
from mapper.encord.ontology import load_ontology
from mapper.encord.writers.bundle import writing
from mapper.encord.writers.rows import CHUNK, RowFile
from mapper.engine.calm import calm_collection
from mapper.engine.context import Context
from mapper.engine.media import asked
from mapper.engine.parts import PartCollector, PartOntology, PartProgram
from mapper.engine.program import labels_by_name
from mapper.engine.run import Stage, image_rows
from mapper.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.frames import Placed
    from mapper.cvat.model import Export, Image
    from mapper.cvat.slices import Slice
    from mapper.cvat.tally import Tally
    from mapper.encord.rows import Dataset
    from mapper.engine.parts import PartState
    from mapper.spec.load import LoadedSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all parts of a run share.

    ``file``: how findings name the source. ``out``: how messages name the bundle, ``folder``: where parts are written, None if
    nothing is; ``asks``: write down too what is to be asked of the media.
    """

    spec: LoadedSpec
    ontology: dict[str, Any] | None
    export: Export
    dataset: Dataset
    file: str
    out: str
    folder: Path
    writes: bool
    asks: bool
    frame_size: tuple[int, int] | None


class Files(NamedTuple):
    """Where a part is written: its rows, its entries of the media list, and what is to be asked of the media."""

    rows: Path
    media: Path
    asked: Path

    @classmethod
    def of(cls, job: Job, number: int) -> Files:
        """Those of the part of a number."""
        return cls(*(job.folder / f"{number}.{name}.part" for name in cls._fields))


class First(NamedTuple):
    """The first image of a task and subset in a slice."""

    id: int
    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What came of a slice: ``firsts`` are the first images by task and subset, ``images`` counts the rows."""

    state: PartState
    findings: PartCollector
    tally: Tally
    images: int
    placed: dict[tuple[str, str], Placed]
    steady: bool
    firsts: dict[tuple[str, str], First]


def converted(job: Job, number: int, piece: Slice) -> Part | str:
    """Convert a slice; or why that cannot be done by itself.

    Raises:
        OutputError: the disk refuses.
    """
    findings = PartCollector([])
    report = Reporter(findings, job.file)
    try:
        file: Any = SliceFile(piece)
    except OSError as error:
        return str(error)
    head = None if piece.first else job.export
    with calm_collection(), writing(job.out), closing(file):
        try:
            with NativeXml(file, report, job.export.labels, Limits(), None, Sizes(job.frame_size), export=head) as reader:
                return _Worker(job, reader, findings, Files.of(job, number)).part()
        except SourceError as error:
            return str(error)


@dataclass(slots=True)
class _Worker:
    job: Job
    reader: NativeXml
    findings: PartCollector
    files: Files

    def part(self) -> Part | str:
        job, reader = self.job, self.reader
        program = self._program()
        program.begin(self.findings)
        stage = Stage(job.export, job.dataset, job.file)
        firsts: dict[tuple[str, str], First] = {}
        images = self._rows(program, stage, firsts)
        if not reader.complete:
            return "its XML is not well-formed"
        if not reader.tally.images + reader.tally.images_refused:
            return "it holds no image"
        frames = reader.frames
        return Part(
            state=program.state(),
            findings=self.findings,
            tally=reader.tally,
            images=images,
            placed=frames.seen() if frames else {},
            steady=frames is None or frames.steady,
            firsts=firsts,
        )

    def _program(self) -> PartProgram:
        job = self.job
        ontology = PartOntology() if job.ontology is None else load_ontology(job.ontology)
        labels = labels_by_name(job.export.labels)
        return PartProgram(Context(job.spec.spec, labels, ontology, self.findings, job.spec.place, IMAGE_RANGE))

    def _rows(self, program: PartProgram, stage: Stage, firsts: dict[tuple[str, str], First]) -> int:
        job, images = self.job, 0
        with (
            closing(RowFile(self.files.rows)) if job.writes else nullcontext() as rows,
            self.files.media.open("wb", CHUNK) if job.writes or job.asks else nullcontext() as media,
            self.files.asked.open("wb", CHUNK) if job.asks else nullcontext() as questions,
        ):
            for written in image_rows(program, self.reader, stage, partial(_note, firsts, questions)):
                images += 1
                if media is not None:
                    media.write(b",\n  ")
                    media.write(written.media)
                if rows is not None:
                    rows.add(written.row)
                    if program.renamed:
                        rows.rename(program.names())
            if rows is not None:
                rows.finish()
        return images


def _note(firsts: dict[tuple[str, str], First], questions: IO[bytes] | None, image: Image) -> None:
    """Note an image instead of looking for its file, which has to be done for all images in turn."""
    key = image.task.id, image.subset
    if key not in firsts:
        firsts[key] = First(image.id, image.name, image.line)
    if questions is not None:
        questions.write(orjson.dumps(tuple(asked(image))) + b"\n")
