"""Places in TOML: the scanner sees the keys that the standard library's parser sees, and where they stand."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cli.settings.toml_places import Path, key_places

TEXT = '''# a comment with [brackets] and "quotes"
title = "a # b"  # another
"quoted key" = 'x'
a.b . "c.d" = 1

[tool.mapper]   # [not.this]
fail-on = "warning"
list = [ 1, "two, ]", [3, [4]], # comment ]
  {x = "}", y = [5]},
]
multi = """
[not.a.table]
key = "no" \\""" still
"""""
literal = \'\'\'
x = 'y' \'\'\'
when = 1979-05-27 07:32:00
flag=true
[tool."other.tool"]
[[array]]
name = 1
[array.sub]
deep = {a.b = 1}
[[array]]
name = 2
[[array.inner]]
z = 1
[[array.inner]]
'''


def paths(value: Any, path: Path = ()) -> set[Path]:
    """The path of everything in a parsed document."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} | {found for key, item in items for found in paths(item, (*path, key))} if path or value else set()


def test_every_key_is_found_once() -> None:
    """Tables, arrays of tables, dotted and quoted keys, inline tables and lists; nothing in texts and comments."""
    assert set(key_places(TEXT)) == paths(tomllib.loads(TEXT)) - {()}


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        (("title",), 2, "title"), (("quoted key",), 3, '"quoted key"'), (("a", "b", "c.d"), 4, '"c.d"'), (("tool", "mapper"), 6, "mapper"),
        (("tool", "mapper", "fail-on"), 7, "fail-on"), (("tool", "mapper", "list", 1), 8, '"two, ]"'),
        (("tool", "mapper", "list", 3, "y"), 9, "y"),
        (("tool", "mapper", "when"), 17, "when"), (("tool", "mapper", "flag"), 18, "flag"), (("array", 1, "name"), 25, "name"),
        (("array", 0, "sub", "deep", "a", "b"), 23, "b"), (("array", 1, "inner", 0, "z"), 27, "z"),
    ],
)  # fmt: skip
def test_places_are_those_of_the_text(path: Path, line: int, text: str) -> None:
    """Line and columns mark the key itself."""
    span = key_places(TEXT)[path]
    assert span.line == line
    assert TEXT.split("\n")[line - 1][span.column - 1 : span.end_column - 1] == text


def toml(value: Any, *, blank: str = " ") -> str:
    """A value as TOML: containers inline."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}{blank}={toml(item, blank=blank)}" for key, item in value.items()) + "}"
        case list():
            return "[" + "".join(f"{toml(item, blank=blank)}{blank},\n# ]\n" for item in value) + "]"
        case dt.date():
            return value.isoformat()
        case str():
            return json.dumps(value) if "'" in value or not value.isprintable() else f"'{value}'"
        case _:
            return repr(value)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=8)
SCALARS = st.booleans() | st.integers(-(2**60), 2**60) | st.dates() | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, VALUES, max_size=3))
def test_any_document_is_seen_as_the_parser_sees_it(top: dict[str, Any], table: dict[str, Any]) -> None:
    """Over generated documents with tables, the paths are those of the parsed values."""
    lines = [f"{json.dumps(key)} = {toml(value)}" for key, value in top.items()]
    for name in ("[[tables]]", "[[tables]]", "['x.y'.z]"):
        lines += [name, *(f"{json.dumps(key)} = {toml(value)}" for key, value in table.items())]
    text = "\n".join(lines) + "\n"
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a key such as "tables" at the top, or an escape that JSON has and TOML has not
    assert set(key_places(text)) == paths(document) - {()}
