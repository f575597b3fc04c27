"""Gathers the ``<attribute>`` children of the element that is open; the part that shapes and skeleton points share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.source.shapes import AttributeNameless, AttributeRepeated, ChildUnexpected, XmlAttributeUnknown

if TYPE_CHECKING:
    from mapper.cvat.reporter import Reporter
    from mapper.cvat.tally import Tally
    from mapper.cvat.xml_driver import Driver

Pairs = tuple[tuple[str, str], ...]

MAX_PIECES = 1024
"""How many pieces of text (64 KiB each) one attribute may have."""


class Attributes:
    """The attributes of the open element in document order, as names and as (name, text) pairs.

    ``tag`` is the open element, None if there is none. ``ready``: an element is open, and no attribute in it.
    ``container``: what findings call the element around it.
    """

    container = "image"

    __slots__ = ("collect", "driver", "image", "names", "pairs", "parser", "parts", "ready", "report", "tag", "tally")

    def __init__(self, driver: Driver, tally: Tally) -> None:
        self.driver = driver
        self.parser = driver.parser
        self.report: Reporter = driver.report
        self.tally = tally
        self.tag: str | None = None
        self.ready = False
        self.image = ""
        self.names: list[str] = []
        self.pairs: list[tuple[str, str]] = []
        self.parts: list[str] = []
        self.collect = self.parts.append

    def where(self) -> tuple[str, str]:
        """The open element as a finding names it, and its label."""
        raise NotImplementedError

    def open_odd(self, attrs: list[str]) -> None:
        """An ``<attribute>`` that stands where none can be, or that has other XML attributes than ``name``."""
        known = dict(zip(attrs[::2], attrs[1::2], strict=True))
        if not self.ready:
            self.unexpected("attribute")
            return
        shape, label = self.where()
        line = self.driver.line
        if "name" not in known:
            self.driver.skip(lambda text: self._nameless(text, line, shape, label))
            return
        for name, text in known.items():
            if name != "name":
                issue = XmlAttributeUnknown("attribute", name, text)
                self.report.add(issue, line=line, image=self.image, shape=shape, label=label, attribute=name)
        self.ready = False
        self.names.append(known["name"])
        self.parser.CharacterDataHandler = self.collect

    def _nameless(self, text: str, line: int, shape: str, label: str) -> None:
        self.tally.refuse("attribute", "", AttributeNameless.code)
        self.report.add(AttributeNameless(self.tag or "", text), line=line, image=self.image, shape=shape, label=label)

    def unexpected(self, child: str) -> None:
        """Skip an element that has no business in the open one."""
        line = self.driver.line
        shape, label = self.where()
        parent = "attribute" if len(self.names) > len(self.pairs) else self.tag or self.container

        def done(text: str) -> None:
            self.tally.refuse(child, "", ChildUnexpected.code)
            issue = ChildUnexpected(parent, child, text)
            self.report.add(issue, line=line, image=self.image, shape=shape, label=label, attribute=child)

        self.driver.skip(done)

    def close(self) -> None:
        """The end of an ``<attribute>``."""
        self.parser.CharacterDataHandler = None
        parts = self.parts
        self.pairs.append((self.names[-1], "".join(parts)))
        parts.clear()
        self.ready = True

    def unrepeated(self, line: int) -> Pairs:
        """The pairs without those whose name came before; each of those is reported."""
        shape, label = self.where()
        kept: dict[str, str] = {}
        for name, text in self.pairs:
            if name in kept:
                self.tally.refuse("attribute", name, AttributeRepeated.code)
                issue = AttributeRepeated(name, kept[name], text)
                self.report.add(issue, line=line, image=self.image, shape=shape, label=label, attribute=name)
            kept.setdefault(name, text)
        return tuple(kept.items())
