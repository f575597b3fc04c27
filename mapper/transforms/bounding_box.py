"""Anything as an upright box: the extents of what was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.base import Issue
from mapper.findings.geometry import EmptyGeometry, TooFewPoints
from mapper.geometry import ellipses, rings, run_lengths
from mapper.geometry.boxes import repaired
from mapper.geometry.fidelity import share
from mapper.geometry.hulls import convex_hull
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.rotation import box_extents
from mapper.geometry.shapes import Approximation, Box, Element, Ellipse, Frame, Mask, Path, Rectangle
from mapper.transforms.base import Conversion, Example, MinIou, TransformSpec, held

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Template

_Measure = tuple[rings.Bounds, float]
"""Extents, and the area in them that the shape covers."""


class BoundingBox(TransformSpec):
    """An upright box around the shape; a turned rectangle loses its rotation, and the IoU says how much that matters."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"rectangle", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton"})
    shape: ClassVar[EncordShape] = "bounding_box"

    kind: Literal["bounding_box"] = Field(description="An upright box.", examples=["bounding_box"])
    min_iou: MinIou = None
    outside: Literal["exclude", "include"] = Field(
        default="exclude",
        description="Whether elements of a skeleton that are outside the picture count for its box.",
        examples=["include"],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact for an unrotated rectangle; IoU where the source has an area; extents for lines, points and skeletons."""
        del template
        if source == "rectangle":
            return Conversion(_from_rectangle(self.min_iou), rotation="transformed")
        if source == "skeleton":
            return Conversion(_from_skeleton(everything=self.outside == "include"), changes=True)
        if source in {"polyline", "points"}:
            return Conversion(lambda path, _frame: _around(source, path), changes=True)
        run = _from_area(_MEASURES[source], source, self.min_iou)
        return Conversion(run, metric="iou", rotation="transformed", changes=True)


def _from_rectangle(min_iou: float | None) -> Callable[[Rectangle, Frame], Any]:
    def run(rectangle: Rectangle, frame: Frame) -> Any:
        xtl, ytl, xbr, ybr, rotation = rectangle
        if not (xtl < xbr and ytl < ybr):
            return repaired(rectangle, frame, run)
        w, h = xbr - xtl, ybr - ytl
        if not rotation:
            return Box(xtl, ytl, w, h)
        wide, high = box_extents(w, h, rotation)
        box = Box((xtl + xbr - wide) / 2, (ytl + ybr - high) / 2, wide, high)
        iou = share(w * h, wide * high)
        return box if iou == 1.0 else held(box, iou, min_iou)

    return run


def _from_skeleton(*, everything: bool) -> Callable[[tuple[Element, ...], Frame], Any]:
    def run(elements: tuple[Element, ...], _frame: Frame) -> Any:
        path = [n for element in elements if everything or not element.outside for n in (element.x, element.y)]
        return _around("skeleton", path)

    return run


def _around(source: Kind, path: Path) -> Box | Issue:
    if not path:
        return TooFewPoints(source, 2, 0)
    left, top, right, bottom = rings.bounds(path)
    if not (left < right and top < bottom):
        return EmptyGeometry(source)
    return Box(left, top, right - left, bottom - top)


def _from_area(measure: Callable[[Any], _Measure | Issue], source: Kind, min_iou: float | None) -> Callable[[Any, Frame], Any]:
    def run(geometry: Any, _frame: Frame) -> Any:
        measured = measure(geometry)
        if isinstance(measured, Issue):
            return measured
        extents, covered = measured
        left, top, right, bottom = extents
        if not (left < right and top < bottom):
            return EmptyGeometry(source)
        return held(Box(left, top, right - left, bottom - top), share(covered, extents.area), min_iou)

    return run


def _polygon(path: Path) -> _Measure | Issue:
    return rings.problem(path) or (rings.bounds(path), rings.area(path))


def _ellipse(ellipse: Ellipse) -> _Measure | Issue:
    if not (ellipse.rx > 0 and ellipse.ry > 0):
        return EmptyGeometry("ellipse")
    half_width, half_height = ellipses.half_extents(ellipse)
    cx, cy = ellipse.cx, ellipse.cy
    extents = rings.Bounds(cx - half_width, cy - half_height, cx + half_width, cy + half_height)
    return extents, ellipses.area(ellipse)


def _cuboid(path: Path) -> _Measure:
    return rings.bounds(path), rings.area(convex_hull(path))


def _mask(mask: Mask) -> _Measure | Issue:
    found = run_lengths.problem(mask)
    if found is not None:
        return found
    spans = run_lengths.spans(mask)
    left, right = float(min(start for _, start, _ in spans)), float(max(end for _, _, end in spans))
    return rings.Bounds(left, float(spans[0][0]), right, spans[-1][0] + 1.0), run_lengths.count(spans)


_MEASURES: dict[Kind, Callable[[Any], _Measure | Issue]] = {
    "polygon": _polygon,
    "ellipse": _ellipse,
    "cuboid": _cuboid,
    "mask": _mask,
}

_FRAME = Frame(100, 80)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "rectangle", Rectangle(10.0, 20.0, 40.0, 60.0, 0.0), _FRAME, Box(10.0, 20.0, 30.0, 40.0)),
    Example(
        {},
        "rectangle",
        Rectangle(10.0, 20.0, 40.0, 60.0, 45.0),
        _FRAME,
        Approximation(Box(0.251263, 15.251263, 49.497475, 49.497475), 0.489796),
    ),
    Example(
        {},
        "polygon",
        [10.0, 10.0, 50.0, 10.0, 10.0, 40.0],
        _FRAME,
        Approximation(Box(10.0, 10.0, 40.0, 30.0), 0.5),
    ),
    Example({}, "polyline", [10.0, 40.0, 30.0, 10.0], _FRAME, Box(10.0, 10.0, 20.0, 30.0)),
    Example({}, "points", [10.0, 10.0, 20.0, 40.0, 30.0, 20.0], _FRAME, Box(10.0, 10.0, 20.0, 30.0)),
    Example(
        {},
        "ellipse",
        Ellipse(50.0, 40.0, 20.0, 10.0, 90.0),
        _FRAME,
        Approximation(Box(40.0, 20.0, 20.0, 40.0), 0.785398),
    ),
    Example(
        {},
        "cuboid",
        [10.0, 20.0, 10.0, 50.0, 40.0, 20.0, 40.0, 50.0, 50.0, 10.0, 50.0, 40.0, 20.0, 10.0, 20.0, 40.0],
        _FRAME,
        Approximation(Box(10.0, 10.0, 40.0, 40.0), 0.9375),
    ),
    Example({}, "mask", Mask([0, 2, 2, 2], 10, 20, 3, 2), _FRAME, Approximation(Box(10.0, 20.0, 3.0, 2.0), 0.666667)),
    Example(
        {"outside": "include"},
        "skeleton",
        (
            Element("head", 20.0, 10.0, False, False, (), 1),  # noqa: FBT003 - the element's own fields
            Element("foot", 30.0, 50.0, True, False, (), 2),  # noqa: FBT003 - as above
        ),
        _FRAME,
        Box(20.0, 10.0, 10.0, 40.0),
    ),
)
