"""Where specs come from: files of the project and shipped packs; a resolver for packs from elsewhere is passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from os.path import normpath
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Protocol

from mapper.findings.spec_meaning.beside import FileOutside, FileUnreadable
from mapper.findings.spec_meaning.extending import BadSource, ExtendsOutside, ExtendsUnreadable, NotShipped
from mapper.resources import shipped_packs
from mapper.spec.located import MAX_BYTES, load_located
from mapper.spec.references import File, Shipped, masked, parse
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from mapper.findings.base import Issue

MARKS = ("mapper.lock", "pack.yaml")
"""Files that make their folder a project: specs in it may extend files anywhere in it."""


class Folder(Protocol):
    """What a spec may read beside itself."""

    def read(self, name: str, limit: int) -> bytes | Issue:
        """The bytes of a file named relative to the spec; FileOutside or FileUnreadable if they cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that is loaded as a spec.

    ``identity`` is equal for equal documents. ``file`` is the name that findings show. ``home`` says where references in
    it lead: a folder of the disk for files, or what another resolver made. ``pack`` is the name and version of the pack
    that it belongs to, ("", "") for files of the project. ``sha256`` is that of what was transported.
    """

    identity: tuple[str, ...]
    file: str
    data: bytes
    folder: Folder
    home: object
    pack: tuple[str, str] = ("", "")
    sha256: str = ""

    @property
    def title(self) -> str:
        """The name for sentences: a file of the project by its last part, so that messages do not depend on where it lies."""
        return self.file if any(self.pack) else PureWindowsPath(self.file).name


class Sources(Protocol):
    """Finds what a spec extends."""

    def find(self, source: str, digest: str | None, of: Source) -> Source | Issue:
        """The document that ``source`` means in the spec ``of``; ``digest`` is what the entry pins, if it does."""


def outside(name: str) -> str:
    """Why a name is no path below a folder, "" if it is one."""
    for pure in (PurePosixPath(name), PureWindowsPath(name)):
        if pure.anchor:
            return "it is not a relative path"
    return "it holds a backslash" if "\\" in name else ""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder of the disk; links are followed and must stay inside ``root``, and names may climb up to it."""

    path: Path
    root: Path

    def read(self, name: str, limit: int) -> bytes | Issue:
        """The bytes of a file below the spec's own folder."""
        climbs = ".." in PureWindowsPath(name).parts and not PureWindowsPath(name).anchor
        why = "`..` leads out of it" if climbs else outside(name)
        return FileOutside(name, why) if why else self._read(name, limit, self.path)

    def climb(self, name: str, limit: int) -> bytes | Issue:
        """The bytes of a file below the root."""
        why = outside(name)
        return FileOutside(name, why) if why else self._read(name, limit, self.root)

    def _read(self, name: str, limit: int, within: Path) -> bytes | Issue:
        try:
            file = (self.path / name).resolve()
            if not file.is_relative_to(within.resolve()):
                return FileOutside(name, "a link leads out of it" if ".." not in PurePosixPath(name).parts else "`..` leads out of it")
            if not file.is_file():
                return FileUnreadable(name, "it is not a file" if file.exists() else "there is no such file")
            with file.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            return FileUnreadable(name, error.strerror or "unreadable")
        except (RuntimeError, ValueError) as error:  # links in a circle; a name that no file can have
            return FileUnreadable(name, str(error))
        return FileUnreadable(name, f"it has more than {limit >> 20} MiB") if len(data) > limit else data


def project(path: Path) -> Path:
    """The folder of the project that a spec belongs to: the nearest one above it with mapper.lock or pack.yaml, else its own."""
    folder = path.parent.resolve()
    return next((above for above in (folder, *folder.parents) if any((above / mark).is_file() for mark in MARKS)), folder)


def root_source(path: Path, data: bytes, shown: str, *, shipped: bool) -> Source:
    """The source of the spec that the caller names."""
    folder = LocalFolder(path.parent, path.parent if shipped else project(path))
    return Source(identity=("file", str(path.resolve())), file=shown, data=data, folder=folder, home=folder)


class LocalSources:
    """Files of the project and shipped packs; whatever comes from elsewhere is refused."""

    def find(self, source: str, digest: str | None, of: Source) -> Source | Issue:  # noqa: ARG002 - for resolvers that check it
        """The file or shipped pack that a reference means."""
        reference = parse(source)
        if isinstance(reference, str):
            return BadSource(masked(source), reference)
        if isinstance(reference, File):
            return local(reference, of)
        if isinstance(reference, Shipped):
            return shipped(reference, source)
        return BadSource(source, "the caller allows files and shipped packs only")


def local(reference: File, of: Source) -> Source | Issue:
    """A file of the project, relative to the spec that names it."""
    home = of.home
    assert isinstance(home, LocalFolder)  # noqa: S101 - other resolvers look after their own sources
    data = home.climb(reference.path, MAX_BYTES)
    if isinstance(data, FileOutside):
        return ExtendsOutside(reference.path, data.why)
    if isinstance(data, FileUnreadable):
        return ExtendsUnreadable(reference.path, data.why)
    assert isinstance(data, bytes)  # noqa: S101 - nothing else is left
    path = home.path / reference.path
    folder = LocalFolder(path.parent, home.root)
    return Source(
        identity=("file", str(path.resolve())), file=beside(of.file, reference.path), data=data, folder=folder, home=folder, pack=of.pack
    )


def beside(file: str, name: str) -> str:
    """The shown name of a file that another one names, with forward slashes."""
    folder = file.replace("\\", "/").rpartition("/")[0]
    return normpath(f"{folder}/{name}" if folder else name).replace("\\", "/")


def shipped(reference: Shipped, source: str) -> Source | Issue:
    """A pack that travels with mapper, if its version begins with the numbers asked for."""
    packs = shipped_packs()
    path = packs.get(reference.name)
    if path is None:
        close = near(reference.name, packs)
        return NotShipped(source, "there is no such pack", close and f"{close}@{version_of(packs[close])}")
    version = version_of(path)
    if not reference.admits(version):
        return NotShipped(source, f"it has {reference.name} {version}", f"{reference.name}@{version}")
    data = path.read_bytes()
    found = root_source(path, data, f"{path.parent.name}/{path.name}", shipped=True)
    return replace(found, pack=(reference.name, version))


@cache
def version_of(path: Path) -> str:
    """The version that a shipped spec states."""
    return str(load_located(path.read_bytes(), path.name).value["metadata"]["version"])
