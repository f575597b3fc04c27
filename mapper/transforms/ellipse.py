"""Ellipses, which both sides describe alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import EmptyGeometry
from mapper.geometry import shapes
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.rotation import FULL_TURN, theta
from mapper.geometry.shapes import Frame
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from mapper.geometry.shapes import Template


class Ellipse(TransformSpec):
    """An ellipse with its rotation."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"ellipse"})
    shape: ClassVar[EncordShape] = "ellipse"

    kind: Literal["ellipse"] = Field(description="An ellipse.", examples=["ellipse"])

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact, with theta = rotation."""
        del source, template
        return Conversion(_run)


def _run(ellipse: shapes.Ellipse, _frame: Frame) -> Any:
    if not (ellipse.rx > 0 and ellipse.ry > 0):
        return EmptyGeometry("ellipse")
    if 0.0 <= ellipse.rotation < FULL_TURN:
        return ellipse
    return ellipse._replace(rotation=theta(ellipse.rotation))


_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example(
        {},
        "ellipse",
        shapes.Ellipse(50.0, 40.0, 20.0, 10.0, 360.0),
        _FRAME,
        shapes.Ellipse(50.0, 40.0, 20.0, 10.0, 0.0),
    ),
    Example({}, "ellipse", shapes.Ellipse(50.0, 40.0, 0.0, 10.0, 0.0), _FRAME, EmptyGeometry("ellipse")),
)
