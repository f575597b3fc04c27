"""The bytes of an XML: read in pieces, hashed and counted on the way, up to a limit."""

from __future__ import annotations

from hashlib import sha256
from typing import IO, TYPE_CHECKING

from mapper.findings.source.opening import LimitExceeded

if TYPE_CHECKING:
    from mapper.cvat.reporter import Reporter

CHUNK = 1 << 16
"""Bytes a piece: large enough that its overhead vanishes, small enough that the shapes of a piece stay in the processor's cache."""


class XmlStream:
    """Reads a file to its end; ``bytes``, ``lines`` (line breaks) and ``sha256`` are of what was read so far."""

    def __init__(self, file: IO[bytes], report: Reporter, limit: int) -> None:
        self._file = file
        self._report = report
        self._limit = limit
        self._hash = sha256()
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
        piece = self._file.read(size)
        self.bytes += len(piece)
        self.lines += piece.count(b"\n")
        self._hash.update(piece)
        if self.bytes > self._limit:
            raise self._report.refuse(LimitExceeded("the size of the XML", f"{self._limit} bytes"))
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()
