"""CVAT for images 1.1 and CVAT for video 1.1: one image or track after the other, in memory that does not grow with the export."""

from __future__ import annotations

from functools import partial
from typing import IO, TYPE_CHECKING, Self

from mapper.cvat.archive import DAMAGE
from mapper.cvat.beside import Sizes, frames_of
from mapper.cvat.spool import Spool
from mapper.cvat.stream import CHUNK, XmlStream
from mapper.cvat.xml_attributes import MAX_PIECES
from mapper.cvat.xml_driver import TEXT, XmlError
from mapper.cvat.xml_events import ExportEvents
from mapper.cvat.xml_text import TextReader
from mapper.findings.source.beside import ManifestUsed
from mapper.findings.source.opening import LimitExceeded, NotXml, XmlBroken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.cvat.archive import Limits
    from mapper.cvat.frames import Frames
    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Export, Image, LabelSpec, Task, Track
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.tracks import Interpolate
    from mapper.errors import SourceError
    from mapper.findings.base import Issue

_IMAGE = (b"<image", "<image".encode("utf-16-be")[1:])
"""How an image begins, in every encoding that the parser reads; the second is of both kinds of UTF-16."""


class NativeXml:
    """An open export of images, of a video, or of both.

    ``export`` is there at once; ``complete``, ``tally``, ``sha256``, ``bytes`` and ``lines`` (of the XML, also if it
    comes from a zip) hold when ``tracks()`` has ended. ``complete`` is False if the XML broke off: the images and tracks
    before that place are yielded, and a finding says where.

    CVAT writes images or tracks, never both. Where a file holds both, in whatever order, tracks wait on disk until the
    images are done. Whether images stand behind tracks is found by a search for their first letters.

    ``export``: what the head says, for a slice that begins behind it.
    """

    def __init__(
        self,
        file: IO[bytes],
        report: Reporter,
        labels: Sequence[LabelSpec],
        limits: Limits,
        interpolate: Interpolate | None = None,
        sizes: Sizes | None = None,
        export: Export | None = None,
    ) -> None:
        self._report = report
        self._limits = limits
        self._stream = XmlStream(file, report, limits.xml)
        self._events = ExportEvents(report, labels, interpolate, sizes or Sizes())
        self._text = TextReader(self._events)
        self._ended = False
        self._spool: Spool | None = None
        self._told = False
        self.complete = True
        self.file = report.file
        if export is not None:
            self._events.resume(export)
        try:
            while self._events.export is None:
                self._advance()
            self._video = self._events.view == "track" and not self._stream.holds(_IMAGE)
        except BaseException:
            self._stream.close()
            raise
        self.export: Export = self._events.export
        self.tally = self._events.tally

    @property
    def frames(self) -> Frames | None:
        """What is known of images that were placed, None if there was none yet."""
        return self._events.frames

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

    def listed(self, task: Task) -> Mapping[int, Medium]:
        """The frames of a task by the manifest beside the XML, where the export does not list them itself."""
        manifest = self._events.sizes.manifest
        found = frames_of(manifest, self.export, task) if self._events.view == "track" else {}
        if found and not self._told:
            self._told = True
            self._report.add(ManifestUsed("the names and sizes of frames"))
        return found

    @property
    def guided(self) -> bool:
        """Whether a manifest beside the XML is asked for names and sizes."""
        return self._events.sizes.manifest is not None

    def foretells_tracks(self) -> bool:
        """Whether tracks came first; those behind images come as a surprise, for CVAT never writes both."""
        return self._events.view == "track"

    def images(self) -> Iterator[Image]:
        """The images in document order, once; of an export of a video there are none.

        Raises:
            SourceError: a limit is exceeded, which only files do that were made to.
        """
        if self._video:
            return
        finished = False
        try:
            while True:
                ready = self._events.images
                self._events.images = []
                yield from ready
                self._put_aside()
                if self._ended:
                    break
                self._advance()
            finished = True
        finally:
            self._stream.close()
            if not finished:
                self.close()

    def tracks(self) -> Iterator[Track]:
        """The tracks in document order, once; images that were not taken before are passed over.

        Raises:
            SourceError: a limit is exceeded, which only files do that were made to.
        """
        try:
            if not self._video:
                for _ in self.images():
                    pass
                if self._spool is not None:
                    yield from self._spool.drain()
                return
            while True:
                ready = self._events.tracks.tracks
                self._events.tracks.tracks = []
                yield from ready
                if self._ended:
                    return
                self._advance()
        finally:
            self.close()

    def close(self) -> None:
        """Close the file without reading on."""
        self._stream.close()
        if self._spool is not None:
            self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put_aside(self) -> None:
        """Let tracks between images wait."""
        tracks = self._events.tracks.tracks
        if tracks:
            self._spool = self._spool or Spool()
            self._spool.add(tracks)
            self._events.tracks.tracks = []

    def _advance(self) -> None:
        """Read and parse one more piece; at the end of the file, or where it breaks off, ``_ended`` is True."""
        events, text = self._events, self._text
        try:
            # pieces grow with a token that has not ended, for expat before 2.6 scans it again from its start each time
            piece = self._stream.read(max(CHUNK, text.waiting))
        except DAMAGE as error:
            if self._parsed(text.flush):
                self._broken(str(error) or type(error).__name__, events.driver.line, 0)
            return
        self._ended = not piece
        self._parsed(partial(text.feed, piece, final=not piece))
        if events.driver.waiting > self._limits.token or events.pieces > MAX_PIECES:
            raise self._limit()

    def _parsed(self, work: Callable[[], None]) -> bool:
        """Do it; False if the XML turns out to be broken, which is reported."""
        try:
            work()
        except XmlError as error:
            self._broken(str(error).partition(":")[0], error.lineno, error.offset + 1)
        except (LookupError, ValueError) as error:
            if self._events.rooted:  # a fault of ours
                raise
            self._broken(str(error), 1, 0)  # pyexpat: an encoding that it does not know or cannot read
        else:
            return True
        return False

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
