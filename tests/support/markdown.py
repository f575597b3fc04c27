"""The documents of the checkout, taken apart: fenced blocks, headings and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTS += [*sorted((ROOT / "rules").glob("*/*.md")), ROOT / "benchmarks" / "README.md"]

_BLOCK = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language, what follows it on the same line, its text, and the line it starts on."""

    language: str
    info: str
    text: str
    line: int


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a document."""
    text = path.read_text("utf-8")
    return [Block(match[1], match[2].strip(), match[3], text.count("\n", 0, match.start()) + 1) for match in _BLOCK.finditer(text)]


def prose(path: Path) -> str:
    """A document without its fenced blocks."""
    return _BLOCK.sub("", path.read_text("utf-8"))


def links(path: Path) -> list[str]:
    """The targets of its links, those to other sites left out."""
    found = [target for target in _LINK.findall(prose(path)) if not target.startswith(("http://", "https://"))]
    return list(dict.fromkeys(found))


def anchors(path: Path) -> set[str]:
    """The names that links can lead to: headings in lower case, with hyphens for spaces and without signs."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(prose(path))}
