"""The reader's own books: what it passed on and what it refused, counted by signature, apart from the engine's ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.cvat.model import Shape
    from mapper.geometry.shapes import Element

Signature = tuple[str, str, int, tuple[str, ...]]
"""Kind, label, presence (bit i is set if ``Shape.fields[i]`` is not None), attribute names in document order."""

ElementSignature = tuple[str, str, tuple[str, ...]]
"""Label of the skeleton, label of its element, the element's attribute names in document order."""


def signature(shape: Shape) -> Signature:
    """What a shape is counted under."""
    presence = sum(1 << bit for bit, text in enumerate(shape.fields) if text is not None)
    return shape.kind, shape.label, presence, tuple(name for name, _ in shape.attributes)


def element_signature(skeleton: str, element: Element) -> ElementSignature:
    """What one point of a skeleton is counted under."""
    return skeleton, element.label, tuple(name for name, _ in element.attributes)


@dataclass(slots=True)
class Tally:
    """Counts of one reading, complete when its images have ended.

    ``shapes`` and ``elements`` count what was yielded, ``flags`` the points of skeletons that are outside or occluded, by
    (skeleton, element, flag). ``refused`` counts by (XML name, label) what stands in the XML and
    was not yielded: refused elements, shapes of refused images, points of skeletons (label ``skeleton/element``),
    attributes (label is the attribute's name) and unexpected children. ``images_refused`` are not among ``images``.
    """

    shapes: dict[Signature, int] = field(default_factory=dict)
    elements: dict[ElementSignature, int] = field(default_factory=dict)
    flags: dict[tuple[str, str, str], int] = field(default_factory=dict)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    codes: dict[tuple[str, str, str], int] = field(default_factory=dict)
    images: int = 0
    images_refused: int = 0

    def refuse(self, tag: str, label: str, code: str) -> None:
        """Count an element that is not passed on, for the finding of that code."""
        self.refused[tag, label] = self.refused.get((tag, label), 0) + 1
        self.codes[tag, label, code] = self.codes.get((tag, label, code), 0) + 1

    def count_elements(self, skeleton: str, elements: Iterable[Element], by: int = 1) -> None:
        """Count the points of a skeleton that is passed on (or, with -1, taken back)."""
        for element in elements:
            _count(self.elements, element_signature(skeleton, element), by)
            if element.outside:
                _count(self.flags, (skeleton, element.label, "outside"), by)
            if element.occluded:
                _count(self.flags, (skeleton, element.label, "occluded"), by)

    def take_back(self, shapes: Iterable[Shape], code: str) -> None:
        """Turn shapes that were counted into refused ones: their image is not yielded."""
        for shape in shapes:
            _count(self.shapes, signature(shape), -1)
            self.refuse(TAGS[shape.kind], shape.label, code)
            if shape.kind == "skeleton":
                self.count_elements(shape.label, shape.geometry, -1)
                self.refuse_elements(shape.label, shape.geometry, code)

    def refuse_elements(self, skeleton: str, elements: Iterable[Element], code: str) -> None:
        """Count the points of a skeleton that is not passed on."""
        for element in elements:
            self.refuse("points", f"{skeleton}/{element.label}", code)


def _count(counts: dict[Any, int], key: object, by: int) -> None:
    total = counts.get(key, 0) + by
    if total:
        counts[key] = total
    else:
        del counts[key]
