"""Reads YAML or JSON strictly, from parser events, and remembers where every key and value stands.

No document is composed or constructed: aliases cannot explode, tags cannot build objects, and depth and size are capped
while reading. Problems are findings, never exceptions. Measured reasons: PyYAML's C composer crashes the process on
100 000 opening brackets, its constructors keep the last of two equal keys and turn ``no`` into False.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.findings.base import Location, Severity
from mapper.findings.spec_file import Directive, ForbiddenCharacter, NotUtf8, TooLarge
from mapper.spec.tree import MAX_DEPTH, MAX_NODES, Pointer, Span, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.findings.base import Issue

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Located", "Pointer", "Span", "load_located"]

MAX_BYTES = 4 * 1024 * 1024

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufeff\\ufffe\\uffff]")
"""Controls, the byte order mark, and what YAML 1.1 folds as line breaks though YAML 1.2 and JSON do not.

Of two sets that say the same, Python compiles the smaller in a tenth of the time: it goes through every character.
"""
_DIRECTIVES_SHOWN = 20


class Origin(NamedTuple):
    """Where a part of a merged document comes from."""

    document: Located
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Located:
    """A document as plain values, with the span of each key and value.

    ``value`` is None if the text cannot be read to its end, and lacks what the findings name otherwise. ``keys`` and
    ``values`` map pointers to spans; the document itself is ``()``. ``lines`` is the text, for excerpts.

    A document that extends others has their parts in its value: ``origins`` says which part comes from where, the nearest
    pointer above counts, and ``parents`` are the documents that it extends, for excerpts.
    """

    file: str
    value: Any
    keys: Mapping[Pointer, Span]
    values: Mapping[Pointer, Span]
    findings: tuple[tuple[Issue, Location], ...]
    lines: tuple[str, ...]
    origins: Mapping[Pointer, Origin] = field(default_factory=dict)
    parents: tuple[Located, ...] = ()

    @property
    def texts(self) -> dict[str, tuple[str, ...]]:
        """The lines of this document and of those that it extends, by file."""
        return {document.file: document.lines for document in (*self.parents, self)}

    def home(self, pointer: Pointer) -> Origin:
        """The document in which a part was written, and its pointer there."""
        for length in range(len(pointer), -1, -1) if self.origins else ():
            if (origin := self.origins.get(pointer[:length])) is not None:
                return Origin(origin.document, (*origin.pointer, *pointer[length:]))
        return Origin(self, pointer)

    @property
    def valid(self) -> bool:
        """Whether nothing was found that makes the value wrong; hints do not."""
        return all(issue.severity < Severity.ERROR for issue, _ in self.findings)

    def place(self, pointer: Pointer) -> Location:
        """Where a value stands, or the nearest container that is there."""
        home, at = self.home(pointer)
        for length in range(len(at), -1, -1):
            if at[:length] in home.values:
                return home.values[at[:length]].at(home.file, home.named(at))
        return Location(file=home.file)

    def key_place(self, pointer: Pointer) -> Location:
        """Where the key of a value stands; for an entry of a list, where the entry stands."""
        home, at = self.home(pointer)
        return home.keys[at].at(home.file, home.named(at)) if at in home.keys else self.place(pointer)

    def named(self, pointer: Pointer) -> str:
        """A pointer as text; an entry of a list goes by its ``id`` if it has one, so that it may move."""
        here, words = self.value, []
        for step in pointer:
            here = here[step] if _holds(here, step) else None
            own = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
            words.append(own if isinstance(own, str) else str(step))
        return "".join(f"/{word}" for word in words)


def load_located(data: bytes, file: str, *, pure: bool = False) -> Located:
    """Read a YAML or JSON document; ``file`` is the name that findings give.

    Scalars are typed by YAML 1.2's core schema narrowed to JSON (see `mapper.spec.scalars`), so a YAML document and its
    JSON twin give equal values. Refused, each with its own code: more than 4 MiB, 32 levels or 100 000 nodes, text that
    is not UTF-8 (a byte order mark may open it), forbidden characters, directives, a second or no document, duplicate
    keys, keys that are not text, merge keys, anchors, aliases, tags, and entries without a value. ``pure`` forces
    PyYAML's own parser: it is slower and gives the same values, though on misplaced tabs it refuses what libyaml takes.
    """
    if len(data) > MAX_BYTES:
        return _refused(file, TooLarge(size=len(data), limit=MAX_BYTES), Location(file=file))
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        span = _span_at(data[: error.start].decode("utf-8"))
        return _refused(file, NotUtf8(byte=data[error.start]), span.at(file))
    lines = tuple(_LINE_BREAK.split(text))
    if found := _FORBIDDEN.search(text):
        span = _span_at(text[: found.start()])
        return _refused(file, ForbiddenCharacter(point=ord(found[0])), span.at(file), lines)
    directives = _directive_lines(lines)
    if directives:
        # As comments, because the parsers differ: one refuses unknown directives, the other passes over them unseen.
        text = "\n".join(f"#{line[1:]}" if number in directives else line for number, line in enumerate(lines))
    tree = Tree(text, file, lines).read(pure=pure)
    return Located(
        file=file,
        value=tree.root if tree.complete else None,
        keys=tree.keys,
        values=tree.values,
        findings=(*_directive_findings(directives, file), *tree.findings),
        lines=lines,
    )


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(step, str):
        return isinstance(value, dict) and step in value
    return isinstance(value, list) and step < len(value)


def _refused(file: str, issue: Issue, place: Location, lines: tuple[str, ...] = ()) -> Located:
    return Located(file=file, value=None, keys={}, values={}, findings=((issue, place),), lines=lines)


def _span_at(before: str) -> Span:
    """The span of the one character after a text."""
    above = _LINE_BREAK.split(before.removeprefix("\ufeff"))
    return Span(len(above), len(above[-1]) + 1, len(above), len(above[-1]) + 2)


def _directive_lines(lines: tuple[str, ...]) -> dict[int, str]:
    """The lines before the document that begin with ``%``, by index."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        content = line.strip(" \t")
        if line.startswith("%"):
            found[number] = content
        elif content and not content.startswith("#"):
            break
    return found


def _directive_findings(directives: dict[int, str], file: str) -> Iterator[tuple[Issue, Location]]:
    for number, line in islice(directives.items(), _DIRECTIVES_SHOWN):
        span = Span(number + 1, 1, number + 1, len(line) + 1)
        yield Directive(directive=line[:60]), span.at(file)
