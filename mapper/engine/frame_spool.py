"""Fragments of rows that are as large as a video, sorted by key: held in memory up to a limit, beyond it in one temporary file.

Tracks come one after the other and a row goes frame by frame. So every fragment is filed under its key when it is made; when
the limit is reached, each key's fragments go to the file in one piece. Reading a key takes its pieces in the order written.

Most of what is filed are objects on frames, and four fifths of an object are the same on all frames of its track. So that part,
its head, is held once, and written to the row only.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 160 << 20
"""Bytes of fragments, with what Python adds to each, that are held in memory."""

OVERHEAD = 56
"""What a fragment takes besides its text: the head of a bytes object and its places in a list."""

CHUNK = 1 << 20


Names = Sequence[tuple[bytes, bytes]]
"""Texts that objects were written with, and what stands for them now."""


@dataclass(slots=True, eq=False)
class Shelf:
    """Fragments of one task by key, which are whole numbers; and objects by frame.

    ``frames``: of each frame the heads and the rests of its objects in turn.
    """

    spool: Spool
    buffers: dict[int, list[bytes]] = field(default_factory=dict)
    places: dict[int, array[int]] = field(default_factory=dict)
    frames: dict[int, list[bytes]] = field(default_factory=dict)
    framed: dict[int, array[int]] = field(default_factory=dict)

    def add(self, key: int, fragment: bytes) -> None:
        """File one fragment."""
        self.buffers.setdefault(key, []).append(fragment)
        self.weigh(len(fragment) + OVERHEAD)

    def put(self, frame: int, head: bytes, rest: bytes) -> None:
        """File an object: the head, which it has in common with others, the rest, and a closing brace; its weight is left to the caller."""
        buffer = self.frames.get(frame)
        if buffer is None:
            buffer = self.frames[frame] = []
        buffer.append(head)
        buffer.append(rest)

    def put_whole(self, frame: int, entry: bytes) -> None:
        """File an object that has no head of its own."""
        self.put(frame, b"", entry[:-1])
        self.weigh(len(entry) + OVERHEAD)

    def weigh(self, size: int) -> None:
        """Note that so many bytes more are held."""
        spool = self.spool
        spool.held += size
        if spool.held > spool.limit:
            spool.flush()

    def numbers(self) -> list[int]:
        """All keys, in order."""
        return sorted(self.buffers.keys() | self.places.keys())

    def shown(self) -> list[int]:
        """All frames with objects, in order."""
        return sorted(self.frames.keys() | self.framed.keys())

    def read(self, key: int) -> Iterator[bytes]:
        """The fragments of a key joined by commas, in pieces."""
        places, comma = self.places.get(key, ()), b""
        for index in range(0, len(places), 2):
            yield comma + self.spool.piece(places[index], places[index + 1])
            comma = b","
        buffer = self.buffers.get(key)
        if buffer:
            yield comma + b",".join(buffer)

    def objects(self, frame: int, names: Names = ()) -> Iterator[bytes]:
        """The objects of a frame joined by commas, in pieces; ``names`` are texts to replace in them, the same in every call."""
        places, comma = self.framed.get(frame, ()), b""
        for index in range(0, len(places), 3):
            yield comma + self._joined(*self.spool.filed(*places[index : index + 3]), names)
            comma = b","
        buffer = self.frames.get(frame)
        if buffer:
            yield comma + self._joined(buffer[::2], buffer[1::2], names)

    def _joined(self, heads: list[bytes], rests: list[bytes], names: Names) -> bytes:
        if names:
            named = self.spool.named
            if b"" in heads:
                rests = [rest if head else _renamed(rest, names) for head, rest in zip(heads, rests, strict=True)]
            for head in set(heads) - named.keys():
                named[head] = _renamed(head, names)
            heads = [named[head] for head in heads]
        parts = [b"},"] * (3 * len(heads))
        parts[::3], parts[1::3], parts[-1] = heads, rests, b"}"
        return b"".join(parts)

    def spill(self, file: IO[bytes], position: int) -> int:
        """Write what is in memory to the file, which is at ``position``; the position after it."""
        for key, buffer in self.buffers.items():
            piece = b",".join(buffer)
            file.write(piece)
            self.places.setdefault(key, array("Q")).extend((position, len(piece)))
            position += len(piece)
        number_of = self.spool.number_of
        for frame, buffer in self.frames.items():
            piece = array("Q", map(number_of, buffer[::2])).tobytes() + b"\n".join(buffer[1::2])  # JSON has no line breaks
            file.write(piece)
            self.framed.setdefault(frame, array("Q")).extend((position, len(piece), len(buffer) // 2))
            position += len(piece)
        self.buffers.clear()
        self.frames.clear()
        return position


class Unread(Shelf):
    """A shelf for a run that writes nothing."""

    __slots__ = ()

    def add(self, key: int, fragment: bytes) -> None:
        """Forget the fragment."""

    def put(self, frame: int, head: bytes, rest: bytes) -> None:
        """Forget the object."""

    def weigh(self, size: int) -> None:
        """Nothing is held."""


def _renamed(text: bytes, names: Names) -> bytes:
    for before, after in names:
        text = text.replace(before, after)
    return text


@dataclass(slots=True, eq=False)
class Spool:
    """The memory and the file that all shelves of a run share; OSError if the file cannot be written.

    ``heads``: those of the objects in the file, by number; ``named``: what stands for a head once names have settled.
    """

    folder: Path | None
    limit: int = LIMIT
    held: int = 0
    shelves: list[Shelf] = field(default_factory=list)
    file: IO[bytes] | None = None
    end: int = 0
    heads: list[bytes] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)
    named: dict[bytes, bytes] = field(default_factory=dict)

    def shelf(self) -> Shelf:
        """One more shelf; without a folder, nothing is kept."""
        if self.folder is None:
            return Unread(self)
        self.shelves.append(Shelf(self))
        return self.shelves[-1]

    def number_of(self, head: bytes) -> int:
        """The number of a head in the file."""
        number = self.numbers.get(head)
        if number is None:
            number = self.numbers[head] = len(self.heads)
            self.heads.append(head)
        return number

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

    def filed(self, position: int, length: int, count: int) -> tuple[list[bytes], list[bytes]]:
        """The heads and the rests of so many objects."""
        piece, numbers = self.piece(position, length), array("Q")
        size = count * numbers.itemsize
        numbers.frombytes(piece[:size])
        heads = self.heads
        return [heads[number] for number in numbers], piece[size:].split(b"\n")

    def close(self) -> None:
        """Give up the file."""
        if self.file is not None:
            self.file.close()
