"""Shows a place of a text: the line with its number, and carets under the span. Plain text, safe for any terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.findings.base import Location

WIDTH = 100
"""How many columns of a long line are shown."""
_LEAD = 40
"""How many columns stand before the span when the line is cut."""
_TAB = "    "
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that could move the cursor, turn the writing direction or show nothing."""


def excerpt(lines: Sequence[str], location: Location) -> str:
    """The line of a location with carets, as three lines of text without a line break at the end.

    A span over several lines is marked to the end of its first. Carets follow the width of the characters on a
    terminal; a tab is four columns; a long line is cut to about 100 columns around the span. Empty if the location has
    no line in this text; without carets if it has no column.
    """
    if not 1 <= location.line <= len(lines):
        return ""
    line = lines[location.line - 1].rstrip()
    number = str(location.line)
    gutter = " " * len(number) + " |"
    start, end = _columns(line, location)
    before, marked, after = _window(line, start, end)
    shown = [gutter, f"{number} | {before}{marked}{after}".rstrip()]
    if location.column:
        shown.append(f"{gutter} {' ' * _width(before)}{'^' * max(1, _width(marked))}")
    return "\n".join(shown)


def _columns(line: str, location: Location) -> tuple[int, int]:
    """The span within its first line, from 0, the end exclusive."""
    start = min(max(location.column - 1, 0), len(line))
    if location.end_line > location.line:
        return start, len(line)
    return start, min(max(location.end_column - 1, start), len(line))


def _window(line: str, start: int, end: int) -> tuple[str, str, str]:
    """The line as shown, in three parts (before, in and after the span), cut where it is too long."""
    if len(line) <= WIDTH and _width(_safe(line)) <= WIDTH:
        return _safe(line[:start]), _safe(line[start:end]), _safe(line[end:])
    reversed_before, cut = _fit(line[:start][::-1], _LEAD)
    before = cut + reversed_before[::-1]
    marked, cut = _fit(line[start:end], WIDTH - _width(before))
    if cut:
        return before, marked, cut
    after, cut = _fit(line[end:], WIDTH - _width(before) - _width(marked))
    return before, marked, after + cut


def _fit(text: str, columns: int) -> tuple[str, str]:
    """As much of the start as fits, and a mark if that is not all; the work does not grow with the text."""
    safe = _safe(text[: WIDTH + 1])
    shown = _head(safe, columns)
    return shown, "" if len(shown) == len(safe) and len(text) <= WIDTH else "…"


def _safe(text: str) -> str:
    """The text with tabs as spaces and invisible characters as replacement characters."""
    if text.isascii() and text.isprintable():
        return text
    shown = (_TAB if character == "\t" else "\ufffd" if unicodedata.category(character) in _HIDDEN else character for character in text)
    return "".join(shown)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_cells, text))


def _head(text: str, columns: int) -> str:
    """As many characters from the start as fit."""
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > columns:
            return text[:index]
    return text
