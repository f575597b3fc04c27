"""Reader, engine and writer put together for one export."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mapper.cvat.archive import BACKUP_MEDIA, media_place, printable
from mapper.cvat.interpolation.between import shape_between
from mapper.cvat.readers import open_export
from mapper.cvat.reading import Reading
from mapper.encord.answers import IMAGE_RANGE, RANGE
from mapper.encord.document import ontology_document
from mapper.encord.ids import stable_uuid
from mapper.encord.ontology import Ontology, load_ontology
from mapper.encord.ontology_json import ontology_problems
from mapper.encord.rows import Dataset
from mapper.encord.writers.bundle import FORMAT, BundleWriter, writing
from mapper.encord.writers.opening import bundle_writer
from mapper.engine.assembly import Assembly, stand_alone
from mapper.engine.calm import calm_collection
from mapper.engine.context import Context
from mapper.engine.frame_spool import Spool
from mapper.engine.gather import Setting, nowhere
from mapper.engine.groups import Listed, survey
from mapper.engine.ledger import read_totals
from mapper.engine.manifest import bundle_head, counted
from mapper.engine.media import asked, filename_mapping
from mapper.engine.program import Program, labels_by_name
from mapper.engine.run import Stage, image_rows
from mapper.engine.waivers import report_unused
from mapper.errors import SourceError
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from mapper.findings.encord import NoDates
from mapper.findings.spec_meaning.tracks import FramesUnstated
from mapper.geometry.shapes import Frame
from mapper.media.desk import MediaDesk, media_desk
from mapper.media.files import files_at
from mapper.pipeline.options import Options, Result
from mapper.spec.waivers import expired

if TYPE_CHECKING:
    from mapper.engine.assembly import MediaMode
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec

Opener = Callable[[Collector], Reading]
"""Opens an export; it may be read twice."""


def run(source: Place, spec: LoadedSpec, out: Place | None, options: Options, make: Callable[[Context], Program] = Program) -> Result:
    """Convert one export; ``out`` None does everything but write.

    ``make``: what converts, for a program that is watched; called once more if the run has to begin again.
    Raises SourceError (the export or a given ontology cannot be read), OutputError (the bundle cannot be written) and LedgerError (a bug).
    """
    if options.ontology is not None and (problems := ontology_problems(options.ontology)):
        raise SourceError(f"the given ontology cannot be used: {problems[0].path} {problems[0].text}")
    if options.jobs < 0:
        raise ValueError(f"jobs={options.jobs}: a number of processes, or 0 for one a core")
    if options.jobs != 1 and make is Program and (shared := _shared(source, spec, out, options)) is not None:
        return shared
    try:
        return _converted(source, spec, out, options, make, direct=True)
    except TracksFollow:
        return _converted(source, spec, out, options, make, direct=False)


def _shared(source: Place, spec: LoadedSpec, out: Place | None, options: Options) -> Result | None:
    """The work of several processes; None if the export is too small for them, or its parts cannot be joined."""
    from mapper.engine.joining import NotJoined  # noqa: PLC0415 - a run in one process needs nothing of this, and starts sooner
    from mapper.pipeline.pool import may_start, usable_cores  # noqa: PLC0415 - as above
    from mapper.pipeline.split import xml_size  # noqa: PLC0415 - as above

    jobs = options.jobs or usable_cores()
    if jobs > 1 and may_start(options.start) and xml_size(source) >= 2 * options.part_bytes:
        with suppress(NotJoined):
            return _converted(source, spec, out, options, Program, direct=True, jobs=jobs)
    return None


def _converted(
    source: Place, spec: LoadedSpec, out: Place | None, options: Options, make: Callable[[Context], Program], *, direct: bool, jobs: int = 1
) -> Result:
    findings = Collector()
    for issue, place in (*spec.findings, *expired(spec, options.today)):
        if not isinstance(issue, FramesUnstated):  # says nothing about an export without tracks
            findings.add(issue, spec=place)
    choices: dict[str, Any] = {"labels": spec.labels, "include_jobs": options.include_jobs, "frame_size": options.frame_size}
    section = spec.spec.source
    filled = section is not None and section.sparse_tracks == "interpolate"
    open_: Opener = partial(open_export, source, **choices, interpolate=shape_between if filled else None)
    with calm_collection(), bundle_writer(out, force=options.force) if out is not None else nullcontext() as writer:
        made = _Run(source, spec, options, findings, writer, make, open_, direct)
        return made.result() if jobs == 1 else made.result_of_parts(jobs)


class TracksFollow(Exception):  # noqa: N818 - no error: images were written as they came, and now there are tracks on them
    """The run has to begin again, gathering whole tasks."""


@dataclass(slots=True)
class _Run:
    source: Place
    spec: LoadedSpec
    options: Options
    findings: Collector
    writer: BundleWriter | None
    make: Callable[[Context], Program]
    open: Opener
    direct: bool
    modes: tuple[str, ...] = ("image",)

    def result(self) -> Result:
        listed = Listed({}, {})
        if self.options.media == "image_group":
            with self.open(Collector()) as reader:
                listed = survey(reader)
        with self.open(self.findings) as reader:
            return self._converted(reader, listed)

    def result_of_parts(self, jobs: int) -> Result:
        """The same by several processes; NotJoined if that cannot be, and nothing but time is lost."""
        from mapper.engine.joining import NotJoined  # noqa: PLC0415 - as in `_shared`
        from mapper.pipeline.split import Split, Workshop, opened_head, slices_of, xml_file  # noqa: PLC0415 - as above
        from mapper.pipeline.worker import Job  # noqa: PLC0415 - as above

        with Workshop(self.writer.folder if self.writer else None) as folder:
            path = xml_file(self.source, folder)
            slices = slices_of(path, jobs, self.options) if path else []
            if len(slices) < 2:  # noqa: PLR2004 - nothing to share
                raise NotJoined("the export is one piece")
            with opened_head(self.open) as reader:
                desk, program, _, direct = self._prepared(reader)
                if not direct:
                    raise NotJoined("rows are of whole tasks")
                stage = self._stage(reader)
                job = Job(
                    spec=self.spec,
                    ontology=program.context.ontology.given,
                    export=reader.export,
                    dataset=stage.dataset,
                    file=reader.file,
                    out=str(self.writer.out if self.writer else folder),
                    folder=folder,
                    writes=self.writer is not None,
                    asks=desk.files is not None,
                    frame_size=self.options.frame_size,
                )
            joined = Split(job, slices, (jobs, self.options.start), program, desk, self.writer).run()
        return replace(self._finished(program, joined, stage, desk), parts=len(slices))

    def _prepared(self, reader: Reading) -> tuple[MediaDesk, Program, MediaMode, bool]:
        """Media and program, the media mode, and whether images are rows of their own, unless tracks follow that lie on them."""
        desk = self._media(reader)
        desk.source = reader.file
        media = self._mode(desk)
        # Images that are rows of their own go out as they come, unless tracks follow that lie on them.
        direct = self.direct and stand_alone(reader.export.tasks, media) and not reader.foretells_tracks()
        program = self._program(reader, IMAGE_RANGE if direct else RANGE)
        program.declare()
        return desk, program, media, direct

    def _converted(self, reader: Reading, listed: Listed) -> Result:
        desk, program, media, direct = self._prepared(reader)
        stage = self._stage(reader)
        if direct:
            self._images(program, reader, stage, desk)
            if next(iter(reader.tracks()), None) is not None:
                raise TracksFollow
        else:
            self._assemble(program, reader, stage, desk, media, listed)
        return self._finished(program, reader, stage, desk)

    def _finished(self, program: Program, reader: Reading, stage: Stage, desk: MediaDesk) -> Result:
        program.finish()
        doubtful = desk.close()
        if self.writer is not None:
            self.writer.without_files(doubtful)
        return self._close(program, reader, stage)

    def _mode(self, desk: MediaDesk) -> MediaMode:
        """The media mode: a video whose frames the export holds as images is images, unless the caller wants it otherwise."""
        media = self.options.media
        return "image" if media == "auto" and desk.facts.holds_pictures() else media

    def _program(self, reader: Reading, frame_range: bytes) -> Program:
        given = self.options.ontology if self.options.ontology is not None else self.spec.ontology
        ontology = Ontology() if given is None else load_ontology(given)
        labels = labels_by_name(reader.export.labels)
        return self.make(Context(self.spec.spec, labels, ontology, self.findings, self.spec.place, frame_range))

    def _stage(self, reader: Reading) -> Stage:
        export = reader.export
        fallback = f"{export.scope} {export.id}" if export.id else printable(self.source.stem)
        title = self.options.dataset_title or export.name or fallback
        identity = (export.scope, export.id, export.name) if export.id or export.name else ("file", printable(self.source.name))
        if not any((export.created, export.updated, *(task.created for task in export.tasks))):
            self.findings.add(NoDates())
        return Stage(export, Dataset(stable_uuid("dataset", *identity), title), reader.file)

    def _media(self, reader: Reading) -> MediaDesk:
        options, section = self.options, self.spec.spec.media
        place = media_place(self.source)
        if options.media_dir is not None:
            files = files_at(options.media_dir, links=True)
        else:
            files = files_at(place.path, place.folder, backup=place.backup, tasks=place.tasks) if place else None
        mapping = options.map_filename or filename_mapping(section)
        own = place is not None and place.tasks and options.media_dir is None
        folders = {task.id: f"{task.id}/{BACKUP_MEDIA}".rstrip("/") for task in reader.export.tasks} if own else None
        return media_desk(files, mapping, self.findings, check=options.check_media, fps=section.fps if section else None, folders=folders)

    def _images(self, program: Program, reader: Reading, stage: Stage, desk: MediaDesk) -> None:
        for written in image_rows(program, reader, stage, lambda image: desk.file_of(asked(image))):
            if self.writer is None:
                continue
            self.writer.add_row(written.row)
            self.writer.add_media(written.media)
            if program.renamed:
                self._rename(program)

    def _assemble(self, program: Program, reader: Reading, stage: Stage, desk: MediaDesk, media: MediaMode, listed: Listed) -> None:
        """Gather the rows of whole tasks, and write them when the export has ended."""
        options, writer, section = self.options, self.writer, self.spec.spec.media
        setting = Setting(
            program=program,
            stage=stage,
            files=lambda image: desk.file_of(asked(image)),
            media=writer.add_media if writer else nowhere,
            video=lambda image: desk.video_of(asked(image)),
            facts=lambda task: desk.facts.video_of(task.source, task.id) if task.source else None,
            size=Frame(*options.frame_size) if options.frame_size else None,
            common=desk.facts.common_size,
            fps=options.fps or (section.fps if section else None),
            group_size=options.group_size,
        )
        spool = Spool(writer.folder if writer else None)
        assembly = Assembly(setting, media, spool, listed)
        with writing(writer.out) if writer else nullcontext(), closing(spool):
            for pieces in assembly.run(reader, program.names):
                if writer is not None:
                    writer.stream_row(pieces)
        self.modes = tuple(sorted(assembly.modes))
        for issue, place in self.spec.findings if reader.tally.tracks else ():
            if isinstance(issue, FramesUnstated):
                self.findings.add(issue, spec=place)

    def _rename(self, program: Program) -> None:
        """Let rows that are written already say the titles that objects have taken since."""
        names = program.names()
        if self.writer is not None and names:
            self.writer.rename(names)

    def _close(self, program: Program, reader: Reading, stage: Stage) -> Result:
        if reader.complete:
            report_unused(program.context, program.ledger)
        tally = reader.tally
        program.ledger.refused_by_reader(tally.codes)
        program.ledger.balance(read_totals(tally))
        ledger = program.ledger.document(counted(tally))
        ontology = ontology_document(program.context.ontology)
        found = tuple(self.findings.findings())
        title, rows = self.options.project_title or stage.dataset.title, self.writer.row_count if self.writer else 0
        bundle = {"format": FORMAT} | bundle_head(
            reader,
            self.spec,
            dataset=stage.dataset,
            title=title,
            modes=self.modes,
            rows=rows,
            ontology=ontology,
            ledger=ledger,
            found=found,
        )
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
