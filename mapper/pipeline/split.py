"""One export in several processes: what to cut, and how the parts become one run again.

A part is converted as if it were the whole, and what it knows in the end is joined in order. Whatever that cannot do exactly
raises NotJoined, and the run begins again in one process: the same bytes come out, later.
"""

from __future__ import annotations

import shutil
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import orjson

from mapper.cvat.archive import DAMAGE, XML, Limits, look, open_xml
from mapper.cvat.readers.native_xml import NativeXml
from mapper.cvat.reporter import Reporter
from mapper.cvat.slices import sliced
from mapper.cvat.tally import Tally
from mapper.encord.writers.bundle import writing
from mapper.engine.joining import Joiner, NotJoined
from mapper.errors import SourceError
from mapper.findings.collector import Collector
from mapper.findings.source.images import ImagesUnordered
from mapper.findings.source.parts import WorkerDied
from mapper.media.match import Asked
from mapper.pipeline.pool import DiedTwice, NotStarted, Pool, method
from mapper.pipeline.worker import Files, First, Job, Part, converted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from mapper.cvat.frames import Placed
    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Export, Image, Task, Track
    from mapper.cvat.reading import Reading
    from mapper.cvat.slices import Slice
    from mapper.encord.writers.bundle import BundleWriter
    from mapper.engine.program import Program
    from mapper.media.desk import MediaDesk
    from mapper.pipeline.options import Options
    from mapper.pipeline.pool import Start
    from mapper.places.place import Place

PIECES = 4
"""Parts a process, so that one that has the easier images has more to do; only where a process starts in no time."""
BLOCK = 1 << 20


@dataclass(slots=True)
class Joined:
    """An export that was read in parts, as a reading that has ended (see ``mapper.cvat.reading``)."""

    file: str
    export: Export
    tally: Tally = field(default_factory=Tally)
    complete: bool = True
    sha256: str = ""
    bytes: int = 0
    lines: int = 0

    def listed(self, _: Task) -> Mapping[int, Medium]:
        """Nothing: there are no tracks."""
        return {}

    def foretells_tracks(self) -> bool:
        """There are none."""
        return False

    def images(self) -> Iterator[Image]:
        """None: all were converted."""
        return iter(())

    def tracks(self) -> Iterator[Track]:
        """None."""
        return iter(())

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Joined:  # noqa: PYI034 - as the protocol has it
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Workshop:
    """A folder for what the parts write, in the folder of the bundle or where temporary files go; gone in the end."""

    def __init__(self, folder: Path | None) -> None:
        try:
            self.path = Path(mkdtemp(prefix="mapper-", dir=folder))
        except OSError as error:
            raise NotJoined(str(error)) from error

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def xml_file(source: Place, folder: Path) -> Path | None:
    """The XML of a source as a file of its own, taken out of a zip where it is in one; None if it is not to be had."""
    try:
        contents = look(source, Collector())
        if not contents.xmls:
            return None
        if contents.form != "zip":
            place = contents.path / contents.xmls[0] if contents.form == "folder" else contents.path
            return place if isinstance(place, Path) else None
        target = folder / XML
        with open_xml(contents, Reporter(Collector(), contents.file), Limits()) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file, BLOCK)
    except (*DAMAGE, SourceError):
        return None
    return target


def opened_head(open_: Callable[[Collector], Reading]) -> Reading:
    """An export opened for its head; what is found on the way, the first part will find as well."""
    try:
        reader = open_(Collector())
    except SourceError as error:
        raise NotJoined(str(error)) from error
    if isinstance(reader, NativeXml) and reader.guided:
        reader.close()
        raise NotJoined("a manifest beside the XML counts its frames as a whole")
    return reader


def xml_size(source: Place) -> int:
    """How many bytes of XML a source may hold at most, to be asked before it is opened; of a folder it is not known.

    0 for a store: what is streamed from there is read as one.
    """
    if not isinstance(source, Path):
        return 0
    try:
        if source.is_dir():
            return Limits().xml
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                return max((member.file_size for member in archive.infolist() if member.filename.endswith(XML)), default=0)
        return source.stat().st_size
    except (OSError, zipfile.BadZipFile):
        return 0


def slices_of(path: Path, jobs: int, options: Options) -> list[Slice]:
    """The slices of an XML; fewer than two if it is to be read as one."""
    many = jobs if method(options.start) == "spawn" else jobs * PIECES
    try:
        return sliced(path, many, options.part_bytes) if path.stat().st_size <= Limits().xml else []
    except OSError:
        return []


class Split:
    """A run in parts: converts them in a pool, and joins them to a program that has declared its labels."""

    def __init__(
        self, job: Job, slices: list[Slice], processes: tuple[int, Start], program: Program, desk: MediaDesk, writer: BundleWriter | None
    ) -> None:
        self._job = job
        self._slices = slices
        self._jobs, self._start = processes
        self._program = program
        self._desk = desk
        self._writer = writer
        self._seen: dict[tuple[str, str], Placed] = {}

    def run(self) -> Joined:
        """Convert all.

        Raises:
            NotJoined: this cannot be done in parts.
            SourceError: a process died twice at a part.
            OutputError: the disk refuses.
        """
        joined, joiner = Joined(self._job.file, self._job.export), Joiner(self._program)
        parts: dict[int, Part] = {}
        images: list[int] = []
        try:
            with closing(self._results(joined)) as results:
                for number, part in results:
                    if isinstance(part, str):
                        raise NotJoined(part)
                    parts[number] = part
                    while len(images) in parts:
                        following = parts.pop(len(images))
                        self._join(following, joined, joiner)
                        images.append(following.images)
        except DiedTwice as error:
            raise self._died(error) from None
        except NotStarted as error:
            raise NotJoined(str(error)) from error
        self._write(images, joiner)
        return joined

    def _results(self, joined: Joined) -> Generator[tuple[int, Part | str], None, None]:
        work = [(self._job, number, piece) for number, piece in enumerate(self._slices)]
        if self._start == "here":
            self._read(joined)
            yield from ((number, converted(*one)) for number, one in enumerate(work))
            return
        with Pool(converted, work, self._jobs, method(self._start)) as pool:
            pool.start()
            self._read(joined)
            yield from pool.results()

    def _read(self, joined: Joined) -> None:
        """The digest of the whole, while others work."""
        digest = sha256()
        with self._slices[0].path.open("rb") as file:
            while piece := file.read(BLOCK):
                digest.update(piece)
                joined.bytes += len(piece)
                joined.lines += piece.count(b"\n")
        joined.sha256 = digest.hexdigest()
        if joined.bytes != self._slices[-1].end:
            raise NotJoined("the file has changed")

    def _join(self, part: Part, joined: Joined, joiner: Joiner) -> None:
        if not part.steady:
            raise NotJoined("a subset of the project is two")
        for key, placed in part.placed.items():
            self._place(key, placed, part.firsts[key], alone=len(part.placed) == 1)
        joined.tally.add(part.tally)
        joiner.add(part.state, part.findings)

    def _place(self, key: tuple[str, str], placed: Placed, first: First, *, alone: bool) -> None:
        """Compare the images of a task with those before them, as ``Frames`` does within a part."""
        seen = self._seen.get(key)
        if seen is None:
            self._seen[key] = placed
            return
        again = any(seen.ids.get(span, 0) & bits for span, bits in placed.ids.items())
        if again or not seen.names.isdisjoint(placed.names):
            raise NotJoined("images repeat")
        if first.id < seen.last:
            if not alone:  # another task's may come before it
                raise NotJoined("images are out of order")
            report = Reporter(self._program.context.findings, self._job.file)
            report.add(ImagesUnordered(first.id, seen.last), line=first.line, image=first.name)
        seen.names.update(placed.names)
        for span, bits in placed.ids.items():
            seen.ids[span] = seen.ids.get(span, 0) | bits
        self._seen[key] = seen._replace(last=placed.last)

    def _died(self, error: DiedTwice) -> SourceError:
        piece = self._slices[error.number]
        with piece.path.open("rb") as file:
            file.seek(piece.start)
            breaks = 0
            for start in range(piece.start, piece.end, BLOCK):
                breaks += file.read(min(BLOCK, piece.end - start)).count(b"\n")
        issue = WorkerDied(piece.lines + 1, piece.lines + breaks + (not piece.last), piece.start, piece.end, error.how)
        return Reporter(self._program.context.findings, self._job.file).refuse(issue, line=piece.lines + 1)

    # -- the files -----------------------------------------------------------------------------------------------

    def _write(self, images: list[int], joiner: Joiner) -> None:
        """Put the files of the parts together, with the titles that objects have in the end."""
        for number, (rows, names) in enumerate(zip(images, joiner.names(), strict=True)):
            files, writer = Files.of(self._job, number), self._writer
            if writer is not None:
                writer.add_rows(files.rows, rows, names)
            with writing(self._job.out):
                if self._job.asks:
                    self._ask(files)
                elif writer is not None:
                    writer.add_all_media(files.media, rows)

    def _ask(self, files: Files) -> None:
        """Look for the file of each image in turn."""
        with files.media.open("rb") as entries, files.asked.open("rb") as questions:
            entries.readline()  # each entry stands behind a comma and a line break
            for entry, question in zip(entries, questions, strict=True):
                name, subset, task, video, frame, size, video_size, line = orjson.loads(question)
                file = self._desk.file_of(Asked(name, subset, task, video, frame, tuple(size), tuple(video_size), line))
                if self._writer is not None:
                    bare = entry.strip().removesuffix(b",")
                    self._writer.add_media(bare if file is None else b'%b,"file":%b}' % (bare[:-1], orjson.dumps(file)))
