"""Did you mean: the allowed word that is nearest to a given one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 100
"""Longer words are not compared: the cost grows with the product of the lengths, and no name is so long."""


def near(word: str, allowed: Iterable[str]) -> str:
    """The allowed word that is most like ``word``, or "" if none is; case, ``-`` and ``_`` do not count."""
    if len(word) > _LONGEST:
        return ""
    plain: dict[str, str] = {}
    for name in sorted(allowed):
        plain.setdefault(_plain(name), name)
    found = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else ""


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
