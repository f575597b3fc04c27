"""The bytes of an XML: read in pieces, hashed and counted on the way, up to a limit."""

from __future__ import annotations

from hashlib import sha256
from typing import IO, TYPE_CHECKING

from mapper.cvat.archive import DAMAGE
from mapper.findings.source.opening import LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.reporter import Reporter

CHUNK = 1 << 16
"""Bytes a piece: large enough that its overhead vanishes, small enough that the shapes of a piece stay in the processor's cache."""

SEARCH = 1 << 20
"""Bytes a piece where nothing is parsed."""


class XmlStream:
    """Reads a file to its end; ``bytes``, ``lines`` (line breaks) and ``sha256`` are of what was read so far."""

    def __init__(self, file: IO[bytes], report: Reporter, limit: int) -> None:
        self._file = file
        self._report = report
        self._limit = limit
        self._hash = sha256()
        self._last = b""
        self.bytes = 0
        self.lines = 0

    @property
    def sha256(self) -> str:
        """The digest in hexadecimal."""
        return self._hash.hexdigest()

    def read(self, size: int = CHUNK) -> bytes:
        """The next piece of about ``size`` bytes, b"" at the end.

        Raises:
            SourceError: the limit is exceeded.
            OSError, zipfile.BadZipFile, zlib.error, EOFError: the file or its zip is damaged.
        """
        piece = self._last = self._file.read(size)
        self.bytes += len(piece)
        self.lines += piece.count(b"\n")
        self._hash.update(piece)
        if self.bytes > self._limit:
            raise self._report.refuse(LimitExceeded("the size of the XML", f"{self._limit} bytes"))
        return piece

    def holds(self, words: Sequence[bytes]) -> bool:
        """Whether one of these words stands in the last piece or in the rest of the file, which is not consumed by this."""
        overlap = max(map(len, words)) - 1
        here = self._file.tell()
        piece = self._last
        try:
            while not any(word in piece for word in words):
                more = self._file.read(SEARCH)
                if not more:
                    return False
                piece = piece[-overlap:] + more
        except DAMAGE:
            return False  # reading will come to it
        finally:
            self._file.seek(here)
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
