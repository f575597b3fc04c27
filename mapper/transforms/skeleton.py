"""Skeletons: the elements of a shape onto the vertices of its label's template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import TooFewPoints
from mapper.findings.vertices import (
    ElementAdded,
    MissingElement,
    NoTemplate,
    OutsideElement,
    RepeatedElement,
    UnknownElement,
)
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Element, Frame, Mended, Template, Vertex
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.base import Issue

_Vertices = list[Vertex | None]


class Skeleton(TransformSpec):
    """All vertices of the template in its order; Encord knows them by their position alone."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"skeleton"})
    shape: ClassVar[EncordShape] = "skeleton"

    kind: Literal["skeleton"] = Field(description="A skeleton.", examples=["skeleton"])
    template: Literal["from_label"] = Field(
        default="from_label",
        description="Where the vertices come from: the drawing of the CVAT label.",
        examples=["from_label"],
    )
    outside: Literal["invisible", "refuse"] = Field(
        default="invisible",
        description="An element outside the picture: an invisible vertex at its stored place, or an issue.",
        examples=["refuse"],
    )
    missing: Literal["invisible", "refuse"] = Field(
        default="invisible",
        description="An element that the shape lacks: an invisible vertex in the middle of the others and a warning, or an issue.",
        examples=["refuse"],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact; an element's occluded and outside become the vertex's visibility."""
        del source
        if template is None:
            return Conversion(lambda _elements, _frame: NoTemplate())
        return Conversion(_onto(template, refuse_outside=self.outside == "refuse", refuse_missing=self.missing == "refuse"))


def _onto(template: Template, *, refuse_outside: bool, refuse_missing: bool) -> Callable[[tuple[Element, ...], Frame], Any]:
    places = {label: index for index, (label, _, _) in enumerate(template.nodes)}
    count = len(places)

    def run(elements: tuple[Element, ...], _frame: Frame) -> Any:
        vertices: _Vertices = [None] * count
        for label, x, y, outside, occluded, _, _ in elements:
            place = places.get(label)
            if place is None:
                return UnknownElement(label)
            if vertices[place] is not None:
                return RepeatedElement(label)
            if outside and refuse_outside:
                return OutsideElement(label)
            vertices[place] = Vertex(x, y, "invisible" if outside else "occluded" if occluded else "visible")
        return tuple(vertices) if len(elements) == count else _completed(vertices, template, refuse=refuse_missing)

    return run


def _completed(vertices: _Vertices, template: Template, *, refuse: bool) -> Mended | Issue:
    there = [vertex for vertex in vertices if vertex is not None]
    if not there:
        return TooFewPoints("skeleton", 1, 0)
    absent = [label for (label, _, _), vertex in zip(template.nodes, vertices, strict=True) if vertex is None]
    names = ", ".join(absent)
    if refuse:
        return MissingElement(names, len(absent))
    middle = Vertex(sum(vertex.x for vertex in there) / len(there), sum(vertex.y for vertex in there) / len(there), "invisible")
    return Mended(tuple(vertex or middle for vertex in vertices), ElementAdded(names, len(absent)))


_FRAME = Frame(100, 80)
_TEMPLATE = Template((("head", 0.5, 0.1), ("left", 0.2, 0.9), ("right", 0.8, 0.9)), ((0, 1), (0, 2)))


def _element(label: str, x: float, y: float, *, outside: bool = False, occluded: bool = False) -> Element:
    return Element(label, x, y, outside, occluded, (), 1)


EXAMPLES: tuple[Example, ...] = (
    Example(
        {},
        "skeleton",
        (_element("right", 60.0, 70.0, occluded=True), _element("head", 50.0, 10.0), _element("left", 40.0, 70.0, outside=True)),
        _FRAME,
        (Vertex(50.0, 10.0, "visible"), Vertex(40.0, 70.0, "invisible"), Vertex(60.0, 70.0, "occluded")),
        _TEMPLATE,
    ),
    Example(
        {},
        "skeleton",
        (_element("right", 60.0, 70.0), _element("head", 50.0, 10.0)),
        _FRAME,
        Mended(
            (Vertex(50.0, 10.0, "visible"), Vertex(55.0, 40.0, "invisible"), Vertex(60.0, 70.0, "visible")),
            ElementAdded("left", 1),
        ),
        _TEMPLATE,
    ),
    Example({}, "skeleton", (_element("tail", 60.0, 70.0),), _FRAME, UnknownElement("tail"), _TEMPLATE),
)
