"""CVAT for images 1.1: one image after the other, in memory that does not grow with the export."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Self

from mapper.cvat.archive import DAMAGE
from mapper.cvat.stream import CHUNK, XmlStream
from mapper.cvat.xml_attributes import MAX_PIECES
from mapper.cvat.xml_driver import TEXT, XmlError
from mapper.cvat.xml_events import ExportEvents
from mapper.findings.source.opening import LimitExceeded, NotXml, XmlBroken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.archive import Limits
    from mapper.cvat.model import Export, Image, LabelSpec
    from mapper.cvat.reporter import Reporter
    from mapper.errors import SourceError
    from mapper.findings.base import Issue


class ImagesXml:
    """An open export of images.

    ``export`` is there at once; ``complete``, ``tally``, ``sha256``, ``bytes`` and ``lines`` (of the XML, also if it
    comes from a zip) hold when ``images()`` has ended. ``complete`` is False if the XML broke off: the images before
    that place are yielded, and a finding says where.
    """

    def __init__(self, file: IO[bytes], report: Reporter, labels: Sequence[LabelSpec], limits: Limits) -> None:
        self._report = report
        self._limits = limits
        self._stream = XmlStream(file, report, limits.xml)
        self._events = ExportEvents(report, labels)
        self._ended = False
        self.complete = True
        self.file = report.file
        try:
            while self._events.export is None:
                self._advance()
        except BaseException:
            self._stream.close()
            raise
        self.export: Export = self._events.export
        self.tally = self._events.tally

    @property
    def sha256(self) -> str:
        """Digest of the XML in hexadecimal."""
        return self._stream.sha256

    @property
    def bytes(self) -> int:
        """Length of the XML."""
        return self._stream.bytes

    @property
    def lines(self) -> int:
        """Line breaks in the XML."""
        return self._stream.lines

    def images(self) -> Iterator[Image]:
        """The images in document order, once; the file is closed at the end.

        Raises:
            SourceError: a limit is exceeded, which only files do that were made to.
        """
        try:
            while True:
                ready = self._events.images
                self._events.images = []
                yield from ready
                if self._ended:
                    return
                self._advance()
        finally:
            self._stream.close()

    def close(self) -> None:
        """Close the file without reading on."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _advance(self) -> None:
        """Read and parse one more piece; at the end of the file, or where it breaks off, ``_ended`` is True."""
        events, driver = self._events, self._events.driver
        try:
            # pieces grow with a token that has not ended, for expat before 2.6 scans it again from its start each time
            piece = self._stream.read(max(CHUNK, driver.waiting))
        except DAMAGE as error:
            self._broken(str(error) or type(error).__name__, driver.line, 0)
            return
        self._ended = not piece
        try:
            driver.feed(piece, final=not piece)
        except XmlError as error:
            self._broken(str(error).partition(":")[0], error.lineno, error.offset + 1)
        except (LookupError, ValueError) as error:
            if events.rooted:  # a fault of ours
                raise
            self._broken(str(error), 1, 0)  # pyexpat: an encoding that it does not know or cannot read
        pieces = max(len(events.shapes.parts), len(events.shapes.skeletons.parts))
        if driver.waiting > self._limits.token or pieces > MAX_PIECES:
            raise self._limit()

    def _limit(self) -> SourceError:
        issue: Issue = LimitExceeded("a single name, value or text", f"{min(self._limits.token, MAX_PIECES * TEXT)} bytes")
        return self._report.refuse(issue, line=self._events.driver.line)

    def _broken(self, reason: str, line: int, column: int) -> None:
        """Give up on the rest: refuse the export if nothing of it was read, else report the place and go to the end."""
        if not self._events.rooted:
            raise self._report.refuse(NotXml(reason), line=line, column=column) from None
        if self._events.export is None:
            raise self._report.refuse(XmlBroken(reason), line=line, column=column) from None
        self._report.add(XmlBroken(reason), line=line, column=column)
        self._events.abandon()
        self.complete = False
        self._ended = True
        self._drain()

    def _drain(self) -> None:
        """Read the rest for the digest."""
        try:
            while self._stream.read():
                pass
        except DAMAGE:
            return
