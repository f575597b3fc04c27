"""A file or folder of an object store, with as much of the face of a path as reading needs."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal, NamedTuple

from mapper.places.place import Entry
from mapper.places.ranges import BUFFER, Ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.places.store import Fails, Store


WHOLE = 4 << 20
"""Bytes up to which an object is fetched whole: one request is quicker than several."""


class Stat(NamedTuple):
    """The part of ``os.stat_result`` that a store tells."""

    st_size: int


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """A path in a store; it may exist or not. What goes wrong beyond that raises the store's exception, with a finding."""

    store: Store
    path: str

    def __str__(self) -> str:
        return self.store.shown(self.path)

    def as_posix(self) -> str:
        """Its URL without anything secret."""
        return str(self)

    @property
    def name(self) -> str:
        """The last part of the path, without the query of a web address."""
        path = self.path.partition("?")[0].partition("#")[0] if self.store.web else self.path
        return path.rstrip("/").rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its last ending."""
        before, dot, _ = self.name.rpartition(".")
        return before if dot and before else self.name

    @property
    def parent(self) -> RemotePlace:
        """The folder that it is in."""
        return RemotePlace(self.store, self.path.rpartition("/")[0])

    def __truediv__(self, name: str) -> RemotePlace:
        return RemotePlace(self.store, f"{self.path}/{name.strip('/')}".rstrip("/"))

    def exists(self) -> bool:
        """Whether there is such an object, or anything below it."""
        return self.store.info(self.path) is not None

    def is_dir(self) -> bool:
        """Whether there is anything below it, and no object of that very name."""
        found = self.store.info(self.path)
        return found is not None and found.folder

    def is_file(self) -> bool:
        """Whether there is such an object."""
        found = self.store.info(self.path)
        return found is not None and not found.folder

    def stat(self) -> Stat:
        """Its size; raises FileNotFoundError."""
        found = self.store.info(self.path)
        if found is None:
            raise FileNotFoundError(2, "No such object", str(self))
        if found.size is None:
            self.store.fail("read", self.path, "the server does not tell its size")
        return Stat(found.size)

    def open(self, _: Literal["rb"] = "rb") -> IO[bytes]:
        """Its bytes, seekable: whole from memory if they are few, else fetched by ranges as they are read."""
        size = self.stat().st_size
        if size <= WHOLE:
            return io.BytesIO(self.store.whole(self.path, size))
        return self.ranges()

    def ranges(self) -> IO[bytes]:
        """Its bytes, fetched by ranges even if they are few: for who needs the first of them."""
        return io.BufferedReader(Ranges(self.store, self.path, self.stat().st_size), BUFFER)

    def version(self) -> str:
        """What tells its bytes from those that it had before, as far as the store says: its ETag, or when it was written."""
        found = self.store.info(self.path)
        return "" if found is None else found.version

    @property
    def held(self) -> bool:
        """Whether its bytes are in memory after the first read, so that reading here and there costs nothing."""
        return self.stat().st_size <= WHOLE

    def read_bytes(self) -> bytes:
        """All its bytes."""
        return self.store.fetch(self.path, 0, self.stat().st_size)

    def entries(self) -> Iterator[Entry]:
        """What is right below it, by name; the store is asked once."""
        for name, found in self.store.list(self.path).items():
            yield Entry(name, not found.folder, found.folder)


def remote_place(url: str, fails: Fails) -> RemotePlace:
    """The place of a URL; raises ``fails`` with a finding if it cannot be used."""
    from mapper.places.store import open_store  # noqa: PLC0415 - only for a URL, so that other commands start without it

    return RemotePlace(*open_store(url, fails))
