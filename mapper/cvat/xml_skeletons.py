"""The points of one skeleton, from parser events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.cvat.layouts import harmless
from mapper.cvat.numbers import pairs
from mapper.cvat.xml_attributes import Attributes
from mapper.findings.source.shapes import XmlAttributeMissing, XmlAttributeUnknown
from mapper.findings.source.skeletons import (
    FlagUnreadable,
    SkeletonElementDiffers,
    SkeletonElementRefused,
    SkeletonElementRepeated,
)
from mapper.geometry.shapes import Element

if TYPE_CHECKING:
    from mapper.cvat.xml_shapes import ShapeEvents
    from mapper.findings.base import Issue

_FLAGS = frozenset({"0", "1", None})
_OWN = ("source", "group_id", "z_order")
_KNOWN = frozenset({"label", "points", *_OWN})


class SkeletonEvents(Attributes):
    """Reads the elements of an open skeleton and the skeleton's own attributes, then hands it back to its image or track.

    ``flags``: the XML attributes of an element that are 0 or 1. ``keyed``: an element of the skeleton is a keyframe.
    """

    __slots__ = ("_attrs", "_elements", "_keys", "_line", "_outer", "_shapes", "_skeleton", "flags", "keyed")

    def __init__(self, shapes: ShapeEvents, flags: tuple[str, ...]) -> None:
        super().__init__(shapes.driver, shapes.tally)
        self._shapes = shapes
        self.flags = flags
        self.keyed = False
        self._skeleton: dict[str, str] = {}
        self._elements: dict[str, Element] = {}
        self._keys: list[str] = []
        self._outer: tuple[list[str], list[tuple[str, str]]] = ([], [])
        self._attrs: dict[str, str] = {}
        self._line = 0

    def begin(self, attrs: list[str]) -> None:
        """A skeleton has started."""
        self.image = self._shapes.image
        self._skeleton = self._shapes.whole(attrs)
        self.keyed = False
        self._elements = {}
        self._keys = []
        self.ready = True
        self.names.clear()
        self.pairs.clear()
        self.driver.push(self._start, self._end)

    def where(self) -> tuple[str, str]:
        """The skeleton as a finding names it, and its label."""
        return self._shapes.where()

    def _start(self, tag: str, attrs: list[str]) -> None:
        if tag == "attribute":
            if self.ready and len(attrs) == 2 and attrs[0] == "name":  # noqa: PLR2004 - one name, one value
                self.ready = False
                self.names.append(attrs[1])
                self.parser.CharacterDataHandler = self.collect
            else:
                self.open_odd(attrs)
        elif self.tag is None and self.ready:
            self._line = self.parser.CurrentLineNumber
            self.tag = tag
            self._attrs = dict(zip(attrs[::2], attrs[1::2], strict=True))
            self._outer = self.names, self.pairs
            self.names, self.pairs = [], []
        else:
            self.unexpected(tag)

    def _end(self, tag: str) -> None:
        if tag == "attribute":
            self.close()
        elif self.tag is None:
            self.driver.pop()
            self._finish()
        else:
            self._element(self.tag)
            self.tag = None
            self.names, self.pairs = self._outer

    def _element(self, tag: str) -> None:
        """The open element has ended: read it, or leave it out."""
        found = self._attrs
        label, points = found.get("label", ""), found.get("points", "")
        issue = self._fault(tag)
        try:
            x, y = pairs(points) if issue is None else (0.0, 0.0)
        except ValueError:
            issue = SkeletonElementRefused(label, f"{points[:60]!r} is not one point")
        if issue:
            self._note(issue)
            self.tally.refuse(tag, f"{self._skeleton.get('label', '')}/{label}", issue.code)
            return
        self._flags()
        self.keyed = self.keyed or found.get("keyframe") == "1"
        outside, occluded = found.get("outside") == "1", found.get("occluded") == "1"
        self._elements[label] = Element(label, x, y, outside, occluded, self._pairs(), self._line)
        self._keys.append(f"{label}:{points}")

    def _fault(self, tag: str) -> Issue | None:
        label = self._attrs.get("label")
        if tag != "points":
            return SkeletonElementRefused(label or "", f"it is a {tag}, not a point")
        if label is None:
            return SkeletonElementRefused("", "it has no label")
        return SkeletonElementRepeated(label) if label in self._elements else None

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        if len(set(self.names)) < len(self.names):
            return self.unrepeated(self._line)
        return tuple(self.pairs)

    def _flags(self) -> None:
        """Report what the element's XML attributes say that the model does not hold."""
        found = self._attrs
        for name in self.flags:
            if found.get(name) not in _FLAGS:
                self._note(FlagUnreadable(name, found[name]), name)
        for name in _OWN:
            own, whole = found.get(name), self._skeleton.get(name, "")
            if own is not None and own != whole and {own, whole} != {"", "0"}:
                self._note(SkeletonElementDiffers(name, own, whole), name)
        for name, text in found.items():
            if name not in _KNOWN and name not in self.flags and not harmless(name, text):
                self._note(XmlAttributeUnknown("points", name, text), name)

    def _finish(self) -> None:
        """The skeleton has ended: pass it on, or refuse it and its elements."""
        shapes, elements = self._shapes, tuple(self._elements.values())
        shapes.names, shapes.pairs = self.names, self.pairs
        self.names, self.pairs = [], []
        layout, values = shapes.layout()
        if layout.odd and not shapes.sound(layout, values):
            self.tally.refuse_elements(self._skeleton.get("label", ""), elements, XmlAttributeMissing.code)
        else:
            shapes.keep_skeleton(layout, values, elements, ";".join(sorted(self._keys)))
        shapes.closed()

    def _note(self, issue: Issue, attribute: str = "") -> None:
        shape, label = self.where()
        self.report.add(issue, line=self._line, image=self.image, shape=shape, label=label, attribute=attribute)
