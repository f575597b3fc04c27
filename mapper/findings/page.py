"""The page of an issue, as its docstring holds it: what it is, why it matters, an example, what to do."""

from __future__ import annotations

import json
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mapper.findings.base import Issue

EXAMPLES = Path(__file__).parent / "examples.json"
"""What the examples of the codes gave when they were run, by code; the tests run them and write it."""
HEADINGS = ("Why it matters:", "Example:", "What to do:")


class Page(NamedTuple):
    """The parts of a page, each one paragraph; "" where the docstring lacks it (under ``python -OO`` it lacks all)."""

    summary: str
    why: str
    example: str
    advice: str


def page_of(issue: type[Issue]) -> Page:
    """Take an issue's docstring apart at its headings."""
    parts: list[list[str]] = [[]]
    for line in cleandoc(issue.__doc__ or "").splitlines():
        position = len(parts) - 1
        if position < len(HEADINGS) and line.startswith(HEADINGS[position]):
            parts.append([line.removeprefix(HEADINGS[position])])
        else:
            parts[-1].append(line)
    texts = [" ".join(" ".join(part).split()) for part in parts]
    return Page(*texts, *[""] * (len(Page._fields) - len(texts)))


@cache
def _examples() -> dict[str, str]:
    found: dict[str, str] = json.loads(EXAMPLES.read_text("utf-8"))
    return found


def example_of(code: str) -> str:
    """A finding of a code as the full form shows it, from an example that was run; "" if it is too large to show."""
    return _examples().get(code, "")
