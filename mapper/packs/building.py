"""Reads a pack from its folder, checks it and builds its archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.findings.base import Issue, Location
from mapper.findings.packs.content import ArchiveLink, ArchiveTooLarge, NoPack
from mapper.packs.archive import MAX_FILES, MAX_UNPACKED, name_fault, write_archive
from mapper.packs.lock import LOCK
from mapper.packs.manifest import MANIFEST, read_manifest
from mapper.packs.opening import read_pinned
from mapper.spec.documents import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mapper.packs.archive import Files
    from mapper.packs.manifest import Pack
    from mapper.spec.load import LoadedSpec

Found = tuple[Issue, Location | None]
LEFT_OUT = frozenset({LOCK, "__pycache__"})
"""What stays at home, besides hidden files and archives: whoever extends the pack has a lock file of their own."""
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".zip")


@dataclass(slots=True)
class Checked:
    """A pack's folder after a look: manifest, files, its exported specs, what was found, and texts for excerpts."""

    pack: Pack | None = None
    files: Files = field(default_factory=dict)
    specs: dict[str, LoadedSpec] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    texts: dict[str, Sequence[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.pack is not None and not errors(self.found)


def read_pack(folder: Path) -> Checked:
    """Read a pack's folder: its manifest and its files, none of its specs."""
    checked = Checked()
    if not (folder / MANIFEST).is_file():
        checked.found.append((NoPack(str(folder), f"it has no {MANIFEST}"), None))
        return checked
    for found in _files(folder):
        if isinstance(found, Issue):
            checked.found.append((found, None))
        else:
            checked.files[found[0]] = found[1]
    pack, problems, located = read_manifest(checked.files, str(folder))
    checked.pack, checked.found = pack, [*checked.found, *problems]
    checked.texts |= located.texts if located is not None else {}
    return checked


def check_pack(folder: Path, *, locked: bool = False) -> Checked:
    """Read a pack's folder and everything that it exports."""
    checked = read_pack(folder)
    pack = checked.pack
    for name, path in pack.specs.items() if pack is not None else ():
        loaded, problems, located = read_pinned(folder / path, {}, locked=locked)
        checked.found += problems
        checked.texts |= located.texts if located is not None else {}
        if loaded is not None:
            checked.specs[name] = loaded
    return checked


def _files(folder: Path) -> Iterator[tuple[str, bytes] | Issue]:
    """The files that travel with a pack: no hidden ones, no archives; links are refused."""
    size = 0
    count = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        parts = name.split("/")
        if any(part.startswith(".") or part in LEFT_OUT for part in parts) or name.endswith(ARCHIVES):
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            yield ArchiveLink(str(folder), name, "a link" if path.is_symlink() else "no plain file")
        elif path.is_file():
            fault = name_fault(name, str(folder))
            size, count = size + path.stat().st_size, count + 1
            if fault is not None:
                yield fault
            elif size > MAX_UNPACKED or count > MAX_FILES:
                yield ArchiveTooLarge(str(folder), f"{MAX_UNPACKED >> 20} MiB or {MAX_FILES} files")
                return
            else:
                yield name, path.read_bytes()


def archive_of(checked: Checked) -> tuple[str, bytes]:
    """The name and the bytes of a pack's archive; the same files give the same bytes."""
    assert checked.pack is not None  # noqa: S101 - the caller looked
    return f"{checked.pack.name}-{checked.pack.version}.tar", write_archive(checked.files)
