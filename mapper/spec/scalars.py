"""What an unquoted YAML scalar is: YAML 1.2's core types, narrowed to what JSON can say in the same letters."""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

Scalar = str | int | float | bool | None

INTEGER_DIGITS = 19
"""An integer of more digits stays text: not every reader of JSON keeps it."""
_NUMBER_LENGTH = 64
"""A longer number has digits that a float cannot hold."""

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip

_BOOLEANS_ELSEWHERE = frozenset(form for word in ("y", "n", "yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper()))
"""YAML 1.1's other booleans."""

_NUMBER = re.compile(r"(?P<integer>-?(?:0|[1-9][0-9]*))(?P<rest>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
"""JSON's number."""

_NUMBERS_ELSEWHERE = re.compile(
    r"""[-+]?(?:
        0[xX][0-9a-fA-F_]+ | 0[oO][0-7_]+ | 0[bB][01_]+       # other bases
        | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?         # YAML 1.1 counts 1:30 as 90
        | [0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?      # 007, 1_000, 5., +5
        | \.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?                  # .5
        | \.(?:inf|Inf|INF) | Infinity
    ) | \.(?:nan|NaN|NAN) | NaN""",
    re.VERBOSE,
)

Lookalike = Literal["", "boolean", "number"]


class Resolved(NamedTuple):
    """The value, and what some other tools would take the same text for when it is text here."""

    value: Scalar
    lookalike: Lookalike = ""


def resolve(text: str) -> Resolved:
    """The value of an unquoted scalar.

    null, booleans and numbers are what JSON writes in the same letters (plus ``~``, nothing, and the core schema's
    capitals); everything else is text. A number that would lose its spelling stays text: leading zeros, more than 19
    digits, infinite, or so small that it would become zero.
    """
    if text in _WORDS:
        return Resolved(_WORDS[text])
    if len(text) > _NUMBER_LENGTH:
        return Resolved(text, "number" if text.isascii() and text.lstrip("+-").isdigit() else "")
    match = _NUMBER.fullmatch(text)
    number = _number(match["integer"], match["rest"]) if match else None
    if number is not None:
        return Resolved(number)
    if text in _BOOLEANS_ELSEWHERE:
        return Resolved(text, "boolean")
    return Resolved(text, "number" if match or _NUMBERS_ELSEWHERE.fullmatch(text) else "")


def _number(integer: str, rest: str) -> int | float | None:
    if not rest:
        return int(integer) if len(integer.lstrip("-")) <= INTEGER_DIGITS else None
    value = float(integer + rest)
    mantissa = re.split("[eE]", integer + rest, maxsplit=1)[0]
    vanished = value == 0 and mantissa.strip("-0.") != ""
    return None if vanished or math.isinf(value) else value
