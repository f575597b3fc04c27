"""Cuboids as Encord's: a front face and the projection that gives the back, held to a residual in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.fidelity import CuboidResidual
from mapper.findings.geometry import EmptyGeometry
from mapper.geometry import shapes
from mapper.geometry.cuboids import fit
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Approximation, Frame, Path
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from mapper.geometry.shapes import Template


class Cuboid2D(TransformSpec):
    """CVAT's front face, and the vanishing point and scale (or the offset) whose back face is nearest to CVAT's."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"cuboid"})
    shape: ClassVar[EncordShape] = "cuboid_2d"

    kind: Literal["cuboid_2d"] = Field(description="A cuboid in the image.", examples=["cuboid_2d"])
    max_residual_px: float = Field(
        default=1.0,
        ge=0,
        description="Refuse a cuboid of which a corner would move by more pixels than this (an issue, then `otherwise`).",
        examples=[1.5],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """The residual is the largest distance between a corner of the back face and where Encord puts it."""
        del source, template
        limit = self.max_residual_px

        def run(path: Path, _frame: Frame) -> Any:
            fitted = fit(path)
            if fitted is None:
                return EmptyGeometry("cuboid")
            if fitted.residual > limit:
                return CuboidResidual(fitted.residual, limit)
            return Approximation(fitted.cuboid, fitted.residual)

        return Conversion(run, metric="residual_px")


_FRAME = Frame(100, 80)
_FRONT = [10.0, 20.0, 40.0, 20.0, 40.0, 50.0, 10.0, 50.0]

EXAMPLES: tuple[Example, ...] = (
    Example(
        {},
        "cuboid",
        [10.0, 20.0, 10.0, 50.0, 40.0, 20.0, 40.0, 50.0, 50.0, 10.0, 50.0, 40.0, 20.0, 10.0, 20.0, 40.0],
        _FRAME,
        Approximation(shapes.Cuboid2D(_FRONT, (10.0, -10.0), None, 1.0), 0.0),
    ),
    Example(
        {},
        "cuboid",
        [10.0, 20.0, 10.0, 50.0, 40.0, 20.0, 40.0, 50.0, 60.0, 15.0, 60.0, 30.0, 45.0, 15.0, 45.0, 30.0],
        _FRAME,
        Approximation(shapes.Cuboid2D(_FRONT, None, (80.0, 10.0), 0.5), 0.0),
    ),
    Example(
        {},
        "cuboid",
        [10.0, 20.0, 10.0, 50.0, 40.0, 20.0, 40.0, 50.0, 50.0, 10.0, 50.0, 50.0, 20.0, 10.0, 20.0, 40.0],
        _FRAME,
        CuboidResidual(6.373774, 1.0),
    ),
)
