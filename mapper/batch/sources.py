"""Which exports a batch is over: files, patterns, lists and folders, made into one list by name."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mapper.batch.naming import bundle_names, shown_sources
from mapper.cvat.archive import ANSWERS, BACKUPS, JSON, XML
from mapper.errors import SourceError
from mapper.findings.batch import NoExports
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILES = (".zip", ".xml")
"""What is taken for an export in a folder; a file that is named may have any name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export: the name of its bundle, its place, and how results call it: below the folder that all sources share."""

    name: str
    source: str
    shown: str


def find_exports(sources: Sequence[str], lists: Sequence[str] = ()) -> list[Export]:
    """All exports by name, each once; raises SourceError if a pattern, list or folder holds none.

    ``lists``: files with a source in each line, as ``@FILE`` among ``sources`` is too; empty lines and those that begin with ``#``
    do not count, and paths in them mean what they would mean on the command line.
    """
    found: dict[str, str] = {}
    for source in [*_listed(sources), *(line for file in lists for line in _lines(file))]:
        for path in _expanded(source):
            found.setdefault(_identity(path), path)
    if not found:
        raise _none("the sources", "nothing was given")
    shown = shown_sources(list(found))
    names = bundle_names(shown)
    exports = [Export(name=name, source=path, shown=text) for name, path, text in zip(names, found.values(), shown, strict=True)]
    return sorted(exports, key=lambda export: export.name)


def _identity(path: str) -> str:
    return path if "://" in path else os.path.realpath(path)


def _none(source: str, why: str) -> SourceError:
    collector = Collector()
    issue = NoExports(source, why)
    collector.add(issue)
    return SourceError(issue.message(), collector.findings())


def _listed(sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        if source.startswith("@"):
            yield from _lines(source[1:])
        else:
            yield source


def _lines(file: str) -> list[str]:
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _none(file, getattr(error, "strerror", None) or "it is not text") from error
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if not lines:
        raise _none(file, "the list is empty")
    return lines


def _expanded(source: str) -> list[str]:
    if "://" in source:
        return [source]
    path = Path(source)
    if path.is_dir() and not _is_export(path):
        found = list(_below(path))
        if not found:
            raise _none(source, "the folder holds neither zips nor XML files nor unpacked exports")
        return found
    if not os.path.lexists(source) and glob.has_magic(source):
        matches = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute patterns
        if not matches:
            raise _none(source, "nothing matches")
        return [found for match in matches for found in (_expanded(match) if Path(match).is_dir() else [match])]
    return [source]


def _below(folder: Path) -> Iterator[str]:
    """The exports in a folder and in those within it, by name; hidden ones do not count."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from [str(path)] if _is_export(path) else _below(path)
        elif path.name.lower().endswith(FILES):
            yield str(path)


def _is_export(folder: Path) -> bool:
    """Whether a folder is an unpacked export by itself, and holds no others."""
    names = {path.name for path in folder.iterdir()}
    marked = XML in names or names & {*BACKUPS} or (names & {*ANSWERS} and JSON in names)
    return bool(marked) and not any(name.lower().endswith(FILES) and name != XML for name in names)
