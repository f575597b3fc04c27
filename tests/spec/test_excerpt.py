"""Excerpts show the line and mark the span, whatever the line holds."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mapper.findings.base import Location
from mapper.spec.excerpt import WIDTH, excerpt


def show(line: str, column: int, end_column: int, *, end_line: int = 1) -> list[str]:
    """The lines of an excerpt of a text of one line."""
    place = Location(file="spec.yaml", line=1, column=column, end_line=end_line, end_column=end_column)
    return excerpt([line], place).split("\n")


def test_the_span_is_marked_under_its_line() -> None:
    """The form of ruff: gutter, line with its number, carets."""
    lines = [""] * 51 + ["  - {from: type, lookup: body}"]
    place = Location(file="spec.yaml", line=52, column=24, end_line=52, end_column=28)
    assert excerpt(lines, place) == "   |\n52 |   - {from: type, lookup: body}\n   |                        ^^^^"


def test_a_span_over_lines_is_marked_to_the_end_of_the_first() -> None:
    """Without the blanks at its end."""
    assert show("rules:   ", 1, 3, end_line=4) == ["  |", "1 | rules:", "  | ^^^^^^"]


def test_an_empty_span_gets_one_caret() -> None:
    """Also just after the end of the line."""
    assert show("key:", 5, 5) == ["  |", "1 | key:", "  |     ^"]
    assert show("", 1, 1) == ["  |", "1 |", "  | ^"]


def test_a_place_without_line_or_column() -> None:
    """No line: nothing; no column: no carets."""
    assert excerpt(["a"], Location(file="spec.yaml")) == ""
    assert excerpt(["a"], Location(file="spec.yaml", line=2)) == ""
    assert show("a", 0, 0) == ["  |", "1 | a"]


def test_tabs_are_four_columns() -> None:
    """In the line and under it."""
    assert show("\t\tkey: a\tb", 3, 10) == ["  |", "1 |         key: a    b", "  |         ^^^^^^^^^^"]


def test_wide_and_combining_characters() -> None:
    """Carets follow the columns of a terminal."""
    assert show("名前: 車", 5, 6) == ["  |", "1 | 名前: 車", "  |       ^^"]
    assert show("e\u0301: x", 5, 6) == ["  |", "1 | e\u0301: x", "  |    ^"]


def test_characters_that_move_the_cursor_are_replaced() -> None:
    """Terminal escapes and changes of the writing direction do not reach the terminal."""
    assert show("a\x1b[31m\u202eb", 1, 2)[1] == "1 | a\ufffd[31m\ufffdb"


def test_a_long_line_is_cut_around_the_span() -> None:
    """The span stays in sight, cuts are marked."""
    _, shown, carets = show("x" * 300 + "BAD" + "y" * 300, 301, 304)
    assert shown == f"1 | …{'x' * 40}BAD{'y' * 56}…"
    assert carets == f"  | {' ' * 41}^^^"
    assert show("BAD" + "y" * 300, 1, 4)[1].startswith("1 | BADyyy")
    assert show("x" * 300 + "BAD", 301, 304)[1].endswith("xBAD")
    assert show("x" * 300, 2, 300)[2] == f"  |  {'^' * 99}"


@given(
    line=st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: text * 8),
    column=st.integers(0, 250),
    length=st.integers(0, 250),
)
def test_any_span_of_any_line(line: str, column: int, length: int) -> None:
    """Two or three short lines, never a control character."""
    shown = show(line, column, column + length)
    assert len(shown) == (3 if column else 2)
    assert all(unicodedata.category(character) != "Cc" for text in shown for character in text)
    assert all(len(text) <= 2 * WIDTH + 10 for text in shown)
