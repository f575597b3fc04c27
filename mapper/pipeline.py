"""The composition root: reader, engine and writer put together for one export."""

from __future__ import annotations

import gc
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mapper.cvat.archive import media_place, printable
from mapper.cvat.readers import open_export
from mapper.encord.answers import IMAGE_RANGE, RANGE
from mapper.encord.document import ontology_document
from mapper.encord.ids import stable_uuid
from mapper.encord.ontology import Ontology, load_ontology
from mapper.encord.ontology_json import ontology_problems
from mapper.encord.rows import Dataset
from mapper.encord.writers.bundle import FORMAT, BundleWriter, writing
from mapper.engine.context import Context
from mapper.engine.groups import group_rows, survey
from mapper.engine.ledger import read_totals
from mapper.engine.media import asked, filename_mapping
from mapper.engine.program import Program, labels_by_name
from mapper.engine.run import Stage, image_rows
from mapper.engine.waivers import report_unused
from mapper.errors import SourceError
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from mapper.findings.encord import LargeGroup, NoDates
from mapper.media.desk import MediaDesk, media_desk
from mapper.media.files import files_at
from mapper.spec.waivers import expired
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from mapper.cvat.reading import Reading
    from mapper.findings.base import Finding
    from mapper.spec.load import LoadedSpec

LARGE_GROUP = 500
"""Images in a group beyond which Encord's SDK needs minutes to load it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller may choose about a run; mapping decisions stand in the spec instead.

    ``today``: the day by which waivers are judged; None judges none, so that a run does not depend on the day.
    """

    media: Literal["image", "image_group"] = "image"
    ontology: dict[str, Any] | None = None
    dataset_title: str | None = None
    project_title: str | None = None
    include_jobs: tuple[str, ...] = ("annotation",)
    map_filename: Callable[[str], str] | None = None
    media_dir: Path | None = None
    check_media: bool = True
    strict: bool = False
    keep_partial: bool = False
    force: bool = False
    counted: Callable[[Sequence[Finding]], Sequence[Finding]] | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a conversion gave: ``out`` is None if nothing was published."""

    out: Path | None
    findings: tuple[Finding, ...]
    ledger: dict[str, Any]
    bundle: dict[str, Any]
    ontology: dict[str, Any] = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(finding.severity < Severity.ERROR for finding in self.findings)

    @property
    def stats(self) -> dict[str, int]:
        """Counts of images and of what became of their elements."""
        return self.ledger["images"] | self.ledger["totals"]  # type: ignore[no-any-return]

    def worst(self) -> Severity | None:
        """The highest severity found."""
        return max((finding.severity for finding in self.findings), default=None)


def run(source: Path, spec: LoadedSpec, out: Path | None, options: Options, make: Callable[[Context], Program] = Program) -> Result:
    """Convert one export; ``out`` None does everything but write. ``make``: what converts, for a program that is watched.

    Raises SourceError (the export or a given ontology cannot be read), OutputError (the bundle cannot be written) and LedgerError (a bug).
    """
    if options.ontology is not None and (problems := ontology_problems(options.ontology)):
        raise SourceError(f"the given ontology cannot be used: {problems[0].path} {problems[0].text}")
    findings = Collector()
    for issue, place in (*spec.findings, *expired(spec, options.today)):
        findings.add(issue, spec=place)
    with calm_collection(), BundleWriter(out, force=options.force) if out is not None else nullcontext() as writer:
        return _Run(source, spec, options, findings, writer, make).result()


@contextmanager
def calm_collection() -> Iterator[None]:
    """Look for reference cycles rarely while a run goes on, and never among what was there before.

    Shapes come and go by the hundred thousand without cycles; the usual thresholds cost a third of the CPU time.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@dataclass(slots=True)
class _Run:
    source: Path
    spec: LoadedSpec
    options: Options
    findings: Collector
    writer: BundleWriter | None
    make: Callable[[Context], Program]

    def result(self) -> Result:
        places = None
        if self.options.media == "image_group":
            places = survey(open_export(self.source, Collector(), labels=self.spec.labels, include_jobs=self.options.include_jobs))
        reader = open_export(self.source, self.findings, labels=self.spec.labels, include_jobs=self.options.include_jobs)
        program = self._program(reader)
        program.declare()
        stage = self._stage(reader)
        desk = self._media()
        desk.source = reader.file
        if places is None:
            self._images(program, reader, stage, desk)
        else:
            self._groups(program, reader, stage, desk, places)
        if next(iter(reader.tracks()), None) is not None:
            raise SourceError("the export holds tracks, which cannot be converted yet")
        program.finish()
        doubtful = desk.close()
        if self.writer is not None:
            self.writer.without_files(doubtful)
        return self._close(program, reader, stage)

    def _program(self, reader: Reading) -> Program:
        given = self.options.ontology if self.options.ontology is not None else self.spec.ontology
        ontology = Ontology() if given is None else load_ontology(given)
        labels = labels_by_name(reader.export.labels)
        frame_range = IMAGE_RANGE if self.options.media == "image" else RANGE
        return self.make(Context(self.spec.spec, labels, ontology, self.findings, self.spec.place, frame_range))

    def _stage(self, reader: Reading) -> Stage:
        export = reader.export
        fallback = f"{export.scope} {export.id}" if export.id else printable(self.source.stem)
        title = self.options.dataset_title or export.name or fallback
        identity = (export.scope, export.id, export.name) if export.id or export.name else ("file", printable(self.source.name))
        if not any((export.created, export.updated, *(task.created for task in export.tasks))):
            self.findings.add(NoDates())
        return Stage(export, Dataset(stable_uuid("dataset", *identity), title), reader.file)

    def _media(self) -> MediaDesk:
        options, section = self.options, self.spec.spec.media
        place = media_place(self.source)
        if options.media_dir is not None:
            files = files_at(options.media_dir, links=True)
        else:
            files = files_at(place.path, place.folder, backup=place.backup, tasks=place.tasks) if place else None
        mapping = options.map_filename or filename_mapping(section)
        return media_desk(files, mapping, self.findings, check=options.check_media, fps=section.fps if section else None)

    def _images(self, program: Program, reader: Reading, stage: Stage, desk: MediaDesk) -> None:
        for written in image_rows(program, reader, stage, lambda image: desk.file_of(asked(image))):
            if self.writer is None:
                continue
            self.writer.add_row(written.row)
            self.writer.add_media(written.media)
            if program.renamed:
                self._rename(program)

    def _groups(self, program: Program, reader: Reading, stage: Stage, desk: MediaDesk, places: Any) -> None:
        for (task, _), sequence in places.items():
            if len(sequence) > LARGE_GROUP:
                self.findings.add(LargeGroup(title=f"task {task}", images=len(sequence)))
        folder = self.writer.folder if self.writer else None
        add_media = self.writer.add_media if self.writer else _nowhere
        with writing(self.writer.out if self.writer else Path()):
            for pieces in group_rows(program, places, reader, stage, lambda image: desk.file_of(asked(image)), folder, add_media):
                if self.writer is not None:
                    self.writer.stream_row(pieces)
        self._rename(program)

    def _rename(self, program: Program) -> None:
        """Let rows that are written already say the titles that objects have taken since."""
        program.renamed = False
        nodes = program.context.ontology.objects
        names = [(former, node.prefix) for node in nodes for former in node.former if former != node.prefix]
        for node in nodes:
            node.former.clear()
        if self.writer is not None and names:
            self.writer.rename(names)

    def _close(self, program: Program, reader: Reading, stage: Stage) -> Result:
        if reader.complete:
            report_unused(program.context, program.ledger)
        tally = reader.tally
        program.ledger.refused_by_reader(tally.codes)
        program.ledger.balance(read_totals(tally))
        ledger = program.ledger.document({"images": tally.images, "images_refused": tally.images_refused})
        ontology = ontology_document(program.context.ontology)
        found = tuple(self.findings.findings())
        bundle = self._bundle(reader, stage, ontology, ledger, found)
        result = Result(out=None, findings=found, ledger=ledger, bundle=bundle, ontology=ontology)
        if self.writer is None or not self._publishable(reader, result):
            return result
        self.writer.publish(bundle, ontology, [finding.as_dict() for finding in found], ledger)
        return Result(out=self.writer.out, findings=found, ledger=ledger, bundle=bundle, ontology=ontology)

    def _publishable(self, reader: Reading, result: Result) -> bool:
        if not reader.complete and not self.options.keep_partial:
            return False
        counted = self.options.counted(result.findings) if self.options.counted else result.findings
        return not (self.options.strict and any(finding.severity >= Severity.WARNING for finding in counted))

    def _bundle(
        self, reader: Reading, stage: Stage, ontology: dict[str, Any], ledger: dict[str, Any], found: tuple[Finding, ...]
    ) -> dict[str, Any]:
        dataset, export = stage.dataset, reader.export
        title = self.options.project_title or dataset.title
        spec = self.spec
        return {
            "format": FORMAT,
            "tool": {"name": "mapper", "version": __version__},
            "source": {
                "file": reader.file,
                "sha256": reader.sha256,
                "bytes": reader.bytes,
                "complete": reader.complete,
                "scope": export.scope,
                "id": export.id,
                "name": export.name,
            },
            "spec": {
                "name": spec.spec.metadata.name,
                "version": spec.spec.metadata.version,
                "sha256": spec.sha256,
                "meaning_sha256": spec.meaning,
                "parameters": dict(spec.parameters),
            },
            "project": {"id": stable_uuid("project", dataset.hash), "title": title},
            "dataset": {"id": dataset.hash, "title": dataset.title},
            "media_mode": self.options.media,
            "counts": {
                **ledger["images"],
                "label_rows": self.writer.row_count if self.writer else 0,
                "ontology_objects": len(ontology["objects"]),
                "ontology_classifications": len(ontology["classifications"]),
                **ledger["totals"],
                "findings": {severity.word: sum(finding.severity == severity for finding in found) for severity in reversed(Severity)},
            },
        }


def _nowhere(_: bytes) -> None:
    """Where media entries go when nothing is written."""
