"""The kind that was drawn, as Encord calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from mapper.geometry.kinds import Kind
from mapper.geometry.shapes import Bitmask, Box, Ellipse, Frame, Mask, Rectangle, RotatableBox
from mapper.transforms import bitmask, bounding_box, cuboid_2d, ellipse, point, polygon, polyline, rotatable_bounding_box, skeleton
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from mapper.geometry.kinds import EncordShape
    from mapper.geometry.shapes import Template

_UPRIGHT = bounding_box.BoundingBox(kind="bounding_box")
_ROTATABLE = rotatable_bounding_box.RotatableBoundingBox(kind="rotatable_bounding_box")

KEPT: dict[Kind, TransformSpec] = {
    "polygon": polygon.Polygon(kind="polygon"),
    "polyline": polyline.Polyline(kind="polyline"),
    "points": point.Point(kind="point"),
    "ellipse": ellipse.Ellipse(kind="ellipse"),
    "cuboid": cuboid_2d.Cuboid2D(kind="cuboid_2d"),
    "mask": bitmask.Bitmask(kind="bitmask"),
    "skeleton": skeleton.Skeleton(kind="skeleton"),
}
"""What stands for each kind but rectangle, with the defaults of its own transform."""


class Same(TransformSpec):
    """Each kind stays what it is: one Encord shape for each CVAT kind, nothing approximated but a cuboid's back face."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"rectangle", *KEPT})

    kind: Literal["same"] = Field(description="The kind that was drawn.", examples=["same"])
    rectangle: Literal["bounding_box", "rotatable_bounding_box"] = Field(
        default="rotatable_bounding_box",
        description="What a rectangle becomes; an upright box loses the rotation of a turned one.",
        examples=["bounding_box"],
    )

    def target(self, source: Kind) -> EncordShape:
        """The shape of the transform that stands for the kind."""
        return self._transform(source).shape

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """What the transform of that shape does with its defaults."""
        return self._transform(source).compile(source, template)

    def _transform(self, source: Kind) -> TransformSpec:
        if source == "rectangle":
            return _UPRIGHT if self.rectangle == "bounding_box" else _ROTATABLE
        return KEPT[source]


_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "rectangle", Rectangle(10.0, 20.0, 40.0, 60.0, 30.0), _FRAME, RotatableBox(10.0, 20.0, 30.0, 40.0, 30.0)),
    Example({"rectangle": "bounding_box"}, "rectangle", Rectangle(10.0, 20.0, 40.0, 60.0, 0.0), _FRAME, Box(10.0, 20.0, 30.0, 40.0)),
    Example({}, "polygon", [10.0, 10.0, 50.0, 10.0, 10.0, 40.0], _FRAME, [[[10.0, 10.0, 50.0, 10.0, 10.0, 40.0]]]),
    Example({}, "polyline", [10.0, 10.0, 50.0, 10.0], _FRAME, [10.0, 10.0, 50.0, 10.0]),
    Example({}, "points", [10.0, 20.0], _FRAME, [[10.0, 20.0]]),
    Example({}, "ellipse", Ellipse(50.0, 40.0, 20.0, 10.0, 30.0), _FRAME, Ellipse(50.0, 40.0, 20.0, 10.0, 30.0)),
    Example({}, "mask", Mask([0, 2, 2, 2], 1, 1, 3, 2), Frame(10, 5), Bitmask([11, 2, 9, 2, 26])),
)
