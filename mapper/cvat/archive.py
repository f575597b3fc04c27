"""Where the XML of an export is: a file, a zip or a folder; never extracted, read as a stream within limits."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, NamedTuple

from mapper.cvat.reporter import Reporter
from mapper.findings.source.opening import (
    AnnotationsMissing,
    AnnotationsSeveral,
    LimitExceeded,
    SourceMissing,
    SourceUnreadable,
    TaskBackup,
    ZipDamaged,
    ZipEncrypted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mapper.findings.collector import Collector

XML = "annotations.xml"
BACKUPS = ("task.json", "project.json")
MEDIA = "images/"
BACKUP_MEDIA = "data/"

DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
"""What reading on in a damaged zip or file raises."""

_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What no genuine export exceeds; all in bytes but ``ratio``, which counts from ``ratio_from`` bytes of XML on."""

    xml: int = 20 << 30
    ratio: int = 1000
    ratio_from: int = 100_000_000
    token: int = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found at a path, before anything is read.

    ``xmls``: the candidates for the annotations, ``backups``: what makes it a backup, both as names within the source
    ("" for the path itself). ``file``: how findings name it.
    """

    path: Path
    form: Literal["file", "zip", "folder"]
    xmls: tuple[str, ...]
    backups: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name that findings give to the XML: of the source and of the member in it, without folders above."""
        name = printable(self.path.name or self.path.resolve().name)
        return f"{name}/{self.xmls[0]}" if self.form != "file" and self.xmls else name


def printable(name: str) -> str:
    """A file name as text that every output can hold: bytes that are not UTF-8 become escapes."""
    return name.encode("utf-8", "backslashreplace").decode()


def look(path: Path, findings: Collector) -> Contents:
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
        elif not zipfile.is_zipfile(path):
            if _begins(path, _ZIP):
                raise report.refuse(ZipDamaged(str(path), "its end is missing"))
            backup = (path.name,) if path.name in BACKUPS else ()
            return Contents(path=path, form="file", xmls=() if backup else ("",), backups=backup, seen=(path.name,))
        else:
            with zipfile.ZipFile(path) as archive:
                found = _contents(path, "zip", archive.namelist())
    except zipfile.BadZipFile as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except OSError as error:
        raise report.refuse(SourceUnreadable(str(path), error.strerror or str(error))) from None
    if len(found.xmls) > 1:
        raise report.refuse(AnnotationsSeveral(str(path), _some(found.xmls)))
    return found


def _begins(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def unsuitable(contents: Contents, findings: Collector) -> Exception:
    """The SourceError for a source that no reader takes: a backup, or no annotations at all."""
    report = Reporter(findings, str(contents.path))
    if contents.backups:
        return report.refuse(TaskBackup(contents.backups[0]))
    return report.refuse(AnnotationsMissing(str(contents.path), _some(contents.seen) or "nothing"))


def _near(folder: Path) -> Iterator[str]:
    """The files in a folder, and those names that matter one folder down; media are not listed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_file():
                yield entry.name
            elif entry.is_dir():
                yield from (f"{entry.name}/{name}" for name in (XML, *BACKUPS) if (folder / entry.name / name).is_file())


def _contents(path: Path, form: Literal["zip", "folder"], names: Iterable[str]) -> Contents:
    names = list(names)
    return Contents(
        path=path,
        form=form,
        xmls=_nearest(names, (XML,)),
        backups=_nearest(names, BACKUPS),
        seen=tuple(names[: _SHOWN + 1]),
    )


def _nearest(names: list[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    top = tuple(name for name in names if name in wanted)
    return top or tuple(name for name in names if name.count("/") == 1 and name.partition("/")[2] in wanted)


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
        with zipfile.ZipFile(path) as archive:
            member = archive.getinfo(contents.xmls[0])
            _check(member, report, limits)
            return archive.open(member)
    except NotImplementedError as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except zipfile.BadZipFile as error:
        raise report.refuse(ZipDamaged(str(path), str(error))) from None
    except OSError as error:
        raise report.refuse(SourceUnreadable(str(path), error.strerror or str(error))) from None


def _check(member: zipfile.ZipInfo, report: Reporter, limits: Limits) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise report.refuse(ZipEncrypted(member.filename))
    if member.file_size > limits.xml:
        raise report.refuse(LimitExceeded("the size of the XML", f"{limits.xml} bytes"))
    if member.file_size > limits.ratio_from and member.file_size > limits.ratio * member.compress_size:
        raise report.refuse(LimitExceeded("the compression of the XML", f"{limits.ratio} to 1"))


class MediaPlace(NamedTuple):
    """Where the media of a source are: its path, and the folder in it, which ends in a slash or is empty.

    Exports have them in ``images/``, of projects in ``images/<subset>/``. A task's backup has them in ``data/``. That of a project
    has them in ``task_<number>/data/`` of ``folder``, which ``tasks`` tells.
    """

    path: Path
    folder: str
    backup: bool = False
    tasks: bool = False


def media_place(source: Path) -> MediaPlace | None:
    """Where the media of a source would be; None for a bare file, and for a source that ``look`` refuses."""
    try:
        if source.is_dir():
            names = list(_near(source))
        elif zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
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
