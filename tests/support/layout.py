"""Exports laid out as CVAT does it, line by line; what is so laid out may be read from its text."""

from __future__ import annotations

import re

PLAIN, OTHER = b'encoding="utf-8"', b'encoding="UTF-8"'
"""A declaration as CVAT writes it, and one that says the same: nothing behind it is read from its text."""

_CLOSED = re.compile(r"(?m)^(    <(\w+) [^>\n]*?)(?:/>|></\2>)$")


def own_layout(text: str) -> bytes:
    """The text with each end tag of a shape on a line of its own."""
    return _CLOSED.sub(r"\1>\n    </\2>", text).encode()
