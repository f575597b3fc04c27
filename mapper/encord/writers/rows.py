"""The file of label rows: one a line, with object titles that may still change."""

from __future__ import annotations

import os
import shutil
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

CHUNK = 1 << 20
HEAD = 8 << 20
"""Bytes of rows that are held back until names have settled."""

Names = tuple[bytes, bytes]
"""What objects begin with in the rows so far, and what takes its place."""


class RowFile:
    """Writes rows to a file that is new; ``count`` says how many. What the disk refuses is an OSError."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._file: IO[bytes] = path.open("wb", CHUNK)
        self._head: list[bytes] | None = []
        self._held = 0
        self._stale = 0
        self._names: list[Names] = []

    def add(self, row: bytes) -> None:
        """One row."""
        self.count += 1
        if self._head is None:
            self._file.write(row)
            self._file.write(b"\n")
            return
        self._head.append(row)
        self._held += len(row)
        if self._held > HEAD:
            self._release()

    def stream(self, pieces: Iterable[bytes]) -> None:
        """One row, too large to hold, in pieces."""
        self.count += 1
        self._release()
        for piece in pieces:
            self._file.write(piece)
        self._file.write(b"\n")

    def rename(self, names: Sequence[Names]) -> None:
        """Replace object prefixes in the rows so far, written before their objects took another title.

        Titles mostly settle within the first rows. Those are held back for that, so that no large file is copied.
        """
        if self._head is not None:
            self._head = [_renamed(line, names) for line in self._head]
            return
        self._stale = self._file.tell()
        self._names = [*self._names, *names]

    def append(self, path: Path, count: int, names: Sequence[Names]) -> None:
        """Take over the rows of another file, which goes away; ``names`` are replaced in them."""
        self._release()
        self.count += count
        if not names and self._file.tell() == 0:  # nothing to put them behind
            self._file.close()
            path.replace(self._path)
            self._file = self._path.open("r+b", CHUNK)
            self._file.seek(0, os.SEEK_END)
            return
        with path.open("rb") as part:
            if names:
                while lines := part.readlines(CHUNK):
                    self._file.write(_renamed(b"".join(lines), names))
            else:
                self._file.flush()
                _copied(part, self._file)
        path.unlink()

    def finish(self) -> None:
        """Write what is left and close the file."""
        self._release()
        self._file.close()
        if self._stale:
            self._rewrite()

    def close(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def _release(self) -> None:
        head, self._head = self._head, None
        for line in head or ():
            self._file.write(line)
            self._file.write(b"\n")

    def _rewrite(self) -> None:
        renamed = self._path.with_name(f"{self._path.name}.renamed")
        with self._path.open("rb") as old, renamed.open("wb", CHUNK) as new:
            while old.tell() < self._stale:
                new.write(_renamed(old.readline(), self._names))
            shutil.copyfileobj(old, new, CHUNK)
        renamed.replace(self._path)


def _renamed(line: bytes, names: Iterable[Names]) -> bytes:
    for before, after in names:
        line = line.replace(before, after)
    return line


def _copied(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy to the end, without the bytes passing through this process where the system can do that."""
    if hasattr(os, "sendfile"):
        try:
            while os.sendfile(target.fileno(), source.fileno(), None, 1 << 30):
                pass
        except OSError:  # from file to file only Linux can; nothing was read where it cannot
            if source.tell():
                raise
        else:
            return
    shutil.copyfileobj(source, target, CHUNK)
