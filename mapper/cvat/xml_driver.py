"""The event parser of XML exports: expat, with a stack of handlers and without anything that a hostile file could use.

expat costs a quarter less per shape than lxml, knows the line of every element, and tells of a DOCTYPE before it acts on
it. What is not expected at a place is skipped by ``Driver.skip``, so a handler only ever sees elements that nest as it
wants them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from mapper.findings.source.opening import DoctypeRefused, LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.reporter import Reporter

    Start = Callable[[str, list[str]], None]
    End = Callable[[str], None]

XmlError = expat.ExpatError
"""What ``Driver.feed`` raises when the XML is not well-formed; it has ``lineno`` and ``offset``."""

TEXT = 1 << 16
"""Bytes of text that expat gathers before it calls the text handler; longer texts come in pieces."""

DEPTH = 200
"""How deep elements that are skipped may nest."""


class Driver:
    """An expat parser whose handlers are pushed and popped as the reading goes in and out of elements.

    Start handlers get the XML attributes as a flat list of names and values. ``verbatim``: within a CDATA section.
    """

    def __init__(self, report: Reporter) -> None:
        self.report = report
        parser = self.parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = TEXT
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartCdataSectionHandler, parser.EndCdataSectionHandler = self._open_cdata, self._close_cdata
        self._stack: list[tuple[Any, Any, Any]] = []
        self._fed = 0
        self.verbatim = False

    @property
    def line(self) -> int:
        """The line of the current event, from 1."""
        return self.parser.CurrentLineNumber

    @property
    def waiting(self) -> int:
        """How many bytes were fed since the last event began: the length of a token that has not ended."""
        return self._fed - self.parser.CurrentByteIndex

    def feed(self, data: bytes, *, final: bool = False) -> None:
        """Parse more of the file.

        Raises:
            XmlError: not well-formed.
            LookupError, ValueError: an encoding that is unknown, or of more than one byte.
            SourceError: refused by a handler.
        """
        self._fed += len(data)
        self.parser.Parse(data, final)

    def push(self, start: Start, end: End, text: Callable[[str], object] | None = None) -> None:
        """Use other handlers until ``pop``."""
        parser = self.parser
        self._stack.append((parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler))
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text

    def pop(self) -> None:
        """Go back to the handlers before the last ``push``."""
        parser = self.parser
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._stack.pop()

    def skip(self, done: Callable[[str], object]) -> None:
        """Ignore the element that has just started; at its end, call ``done`` with the beginning of its own text."""
        _Skip(self, done)

    def _open_cdata(self) -> None:
        self.verbatim = True

    def _close_cdata(self) -> None:
        self.verbatim = False

    def _doctype(self, name: str, _system: str | None, _public: str | None, _internal: object) -> None:
        raise self.report.refuse(DoctypeRefused(name), line=self.line)


class _Skip:
    def __init__(self, driver: Driver, done: Callable[[str], object]) -> None:
        self.driver = driver
        self.done = done
        self.depth = 0
        self.text = ""
        driver.push(self.start, self.end, self.characters)

    def start(self, _tag: str, _attrs: list[str]) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.driver.report.refuse(LimitExceeded("the nesting of elements", str(DEPTH)), line=self.driver.line)

    def end(self, _tag: str) -> None:
        if self.depth:
            self.depth -= 1
        else:
            self.driver.pop()
            self.done(" ".join(self.text.split()))

    def characters(self, text: str) -> None:
        if not self.depth and len(self.text) < DEPTH:
            self.text += text[:DEPTH]
