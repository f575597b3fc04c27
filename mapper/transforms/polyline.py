"""Lines: a polyline as it is, a polygon's outline closed, points joined in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import TooFewPoints
from mapper.geometry import rings
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Frame, Path
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Template

_TWO_POINTS = 4  # numbers


class Polyline(TransformSpec):
    """A line through all vertices."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"polyline", "polygon", "points"})
    shape: ClassVar[EncordShape] = "polyline"

    kind: Literal["polyline"] = Field(description="A line.", examples=["polyline"])

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact; a polygon's line returns to its first vertex."""
        del template
        if source == "polygon":
            return Conversion(_from_polygon, changes=True)
        return Conversion(_through(source), changes=source != "polyline")


def _through(source: Kind) -> Callable[[Path, Frame], Any]:
    def run(path: Path, _frame: Frame) -> Any:
        return path if len(path) >= _TWO_POINTS else TooFewPoints(source, 2, len(path) // 2)

    return run


def _from_polygon(path: Path, _frame: Frame) -> Any:
    return rings.problem(path) or (path if rings.is_closed(path) else path + path[:2])


_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "polyline", [10.0, 10.0, 50.0, 10.0], _FRAME, [10.0, 10.0, 50.0, 10.0]),
    Example(
        {},
        "polygon",
        [10.0, 10.0, 50.0, 10.0, 10.0, 40.0],
        _FRAME,
        [10.0, 10.0, 50.0, 10.0, 10.0, 40.0, 10.0, 10.0],
    ),
    Example({}, "points", [10.0, 10.0, 50.0, 10.0], _FRAME, [10.0, 10.0, 50.0, 10.0]),
    Example({}, "points", [10.0, 10.0], _FRAME, TooFewPoints("points", 2, 1)),
)
