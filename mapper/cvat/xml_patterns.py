"""What elements have in common that differ in nothing but their numbers: worked out once, by the event parser itself.

An export repeats the text around the geometry of a shape over and over: the same label, flags and attributes. The first element
with such a text is read by handlers like those of all others; what they make of it is the pattern of the rest. So nothing is
known here of how an element is to be read, and what the handlers find odd in any way (a finding, a refusal, an error) has no pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.layouts import ROTATION, ROTATION_BIT
from mapper.cvat.reporter import Reporter
from mapper.cvat.tally import Tally, signature
from mapper.cvat.xml_driver import Driver, XmlError
from mapper.cvat.xml_entries import EntryEvents
from mapper.cvat.xml_shapes import ShapeEvents
from mapper.errors import SourceError
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from mapper.cvat.tally import Signature
    from mapper.cvat.xml_cuts import Plain
    from mapper.cvat.xml_entries import TrackHead
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import Kind

REMEMBERED = 8192
"""How many patterns are remembered before all are forgotten."""

Key = tuple[str, str, bool]
"""The text of an element before its geometry (frame 0 in a track) and behind, and whether there is no rotation."""


class Pattern(NamedTuple):
    """What all elements of one text have in common.

    ``alike`` is that of the shapes. ``fields`` and ``signature`` (what the shape is counted under) are without a rotation.
    ``lines``: line breaks from before the element to its end tag. ``keyframe`` and ``outside`` are those of an entry.
    """

    alike: int
    kind: Kind
    label: str
    attributes: tuple[tuple[str, str], ...]
    fields: tuple[str | None, ...]
    signature: Signature
    lines: int
    keyframe: bool
    outside: bool

    def turned(self, rotation: str) -> Pattern:
        """The same for an element with a rotation, which its fields hold."""
        kind, label, presence, names = self.signature
        fields = (*self.fields[:ROTATION], rotation, *self.fields[ROTATION + 1 :])
        return self._replace(alike=0, fields=fields, signature=(kind, label, presence | ROTATION_BIT, names))

    def upright(self) -> Pattern:
        """The same for an element without a rotation."""
        kind, label, presence, names = self.signature
        fields = (*self.fields[:ROTATION], None, *self.fields[ROTATION + 1 :])
        return self._replace(fields=fields, signature=(kind, label, presence & ~ROTATION_BIT, names))


class Side(NamedTuple):
    """What an element says on one side of its geometry, and the names of all its XML attributes."""

    pattern: Pattern
    names: frozenset[str]


class _Ear(Reporter):
    """Only hears whether there is something to report."""

    __slots__ = ("told",)

    def __init__(self) -> None:
        super().__init__(Collector(), "")
        self.told = False

    def add(self, issue: Issue, **_: object) -> None:  # noqa: ARG002 - whatever it is
        self.told = True


class Patterns:
    """The patterns met so far, by the text of their elements; the children of images apart from those of tracks of another head."""

    def __init__(self) -> None:
        self._ear = _Ear()
        self._head: TrackHead | None = None
        self._here: dict[Key, Pattern | None] = {}
        self._all: dict[tuple[str | None, ...], dict[Key, Pattern | None]] = {(): self._here}
        self._events: ShapeEvents | None = None
        self._sides: dict[tuple[str, str], Side | None] = {}
        self._count = self._forgotten = 0

    @property
    def met(self) -> int:
        """How many elements had a text that was new."""
        return self._count + self._forgotten

    def of(self, head: TrackHead | None) -> dict[Key, Pattern | None]:
        """What is known of the children of images (None), or of tracks with the same label, source and group; None for odd ones."""
        if head is not self._head:
            key = _said(head)
            if key not in self._all and len(self._all) >= REMEMBERED:
                self._forget()
            self._head, self._events = head, None
            self._here = self._all.setdefault(key, {})
        return self._here

    def _forget(self) -> None:
        """Begin again with nothing; numbers go on, and who holds what ``of`` gave keeps holding the same."""
        self._here.clear()
        self._all = {_said(self._head): self._here}
        self._sides.clear()
        self._forgotten, self._count = self.met, 0

    def learn(self, key: Key, plain: Plain) -> Pattern | None:
        """The pattern of an element with a new text; None if it is odd."""
        if self._count == REMEMBERED:
            self._forget()
        self._count += 1
        before, behind, upright = key
        found = self._composed(before, behind, plain) if upright and self._head is None else None
        if found is None:
            found = self._parsed(plain.text(before, behind, turned=not upright))
            if found is not None and (found.fields[ROTATION] is None) != upright:
                found = None  # a rotation that stands elsewhere
            found = found and found.upright()
        self._here[key] = found
        return found

    def _composed(self, before: str, behind: str, plain: Plain) -> Pattern | None:
        """The pattern of a shape whose two sides were met apart, None if it has to be read as a whole.

        There are many more pairs than sides: those of 50 texts with 500 are 25,000. Each side was read with as little as can be
        on the other one; what both say together is what each says, if no XML attribute is in both.
        """
        first, then = self._side(plain, before, ">"), self._side(plain, f'{plain.tag} label=""', behind)
        if first is None or then is None or first.names & then.names - {"label"} - plain.names:
            return None
        one, other = first.pattern, then.pattern
        fields = tuple(there if here is None else here for here, there in zip(one.fields, other.fields, strict=True))
        kind, label, presence, _ = one.signature
        said = (kind, label, presence | other.signature[2], other.signature[3])
        return one._replace(alike=self.met, attributes=other.attributes, fields=fields, signature=said, lines=one.lines + other.lines - 2)

    def _side(self, plain: Plain, before: str, behind: str) -> Side | None:
        """One side of an element, read on its own; None if it is odd, or rotated."""
        key = before, behind
        if key in self._sides:
            return self._sides[key]
        side, found, events = None, self._parsed(plain.text(before, behind, turned=False)), self._events
        if found is not None and events is not None and found.fields[ROTATION] is None:
            side = Side(found, frozenset(events.attrs[::2]))
        self._sides[key] = side
        return side

    def _parsed(self, text: str) -> Pattern | None:
        """What handlers of our own make of an element."""
        events = self._events or self._begun()
        self._ear.told = False
        try:
            events.driver.feed(text.encode())
        except (XmlError, SourceError, UnicodeEncodeError):
            self._events = None
            return None
        shapes, events.shapes = events.shapes, []
        keyframe = outside = False
        if isinstance(events, EntryEvents):
            shapes = [entry.shape for entry in events.entries]
            keyframe, outside = any(entry.keyframe for entry in events.entries), any(entry.outside for entry in events.entries)
            events.entries = []
        if self._ear.told or events.tag is not None or events.driver.waiting or len(shapes) != 1 or "\r" in text:
            self._events = None
            return None
        (shape,), lines = shapes, text.count("\n") + 1
        return Pattern(
            alike=self.met,
            kind=shape.kind,
            label=shape.label,
            attributes=shape.attributes,
            fields=shape.fields,
            signature=signature(shape),
            lines=lines,
            keyframe=keyframe,
            outside=outside,
        )

    def _begun(self) -> ShapeEvents:
        """Handlers inside an element that stands for the image or track."""
        driver, head = Driver(self._ear), self._head
        if head is None:
            events = ShapeEvents(driver, Tally(), lambda _shapes: None)
            events.begin("")
        else:
            events = EntryEvents(driver, Tally(), lambda: None, None)
            events.begin_track(head)
        self._events = events
        start = driver.parser.StartElementHandler
        driver.parser.StartElementHandler = None
        driver.feed(b"<parent>")
        driver.parser.StartElementHandler = start
        return events


def _said(head: TrackHead | None) -> tuple[str | None, ...]:
    """What a track says for all of its entries; () for images, which say nothing."""
    return () if head is None else (head.label, head.source, head.group_id)
