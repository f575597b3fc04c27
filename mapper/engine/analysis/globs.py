"""Which combinations of globs a text can match, each with a short text that does: the product of their automata."""

from __future__ import annotations

import re
from collections import deque
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PREFERRED = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
FIRST, LAST = 0x20, 0x10FFFF
SURROGATES = (0xD800, 0xE000)
NEAR = 40
STATES = 20_000
"""States of the product beyond which the search gives up."""

_BAD = re.compile("[\\ud800-\\udfff\\ufffe\\uffff]")
"""What no XML file can hold."""

States = tuple[int, ...]


class Search:
    """A breadth-first search through all globs at once.

    ``found``: a shortest text for each combination of matches that some text has; ``complete`` is False if the search gave
    up, so that there may be others. ``letters``: one character for each set of them that no glob tells apart.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.tokens = [list(tokens(pattern)) for pattern in patterns]
        self.letters = _letters({token for parts in self.tokens for token in parts})
        self.found: dict[tuple[bool, ...], str] = {}
        self.complete = True
        self._steps = [{letter: _moves(parts, letter) for letter in self.letters} for parts in self.tokens]
        self._search()

    def _search(self) -> None:
        start = tuple(_closed(parts, 1) for parts in self.tokens)
        seen: set[States] = {start}
        waiting: deque[tuple[States, str]] = deque([(start, "")])
        while waiting:
            states, text = waiting.popleft()
            vector = tuple(bool(state >> len(parts) & 1) for state, parts in zip(states, self.tokens, strict=True))
            self.found.setdefault(vector, text)
            for letter in self.letters:
                after = self._after(states, letter)
                if after not in seen:
                    if len(seen) >= STATES:
                        self.complete = False
                        return
                    seen.add(after)
                    waiting.append((after, text + letter))

    def _after(self, states: States, letter: str) -> States:
        moved = []
        for state, steps, parts in zip(states, self._steps, self.tokens, strict=True):
            at, position, reached = state, 0, 0
            while at:
                if at & 1:
                    reached |= steps[letter][position]
                at >>= 1
                position += 1
            moved.append(_closed(parts, reached))
        return tuple(moved)


def tokens(pattern: str) -> Iterator[str]:
    """The parts of a glob as `fnmatch` reads it: ``*``, ``?``, ``[…]``, or a character that stands for itself."""
    position = 0
    while position < len(pattern):
        letter = pattern[position]
        end = _bracket(pattern, position) if letter == "[" else -1
        if end > 0:
            yield pattern[position:end]
            position = end
            continue
        yield letter if letter != "[" else "[[]"
        position += 1


def _bracket(pattern: str, start: int) -> int:
    """Where a bracket ends, -1 if it never does and is a character of its own."""
    end = start + 1
    if pattern[end : end + 1] == "!":
        end += 1
    if pattern[end : end + 1] == "]":
        end += 1
    close = pattern.find("]", end)
    return close + 1


def _moves(parts: list[str], letter: str) -> list[int]:
    """For each position, the positions that a character leads to."""
    found = []
    for position, token in enumerate(parts):
        if token == "*":  # noqa: S105 - a part of a glob, no secret
            found.append(1 << position)
        else:
            found.append(1 << position + 1 if fnmatchcase(letter, token) else 0)
    return [*found, 0]


def _closed(parts: list[str], state: int) -> int:
    """The positions with those that follow a star without any character."""
    for position, token in enumerate(parts):
        if token == "*" and state >> position & 1:  # noqa: S105 - as above
            state |= 1 << position + 1
    return state


def _letters(parts: Iterable[str]) -> list[str]:
    """One character of each stretch of the code that the parts do not tell apart, readable ones first."""
    points = {FIRST, LAST + 1, *SURROGATES}
    for part in parts:
        for letter in part if part.startswith("[") else part.replace("*", "").replace("?", ""):
            points |= {ord(letter), ord(letter) + 1}
    borders = sorted(point for point in points if FIRST <= point <= LAST + 1)
    found = [letter for low, high in pairwise(borders) if (letter := _letter(low, high))]
    return sorted(found, key=lambda letter: PREFERRED.find(letter) % 1000)


def _letter(low: int, high: int) -> str:
    """A character from low to before high that an XML file can hold, "" if there is none."""
    if high - low > 1:
        for letter in PREFERRED:
            if low <= ord(letter) < high:
                return letter
    return next((chr(point) for point in range(low, min(high, low + NEAR)) if not _BAD.match(chr(point))), "")
