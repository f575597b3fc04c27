"""Where the XML of an export is: a file, a zip or a folder; never extracted, read as a stream within limits."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, NamedTuple

from mapper.cvat.reporter import Reporter
from mapper.findings.source.backups import PartMissing
from mapper.findings.source.opening import (
    AnnotationsMissing,
    AnnotationsSeveral,
    LimitExceeded,
    SourceMissing,
    SourceUnreadable,
    ZipDamaged,
    ZipEncrypted,
)
from mapper.places.opening import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.findings.collector import Collector
    from mapper.places.place import Place

XML = "annotations.xml"
BACKUPS = ("task.json", "project.json")
ANSWERS = ("labels.json",)
JSON = "annotations.json"
MANIFEST = "manifest.jsonl"
MEDIA = "images/"
BACKUP_MEDIA = "data/"

DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
"""What reading on in a damaged zip or file raises."""

_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What no genuine export exceeds; in bytes, but for ``ratio``, which counts from ``ratio_from`` bytes on, and ``frames`` of a task.

    XML is streamed. JSON is read whole, and takes about seven times its size in memory.
    """

    xml: int = 20 << 30
    json: int = 1 << 30
    frames: int = 5_000_000
    ratio: int = 1000
    ratio_from: int = 100_000_000
    token: int = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found at a path, before anything is read.

    ``xmls``: the candidates for the annotations, ``backups``: what makes it a backup, ``answers``: what makes it answers of the
    API, ``loose``: annotations in JSON, ``manifests``: lists of media; all as names within the source ("" for the path itself).
    ``file``: how findings name it.
    """

    path: Place
    form: Literal["file", "zip", "folder"]
    xmls: tuple[str, ...]
    backups: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name that findings give to the XML: of the source and of the member in it, without folders above."""
        name = printable(self.path.name or (self.path.resolve().name if isinstance(self.path, Path) else ""))
        return f"{name}/{self.xmls[0]}" if self.form != "file" and self.xmls else name

    @property
    def base(self) -> str:
        """The folder within the source that holds a backup or answers of the API, with a slash; "" if it is the top."""
        first = (self.answers or self.backups)[0]
        return first[: first.rfind("/") + 1]


def printable(name: str) -> str:
    """A file name as text that every output can hold: bytes that are not UTF-8 become escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def look(path: Place, findings: Collector) -> Contents:
    """Find the annotations in a file, zip or folder: at the top, else one folder down.

    Raises:
        SourceError: no such path, not readable, a damaged zip, or several annotation files.
    """
    report = Reporter(findings, str(path))
    try:
        if path.is_dir():
            found = _contents(path, "folder", _near(path))
        elif not path.exists():
            raise report.refuse(SourceMissing(str(path)))
        elif not _is_zip(path):
            if _begins(path, _ZIP):
                raise report.refuse(ZipDamaged(str(path), "its end is missing"))
            if path.name not in (*BACKUPS, *ANSWERS, JSON):
                return Contents(path=path, form="file", xmls=("",), seen=(path.name,))
            found = replace(_contents(path.parent, "folder", _near(path.parent)), xmls=())
        else:
            with opened_zip(path) as archive:
                found = _contents(path, "zip", archive.namelist())
    except zipfile.BadZipFile as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except OSError as error:
        raise report.refuse(SourceUnreadable(str(path), error.strerror or str(error))) from None
    candidates = found.xmls or found.answers or found.backups
    if len(candidates) > 1:
        raise report.refuse(AnnotationsSeveral(str(path), _some(candidates)))
    return found


def opened_zip(path: Place) -> zipfile.ZipFile:
    """A zip to read from; members that are opened outlive its closing. Raises OSError or zipfile.BadZipFile."""
    return zipfile.ZipFile(path if isinstance(path, Path) else path.open("rb"))


def _is_zip(path: Place) -> bool:
    return zipfile.is_zipfile(path if isinstance(path, Path) else path.open("rb"))


def _begins(path: Place, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def unsuitable(contents: Contents, findings: Collector) -> Exception:
    """The SourceError for a source that no reader takes: annotations in JSON without their labels, or none at all."""
    report = Reporter(findings, str(contents.path))
    if contents.loose:
        advice = "add the backup's task.json, or the API's answers as labels.json and meta.json"
        return report.refuse(PartMissing(str(contents.path), "task.json or labels.json beside annotations.json", advice))
    return report.refuse(AnnotationsMissing(str(contents.path), _some(contents.seen) or "nothing"))


def _near(folder: Place) -> Iterator[str]:
    """The files in a folder, and those names that matter one folder down; media are not listed."""
    for entry in entries(folder):
        if entry.is_file:
            yield entry.name
        elif entry.is_dir:
            below = folder / entry.name
            yield from (f"{entry.name}/{name}" for name in (XML, JSON, MANIFEST, *BACKUPS, *ANSWERS) if (below / name).is_file())


def _contents(path: Place, form: Literal["zip", "folder"], names: Iterable[str]) -> Contents:
    names = list(names)
    return Contents(
        path=path,
        form=form,
        xmls=_nearest(names, (XML,)),
        backups=_backups(names),
        answers=tuple(name for name in _nearest(names, ANSWERS) if name.removesuffix(ANSWERS[0]) + JSON in names),
        loose=_nearest(names, (JSON,)),
        manifests=tuple(name for name in names if name.endswith(MANIFEST) and name.count("/") <= 2),  # noqa: PLR2004 - folders above it
        seen=tuple(names[: _SHOWN + 1]),
    )


def _nearest(names: list[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    top = tuple(name for name in names if name in wanted)
    return top or tuple(name for name in names if name.count("/") == 1 and name.partition("/")[2] in wanted)


def _backups(names: list[str]) -> tuple[str, ...]:
    """What makes it a backup; a project's own file goes before the tasks beside it."""
    found = _nearest(names, BACKUPS)
    return tuple(name for name in found if name.endswith(BACKUPS[1])) or found


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def open_xml(contents: Contents, report: Reporter, limits: Limits) -> IO[bytes]:
    """The XML as a stream of bytes.

    Raises:
        SourceError: not readable, encrypted, of an unknown compression, or beyond the limits by its own declaration.
    """
    path = contents.path
    try:
        if contents.form != "zip":
            return (path / contents.xmls[0]).open("rb") if contents.form == "folder" else path.open("rb")
        with opened_zip(path) as archive:
            member = archive.getinfo(contents.xmls[0])
            checked(member, report, limits, limits.xml)
            return archive.open(member)
    except NotImplementedError as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except zipfile.BadZipFile as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except OSError as error:
        raise report.refuse(SourceUnreadable(str(path), error.strerror or str(error))) from None


def checked(member: zipfile.ZipInfo, report: Reporter, limits: Limits, most: int) -> None:
    """Refuse a member that is encrypted, larger than ``most`` bytes, or compressed beyond belief, by its own declaration."""
    what = "the XML" if member.filename.endswith(XML) else member.filename
    if member.flag_bits & _ENCRYPTED:
        raise report.refuse(ZipEncrypted(member.filename))
    if member.file_size > most:
        raise report.refuse(LimitExceeded(f"the size of {what}", f"{most} bytes"))
    if member.file_size > limits.ratio_from and member.file_size > limits.ratio * member.compress_size:
        raise report.refuse(LimitExceeded(f"the compression of {what}", f"{limits.ratio} to 1"))


class MediaPlace(NamedTuple):
    """Where the media of a source are: its path, and the folder in it, which ends in a slash or is empty.

    Exports have them in ``images/``, of projects in ``images/<subset>/``. A task's backup has them in ``data/``. That of a project
    has them in ``task_<number>/data/`` of ``folder``, which ``tasks`` tells.
    """

    path: Place
    folder: str
    backup: bool = False
    tasks: bool = False


def media_place(source: Place) -> MediaPlace | None:
    """Where the media of a source would be; None for a bare file, and for a source that ``look`` refuses."""
    try:
        if source.is_dir():
            names = list(_near(source))
        elif _is_zip(source):
            with opened_zip(source) as archive:
                names = archive.namelist()
        else:
            return None
    except (OSError, zipfile.BadZipFile):
        return None
    found = _nearest(names, (XML,))
    backup = () if found else _nearest(names, BACKUPS)
    folder = f"{names[0].rpartition('/')[0]}/".removeprefix("/") if (names := list(found or backup)) else ""
    if not backup:
        return MediaPlace(source, folder + MEDIA)
    tasks = backup[0].endswith(BACKUPS[1])
    return MediaPlace(source, folder if tasks else folder + BACKUP_MEDIA, backup=True, tasks=tasks)
