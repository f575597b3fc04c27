"""Circles from ellipses whose radii are equal."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.fidelity import NotACircle
from mapper.findings.geometry import EmptyGeometry
from mapper.geometry import ellipses, shapes
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Approximation, Frame
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from mapper.geometry.shapes import Template

_ROUNDING = 1e-9  # 10.01 - 10.0 is a little more than 0.01


class Circle(TransformSpec):
    """A circle of the same centre and area as an ellipse that is nearly one."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"ellipse"})
    shape: ClassVar[EncordShape] = "circle"

    kind: Literal["circle"] = Field(description="A circle.", examples=["circle"])
    tolerance_px: float = Field(
        default=0.01,
        ge=0,
        description="How much the radii may differ (pixels); CVAT's own rounding makes up to 0.01. More is refused.",
        examples=[0.5],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact where the radii are equal, else IoU; the rotation of a circle says nothing."""
        del source, template
        tolerance = self.tolerance_px

        def run(ellipse: shapes.Ellipse, _frame: Frame) -> Any:
            cx, cy, rx, ry, _ = ellipse
            if not (rx > 0 and ry > 0):
                return EmptyGeometry("ellipse")
            if rx == ry:
                return shapes.Circle(cx, cy, rx)
            if abs(rx - ry) > tolerance + _ROUNDING:
                return NotACircle(rx, ry, tolerance)
            return Approximation(shapes.Circle(cx, cy, sqrt(rx * ry)), ellipses.circle_iou(ellipse))

        return Conversion(run, rotation="transformed", changes=True)


_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "ellipse", shapes.Ellipse(50.0, 40.0, 20.0, 20.0, 30.0), _FRAME, shapes.Circle(50.0, 40.0, 20.0)),
    Example({}, "ellipse", shapes.Ellipse(50.0, 40.0, 20.0, 10.0, 0.0), _FRAME, NotACircle(20.0, 10.0, 0.01)),
    Example(
        {"tolerance_px": 15.0},
        "ellipse",
        shapes.Ellipse(50.0, 40.0, 20.0, 5.0, 0.0),
        _FRAME,
        Approximation(shapes.Circle(50.0, 40.0, 10.0), 0.418776),
    ),
)
