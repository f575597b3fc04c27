"""Cuts the XML of images into slices at image boundaries, and reads a slice as if it were an export of its own.

A ``<`` stands in XML only where markup begins, so a cut before ``<image `` falls between two children of the root unless it
falls into a comment, a CDATA section or an image within another element. Then the slices on both sides are not well-formed,
and whoever reads them is told: if every slice is well-formed by itself, the cuts were right.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = 1 << 20
"""Bytes that are searched at once."""

IMAGE = b"<image "
TRACK = b"<track"
_ROOT, _END = b"<annotations>", b"</annotations>"
_TAIL = 1 << 12
"""Where the end of the root is looked for, in bytes from the end of the file."""

_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
"""What slices are read as, for they have no XML declaration."""


class Slice(NamedTuple):
    """A part of a file, in bytes from ``start`` to ``end`` (exclusive); ``lines``: line breaks before it."""

    path: Path
    start: int
    end: int
    lines: int
    first: bool
    last: bool


def sliced(path: Path, most: int, least: int) -> list[Slice]:
    """Up to ``most`` slices of about equal length, none much shorter than ``least`` bytes; fewer than two if it cannot be cut.

    A file with tracks, of another encoding than UTF-8, or without an end is left whole.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    count = min(most, size // max(least, 1))
    if count < 2:  # noqa: PLR2004 - nothing to cut
        return []
    with path.open("rb") as file:
        if not _plain(file, size):
            return []
        head = _image(file, 0, size)
        found = {_image(file, head + (size - head) * number // count, size) for number in range(1, count)}
        places = sorted(found - {head, -1})
        breaks = _line_breaks(file, places)
    if breaks is None:
        return []
    borders = [0, *places, size]
    lines = [0, *breaks]
    pairs = zip(borders, borders[1:], lines, strict=False)
    return [Slice(path, start, end, before, start == 0, end == size) for start, end, before in pairs]


def _plain(file: IO[bytes], size: int) -> bool:
    """Whether it is UTF-8 by its beginning, and has an end."""
    head = file.read(_TAIL)
    declared = _DECLARED.search(head)
    file.seek(max(0, size - _TAIL))
    ended = file.read().rstrip().endswith(_END)
    return ended and b"\0" not in head[:4] and (declared is None or declared[1].lower() in _ENCODINGS)


def _image(file: IO[bytes], start: int, size: int) -> int:
    """Where the first image from ``start`` on begins, -1 if there is none."""
    file.seek(start)
    overlap = len(IMAGE) - 1
    before, piece = start, b""
    while before < size:
        piece = piece[-overlap:] + file.read(BLOCK)
        if len(piece) <= overlap:
            return -1
        found = piece.find(IMAGE)
        if found >= 0:
            return file.tell() - len(piece) + found
        before = file.tell()
    return -1


def _line_breaks(file: IO[bytes], places: list[int]) -> list[int] | None:
    """How many line breaks stand before each place; None if there is a track anywhere."""
    found: list[int] = []
    lines, last = 0, b""
    for piece, ends in _pieces(file, places):
        lines += piece.count(b"\n")
        if b"\r" in piece or last[-1:] == b"\r":  # a line may end in \r\n, or in \r alone
            lines += piece.count(b"\r") - piece.count(b"\r\n") - (last[-1:] == b"\r" and piece[:1] == b"\n")
        if TRACK in piece or TRACK in last + piece[: len(TRACK)]:
            return None
        last = piece[-len(TRACK) :]
        if ends:
            found.append(lines)
    return found


def _pieces(file: IO[bytes], places: list[int]) -> Iterator[tuple[bytes, bool]]:
    """The file in pieces, and whether a piece ends at one of the places."""
    file.seek(0)
    here = 0
    for place in places:
        while here < place:
            piece = file.read(min(BLOCK, place - here))
            here += len(piece)
            yield piece, here == place
    while piece := file.read(BLOCK):
        yield piece, False


class SliceFile:
    """A slice as a file: the root is opened before it and closed behind it, and lines before it are empty."""

    def __init__(self, part: Slice) -> None:
        self._file = part.path.open("rb")
        self._file.seek(part.start)
        self._left = part.end - part.start
        self._before = b"" if part.first else _ROOT + b"\n" * part.lines
        self._behind = b"" if part.last else _END

    def read(self, size: int = -1) -> bytes:
        """The next bytes, b"" at the end; some pieces are shorter or, before the slice, longer than asked."""
        if self._before:
            piece, self._before = self._before, b""
            return piece
        if self._left:
            piece = self._file.read(self._left if size < 0 else min(size, self._left))
            self._left -= len(piece)
            if piece:
                return piece
            self._left = 0  # the file has become shorter
        piece, self._behind = self._behind, b""
        return piece

    def tell(self) -> int:
        """Where reading goes on in the file."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
