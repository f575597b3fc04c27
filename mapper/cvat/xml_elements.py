"""Points of skeletons that have tracks of their own inside their skeleton's, as CVAT 2.2.0 to 2.3.x wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.cvat.tally import Tally
from mapper.cvat.tracks import chosen
from mapper.cvat.xml_entries import EntryEvents
from mapper.findings.source.entries import ElementAlone
from mapper.findings.source.opening import XmlBroken
from mapper.findings.source.shapes import XmlAttributeUnknown
from mapper.findings.source.skeletons import SkeletonElementDiffers, SkeletonElementRefused, SkeletonElementRepeated, SkeletonEmpty
from mapper.geometry.shapes import Element

if TYPE_CHECKING:
    from mapper.cvat.model import Entry
    from mapper.findings.base import Issue

_KNOWN = frozenset({"id", "label", "source", "group_id"})


class ElementTracks:
    """Reads the nested tracks of one skeleton's track, then joins their entries to those of the skeleton by frame."""

    def __init__(self, whole: EntryEvents) -> None:
        self._whole = whole
        self._books = Tally()
        self._events = EntryEvents(whole.driver, self._books, self._end, None)
        self._label = ""
        self._found: dict[int, dict[str, tuple[Element, str, bool]]] = {}
        self._any = False
        self._open = False

    @property
    def pieces(self) -> int:
        """How many pieces of text wait in an attribute that has not ended."""
        return self._events.pieces

    def clear(self) -> None:
        """A skeleton's track has started, or anything else's."""
        self._found = {}
        self._any = self._open = False

    def begin(self, attrs: list[str]) -> None:
        """A nested track has started."""
        found = dict(zip(attrs[::2], attrs[1::2], strict=True))
        head = self._whole.head
        self._any = self._open = True
        self._label = found.get("label", "")
        place = f"{head.place}, point {self._label}"
        within = head._replace(label=f"{head.label or ''}/{self._label}", source=None, group_id=None, line=self._whole.line, place=place)
        self._events.begin_track(within)
        for name, text in found.items():
            if name not in _KNOWN:
                self._events.tell(XmlAttributeUnknown("track", name, text), attribute=name)
        for name, expected in (("source", head.source or ""), ("group_id", head.group_id or "")):
            own = found.get(name, expected)
            if own != expected and {own, expected} != {"", "0"}:
                self._events.tell(SkeletonElementDiffers(name, own, expected), attribute=name)

    def _end(self) -> None:
        """The nested track has ended."""
        self._open = False
        kept, left = chosen(self._events.entries)
        for _, entry in left:
            self._refuse(entry, SkeletonElementRepeated(self._label))
        for entry in kept:
            self._add(entry)
        self._events.entries = []
        self._settle()
        self._whole.closed()

    def _add(self, entry: Entry) -> None:
        here = self._found.setdefault(entry.frame, {})
        shape = entry.shape
        if shape.kind != "points" or len(shape.geometry) != 2:  # noqa: PLR2004 - x and y
            self._refuse(entry, SkeletonElementRefused(self._label, f"its {shape.kind} is not one point"))
        elif self._label in here:
            self._refuse(entry, SkeletonElementRepeated(self._label))
        else:
            x, y = shape.geometry
            element = Element(self._label, x, y, entry.outside, shape.fields[0] == "1", shape.attributes, shape.line)
            here[self._label] = element, shape.key, entry.keyframe

    def _refuse(self, entry: Entry, issue: Issue) -> None:
        self._events.tell(issue, entry.shape.line)
        self._books.refuse_shape(entry.shape, issue.code)

    def _settle(self) -> None:
        """Take what was refused in nested tracks into the books; what is kept is counted with its skeleton."""
        tally, books = self._whole.tally, self._books
        for (tag, label, code), count in books.codes.items():
            for _ in range(count):
                tally.refuse(tag, label, code)
        books.codes.clear()
        books.refused.clear()
        books.shapes.clear()

    def abandon(self) -> bool:
        """The XML has broken off: what an open nested track holds so far is refused; whether there was one."""
        if self._open:
            events = self._events
            if events.tag:
                self._books.refuse(events.tag, events.where()[1], XmlBroken.code)
            for entry in events.entries:
                self._books.refuse_shape(entry.shape, XmlBroken.code)
            self._settle()
        return self._open

    def join(self) -> None:
        """Give the skeletons of the track their points; what has no counterpart is refused."""
        whole, joined = self._whole, []
        for entry in whole.entries:
            shape = entry.shape
            if shape.kind != "skeleton" or shape.geometry:
                joined.append(entry)
            elif self._any:
                points = self._found.pop(entry.frame, {}).values()
                key = ";".join(sorted(f"{element.label}:{text}" for element, text, _ in points))
                elements = tuple(element for element, _, _ in points)
                keyframe = entry.keyframe or any(keyed for _, _, keyed in points)
                joined.append(entry._replace(keyframe=keyframe, shape=shape._replace(geometry=elements, key=key)))
            else:
                whole.tell(SkeletonEmpty(), shape.line)
                whole.refuse_entry(entry, SkeletonEmpty.code)
                whole.bad += 1
        whole.entries = joined
        self.refuse_all(ElementAlone.code, tell=True)

    def refuse_all(self, code: str, *, tell: bool = False) -> None:
        """Refuse the points that no skeleton has taken."""
        for frame, points in self._found.items():
            for element, _, _ in points.values():
                self._whole.tally.refuse("points", f"{self._whole.head.label or ''}/{element.label}", code)
                if tell:
                    self._whole.tell(ElementAlone(element.label, frame), element.line)
        self._found = {}
