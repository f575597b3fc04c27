"""Keypoints: an Encord point is one point, so a CVAT points shape or skeleton becomes as many as it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import TooFewPoints
from mapper.findings.vertices import SeveralPoints, TooManyPoints
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.shapes import Element, Frame, Named, Path
from mapper.transforms.base import Conversion, Example, TransformSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Template


class Point(TransformSpec):
    """One keypoint for each point of the shape, or each element of the skeleton; `{{ split.label }}` is the element's label."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"points", "skeleton"})
    shape: ClassVar[EncordShape] = "point"

    kind: Literal["point"] = Field(description="A keypoint.", examples=["point"])
    split: Literal["each", "refuse"] = Field(
        default="each",
        description="A shape of several points: one keypoint each, or an issue.",
        examples=["refuse"],
    )
    limit: int = Field(default=1000, ge=1, description="Refuse a shape of more points than this, as each becomes an object.", examples=[64])

    outside: Literal["exclude", "include"] = Field(
        default="exclude",
        description="Whether elements of a skeleton that are outside the picture become keypoints too.",
        examples=["include"],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact; a list of keypoints, each a path of one point (Named by its element, from a skeleton)."""
        del template
        if source == "skeleton":
            return Conversion(_from_skeleton(everything=self.outside == "include"), many=True, changes=True)
        limit, split = self.limit, self.split == "each"

        def run(path: Path, _frame: Frame) -> Any:
            found = len(path) // 2
            if found == 1:
                return [path]
            if not found:
                return TooFewPoints("points", 1, 0)
            if not split:
                return SeveralPoints(found)
            if found > limit:
                return TooManyPoints(found, limit)
            return [path[index : index + 2] for index in range(0, len(path), 2)]

        return Conversion(run, many=True)


def _from_skeleton(*, everything: bool) -> Callable[[tuple[Element, ...], Frame], Any]:
    def run(elements: tuple[Element, ...], _frame: Frame) -> Any:
        seen = [Named([element.x, element.y], element.label) for element in elements if everything or not element.outside]
        return seen or TooFewPoints("skeleton", 1, 0)

    return run


_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "points", [10.0, 20.0], _FRAME, [[10.0, 20.0]]),
    Example({}, "points", [10.0, 20.0, 30.0, 40.0], _FRAME, [[10.0, 20.0], [30.0, 40.0]]),
    Example({"split": "refuse"}, "points", [10.0, 20.0, 30.0, 40.0], _FRAME, SeveralPoints(2)),
    Example(
        {},
        "skeleton",
        (Element("nose", 1.0, 2.0, False, False, (), 1), Element("ear", 3.0, 4.0, True, False, (), 2)),  # noqa: FBT003 - flags of a tuple
        _FRAME,
        [Named([1.0, 2.0], "nose")],
    ),
    Example({"limit": 1}, "points", [10.0, 20.0, 30.0, 40.0], _FRAME, TooManyPoints(2, 1)),
)
