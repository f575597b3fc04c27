"""Fragments of rows that are as large as a video, sorted by key: held in memory up to a limit, beyond it in one temporary file.

Tracks come one after the other and a row goes frame by frame. So every fragment is filed under its key when it is made; when
the limit is reached, each key's fragments go to the file in one piece. Reading a key takes its pieces in the order written.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LIMIT = 160 << 20
"""Bytes of fragments, with what Python adds to each, that are held in memory."""

OVERHEAD = 48
"""What a fragment takes besides its text: the head of a bytes object and its place in a list."""

CHUNK = 1 << 20


@dataclass(slots=True, eq=False)
class Shelf:
    """Fragments of one task by key, which are whole numbers."""

    spool: Spool
    buffers: dict[int, list[bytes]] = field(default_factory=dict)
    places: dict[int, array[int]] = field(default_factory=dict)

    def add(self, key: int, fragment: bytes) -> None:
        """File one fragment."""
        buffer = self.buffers.get(key)
        if buffer is None:
            self.buffers[key] = [fragment]
        else:
            buffer.append(fragment)
        spool = self.spool
        spool.held += len(fragment) + OVERHEAD
        if spool.held > spool.limit:
            spool.flush()

    def numbers(self) -> list[int]:
        """All keys, in order."""
        return sorted(self.buffers.keys() | self.places.keys())

    def read(self, key: int, names: Sequence[tuple[bytes, bytes]] = ()) -> Iterator[bytes]:
        """The fragments of a key joined by commas, in pieces; ``names`` are texts to replace in them."""
        first = True
        for piece in self._pieces(key):
            whole = piece
            for before, after in names:
                whole = whole.replace(before, after)
            yield whole if first else b"," + whole
            first = False

    def _pieces(self, key: int) -> Iterator[bytes]:
        places = self.places.get(key, ())
        for index in range(0, len(places), 2):
            yield self.spool.piece(places[index], places[index + 1])
        buffer = self.buffers.get(key)
        if buffer:
            yield b",".join(buffer)

    def spill(self, file: IO[bytes], position: int) -> int:
        """Write what is in memory to the file, which is at ``position``; the position after it."""
        for key, buffer in self.buffers.items():
            piece = b",".join(buffer)
            file.write(piece)
            self.places.setdefault(key, array("Q")).extend((position, len(piece)))
            position += len(piece)
        self.buffers.clear()
        return position


class Unread(Shelf):
    """A shelf for a run that writes nothing."""

    __slots__ = ()

    def add(self, key: int, fragment: bytes) -> None:
        """Forget the fragment."""


@dataclass(slots=True, eq=False)
class Spool:
    """The memory and the file that all shelves of a run share; OSError if the file cannot be written."""

    folder: Path | None
    limit: int = LIMIT
    held: int = 0
    shelves: list[Shelf] = field(default_factory=list)
    file: IO[bytes] | None = None
    end: int = 0

    def shelf(self) -> Shelf:
        """One more shelf; without a folder, nothing is kept."""
        if self.folder is None:
            return Unread(self)
        self.shelves.append(Shelf(self))
        return self.shelves[-1]

    def flush(self) -> None:
        """Move all that is held in memory to the file."""
        if self.file is None:
            self.file = TemporaryFile(dir=self.folder, buffering=CHUNK)  # noqa: SIM115 - open until the rows are written
        self.file.seek(self.end)
        for shelf in self.shelves:
            self.end = shelf.spill(self.file, self.end)
        self.held = 0

    def piece(self, position: int, length: int) -> bytes:
        """A part of the file."""
        assert self.file is not None  # noqa: S101 - whoever knows a position has flushed
        self.file.seek(position)
        return self.file.read(length)

    def close(self) -> None:
        """Give up the file."""
        if self.file is not None:
            self.file.close()
