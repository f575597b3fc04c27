"""Where each key of a TOML document stands; the standard library's parser reads the values but keeps no places.

The scanner runs after that parser has accepted the text, so it need not judge: it only tells keys, texts, lists and
inline tables apart. That both see the same keys is a property test.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys, and indices of lists, that lead to a value."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_TEXT = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})(?!")|\'\'\'.*?\'\'\'(?:\'{0,2})(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_PLAIN = re.compile(r"[^,\]}#\n\r]+")


class TomlSpan(NamedTuple):
    """A line, its first column and the one behind the last; all count from 1."""

    line: int
    column: int
    end_column: int


def key_places(text: str) -> dict[Path, TomlSpan]:
    """The place of every key, and of every entry of a list, by its path; ``text`` must be valid TOML."""
    return _Scanner(text).scan()


class _Scanner:
    """Goes through the text once; ``position`` is where it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.places: dict[Path, TomlSpan] = {}
        self.counts: dict[Path, int] = {}  # entries so far, of arrays of tables
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def scan(self) -> dict[Path, TomlSpan]:
        """Take the document statement by statement: headers of tables, and keys with their values."""
        table: Path = ()
        self._blank()
        while self.position < len(self.text):
            if self.text.startswith("[[", self.position):
                self.position += 2
                table = self._header(several=True)
                self.position += 2
            elif self.text[self.position] == "[":
                self.position += 1
                table = self._header(several=False)
                self.position += 1
            else:
                self._entry(table)
            self._blank()
        return self.places

    def _header(self, *, several: bool) -> Path:
        path: Path = ()
        keys = self._keys()
        for number, (key, span) in enumerate(keys, 1):
            path = (*path, key)
            self.places.setdefault(path, span)
            if several and number == len(keys):
                self.counts[path] = self.counts.get(path, 0) + 1
                self.places[*path, self.counts[path] - 1] = span
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _entry(self, table: Path) -> None:
        path = table
        for key, span in self._keys():
            path = (*path, key)
            self.places.setdefault(path, span)
        self._blank()
        self.position += 1  # the sign of equality
        self._value(path)

    def _value(self, path: Path) -> None:
        self._blank()
        if self.text[self.position] == "[":
            self._list(path)
        elif self.text[self.position] == "{":
            self._inline(path)
        elif found := _TEXT.match(self.text, self.position) or _PLAIN.match(self.text, self.position):
            self.position = found.end()

    def _list(self, path: Path) -> None:
        self.position += 1
        number = 0
        while not self._closed("]"):
            start = self.position
            self._value((*path, number))
            self.places[*path, number] = self._span(start, self.position)
            number += 1
            self._comma()

    def _inline(self, path: Path) -> None:
        self.position += 1
        while not self._closed("}"):
            self._entry(path)
            self._comma()

    def _closed(self, sign: str) -> bool:
        self._blank()
        if self.text[self.position] != sign:
            return False
        self.position += 1
        return True

    def _comma(self) -> None:
        self._blank()
        if self.text[self.position] == ",":
            self.position += 1

    def _keys(self) -> list[tuple[str, TomlSpan]]:
        """The parts of a key that may hold dots."""
        parts = []
        self._blank()
        while found := _KEY.match(self.text, self.position):
            parts.append((_plain(found[0]), self._span(found.start(), found.end())))
            self.position = found.end()
            dot = _DOT.match(self.text, self.position)
            if dot is None:
                break
            self.position = dot.end()
        self._blank()
        return parts

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def _span(self, start: int, end: int) -> TomlSpan:
        line = bisect_right(self.lines, start)
        first = self.lines[line - 1]
        last = self.text.find("\n", start, end)
        return TomlSpan(line, start - first + 1, (end if last < 0 else last) - first + 1)


def _plain(key: str) -> str:
    """A key without its quotes and escapes."""
    if key[0] == "'":
        return key[1:-1]
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] == '"' else key
