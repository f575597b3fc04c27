"""Parses an export and does nothing else: ``python benchmarks/bare_lxml.py annotations.xml [--touch]``.

The unit of measure for the other programs: no reader that stands on lxml can be faster. Each image or track is freed
once it has been seen, so memory stays flat. ``--touch`` also takes every attribute and text into Python, as any reader
must that uses them. Prints a number: shapes, or with ``--touch`` characters.
"""

from __future__ import annotations

import sys
from typing import Any

from lxml import etree


def touch(unit: Any) -> int:
    """The length of all attribute values and attribute texts of a unit."""
    length = 0
    for element in unit.iter():
        length += sum(map(len, element.values()))
        if element.tag == "attribute":
            length += len(element.text or "")
    return length


def run(path: str, *, touched: bool) -> int:
    """Goes over images and tracks; gives the number of shapes or, touched, of characters."""
    total = 0
    count = touch if touched else len
    for _, unit in etree.iterparse(path, tag=("image", "track"), huge_tree=True):
        total += count(unit)
        unit.clear()
        while unit.getprevious() is not None:
            del unit.getparent()[0]
    return total


if __name__ == "__main__":
    print(run(sys.argv[1], touched="--touch" in sys.argv[2:]))
