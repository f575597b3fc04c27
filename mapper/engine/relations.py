"""Conditions that look at more than one value: another field of the same shape, or some point of a skeleton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image
    from mapper.geometry.shapes import Element


@dataclass(frozen=True, slots=True)
class Relates:
    """A value stands in a relation to another one of the same shape; where either is absent, it does not."""

    get: Callable[[Shape, Image], Any]
    relation: Callable[[Any, Any], bool]
    other: Callable[[Shape, Image], Any]

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether both values are there and in the relation."""
        value, other = self.get(shape, image), self.other(shape, image)
        return value is not None and other is not None and self.relation(value, other)


@dataclass(frozen=True, slots=True)
class SomeElement:
    """Some point of a skeleton meets a condition; ``outside`` None asks for none of its states."""

    condition: Any
    outside: bool | None

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether a point does."""
        return shape.kind == "skeleton" and any(self.meets(element, image) for element in shape.geometry)

    def meets(self, element: Element, image: Image) -> bool:
        """Whether one point does."""
        if self.outside is not None and element.outside != self.outside:
            return False
        return self.condition is True or bool(self.condition(as_shape(element), image))


def as_shape(element: Element) -> Shape:
    """A point of a skeleton as a shape of its own, with what conditions can ask of a point."""
    fields = ("1" if element.occluded else "0", *(None for _ in FIELDS[1:]))
    return Shape("points", element.label, [element.x, element.y], "", element.attributes, fields, element.line)
