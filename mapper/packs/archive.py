"""Archives of packs: written so that the same files give the same bytes, read so that nothing gets out and nothing explodes.

An archive is read into memory, as files by name; nothing is ever unpacked to disk from here.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from stat import S_IFMT, S_IFREG
from typing import TYPE_CHECKING

from mapper.findings.packs.content import ArchiveBroken, ArchiveEscape, ArchiveLink, ArchiveTooLarge, HiddenName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.findings.base import Issue

Files = dict[str, bytes]
"""The files of a pack by their path in it, with forward slashes."""

MAX_UNPACKED = 32 * 1024 * 1024
MAX_FILES = 2_000
LONGEST_NAME = 200

_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_TAR_MARK = slice(257, 262)
_UNPORTABLE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_ENCRYPTED = 0x1


class _RefusedError(Exception):
    """Carries the issue out of a reader."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


def is_archive(data: bytes) -> bool:
    """Whether bytes begin as an archive does: tar, gzip or zip."""
    return data.startswith((_GZIP, _ZIP)) or data[_TAR_MARK] == b"ustar"


def name_fault(name: str, place: str) -> Issue | None:
    """What is wrong with a path in a pack, if anything: it must be relative, portable and visible."""
    parts = name.split("/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return ArchiveEscape(place, name, "it is not relative")
    if ".." in parts:
        return ArchiveEscape(place, name, "it leads out of the pack")
    odd = any(part in {"", "."} or part.endswith((" ", ".")) for part in parts)
    if odd or _UNPORTABLE.search(name) or len(name) > LONGEST_NAME:
        return ArchiveEscape(place, name[:LONGEST_NAME], "it is not portable")
    return HiddenName(place, name) if any(part.startswith(".") for part in parts) else None


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """A tar with the files in order of their names; no time, no owner, no mode of this machine gets in.

    It is not compressed: what a compressor writes depends on its version.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(files[name]), 0o644, 0
            archive.addfile(entry, io.BytesIO(files[name]))
    return buffer.getvalue()


def read_archive(data: bytes, place: str) -> Files | Issue:
    """The files of a tar, a compressed tar or a zip; an issue if anything in it is not a plain, small, portable file."""
    try:
        entries = _zip(data, place) if data.startswith(_ZIP) else _tar(_plain(data, place), place)
        return _collected(entries, place)
    except _RefusedError as refused:
        return refused.issue
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        return ArchiveBroken(place, str(error) or type(error).__name__)


def _collected(entries: Iterator[tuple[str, bytes]], place: str) -> Files:
    files: Files = {}
    folded: set[str] = set()
    size = 0
    for name, content in entries:
        size += len(content)
        if size > MAX_UNPACKED:
            raise _RefusedError(_too_large(place))
        if name.casefold() in folded:
            raise _RefusedError(ArchiveEscape(place, name, "it is there twice, or in another case, too"))
        folded.add(name.casefold())
        files[name] = content
    return files


def _too_large(place: str) -> Issue:
    return ArchiveTooLarge(place, f"{MAX_UNPACKED >> 20} MiB")


def _checked(name: str, place: str, count: int) -> None:
    if count > MAX_FILES:
        raise _RefusedError(ArchiveTooLarge(place, f"{MAX_FILES} files"))
    fault = name_fault(name, place)
    if fault is not None:
        raise _RefusedError(fault)


def _plain(data: bytes, place: str) -> bytes:
    """The bytes of a tar, unpacked no further than the limit."""
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    plain = unpacker.decompress(data, MAX_UNPACKED + MAX_FILES * 2 * tarfile.BLOCKSIZE)
    if unpacker.unconsumed_tail:
        raise _RefusedError(_too_large(place))
    if not unpacker.eof:
        raise EOFError("the compressed data end early")
    return plain


def _tar(data: bytes, place: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for count, entry in enumerate(archive, 1):
            name = entry.name.removeprefix("./")
            if entry.isdir() and name in {"", "."}:
                continue
            _checked(name, place, count)
            if entry.isdir():
                continue
            if entry.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or entry.issparse():
                raise _RefusedError(ArchiveLink(place, name, "a link" if entry.issym() or entry.islnk() else "no plain file"))
            if entry.size > MAX_UNPACKED:
                raise _RefusedError(_too_large(place))
            content = archive.extractfile(entry)
            read = content.read() if content is not None else b""
            if len(read) != entry.size:
                raise EOFError(f"{name} ends early")
            yield name, read


def _zip(data: bytes, place: str) -> Iterator[tuple[str, bytes]]:
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for count, entry in enumerate(archive.infolist(), 1):
            name = entry.orig_filename.removesuffix("/") if entry.is_dir() else entry.orig_filename
            _checked(name, place, count)
            if entry.is_dir():
                continue
            kind = S_IFMT(entry.external_attr >> 16)
            if kind not in {0, S_IFREG}:
                raise _RefusedError(ArchiveLink(place, name, "a link or no plain file"))
            if entry.flag_bits & _ENCRYPTED:
                raise _RefusedError(ArchiveBroken(place, "it is encrypted"))
            with archive.open(entry) as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _RefusedError(_too_large(place))
            yield name, content
