"""Builds plain values from YAML events, and notes the span of every key and value; the stack is explicit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import yaml

from mapper.findings.base import Location
from mapper.findings.spec_file import EmptyDocument, ForbiddenCharacter, SecondDocument
from mapper.findings.spec_text import (
    Alias,
    Anchor,
    BooleanLookalike,
    DuplicateKey,
    EntryWithoutValue,
    KeyNotText,
    MergeKey,
    NumberLookalike,
    SyntaxProblem,
    Tag,
    TooDeep,
    TooManyNodes,
)  # fmt: skip
from mapper.spec.scalars import resolve
from mapper.spec.yaml_events import Broken, join_surrogates, read_events

if TYPE_CHECKING:
    from mapper.findings.base import Issue

Pointer = tuple[str | int, ...]
"""The keys and indices that lead to a node; ``()`` is the document."""

MAX_DEPTH = 32
MAX_NODES = 100_000
_SHOWN = 60
"""How much of a long key a message shows."""
_COMMENT = re.compile(r"#[^\r\n]*")
_KINDS: dict[type, str] = {bool: "a boolean", int: "a number", float: "a number", type(None): "null"}


class Span(NamedTuple):
    """Where something stands; lines and columns count from 1 in characters, the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def at(self, file: str, pointer: str = "") -> Location:
        """The same as a location in a file; ``pointer`` names what stands there."""
        return Location(
            file=file, line=self.line, column=self.column, end_line=self.end_line, end_column=self.end_column, pointer=pointer
        )  # fmt: skip


class _Frame:
    """An open list or mapping: ``key`` is the key that waits for its value, False if key and value are thrown away."""

    __slots__ = ("flow", "is_key", "key", "key_end", "pointer", "start", "value")

    def __init__(self, value: Any, pointer: Pointer | None, event: Any, *, is_key: bool) -> None:
        self.value = value
        self.pointer = pointer
        self.start = event.start_mark
        self.flow = event.flow_style
        self.is_key = is_key
        self.key: str | Literal[False] | None = None
        self.key_end = 0


class Tree:
    """The values, spans and findings of one text; ``complete`` is False if reading stopped before its end."""

    def __init__(self, text: str, file: str, lines: tuple[str, ...]) -> None:
        self.root: Any = None
        self.keys: dict[Pointer, Span] = {}
        self.values: dict[Pointer, Span] = {}
        self.findings: list[tuple[Issue, Location]] = []
        self.complete = True
        self._text, self._file, self._lines = text, file, lines
        self._stack: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        self._end: Any = None  # the mark after the last token that is content

    def read(self, *, pure: bool = False) -> Tree:
        """Take in all events, up to the first that makes going on pointless."""
        for event in read_events(self._text, pure=pure):
            if not self._take(event):
                self.complete = False
                break
        else:
            if not self._documents:
                self._report(EmptyDocument(), Span(1, 1, 1, 1))
        return self

    def _take(self, event: Any) -> bool:
        if isinstance(event, Broken):
            self._report(SyntaxProblem(problem=event.problem, advice=event.advice), self._broken_at(event))
            return False
        if isinstance(event, yaml.NodeEvent):
            return self._node(event)
        if isinstance(event, yaml.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._report(SecondDocument(), self._span(event.start_mark, event.end_mark))
                return False
        return True

    def _broken_at(self, event: Broken) -> Span:
        """One character; libyaml puts the end of the text one line too low."""
        line, column = event.line, event.column
        if line > len(self._lines):
            line, column = len(self._lines), len(self._lines[-1]) + 1
        return Span(line, column, line, column + 1)

    def _node(self, event: Any) -> bool:
        self._nodes += 1
        span = self._span(event.start_mark, event.end_mark)
        if self._nodes > MAX_NODES:
            self._report(TooManyNodes(limit=MAX_NODES), span)
            return False
        if isinstance(event, yaml.AliasEvent):
            self._report(Alias(alias=f"*{_short(str(event.anchor))}"), span)
            self._scalar(event, None, span)
            return True
        if event.anchor is not None:
            self._report(Anchor(anchor=f"&{_short(event.anchor)}"), span)
        if event.tag is not None:
            self._report(Tag(tag=_short(event.tag)), span)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, event.value, span)
            return True
        return self._open(event, span)

    def _scalar(self, event: Any, text: str | None, span: Span) -> None:
        """Take in a scalar as key or value; the text of an alias is None."""
        self._end = event.end_mark
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event, text, span)
            return
        self._check_given(top, event, text, span)
        value = self._resolved(event, text, span)
        pointer = self._attach(value)
        if pointer is not None:
            self.values[pointer] = span

    def _resolved(self, event: Any, text: str | None, span: Span) -> Any:
        """The value of a scalar: quoted and block scalars are text."""
        if text is None:
            return None
        if event.style:
            joined = join_surrogates(text)
            if joined is None:
                point = next(ord(character) for character in text if "\ud800" <= character <= "\udfff")
                self._report(ForbiddenCharacter(point=point), span)
            return joined
        value, lookalike = resolve(text)
        if lookalike:
            issue = BooleanLookalike if lookalike == "boolean" else NumberLookalike
            self._report(issue(text=_short(text)), span)
        return value

    def _check_given(self, top: _Frame | None, event: Any, text: str | None, span: Span) -> None:
        """Refuse a document that is nothing, and an entry of a mapping without colon and value."""
        if text or text is None or event.style:
            return
        if top is None:
            self._report(EmptyDocument(), span)
        elif isinstance(top.key, str) and top.pointer is not None:
            between = self._text[top.key_end : event.start_mark.index]
            if ":" not in _COMMENT.sub("", between):
                self._report(EntryWithoutValue(key=_short(top.key)), self.keys[(*top.pointer, top.key)])

    def _key(self, top: _Frame, event: Any, text: str | None, span: Span) -> None:
        top.key, top.key_end = False, event.end_mark.index
        if text is None:  # an alias, reported already
            return
        if text == "<<" and not event.style:
            self._report(MergeKey(), span)
            return
        value = self._resolved(event, text, span)
        if event.style and value is None:  # half of a surrogate pair, reported already
            return
        if not isinstance(value, str):
            what = f"{_KINDS[type(value)]} ({_short(text)})" if text else "nothing"
            self._report(KeyNotText(what=what), span)
            value = text
        if value in top.value:
            if top.pointer is not None:
                first = self.keys[(*top.pointer, value)]
                self._report(DuplicateKey(key=_short(value), line=first.line, column=first.column), span)
            return
        top.key = value
        top.value[value] = None
        if top.pointer is not None:
            self.keys[(*top.pointer, value)] = span

    def _open(self, event: Any, span: Span) -> bool:
        top = self._stack[-1] if self._stack else None
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        is_key = top is not None and isinstance(top.value, dict) and top.key is None
        if is_key:
            self._report(self._container_as_key(event.start_mark.index, value), span)
        pointer = None if is_key else self._attach(value)
        self._stack.append(_Frame(value, pointer, event, is_key=is_key))
        if len(self._stack) > MAX_DEPTH:
            self._report(TooDeep(limit=MAX_DEPTH), span)
            return False
        return True

    def _container_as_key(self, index: int, value: Any) -> Issue:
        """A list or mapping as key; an unquoted ``{{ template }}`` reads as a mapping in a mapping."""
        if isinstance(value, list):
            return KeyNotText(what="a list")
        if self._text[index - 1 : index + 1] == "{{":
            return KeyNotText(what="a mapping", advice="a text with a {{ template }} goes into quotes")
        return KeyNotText(what="a mapping")

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        if frame.flow:
            self._end = event.end_mark
        if frame.is_key:
            self._stack[-1].key = False
        elif frame.pointer is not None:
            self.values[frame.pointer] = self._span(frame.start, self._end)

    def _attach(self, value: Any) -> Pointer | None:
        """Put a value where the innermost container waits for one; its pointer, or None if it is thrown away."""
        if not self._stack:
            self.root = value
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return None if top.pointer is None else (*top.pointer, len(top.value) - 1)
        key, top.key = top.key, None
        if not isinstance(key, str):
            return None
        top.value[key] = value
        return None if top.pointer is None else (*top.pointer, key)

    def _span(self, start: Any, end: Any) -> Span:
        """The span between two marks; one that ends before a line's first character ends with the text above it."""
        line, column = end.line, end.column
        while column == 0 and line > start.line:
            line -= 1
            column = len(self._lines[line].rstrip())
        return Span(start.line + 1, start.column + 1, line + 1, column + 1)

    def _report(self, issue: Issue, span: Span) -> None:
        self.findings.append((issue, span.at(self._file)))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
