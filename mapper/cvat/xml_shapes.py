"""The shapes and tags of one image, from parser events: all but those that ``xml_text`` reads, and every one in another layout than CVAT's.

What is usual is done in ``start``, ``end``, ``layout`` and ``keep``; what is odd (an attribute that CVAT does not write, a
repeated name, a bad number) leaves them for a slower method.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import ELEMENTS
from mapper.cvat.layouts import ROTATION, ROTATION_BIT, Layout, compile_layout, harmless
from mapper.cvat.model import FIELDS, Shape
from mapper.cvat.xml_attributes import Attributes
from mapper.cvat.xml_skeletons import SkeletonEvents
from mapper.findings.source.shapes import ElementUnknown, TrackIdPresent, XmlAttributeMissing, XmlAttributeUnknown
from mapper.findings.source.skeletons import SkeletonEmpty

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.elements import Good
    from mapper.cvat.tally import Tally
    from mapper.cvat.xml_attributes import Pairs
    from mapper.cvat.xml_driver import Driver
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Element

LAYOUTS = 1000
"""How many layouts of an element are remembered; a file with more is no export, and only slower."""

_shape = partial(tuple.__new__, Shape)
_NO_LAYOUTS: dict[tuple[str, ...], Layout] = {}


class ShapeEvents(Attributes):
    """Reads the children of one image after the other; ``done(shapes)`` is called at the end of each image."""

    point_flags: tuple[str, ...] = ("outside", "occluded")

    __slots__ = ("arrange", "attrs", "bad", "done", "known", "layouts", "line", "shapes", "skeletons", "tail")

    def __init__(self, driver: Driver, tally: Tally, done: Callable[[list[Shape]], None]) -> None:
        super().__init__(driver, tally)
        self.done = done
        self.skeletons = SkeletonEvents(self, self.point_flags)
        self.arrange = compile_layout
        self.tail: list[str | None] = [None]
        self.layouts: dict[str, dict[tuple[str, ...], Layout]] = {tag: {} for tag in ELEMENTS}
        self.known = _NO_LAYOUTS
        self.attrs: list[Any] = []
        self.line = 0
        self.bad = 0
        self.shapes: list[Shape] = []

    @property
    def pieces(self) -> int:
        """How many pieces of text wait in an attribute that has not ended."""
        return max(len(self.parts), len(self.skeletons.parts))

    def begin(self, image: str) -> None:
        """An image has started."""
        self.image = image
        self.bad = 0
        self.shapes = []
        self.driver.push(self.start, self.end)

    def start(self, tag: str, attrs: list[str]) -> None:
        """An element has started: an attribute of the open shape, or a shape."""
        if tag == "attribute":
            if self.ready and len(attrs) == 2 and attrs[0] == "name":  # noqa: PLR2004 - one name, one value
                self.ready = False
                self.names.append(attrs[1])
                self.parser.CharacterDataHandler = self.collect
            else:
                self.open_odd(attrs)
        elif self.tag is None:
            self.line = self.parser.CurrentLineNumber
            self.tag = tag
            self.attrs = attrs
            self.ready = True
            self.known = self.layouts.get(tag, _NO_LAYOUTS)
            if tag == "skeleton":
                self.skeletons.begin(attrs)
            elif self.known is _NO_LAYOUTS:
                self.unknown(tag)
        else:
            self.unexpected(tag)

    def end(self, tag: str) -> None:
        """An element has ended: an attribute, a shape, or the image."""
        if tag == "attribute":
            self.parser.CharacterDataHandler = None
            parts = self.parts
            self.pairs.append((self.names[-1], "".join(parts)))
            parts.clear()
            self.ready = True
        elif self.tag is None:
            self.driver.pop()
            self.done(self.shapes)
        else:
            layout, values = self.layout()
            if not layout.odd or self.sound(layout, values):
                read = layout.read(layout.geometry(values))
                if isinstance(read, tuple):
                    self.keep(layout, values, read)
                else:
                    self.refuse(read)
            self.closed()

    def layout(self) -> tuple[Layout, list[Any]]:
        """The layout of the open shape, and its XML attribute values with ``tail`` behind them."""
        attrs = self.attrs
        names = tuple(attrs[::2])
        try:
            layout = self.known[names]
        except KeyError:
            layout = self.arrange(str(self.tag), names)
            if len(self.known) < LAYOUTS:
                self.known[names] = layout
        values = attrs[1::2]
        values += self.tail
        return layout, values

    def keep(self, layout: Layout, values: list[Any], read: Good) -> None:
        """Add the open shape to the image and to the books."""
        geometry, key, note = read
        fields, presence = layout.fields(values), layout.mask
        if layout.rotates and geometry.rotation == 0.0:
            fields, presence = (*fields[:ROTATION], None, *fields[ROTATION + 1 :]), presence & ~ROTATION_BIT
        label, kind = values[layout.label], layout.kind
        names = tuple(self.names)
        try:
            self.tally.shapes[kind, label, presence, names] += 1
            attributes = tuple(self.pairs)
        except KeyError:
            attributes = self.first(kind, label, presence)
        if note is not None:
            self.note(note)
        self.shapes.append(_shape((kind, label, geometry, key, attributes, fields, self.line, 0)))

    def first(self, kind: Kind, label: str, presence: int) -> Pairs:
        """The attributes of a shape whose signature is new, or always seems so because names in it repeat."""
        attributes = self.unrepeated(self.line)
        counts = self.tally.shapes
        signature = (kind, label, presence, tuple(name for name, _ in attributes))
        counts[signature] = counts.get(signature, 0) + 1
        return attributes

    def keep_skeleton(self, layout: Layout, values: list[Any], elements: tuple[Element, ...], key: str) -> None:
        """Add the open skeleton to the image and to the books, or refuse it if it has no element."""
        if elements:
            self.keep(layout, values, (elements, key, None))
            self.tally.count_elements(values[layout.label], elements)
        else:
            self.refuse(SkeletonEmpty())

    def whole(self, attrs: list[str]) -> dict[str, str]:
        """What the open skeleton says that its elements say too."""
        return dict(zip(attrs[::2], attrs[1::2], strict=True))

    def closed(self) -> None:
        """The open shape has ended."""
        self.tag = None
        self.ready = False
        self.names.clear()
        self.pairs.clear()

    def where(self) -> tuple[str, str]:
        """The open shape as a finding names it, and its label."""
        if self.tag is None:
            return "", ""
        label = dict(zip(self.attrs[::2], self.attrs[1::2], strict=True)).get("label", "")
        return f"{self.tag} {len(self.shapes) + self.bad + 1}, label {label}", label

    def note(self, issue: Issue, attribute: str = "") -> None:
        """Report something about the open shape."""
        shape, label = self.where()
        self.report.add(issue, line=self.line, image=self.image, shape=shape, label=label, attribute=attribute)

    def refuse(self, issue: Issue) -> None:
        """Leave the open shape out."""
        self.note(issue)
        self.tally.refuse(str(self.tag), self.where()[1], issue.code)
        self.bad += 1

    def sound(self, layout: Layout, values: list[Any]) -> bool:
        """Report what is odd about the open shape's XML attributes; False if it cannot be read for it."""
        tag = str(self.tag)
        if layout.missing:
            self.refuse(XmlAttributeMissing(tag, layout.missing[0]))
            return False
        for name, position in layout.extras:
            if not self.harmless(name, values[position]):
                self.note(XmlAttributeUnknown(tag, name, values[position]), attribute=name)
        track = layout.fields(values)[FIELDS.index("track_id")]
        if track is not None:
            shape, _ = self.where()
            self.report.add(TrackIdPresent(tag, track), line=self.line, image=self.image, shape=shape)
        return True

    def harmless(self, name: str, text: str) -> bool:
        """Whether an XML attribute that CVAT does not write there says nothing of its own."""
        return harmless(name, text)

    def unknown(self, tag: str) -> None:
        """Skip and refuse the element that has just started."""

        def done(_text: str) -> None:
            self.refuse(ElementUnknown(tag))
            self.closed()

        self.driver.skip(done)
