"""How each Encord shape is written, one file a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.encord.shapes import (
    bitmask,
    bounding_box,
    circle,
    cuboid_2d,
    ellipse,
    point,
    polygon,
    polyline,
    rotatable_bounding_box,
    skeleton,
)

if TYPE_CHECKING:
    from mapper.encord.model import ShapeWriter
    from mapper.geometry.kinds import EncordShape

SHAPES: dict[EncordShape, ShapeWriter] = {
    "bounding_box": bounding_box.WRITER,
    "rotatable_bounding_box": rotatable_bounding_box.WRITER,
    "polygon": polygon.WRITER,
    "polyline": polyline.WRITER,
    "point": point.WRITER,
    "bitmask": bitmask.WRITER,
    "ellipse": ellipse.WRITER,
    "circle": circle.WRITER,
    "cuboid_2d": cuboid_2d.WRITER,
    "skeleton": skeleton.WRITER,
}
"""The writer of each shape; that of a skeleton comes from ``skeleton.writer``, once for each template."""
