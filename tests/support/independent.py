"""A second reader of "CVAT for images 1.1", naive on purpose and without a line of the product: the oracle for counts.

It loads the whole file as a tree and counts what stands there. Keys are (XML name, label); for the points of a skeleton the
label is ``skeleton/element``, for images the key is ``("image", "")``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("occluded", "z_order", "group_id", "source", "track_id", "rotation")
FLAGS = ("outside", "occluded")


class Count:
    """Elements of one name and label: how many, how many with each XML field, how many attributes of each name."""

    def __init__(self) -> None:
        self.elements = 0
        self.fields: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()

    def __repr__(self) -> str:
        """All three, for the message of a failing comparison."""
        return f"{self.elements} {dict(sorted(self.fields.items()))} {dict(sorted(self.attributes.items()))}"


def count(path: Path) -> dict[tuple[str, str], Count]:
    """Count the images, their shapes and tags, and the points of their skeletons.

    Fields are those of FIELDS (``rotation`` only if it is no multiple of 360); for points of skeletons those of FLAGS that
    are 1.
    """
    counts: dict[tuple[str, str], Count] = {}
    root = etree.parse(str(path), etree.XMLParser(huge_tree=True, remove_comments=True)).getroot()
    for image in root.findall("image"):
        counts.setdefault(("image", ""), Count()).elements += 1
        for shape in image:
            label = shape.get("label", "")
            entry = counts.setdefault((str(shape.tag), label), Count())
            _add(entry, shape)
            entry.fields.update(name for name in FIELDS if _present(shape, name))
            for point in shape:
                if shape.tag == "skeleton" and point.tag != "attribute":
                    inner = counts.setdefault((str(point.tag), f"{label}/{point.get('label', '')}"), Count())
                    _add(inner, point)
                    inner.fields.update(name for name in FLAGS if point.get(name) == "1")
    return counts


def _add(entry: Count, element: etree._Element) -> None:
    entry.elements += 1
    entry.attributes.update(attribute.get("name", "") for attribute in element.findall("attribute"))


def _present(shape: etree._Element, name: str) -> bool:
    text = shape.get(name)
    if text is None:
        return False
    return name != "rotation" or float(text) % 360 != 0
