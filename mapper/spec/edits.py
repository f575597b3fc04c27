"""Changes to the text of a document at the spans of its parts: what is not named keeps every character, comments too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.spec.located import Located, Pointer
    from mapper.spec.tree import Span

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Edit(NamedTuple):
    """A text in the place of a span; one that is as long as nothing inserts before it."""

    span: Span
    text: str


def rename_key(located: Located, pointer: Pointer, name: str) -> Edit:
    """Another name for a key; KeyError if there is no such key."""
    return Edit(located.keys[pointer], name)


def replace_value(located: Located, pointer: Pointer, text: str) -> Edit:
    """Another text for a value, as YAML that fits where the value stands; KeyError if there is no such value."""
    return Edit(located.values[pointer], text)


def add_before(located: Located, pointer: Pointer, text: str) -> Edit:
    """An entry, as one line of YAML, before another entry of a mapping in block style."""
    key = located.keys[pointer]
    line = located.lines[key.line - 1]
    if line[: key.column - 1].strip(" "):
        raise ValueError(f"{'/'.join(map(str, pointer))} does not begin its line")
    return Edit(key._replace(end_line=key.line, end_column=key.column), f"{text}\n{line[: key.column - 1]}")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made. Raises ValueError if two of them overlap."""
    starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
    places = sorted((starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1, new) for span, new in edits)
    pieces, position = [], 0
    for start, end, new in places:
        if start < position:
            raise ValueError("two edits overlap")
        pieces += [text[position:start], new]
        position = end
    return "".join([*pieces, text[position:]])
