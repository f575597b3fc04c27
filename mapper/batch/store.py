"""A folder of bundles, and what a batch remembers in it, so that it can be resumed.

::

    DIR/<name>/          a bundle each
    DIR/ontology.json    the ontology of all, unless each has its own
    DIR/index.jsonl      a line an export
    DIR/batch.json       the head; written last, so without it the batch is not complete
    DIR/.batch/<name>    what became of each export that was converted: its row, and where it was read from
"""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NamedTuple, Protocol

import orjson

from mapper.batch.leftovers import sweep
from mapper.batch.naming import RESERVED
from mapper.batch.order import Row
from mapper.encord.writers.bundle import FILES, writing
from mapper.errors import OutputError, SourceError
from mapper.findings.batch import StrangeBundle
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from mapper.batch.sources import Export
    from mapper.places.place import Place

STATE = ".batch"
SUFFIX = ".json"


class Remembered(NamedTuple):
    """What became of an export that was read from ``source``."""

    source: str
    row: Row


def memory_of(source: str, row: Row) -> bytes:
    """A row as it is remembered."""
    plain = replace(row, own=None)
    record = {part.name: getattr(plain, part.name) for part in fields(Row)}
    record |= {"source": place_key(source), "own": None if row.own is None else base64.b85encode(row.own).decode()}
    return orjson.dumps(record)


def remembered(data: bytes) -> Remembered | None:
    """What was remembered; None if that cannot be read."""
    try:
        record = orjson.loads(data)
        source, own = record.pop("source"), record.pop("own")
        record["findings"] = tuple((code, word, count) for code, word, count in record["findings"])
        return Remembered(source, Row(own=None if own is None else base64.b85decode(own), **record))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


class Memory(Protocol):
    """What a folder of bundles knows of them, wherever it is."""

    @property
    def root(self) -> Place:
        """The folder."""

    def names(self) -> list[str]:
        """The bundles that something is known of."""

    def load(self, name: str) -> Remembered | None:
        """What is known of a bundle."""

    def forget(self, name: str) -> None:
        """Know nothing of it any more."""

    def has(self, name: str) -> bool:
        """Whether it is there."""

    def drop(self, name: str) -> None:
        """Remove it."""


def tidy(memory: Memory, exports: Sequence[Export]) -> None:
    """Let go what earlier runs made of these exports under other names; raises SourceError for bundles of others."""
    names = {place_key(export.source): export.name for export in exports}
    for name in memory.names():
        known = memory.load(name)
        if known is None or not memory.has(name):
            memory.forget(name)
            continue
        now = names.get(known.source)
        if now is None:
            issue = StrangeBundle(str(memory.root), name, Path(known.source).name)
            collector = Collector()
            collector.add(issue)
            raise SourceError(issue.message(), collector.findings())
        if now != name:  # more exports are known, so that it takes more folders to tell them apart
            memory.forget(name)
            memory.drop(name)


class Store:
    """The folder of a batch."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.state = root / STATE

    # -- beginning -----------------------------------------------------------------------------------------------

    def begin(self, exports: Sequence[Export], *, resume: bool, force: bool) -> None:
        """Make the folder ready; raises OutputError or SourceError if something is in the way. The head goes first."""
        with writing(self.root):
            if self.root.exists():
                self._check({export.name for export in exports}, resume=resume, force=force)
            self.state.mkdir(parents=True, exist_ok=True)
            for name in RESERVED:
                (self.root / name).unlink(missing_ok=True)
            if not resume:
                for path in self.state.iterdir():
                    path.unlink()
            tidy(self, exports)

    def _check(self, names: Collection[str], *, resume: bool, force: bool) -> None:
        if not self.root.is_dir():
            raise OutputError(f"{self.root} exists and is no folder")
        entries = [path for path in self.root.iterdir() if path.name != STATE and path.name not in RESERVED]
        if resume or not (entries or self.state.exists()):
            return
        if not force:
            raise OutputError(f"{self.root} exists; use --resume to go on with it, or --force to replace the bundles")
        for path in entries:
            if not _is_bundle(path):
                raise OutputError(f"{self.root} holds more than bundles ({path.name}); choose another place")
        for path in entries:
            if path.name not in names:  # the others stay until there is something better
                shutil.rmtree(path)

    # -- memory --------------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The bundles that something is known of."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.state.glob(f"*{SUFFIX}")) if self.state.is_dir() else []

    def load(self, name: str) -> Remembered | None:
        """What is known of a bundle; None if nothing is, or it cannot be read."""
        try:
            return remembered((self.state / f"{name}{SUFFIX}").read_bytes())
        except OSError:
            return None

    def save(self, name: str, source: str, row: Row) -> None:
        """Remember it; raises OutputError."""
        self.put(f"{STATE}/{name}{SUFFIX}", memory_of(source, row))

    def forget(self, name: str) -> None:
        """What was known of a bundle."""
        (self.state / f"{name}{SUFFIX}").unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Whether there is anything where a bundle would be."""
        return (self.root / name).exists()

    def drop(self, name: str) -> None:
        """Remove a bundle."""
        shutil.rmtree(self.root / name)

    # -- files ---------------------------------------------------------------------------------------------------

    def put(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all; raises OutputError."""
        path = self.root / name
        with writing(path):
            with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", suffix=".partial", delete=False) as file:
                partial = Path(file.name)
            try:
                partial.write_bytes(data)
                partial.chmod(0o644)
                partial.replace(path)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise

    def discard(self, name: str) -> None:
        """Remove a bundle that is of no more use, if there is one."""
        self.forget(name)
        if _is_bundle(self.root / name):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def sweep(self, names: Iterable[str]) -> None:
        """Remove what killed workers have left."""
        for name in names:
            sweep(self.root / name)


def _is_bundle(path: Path) -> bool:
    return path.is_dir() and {entry.name for entry in path.iterdir()} <= set(FILES)


def place_key(source: str) -> str:
    """What stands for a source, whatever way it is named."""
    return source if "://" in source else os.path.realpath(source)
