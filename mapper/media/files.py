"""The media files of an export or a folder: their names, and their bytes as bounded streams; nothing is extracted.

Names are relative to where the media are, with ``/`` between folders. A name that leads out of there, and a link that does,
is left out and reported. Files in a zip are read where they are, within the limits that the zip's own declarations keep.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol, Self

from mapper.places.remote import RemotePlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.places.place import Place

BESIDE = frozenset({"manifest.jsonl", "index.json"})
"""What CVAT itself puts beside the media of a backup."""
LINK = "a symbolic link that leads out of the folder"
FOLDER = "a symbolic link to a folder, which is not entered"
NOTHING = "a link that leads nowhere, or no file"
FEW = 100
"""Images of a store that are opened to look at their headers."""
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


class Limits(NamedTuple):
    """What no genuine file exceeds: its size in a zip in bytes, and its compression from ``ratio_from`` bytes on."""

    member: int = 64 << 30
    ratio: int = 1000
    ratio_from: int = 100_000_000


GENUINE = Limits()


class OverLimitError(Exception):
    """A file that is not read because of a limit; it never leaves `mapper.media`, which makes a finding of it."""


class MediaFiles(Protocol):
    """Where media files are: ``names`` in order, one that occurs twice in an archive twice; ``left`` alone, with the reason."""

    names: list[str]
    left: list[tuple[str, str]]

    @property
    def cheap(self) -> bool:
        """Whether opening all of them costs little."""

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file, seekable.

        Raises OverLimitError, OSError, zipfile.BadZipFile or NotImplementedError (a compression that is not known).
        """

    def close(self) -> None:
        """Close what is open; names stay."""


@dataclass(slots=True)
class FolderFiles:
    """The files below a folder; ``links``: whether symbolic links may lead out of it."""

    folder: Path
    links: bool = False
    names: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    cheap: bool = True
    _odd: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = os.path.realpath(self.folder)
        for raw, why in _walk(str(self.folder)):
            name = raw.encode("utf-8", "backslashreplace").decode()
            outside = why == LINK and not os.path.realpath(self.folder / raw).startswith(root + os.sep)
            if why and (why != LINK or (outside and not self.links)):
                self.left.append((name, why))
                continue
            self.names.append(name)
            if name != raw:
                self._odd[name] = raw
        self.names.sort()

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file."""
        return (self.folder / self._odd.get(name, name)).open("rb")

    def close(self) -> None:
        """Nothing is open."""


def _walk(folder: str, above: str = "") -> Iterator[tuple[str, str]]:
    """Everything below a folder that is no folder, relative to it, with what there is to mind about it; links are not entered."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield above or ".", f"the folder cannot be read: {error.strerror or error}"
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{above}{entry.name}/")
        elif entry.is_file():
            yield f"{above}{entry.name}", LINK if entry.is_symlink() else ""
        else:
            yield f"{above}{entry.name}", FOLDER if entry.is_dir() else NOTHING


@dataclass(slots=True)
class ZipFiles:
    """The files of a zip below ``prefix``, which ends in a slash or is empty."""

    path: Place
    prefix: str = ""
    limits: Limits = GENUINE
    names: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    _archive: zipfile.ZipFile | None = None
    _members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self._archived() as archive:
            for member in archive.namelist():
                name = self._name(member)
                if name is None:
                    continue
                if leads_out(name):
                    self.left.append((name, "its name leads out of the archive"))
                else:
                    self.names.append(name)
        self.names.sort()

    @property
    def cheap(self) -> bool:
        """A file of this machine is; on a store, the images of a zip are fetched one by one, unless there are few or it is small."""
        return not isinstance(self.path, RemotePlace) or self.path.held or len(self.names) <= FEW

    def _archived(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(self.path if isinstance(self.path, Path) else self.path.open("rb"))

    def _name(self, member: str) -> str | None:
        """What a member is called among the media, None if it is none of them; its folders may be parted by backslashes."""
        if member.endswith(("/", "\\")) or not member.replace("\\", "/").startswith(self.prefix):
            return None
        return member[len(self.prefix) :]

    def _open(self) -> zipfile.ZipFile:
        """The archive, opened when the first file is read; members take memory, and who only wants names does without."""
        if self._archive is None:
            self._archive = self._archived()
            named = ((self._name(member.filename), member) for member in self._archive.infolist())
            self._members = {name: member for name, member in named if name is not None}
        return self._archive

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a member, unpacked as they are read."""
        archive, limits = self._open(), self.limits
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise OverLimitError("it is encrypted")
        if member.file_size > limits.member:
            raise OverLimitError(f"it claims to be larger than {limits.member >> 30} GiB")
        if member.file_size > limits.ratio_from and member.file_size > limits.ratio * member.compress_size:
            raise OverLimitError(f"it claims to be compressed more than {limits.ratio} to 1")
        return archive.open(member)

    def close(self) -> None:
        """Close the archive, if it was opened."""
        if self._archive is not None:
            self._archive.close()
            self._archive, self._members = None, {}


def leads_out(name: str) -> bool:
    """Whether a name, with folders parted by slashes of either kind, leads out of where it stands."""
    parts = re.split(r"[\\/]", name)
    return ".." in parts or not parts[0] or _DRIVE.match(name) is not None


@dataclass(slots=True)
class StoredFiles:
    """The files below a folder of a store; their names are listed at once."""

    folder: RemotePlace
    names: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in self._below(self.folder, ""):
            if leads_out(name):
                self.left.append((name, "its name leads out of the folder"))
            else:
                self.names.append(name)
        self.names.sort()

    def _below(self, folder: RemotePlace, above: str) -> Iterator[str]:
        for entry in folder.entries():
            if entry.is_dir:
                yield from self._below(folder / entry.name, f"{above}{entry.name}/")
            else:
                yield above + entry.name

    @property
    def cheap(self) -> bool:
        """Whether there are few: each is fetched by itself."""
        return len(self.names) <= FEW

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file, fetched as they are read."""
        return (self.folder / name).ranges()

    def close(self) -> None:
        """Nothing is open."""


def files_at(
    place: Place, folder: str = "", *, links: bool = False, backup: bool = False, tasks: bool = False
) -> FolderFiles | ZipFiles | StoredFiles | None:
    """The media of a folder, or of a zip, below ``folder``; None if there is nothing.

    ``backup``: leave out what CVAT itself puts beside the media. ``tasks``: only what stands in ``<task>/data/``.
    """
    files: FolderFiles | ZipFiles | StoredFiles
    if place.is_dir():
        inner = place / folder
        if not inner.is_dir():
            return None
        files = _below(inner, links=links)
    else:
        files = ZipFiles(place, folder)
    if backup:
        files.names = [name for name in files.names if name.rpartition("/")[2] not in BESIDE]
    if tasks:
        files.names = [name for name in files.names if name.split("/")[1:2] == ["data"]]
    return files if place.is_dir() or files.names or files.left else None


def _below(folder: Place, *, links: bool) -> FolderFiles | StoredFiles:
    if isinstance(folder, RemotePlace):
        return StoredFiles(folder)
    assert isinstance(folder, Path)  # noqa: S101 - there are two kinds of places
    return FolderFiles(folder, links=links)


class Bounded:
    """A stream that ends in OverLimitError when more than ``limit`` bytes were read from it, seeks not counted."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file = file
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        if size < 0 or size > self._left:
            data = self._file.read(self._left + 1)
            if len(data) > self._left:
                raise OverLimitError("its header is too long")
        else:
            data = self._file.read(size)
        self._left -= len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As of a file."""
        return self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
