"""An object of a store as a file: what is asked for is fetched with more behind it, and more the longer it is read in order."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.places.store import Store

FIRST = 128 << 10
"""Bytes of a fetch where reading begins; each one that follows without a gap is twice as long."""
MOST = 4 << 20
"""Bytes of the longest fetch that was not asked for whole: what reading in order costs in memory, twice."""
TAIL = 8 << 20
"""Bytes of the end of an object that are kept: where a zip lists its members, which is read each time that it is opened."""
BUFFER = 1 << 16


class Ranges(io.RawIOBase):
    """Reads an object of ``size`` bytes by ranges."""

    def __init__(self, store: Store, path: str, size: int) -> None:
        super().__init__()
        self._store = store
        self._path = path
        self._size = size
        self._at = 0
        self._start = 0
        self._block = b""
        self._ahead = FIRST

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position; nothing is fetched."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(22, "a position before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what io.BufferedReader hands over
        """Fill a buffer as far as what is at hand goes, which is at least one byte before the end."""
        view = memoryview(buffer).cast("B")
        data = self._piece(len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _piece(self, wanted: int) -> memoryview:
        start, block = self._held()
        if not start <= self._at < start + len(block):
            if self._at >= self._size or not wanted:
                return memoryview(b"")
            start, block = self._fetch(wanted)
        return memoryview(block)[self._at - start : self._at - start + wanted]

    def _held(self) -> tuple[int, bytes]:
        """What was fetched before: the end of the object, if the position is in it, else the last block."""
        tail = self._store.tails.get(self._path)
        return tail if tail is not None and tail[0] <= self._at else (self._start, self._block)

    def _fetch(self, wanted: int) -> tuple[int, bytes]:
        in_order = self._block and self._at == self._start + len(self._block)
        self._ahead = min(self._ahead * 2, MOST) if in_order else FIRST
        # whoever reads the last bytes of a zip will want the list of its members, which stands before them
        start = min(self._at, max(self._size - FIRST, 0)) if self._at >= self._size - FIRST else self._at
        end = min(max(start + self._ahead, self._at + wanted), self._size)
        self._block = b""  # before the next one is there: only one takes memory
        data = self._store.fetch(self._path, start, end)
        if end == self._size and len(data) <= TAIL:
            self._store.tails[self._path] = (start, data)
        self._start, self._block = start, data
        return start, data
