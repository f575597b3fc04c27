"""Shapes in CVAT's own layout are read from their text; everything else goes to the event parser as it stands.

The event parser calls a handler for each tag and text of a shape: five calls and a dozen strings for a box with one attribute.
But CVAT sets each shape on lines of its own, and most say word for word what others said before, but for their numbers. So the
text is cut where lines begin that begin or end a shape, and the numbers are cut out of it. If what remains has a pattern
(``xml_patterns``), the shape is complete. That saves a fourth of the reader's time with boxes, a third and more with video.

It is safe because the event parser stays in charge. It reads what contains images and tracks, and every element that is
not plain; for those that are plain it gets as many line breaks as they have, so that its lines are those of the file. Nothing is
read here unless it stands exactly where it would have looked for the next shape.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mapper.cvat.model import Entry, Shape
from mapper.cvat.xml_cuts import PLAIN
from mapper.cvat.xml_entries import EntryEvents
from mapper.cvat.xml_patterns import Patterns

if TYPE_CHECKING:
    from mapper.cvat.xml_events import ExportEvents
    from mapper.cvat.xml_shapes import ShapeEvents

LINE = b"\n    <"
"""What a shape and its end tag begin with."""

_BEGINNINGS = (b'<?xml version="1.0" encoding="utf-8"?>', b"<annotations>")
"""How CVAT begins an export, and how a slice of one begins."""

CONTROLS = tuple(bytes((code,)) for code in (0x09, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F))
"""What Python takes for a blank around a number; XML does not allow it, or means a blank by it. Line breaks are looked for apart."""

LONGEST = 1 << 20
"""Bytes that a shape may have here; a longer one goes to the event parser."""

FAIR = 10_000
"""Among more shapes without a known pattern than these, two of three must have one, or looking for them does not pay."""

_shape = partial(tuple.__new__, Shape)
_entry = partial(tuple.__new__, Entry)


class TextReader:
    """Feeds the event parser, and adds to its shapes and entries those that it need not see."""

    def __init__(self, events: ExportEvents) -> None:
        self._events = events
        self._driver = events.driver
        self._rest = b""
        self._begun = self._on = False
        self._owed = self._column = 0
        self._count = 0
        self._patterns = Patterns()

    @property
    def waiting(self) -> int:
        """How many bytes were fed of which nothing was made yet."""
        return len(self._rest) + self._driver.waiting

    def feed(self, piece: bytes, *, final: bool = False) -> None:
        """Read more of the file; the errors are those of ``Driver.feed``."""
        if not self._begun and piece:
            self._begun, self._on = True, piece.startswith(_BEGINNINGS)
        if not self._on or final:
            self.flush()
            self._driver.feed(piece, final=final)
            return
        data = self._rest + piece if self._rest else piece
        self._rest = data if any(map(data.__contains__, CONTROLS)) else self._read(data.split(LINE))
        if self._rest is data or len(self._rest) > LONGEST:
            self.flush()
        self._on = self._patterns.met < FAIR or self._count > 2 * self._patterns.met

    def flush(self) -> None:
        """Let the event parser have what is waiting."""
        rest, self._rest = self._rest, b""
        if rest:
            self._raw(rest)

    def _raw(self, data: bytes) -> None:
        """Feed the event parser, and before that the line breaks of what it has not seen."""
        if self._owed:
            data = b"%b%b%b" % (b"\n" * self._owed, b" " * self._column, data)
            self._owed = 0
        self._driver.feed(data)

    def _read(self, pieces: list[bytes]) -> bytes:
        """Read pieces that begin with LINE, but for the first; those that have to wait for their end are given back."""
        if pieces[0]:
            self._raw(pieces[0])
        pieces[0] = b""
        place, last = 1, len(pieces) - 1
        while place < last:
            events = self._level()
            if events is not None and place == last - 1:
                break
            after = place if events is None else self._plain_ones(events, pieces, place)
            if after == place:
                self._raw(LINE + pieces[place])
                after += 1
            place = after
        return LINE.join([b"", *pieces[place:]])

    def _level(self) -> ShapeEvents | None:
        """The handlers, if they wait for the next shape of an image or the next entry of a track."""
        driver = self._driver
        handler = driver.parser.StartElementHandler
        for events in (self._events.shapes, self._events.tracks.entries):
            if handler == events.start and events.tag is None and not driver.waiting and not driver.verbatim:
                return events
        return None

    def _plain_ones(self, events: ShapeEvents, pieces: list[bytes], place: int) -> int:
        """Read elements from a place on, up to the first that is not plain or to the end of what contains them; the place behind."""
        line = self._driver.line + self._owed
        if isinstance(events, EntryEvents):
            after, breaks = self._entries(events, pieces, place, line)
        else:
            after, breaks = self._shapes(events, pieces, place, line)
        if after > place:
            self._count += (after - place) // 2
            self._owed += breaks
            tag, _, rest = pieces[after - 1].partition(b">")
            self._column = len(LINE) + len(tag)
            if rest:
                self._raw(rest)
        return after

    def _shapes(self, events: ShapeEvents, pieces: list[bytes], place: int, line: int) -> tuple[int, int]:
        """Read the shapes of an image; the place behind them, and the line breaks in them."""
        # What is not UTF-8 becomes surrogates, which no pattern has and no number: the event parser will say what is wrong.
        shapes, counts, known = events.shapes, events.tally.shapes, self._patterns.of(None)
        begun, plain, last = line, PLAIN["box"], len(pieces) - 2
        while place < last:
            text, end = pieces[place].decode("utf-8", "surrogateescape"), pieces[place + 1]
            if not text.startswith(plain.begin):
                plain = PLAIN.get(text.partition(" ")[0], PLAIN["box"])  # what is none of them has another end
            parts = plain.cut(text)
            if parts is None or not end.startswith(plain.end):
                break
            before, behind, texts = parts
            key = before, behind, texts[-1] is None
            pattern = known[key] if key in known else self._patterns.learn(key, plain)
            if pattern is None:
                break
            read = plain.read(texts)
            if type(read) is not tuple or read[2] is not None or "\n" in read[1]:
                break
            geometry, name, _ = read
            if texts[-1] is not None and geometry.rotation:
                pattern = pattern.turned(texts[-1])
            alike, kind, label, attributes, fields, signature, lines, _, _ = pattern
            counts[signature] = counts.get(signature, 0) + 1
            shapes.append(_shape((kind, label, geometry, name, attributes, fields, line + 1, alike)))
            line += lines
            place += 2
            if len(end) > len(plain.end):
                break
        return place, line - begun

    def _entries(self, events: EntryEvents, pieces: list[bytes], place: int, line: int) -> tuple[int, int]:
        """Read the entries of a track; the place behind them, and the line breaks in them.

        Much as ``_shapes``: a function for what both do would be called for every shape, at a tenth of what one costs here.
        """
        entries, counts, known = events.entries, events.tally.shapes, self._patterns.of(events.head)
        begun, plain, last, numbers = line, PLAIN["box"], len(pieces) - 2, events.numbers
        while place < last:
            text, end = pieces[place].decode("utf-8", "surrogateescape"), pieces[place + 1]
            if not text.startswith(plain.entry):
                plain = PLAIN.get(text.partition(" ")[0], PLAIN["box"])  # what is none of them has another end
            parts = plain.cut(text)
            if parts is None or not end.startswith(plain.end):
                break
            before, behind, texts = parts
            tag, _, before = before.partition('"')
            number, _, before = before.partition('"')
            key = f'{tag}"0"{before}', behind, texts[-1] is None
            pattern = known[key] if key in known else self._patterns.learn(key, plain)
            frame = numbers[number] if number in numbers else events.number(number)
            if pattern is None or frame is None or tag != plain.entry:
                break
            read = plain.read(texts)
            if type(read) is not tuple or read[2] is not None or "\n" in read[1]:
                break
            geometry, name, _ = read
            if texts[-1] is not None and geometry.rotation:
                pattern = pattern.turned(texts[-1])
            alike, kind, label, attributes, fields, signature, lines, keyframe, outside = pattern
            if not outside:
                counts[signature] = counts.get(signature, 0) + 1
            shape = _shape((kind, label, geometry, name, attributes, fields, line + 1, alike))
            entries.append(_entry((frame, keyframe, outside, shape)))
            line += lines
            place += 2
            if len(end) > len(plain.end):
                break
        return place, line - begun
