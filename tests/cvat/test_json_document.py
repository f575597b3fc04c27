"""JSON that others wrote: what is read, and what is refused because readers would not agree about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.json_document import parsed
from mapper.cvat.reporter import Reporter
from mapper.errors import SourceError
from mapper.findings.collector import Collector

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def read(text: str | bytes) -> Any:
    """The document of a text."""
    return parsed(text if isinstance(text, bytes) else text.encode(), "x.json", Reporter(Collector(), "x.json"))


@given(VALUES, st.booleans())
def test_sound_documents_come_back(value: Any, escaped: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Whatever JSON can say is read, however its texts are escaped, and no key seems repeated that is not."""
    assert read(json.dumps(value, ensure_ascii=escaped)) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"b": [{"a": 1, "c": 2, "a": 3}]}',
        '{"a": 1, "\\u0061": 2}',
        '{"a": 1, "a": 2, "b": "\\u0022"}',
        '{"a\\"": 1, "a\\u0022": 2}',
    ],
)
def test_repeated_keys_are_refused(text: str) -> None:
    """Also deep down, under an escape, and where escaped quotes make up for the quotes of the lost key."""
    with pytest.raises(SourceError) as caught:
        read(text)
    assert [finding.code for finding in caught.value.findings] == ["SRC176"]


@pytest.mark.parametrize("text", ["", "[", "nul", "[NaN]", "[1e400]", "[" * 2000, b"\xff", '["\\ud800"]', "<html>", "{'a': 1}", "[1,]"])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    """With its own code and a place, never with a traceback."""
    with pytest.raises(SourceError) as caught:
        read(text)
    assert [finding.code for finding in caught.value.findings] == ["SRC175"]


def test_odd_but_sound() -> None:
    """A byte-order mark, long integers beside an escape, and deep nesting are read."""
    assert read(b"\xef\xbb\xbf[1]") == [1]
    assert read('["\\u0000", ' + "1" * 300 + "]")[0] == "\0"
    deep = "[" * 900 + '"\\u0022"' + "]" * 900
    assert json.dumps(read(deep)).count("[") == 900
