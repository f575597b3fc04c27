"""How text is shown: colours, width, and making names from files safe for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mapper.findings.base import Severity


class Style(NamedTuple):
    """``color``: whether to use ANSI colours. ``width``: columns of the terminal, 0 if the text goes elsewhere."""

    color: bool = False
    width: int = 0


PLAIN = Style()
"""For files and pipes."""

COLORS: Final = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36, "bold": 1, "dim": 2}
SEVERITY_COLORS: Final = {"error": "red", "warning": "yellow", "info": "blue"}

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories that could move the cursor, start an escape sequence, turn the writing direction or show nothing."""


def paint(text: str, style: Style, *looks: str) -> str:
    """The text in the given looks (names in COLORS), or as it is if the style has no colours."""
    if not style.color or not text:
        return text
    codes = ";".join(str(COLORS[look]) for look in looks)
    return f"\x1b[{codes}m{text}\x1b[0m"


def severity_look(severity: Severity) -> str:
    """The colour of a severity."""
    return SEVERITY_COLORS[severity.word]


def visible(text: str) -> str:
    """The text on one line, with everything that a terminal would act on replaced by U+FFFD.

    Names of labels, images and files come from exports: they must not recolour the report or move its cursor.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(character) in _HIDDEN else character for character in " ".join(text.split()))


def plural(number: int, noun: str, several: str = "") -> str:
    """A number with thousands separators and its noun: ``1 image``, ``1,204 images``."""
    return f"{number:,} {noun if number == 1 else several or noun + 's'}"
