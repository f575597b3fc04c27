"""Witnesses: a cell as a shape on an image, and the smallest export that holds it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.model import FIELDS, Image, Shape, Task
from mapper.cvat.writing import images_xml, shape_line
from mapper.engine.analysis.domains import SOURCES, values_of
from mapper.engine.analysis.geometry import solve
from mapper.engine.measures import SIZES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.model import AttributeSpec, LabelSpec
    from mapper.engine.analysis.cells import Cell
    from mapper.geometry.kinds import Kind

NAME = "image.png"
SIZE = 100
MARGIN = 20
TASK = Task(id="1")


class Witness(NamedTuple):
    """Shapes of labels on one image that show something; ``labels`` are those of the schema that they need."""

    image: Image
    labels: tuple[LabelSpec, ...]

    @property
    def xml(self) -> str:
        """The smallest export that holds them."""
        return images_xml(self.labels, [self.image])

    @property
    def line(self) -> str:
        """The shapes alone."""
        return " ".join(shape_line(shape) for shape in self.image.shapes)


def witness(label: LabelSpec, kind: Kind, cell: Cell | None = None, *, bare: bool = False) -> Witness:
    """A shape in a cell; all that the cell does not ask about is as usual. ``cell`` None is any shape of label and kind.

    ``bare`` leaves out attributes that the cell does not ask about.
    """
    values: dict[Any, Any] = dict(cell.values) if cell is not None else {}
    geometry = cell.geometry if cell is not None else None
    geometry = solve(kind, label, {}).geometry if geometry is None else geometry
    shape = Shape(kind, label.name, geometry, "", _attributes(() if bare else label.attributes, values), _fields(kind, values, geometry), 1)
    width, height = SIZES[kind](geometry) if kind in SIZES else (0.0, 0.0)
    size = [max(SIZE, ceil(min(abs(number), 1e9)) + MARGIN) for number in (width, height)]
    name, frame = values.get(("image", ""), NAME), values.get(("frame", ""), 0)
    image = Image(frame, name, size[0], size[1], TASK, values.get(("subset", ""), ""), frame, 1, [shape])
    return Witness(image, (_plain(label),) if label.declared and not bare else ())


def together(first: Witness, second: Witness) -> Witness:
    """The shapes of two witnesses on the image of the first."""
    image = first.image._replace(shapes=[*first.image.shapes, *second.image.shapes])
    return Witness(image, tuple({label.name: label for label in (*first.labels, *second.labels)}.values()))


def _plain(label: LabelSpec) -> LabelSpec:
    return replace(label, elements=tuple(replace(element, template=None) for element in label.elements))


def _attributes(specs: Sequence[AttributeSpec], values: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
    found = {}
    for spec in specs:
        found[spec.name] = values.get(("attributes", spec.name), usual(spec))
    found |= {name: value for (space, name), value in values.items() if space == "attributes"}
    return tuple((name, value) for name, value in found.items() if value is not None)


def usual(spec: AttributeSpec) -> str:
    """A value that an attribute has unless something else is wanted: its default, if it is one of its values."""
    listed: Sequence[str] = values_of(spec) or ()
    if not listed:
        number = next(iter(spec.values), "0") if spec.input_type == "number" else ""
        return spec.default or number
    return spec.default if spec.default in listed else listed[0]


def _fields(kind: Kind, values: dict[Any, Any], geometry: Any) -> tuple[str | None, ...]:
    usually: dict[str, str | None] = {"source": SOURCES[0]}
    if kind != "tag":
        usually |= {"occluded": "0", "z_order": "0"}
    found = usually | {name: values[name, ""] for name in ("z_order", "source") if (name, "") in values}
    if ("occluded", "") in values:
        found["occluded"] = "1" if values["occluded", ""] else usually.get("occluded")
    if values.get(("track", "")):
        found["track_id"] = "1"
    group = values.get(("group", ""), "0")
    if group != "0":
        found["group_id"] = group
    if kind in {"rectangle", "ellipse"} and geometry[4]:
        found["rotation"] = repr(geometry[4])
    return tuple(found.get(name) for name in FIELDS)
