"""The entries of one track, from parser events: shapes on frames, whose label, source and group are the track's.

See ``xml_shapes`` for how it is built, and ``xml_text`` for the entries that never come here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.elements import ELEMENTS
from mapper.cvat.layouts import ROTATION, ROTATION_BIT, TRACK_LABEL, entry_layout
from mapper.cvat.model import FIELDS, Entry, Shape
from mapper.cvat.xml_shapes import ShapeEvents
from mapper.findings.source.entries import FrameUnreadable, KeyframeUnsaid
from mapper.findings.source.skeletons import FlagUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.elements import Good
    from mapper.cvat.layouts import Layout
    from mapper.cvat.tally import Tally
    from mapper.cvat.xml_driver import Driver
    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Element

DIGITS = 18
"""How long frame numbers may be."""

SOURCE_BIT = 1 << FIELDS.index("source")
GROUP_BIT = 1 << FIELDS.index("group_id")

NUMBERS = 100_000
"""How many frame numbers are remembered: those of an hour of video."""

_ONE: dict[str | None, bool] = {"0": False, "1": True, None: False}
_FLAGS = {(keyframe, outside): (_ONE[keyframe] or keyframe is None, _ONE[outside]) for keyframe in _ONE for outside in _ONE}
"""Keyframe and outside by their texts; who writes an entry without saying whether it is a keyframe means one."""

_shape = partial(tuple.__new__, Shape)
_entry = partial(tuple.__new__, Entry)


class TrackHead(NamedTuple):
    """The XML attributes of a track; ``label`` is None if it has none, ``place`` is what findings call it."""

    id: str
    label: str | None
    source: str | None
    group_id: str | None
    task_id: str | None
    subset: str
    line: int
    place: str


class EntryEvents(ShapeEvents):
    """Reads the children of one track after the other; ``done`` is called at the end of each, and ``entries`` are there.

    Entries come as they stand: in document order, their frames as they are numbered in the file, keyframe and outside of
    a skeleton as it says itself, but for a point that makes it a keyframe. Those that are not outside are in the books,
    except skeletons, whose points may still change. ``nested`` is called for a track inside the track.
    """

    container = "track"
    point_flags = ("outside", "occluded", "keyframe")

    __slots__ = ("entries", "head", "mask", "nested", "numbers")

    def __init__(self, driver: Driver, tally: Tally, done: Callable[[], None], nested: Callable[[list[str]], None] | None) -> None:
        super().__init__(driver, tally, lambda _shapes: done())
        self.layouts = {tag: {} for tag in ELEMENTS if tag != "tag"}  # CVAT knows no tags that move
        self.arrange = entry_layout
        self.nested = nested
        self.entries: list[Entry] = []
        self.head = TrackHead("", None, None, None, None, "", 0, "")
        self.mask = 0
        self.numbers: dict[str, int] = {}

    def begin_track(self, head: TrackHead) -> None:
        """A track has started."""
        self.head = head
        self.entries = []
        self.mask = (SOURCE_BIT if head.source is not None else 0) | (GROUP_BIT if head.group_id is not None else 0)
        self.tail = [head.label or "", head.source, head.group_id, None]
        self.begin("")

    def keep(self, layout: Layout, values: list[Any], read: Good) -> None:
        """Add the open shape to the track, and to the books if it is seen."""
        state = layout.entry(values)
        try:
            frame, (keyframe, outside) = self.numbers[state[0]], _FLAGS[state[1:]]
        except KeyError:
            frame, keyframe, outside = self._state(*state)
            if frame < 0:
                return
        geometry, key, note = read
        fields, presence = layout.fields(values), layout.mask | self.mask
        if layout.rotates and geometry.rotation == 0.0:
            fields, presence = (*fields[:ROTATION], None, *fields[ROTATION + 1 :]), presence & ~ROTATION_BIT
        label, kind = values[TRACK_LABEL], layout.kind
        if outside:
            attributes = self.plain()
        else:
            try:
                self.tally.shapes[kind, label, presence, tuple(self.names)] += 1
                attributes = tuple(self.pairs)
            except KeyError:
                attributes = self.first(kind, label, presence)
        if note is not None:
            self.note(note)
        shape = _shape((kind, label, geometry, key, attributes, fields, self.line, 0))
        self.entries.append(_entry((frame, keyframe, outside, shape)))

    def keep_skeleton(self, layout: Layout, values: list[Any], elements: tuple[Element, ...], key: str) -> None:
        """Add the open skeleton to the track, as yet without its points in nested tracks; it is not yet in the books."""
        frame, keyframe, outside = self._state(*layout.entry(values))
        if frame < 0:
            self.tally.refuse_elements(values[TRACK_LABEL], elements, FrameUnreadable.code)
            return
        shape = _shape(("skeleton", values[TRACK_LABEL], elements, key, self.plain(), layout.fields(values), self.line, 0))
        self.entries.append(_entry((frame, keyframe or self.skeletons.keyed, outside, shape)))

    def plain(self) -> tuple[tuple[str, str], ...]:
        """The attributes of the open shape, each name once."""
        return self.unrepeated(self.line) if len(set(self.names)) < len(self.names) else tuple(self.pairs)

    def whole(self, attrs: list[str]) -> dict[str, str]:
        """What the open skeleton and its track say that its elements may say too."""
        head = self.head
        known = {"label": head.label or "", "source": head.source, "group_id": head.group_id}
        return super().whole(attrs) | {name: text for name, text in known.items() if text is not None}

    def where(self) -> tuple[str, str]:
        """The open element as a finding names it, and the label of its track."""
        label = self.head.label or ""
        if self.tag is None:
            return self.head.place, label
        frame = dict(zip(self.attrs[::2], self.attrs[1::2], strict=True)).get("frame")
        return f"{self.head.place}, {self.tag}" + ("" if frame is None else f" on frame {frame}"), label

    def sound(self, layout: Layout, values: list[Any]) -> bool:
        """Report what is odd about the open entry's XML attributes; False if it cannot be read for it."""
        if not super().sound(layout, values):
            return False
        if layout.entry(values)[1] is None:
            self.note(KeyframeUnsaid(str(self.tag)))
        return True

    def harmless(self, name: str, text: str) -> bool:
        """Whether the XML attribute says no more than the track does, or than the points of a skeleton do."""
        said = {"label": self.head.label, "source": self.head.source, "group_id": self.head.group_id}
        return said.get(name) == text or (name == "points" and self.tag == "skeleton") or super().harmless(name, text)

    def unknown(self, tag: str) -> None:
        """A track within the track, or what is refused."""
        if tag == "track" and self.nested is not None:
            self.nested(self.attrs)
        else:
            super().unknown(tag)

    def refuse_entries(self, code: str) -> None:
        """Turn all entries into refused ones: the track is not yielded."""
        for entry in self.entries:
            self.refuse_entry(entry, code)
        self.entries = []

    def refuse_entry(self, entry: Entry, code: str) -> None:
        """Turn one entry into a refused one; skeletons are not yet in the books, and outside entries not singly."""
        if entry.outside or entry.shape.kind == "skeleton":
            self.tally.refuse_shape(entry.shape, code)
        else:
            self.tally.take_back((entry.shape,), code)

    def tell(self, issue: Issue, line: int = 0, attribute: str = "") -> None:
        """Report something about the whole track, or about an entry at a line."""
        head = self.head
        self.report.add(issue, line=line or head.line, shape=head.place, label=head.label or "", attribute=attribute)

    def number(self, text: str) -> int | None:
        """The number of a frame, None if the text is none."""
        frame = self.numbers.get(text)
        if frame is None and text.isdecimal() and text.isascii() and len(text) <= DIGITS:
            frame = int(text)
            if len(self.numbers) < NUMBERS:
                self.numbers[text] = frame
        return frame

    def _state(self, text: str, keyframe: str | None, outside: str | None) -> tuple[int, bool, bool]:
        """Frame (-1: it cannot be read, and the entry is refused), keyframe and outside of the open entry.

        Flags that are neither 0 nor 1 are reported and 0.
        """
        frame = self.number(text)
        if frame is None:
            self.refuse(FrameUnreadable(str(self.tag), text[:DIGITS]))
            return -1, False, False
        for name, flag in (("keyframe", keyframe), ("outside", outside)):
            if flag not in _ONE:
                self.note(FlagUnreadable(name, flag or ""), name)
        return frame, _ONE.get(keyframe, False) or keyframe is None, _ONE.get(outside, False)
