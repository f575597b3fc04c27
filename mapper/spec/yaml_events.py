"""PyYAML's event stream, with the two parsers brought into line and parser errors in the user's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

_GOES_ON = "check the indentation; text that goes on after a closing quote or bracket goes into quotes as a whole"
_ADVICE = (
    ("scanning an alias", "text that begins with * goes into quotes"),
    ("scanning an anchor", "text that begins with & goes into quotes"),
    ("tag", "text that begins with ! goes into quotes"),
    ("mapping values are not allowed", "text that holds ': ' goes into quotes; check the indentation, too"),
    ("cannot start any token", "text that begins with this character goes into quotes"),
    ("unexpected end of stream", "a quote or bracket is not closed"),
    ("',' or", "a bracket is not closed, or a comma is missing"),
    ("<block end>", _GOES_ON),
    ("expected key", _GOES_ON),
    ("escape", r"in double quotes, a backslash is written \\"),
    ("':'", "a key needs ': ' after it"),
)


class Broken(NamedTuple):
    """The text cannot be parsed any further; line and column count from 1, 0 if the parser does not say."""

    problem: str
    advice: str
    line: int
    column: int


class _PureLoader(yaml.SafeLoader):
    """PyYAML's own parser, with libyaml's leave for tabs between tokens (JSON files are often indented so)."""

    def scan_to_next_token(self) -> None:
        """Pass over spaces, comments and line breaks, and over tabs wherever they are not indentation."""
        super().scan_to_next_token()
        while self.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
            self.forward()
            super().scan_to_next_token()


def read_events(text: str, *, pure: bool = False) -> Iterator[yaml.Event | Broken]:
    r"""The events of a text; if it cannot be parsed, the last item is a Broken.

    libyaml is used when PyYAML has it. It refuses JSON's pairs of surrogate escapes (``"\ud83d\ude00"``), so a text
    that may hold one takes the slower parser; ``pure`` forces that.
    """
    slow = pure or _SURROGATE_ESCAPE.search(text) is not None
    loader: Any = _PureLoader if slow else getattr(yaml, "CSafeLoader", _PureLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        yield _broken(error, text)
    except (ValueError, OverflowError) as error:
        # PyYAML's own parser lets these out of chr() and int(), for "\UFFFFFFFF" and for endless version numbers.
        yield Broken(f"an escape or number is out of range ({error})", "", 0, 0)


def _broken(error: yaml.MarkedYAMLError, text: str) -> Broken:
    problem = ", ".join(part for part in (error.context, error.problem) if part)
    advice = next((words for mark, words in _ADVICE if mark in problem), "")
    place = error.problem_mark or error.context_mark
    if place is None:
        return Broken(problem, advice, 0, 0)
    if text[place.index : place.index + 1] == "\t":
        advice = "indent with spaces, not with tabs"
    return Broken(problem, advice, place.line + 1, place.column + 1)


def join_surrogates(value: str) -> str | None:
    """The text with pairs of surrogates joined to the characters they mean; None if one stands alone."""
    if value.isascii():
        return value
    try:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None
