"""A rectangle with its rotation, and the smallest turned rectangle around other areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import EmptyGeometry
from mapper.geometry import ellipses, rings, run_lengths
from mapper.geometry.boxes import repaired
from mapper.geometry.fidelity import share
from mapper.geometry.hulls import minimum_rectangle
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.rotation import theta
from mapper.geometry.shapes import Approximation, Ellipse, Frame, Mask, Path, Rectangle, RotatableBox
from mapper.transforms.base import Conversion, Example, MinIou, TransformSpec, held

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Template


class RotatableBoundingBox(TransformSpec):
    """A box with its rotation: exact for rectangles, the smallest turned rectangle around an ellipse, polygon or mask."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"rectangle", "ellipse", "polygon", "mask"})
    shape: ClassVar[EncordShape] = "rotatable_bounding_box"

    kind: Literal["rotatable_bounding_box"] = Field(description="A box with its rotation.", examples=["rotatable_bounding_box"])
    min_iou: MinIou = None

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact for rectangles, with theta = rotation; IoU for the others."""
        del template
        if source == "rectangle":
            return Conversion(_from_rectangle)
        return Conversion(_AREAS[source](self.min_iou), metric="iou", changes=True)


def _from_rectangle(rectangle: Rectangle, frame: Frame) -> Any:
    xtl, ytl, xbr, ybr, rotation = rectangle
    if xtl < xbr and ytl < ybr:
        return RotatableBox(xtl, ytl, xbr - xtl, ybr - ytl, theta(rotation) if rotation else 0.0)
    return repaired(rectangle, frame, _from_rectangle)


def _from_ellipse(min_iou: float | None) -> Callable[[Ellipse, Frame], Any]:
    def run(ellipse: Ellipse, _frame: Frame) -> Any:
        cx, cy, rx, ry, rotation = ellipse
        if not (rx > 0 and ry > 0):
            return EmptyGeometry("ellipse")
        return held(RotatableBox(cx - rx, cy - ry, 2 * rx, 2 * ry, theta(rotation)), ellipses.BOX_IOU, min_iou)

    return run


def _from_polygon(min_iou: float | None) -> Callable[[Path, Frame], Any]:
    def run(path: Path, _frame: Frame) -> Any:
        return rings.problem(path) or _smallest("polygon", path, rings.area(path), min_iou)

    return run


def _from_mask(min_iou: float | None) -> Callable[[Mask, Frame], Any]:
    def run(mask: Mask, _frame: Frame) -> Any:
        found = run_lengths.problem(mask)
        if found is not None:
            return found
        spans = run_lengths.spans(mask)
        corners = [float(number) for row, start, end in spans for number in (start, row, end, row, end, row + 1, start, row + 1)]
        return _smallest("mask", corners, run_lengths.count(spans), min_iou)

    return run


def _smallest(source: Kind, path: Path, covered: float, min_iou: float | None) -> Approximation | Issue:
    box = minimum_rectangle(path)
    return EmptyGeometry(source) if box is None else held(box, share(covered, box.w * box.h), min_iou)


_AREAS: dict[Kind, Callable[[float | None], Callable[[Any, Frame], Any]]] = {
    "ellipse": _from_ellipse,
    "polygon": _from_polygon,
    "mask": _from_mask,
}

_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "rectangle", Rectangle(10.0, 20.0, 40.0, 60.0, 390.0), _FRAME, RotatableBox(10.0, 20.0, 30.0, 40.0, 30.0)),
    Example(
        {},
        "ellipse",
        Ellipse(50.0, 40.0, 20.0, 10.0, 30.0),
        _FRAME,
        Approximation(RotatableBox(30.0, 30.0, 40.0, 20.0, 30.0), 0.785398),
    ),
    Example(
        {},
        "polygon",
        [50.0, 20.0, 70.0, 40.0, 60.0, 50.0],
        _FRAME,
        Approximation(RotatableBox(40.857864, 27.928932, 28.284271, 14.142136, 45.0), 0.5),
    ),
    Example({}, "mask", Mask([0, 2, 2, 2], 10, 20, 3, 2), _FRAME, Approximation(RotatableBox(10.0, 20.0, 3.0, 2.0, 0.0), 0.666667)),
)
