"""One frame between two entries of a track, for files that leave frames out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.cvat.interpolation.linear import angle_between, numbers_between
from mapper.cvat.interpolation.tracks import ROTATING, points_between
from mapper.cvat.model import FIELDS
from mapper.cvat.stored_geometry import geometry_key
from mapper.geometry.shapes import Ellipse, Rectangle

if TYPE_CHECKING:
    from mapper.cvat.model import Entry, Shape
    from mapper.geometry.shapes import Element

ROTATION = FIELDS.index("rotation")


def shape_between(before: Entry, after: Entry, frame: int) -> Shape:
    """The shape on a frame strictly between two neighbouring entries of one track, as CVAT would fill it in.

    Geometry and rotation lie on the way to ``after``, also if that is outside; label, attributes and fields are those of
    ``before``. An element of a skeleton that ``after`` does not have, or that is outside before, stays where it was.
    """
    shape, part = before.shape, (frame - before.frame) / (after.frame - before.frame)
    geometry = _geometry(shape.kind, shape.geometry, after.shape.geometry, part)
    fields = shape.fields
    if shape.kind in ROTATING:
        rotation = repr(geometry.rotation) if geometry.rotation else None
        fields = (*fields[:ROTATION], rotation, *fields[ROTATION + 1 :])
    return shape._replace(geometry=geometry, key=geometry_key(shape.kind, geometry), fields=fields)


def _geometry(kind: str, before: Any, after: Any, part: float) -> Any:
    if kind in ROTATING:
        rotation = angle_between(before.rotation, after.rotation, part)
        numbers = numbers_between(before[:4], after[:4], part)
        return (Rectangle if kind == "rectangle" else Ellipse)._make((*numbers, rotation))
    if kind == "skeleton":
        later = {element.label: element for element in after}
        return tuple(_element(element, later.get(element.label), part) for element in before)
    if isinstance(before, list) and isinstance(after, list):
        return points_between(kind, before, after, part)
    return before


def _element(before: Element, after: Element | None, part: float) -> Element:
    if after is None or before.outside:
        return before
    x, y = numbers_between([before.x, before.y], [after.x, after.y], part)
    return before._replace(x=x, y=y)
