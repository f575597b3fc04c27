"""The small part of an export that is read as a tree: its meta block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.cvat.xml_driver import DEPTH
from mapper.findings.source.opening import LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.cvat.xml_driver import Driver
    from mapper.errors import SourceError

UNREAD = frozenset({"owner", "assignee", "segments"})
"""Elements that never enter the tree: names and mail addresses of people, and the list of jobs."""


META_BYTES = 256 << 20
"""How long a meta block may be; the largest seen has 40 KB."""


@dataclass(slots=True)
class Node:
    """An element: its name, its own text as it stands, its children and its line."""

    tag: str
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def find(self, tag: str) -> Node | None:
        """The first child of that name."""
        return next(self.all(tag), None)

    def all(self, tag: str) -> Iterator[Node]:
        """All children of that name."""
        return (child for child in self.children if child.tag == tag)

    def get(self, tag: str) -> str:
        """The text of the first child of that name without blanks around it, "" if there is none."""
        child = self.find(tag)
        return child.text.strip() if child else ""


class TreeEvents:
    """Builds the tree of the element that has just started, and calls ``done`` with it."""

    def __init__(self, driver: Driver, tag: str, done: Callable[[Node], object]) -> None:
        self._driver = driver
        self._done = done
        self._open = [Node(tag, driver.line)]
        self._end_at = driver.parser.CurrentByteIndex + META_BYTES
        driver.push(self._start, self._end, self._text)

    def _start(self, tag: str, _attrs: list[str]) -> None:
        if tag in UNREAD:
            self._driver.skip(lambda _text: None)
            return
        if len(self._open) > DEPTH:
            raise self._refuse("the nesting of meta", str(DEPTH))
        node = Node(tag, self._driver.line)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        node = self._open.pop()
        if not self._open:
            self._driver.pop()
            self._done(node)

    def _text(self, text: str) -> None:
        if self._driver.parser.CurrentByteIndex > self._end_at:
            raise self._refuse("the length of meta", f"{META_BYTES >> 20} MiB")
        self._open[-1].text += text

    def _refuse(self, what: str, limit: str) -> SourceError:
        return self._driver.report.refuse(LimitExceeded(what, limit), line=self._driver.line)
