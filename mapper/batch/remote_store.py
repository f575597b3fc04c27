"""A folder of bundles on an object store, with what a batch remembers in it: the names of `mapper.batch.store`, as objects."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mapper.batch.naming import RESERVED
from mapper.batch.store import STATE, SUFFIX, Store, memory_of, remembered, tidy
from mapper.encord.writers.bundle import FILES
from mapper.encord.writers.stored import withdraw
from mapper.errors import OutputError
from mapper.places.remote import RemotePlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper.batch.order import Row
    from mapper.batch.sources import Export
    from mapper.batch.store import Remembered
    from mapper.places.place import Place


class RemoteStore:
    """The folder of a batch on a store; it does what a `Store` does."""

    def __init__(self, root: RemotePlace) -> None:
        self.root = root
        self.state = root / STATE

    def begin(self, exports: Sequence[Export], *, resume: bool, force: bool) -> None:
        """Make the place ready; raises OutputError or SourceError if something is in the way. The head goes first."""
        found = self._names(self.root)
        taken = [name for name in found if name != STATE and name not in RESERVED]
        if found and not resume:
            self._check(taken, {export.name for export in exports}, force=force, state=STATE in found)
        for name in sorted(RESERVED & set(found)):
            self._remove(self.root / name)
        if not resume and STATE in found:
            for name in self._names(self.state):
                self._remove(self.state / name)
        tidy(self, exports)

    def _check(self, taken: Sequence[str], names: set[str], *, force: bool, state: bool) -> None:
        if not force and (taken or state):
            raise OutputError(f"{self.root} exists; use --resume to go on with it, or --force to replace the bundles")
        for name in taken:
            if not self._is_bundle(name):
                raise OutputError(f"{self.root} holds more than bundles ({name}); choose another place")
        for name in taken:
            if name not in names:  # the others stay until there is something better
                self.drop(name)

    def names(self) -> list[str]:
        """The bundles that something is known of."""
        return [file.removesuffix(SUFFIX) for file in self._names(self.state)]

    def load(self, name: str) -> Remembered | None:
        """What is known of a bundle; None if nothing is, or it cannot be read."""
        self.root.store.forget()
        place = self.state / f"{name}{SUFFIX}"
        return remembered(place.read_bytes()) if place.is_file() else None

    def save(self, name: str, source: str, row: Row) -> None:
        """Remember it; raises OutputError."""
        self.put(f"{STATE}/{name}{SUFFIX}", memory_of(source, row))

    def forget(self, name: str) -> None:
        """What was known of a bundle."""
        self._remove(self.state / f"{name}{SUFFIX}")

    def put(self, name: str, data: bytes) -> None:
        """Write an object; raises OutputError."""
        with TemporaryDirectory(prefix="mapper-") as folder:
            file = Path(folder) / "object"
            file.write_bytes(data)
            self.root.store.put(file, (self.root / name).path)
        self.root.store.forget()

    def has(self, name: str) -> bool:
        """Whether there is anything where a bundle would be."""
        return bool(self._names(self.root / name))

    def drop(self, name: str) -> None:
        """Remove a bundle."""
        withdraw(self.root / name)

    def discard(self, name: str) -> None:
        """Remove a bundle that is of no more use, if there is one."""
        self.forget(name)
        if self._is_bundle(name):
            self.drop(name)

    def sweep(self, names: Iterable[str]) -> None:
        """Nothing: what a killed upload has left is no bundle, and is replaced by the next one."""

    def _names(self, folder: RemotePlace) -> list[str]:
        """What is right below a folder, as it is now."""
        folder.store.forget()
        return [entry.name for entry in folder.entries()] if folder.is_dir() else []

    def _is_bundle(self, name: str) -> bool:
        found = self._names(self.root / name)
        return bool(found) and set(found) <= set(FILES)

    def _remove(self, place: RemotePlace) -> None:
        place.store.remove(place.path)
        place.store.forget()


def store_at(root: Place) -> Store | RemoteStore:
    """The folder of a batch, wherever it is."""
    if isinstance(root, RemotePlace):
        return RemoteStore(root)
    assert isinstance(root, Path)  # noqa: S101 - there are two kinds of places
    return Store(root)
