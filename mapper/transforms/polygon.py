"""Areas as polygons: exact for rectangles, polygons, closed lines, masks and cuboids; ellipses by their corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic import Field

from mapper.findings.base import Issue
from mapper.findings.fidelity import LowFidelity
from mapper.findings.geometry import ClosingVertex, EmptyGeometry
from mapper.geometry import cuboids, ellipses, rings, run_lengths
from mapper.geometry.boxes import repaired
from mapper.geometry.contours import contours
from mapper.geometry.fidelity import is_valid, polygons_iou
from mapper.geometry.hulls import convex_hull
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.rotation import box_corners
from mapper.geometry.shapes import Approximation, Ellipse, Frame, Mask, Mended, Path, Polygons, Rectangle
from mapper.geometry.simplify import simplify_ring
from mapper.transforms.base import Conversion, Example, MinIou, TransformSpec, held

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Template

DEFAULT_POINTS = 64
"""Corners for an ellipse when neither `points` nor `min_iou` is given: IoU 0.9984 inscribed, 0.9994 of equal area."""


class Polygon(TransformSpec):
    """A polygon of one or more parts, with holes where a mask has them."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"rectangle", "polygon", "polyline", "ellipse", "cuboid", "mask"})
    shape: ClassVar[EncordShape] = "polygon"

    kind: Literal["polygon"] = Field(description="A polygon.", examples=["polygon"])
    min_iou: MinIou = None
    points: int | None = Field(
        default=None,
        ge=rings.TRIANGLE,
        le=ellipses.MOST_POINTS,
        description="Corners of the polygon for an ellipse; without it the fewest that reach min_iou, or 64 if that is not given.",
        examples=[32],
    )
    fit: ellipses.Fit = Field(
        default="inscribed",
        description="Corners on the ellipse (inscribed), or slightly outside so that the area is the same (equal_area).",
        examples=["equal_area"],
    )
    outline: Literal["convex_hull", "faces"] = Field(
        default="convex_hull",
        description="A cuboid as the outline of all corners, or as two parts: front and back face.",
        examples=["faces"],
    )
    simplify_px: float | None = Field(
        default=None,
        gt=0,
        description="Leave out vertices of a polygon or mask outline that are at most this far (pixels) from the line without them.",
        examples=[1.0],
    )

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact but for ellipses and simplified outlines."""
        del template
        match source:
            case "rectangle":
                return Conversion(_from_rectangle, rotation="transformed", changes=True)
            case "polyline":
                return Conversion(_from_polyline, changes=True)
            case "cuboid":
                return Conversion(_from_faces if self.outline == "faces" else _from_hull, changes=True)
            case "ellipse":
                return Conversion(self._from_ellipse(), metric="iou", rotation="transformed", changes=True)
        run: Callable[[Any, Frame], Any] = _from_polygon if source == "polygon" else _from_mask
        changes = source != "polygon"
        if self.simplify_px is None:
            return Conversion(run, changes=changes)
        return Conversion(_simplified(run, self.simplify_px, self.min_iou), metric="iou", changes=changes)

    def _from_ellipse(self) -> Callable[[Ellipse, Frame], Any]:
        fit, min_iou = self.fit, self.min_iou
        wanted = ellipses.points_for(min_iou, fit) if min_iou is not None else DEFAULT_POINTS
        points = self.points or wanted or ellipses.MOST_POINTS
        iou = ellipses.polygon_iou(points, fit)

        def run(ellipse: Ellipse, _frame: Frame) -> Any:
            if not (ellipse.rx > 0 and ellipse.ry > 0):
                return EmptyGeometry("ellipse")
            return held([[ellipses.outline(ellipse, points, fit)]], iou, min_iou)

        return run


def _from_rectangle(rectangle: Rectangle, frame: Frame) -> Any:
    xtl, ytl, xbr, ybr, rotation = rectangle
    if xtl < xbr and ytl < ybr:
        return [[box_corners(xtl, ytl, xbr - xtl, ybr - ytl, rotation)]]
    return repaired(rectangle, frame, _from_rectangle)


def _from_polygon(path: Path, _frame: Frame) -> Any:
    found = rings.problem(path)
    if found is not None:
        return found
    if rings.is_closed(path):
        return Mended([[rings.opened(path)]], ClosingVertex(path[0], path[1]))
    return [[path]]


def _from_polyline(path: Path, _frame: Frame) -> Any:
    return rings.problem(path, "polyline") or [[rings.opened(path)]]


def _from_hull(path: Path, _frame: Frame) -> Any:
    hull = convex_hull(path)
    return [[hull]] if rings.area(hull) > 0 else EmptyGeometry("cuboid")


def _from_faces(path: Path, _frame: Frame) -> Any:
    front, back = cuboids.faces(path)
    return [[front], [back]] if rings.area(front) > 0 and rings.area(back) > 0 else EmptyGeometry("cuboid")


def _from_mask(mask: Mask, _frame: Frame) -> Any:
    return run_lengths.problem(mask) or contours(run_lengths.spans(mask))


def _simplified(run: Callable[[Any, Frame], Any], tolerance: float, min_iou: float | None) -> Callable[[Any, Frame], Any]:
    """Simplify what ``run`` gives; kept as it is where fewer vertices would make the outline cross itself or vanish."""

    def simplify(parts: Polygons) -> Approximation | Issue:
        fewer = [[simplify_ring(ring, tolerance) for ring in part] for part in parts]
        kept = [[part[0], *(hole for hole in part[1:] if not rings.problem(hole))] for part in fewer]
        kept = [part for part in kept if not rings.problem(part[0])]
        if kept == parts or not kept or not is_valid(kept):
            return Approximation(parts, 1.0)
        return held(kept, polygons_iou(parts, kept), min_iou)

    def run_simplified(geometry: Any, frame: Frame) -> Any:
        exact = run(geometry, frame)
        if isinstance(exact, Issue):
            return exact
        if not isinstance(exact, Mended):
            return simplify(exact)
        inner = simplify(cast("Polygons", exact.geometry))
        return inner if isinstance(inner, Issue) else Mended(inner, exact.issue)

    return run_simplified


_FRAME = Frame(100, 80)
_CUBOID = [10.0, 20.0, 10.0, 50.0, 40.0, 20.0, 40.0, 50.0, 50.0, 10.0, 50.0, 40.0, 20.0, 10.0, 20.0, 40.0]

EXAMPLES: tuple[Example, ...] = (
    Example(
        {},
        "rectangle",
        Rectangle(10.0, 20.0, 40.0, 60.0, 90.0),
        _FRAME,
        [[[45.0, 25.0, 45.0, 55.0, 5.0, 55.0, 5.0, 25.0]]],
    ),
    Example({}, "polygon", [10.0, 10.0, 50.0, 10.0, 10.0, 40.0], _FRAME, [[[10.0, 10.0, 50.0, 10.0, 10.0, 40.0]]]),
    Example(
        {},
        "polygon",
        [10.0, 10.0, 50.0, 10.0, 10.0, 40.0, 10.0, 10.0],
        _FRAME,
        Mended([[[10.0, 10.0, 50.0, 10.0, 10.0, 40.0]]], ClosingVertex(10.0, 10.0)),
    ),
    Example(
        {"simplify_px": 1.0},
        "polygon",
        [10.0, 10.0, 30.0, 9.5, 50.0, 10.0, 50.0, 40.0, 10.0, 40.0],
        _FRAME,
        Approximation([[[10.0, 10.0, 50.0, 10.0, 50.0, 40.0, 10.0, 40.0]]], 0.991736),
    ),
    Example({}, "polyline", [10.0, 10.0, 50.0, 10.0, 10.0, 40.0], _FRAME, [[[10.0, 10.0, 50.0, 10.0, 10.0, 40.0]]]),
    Example(
        {"points": 4},
        "ellipse",
        Ellipse(50.0, 40.0, 20.0, 10.0, 0.0),
        _FRAME,
        Approximation([[[70.0, 40.0, 50.0, 50.0, 30.0, 40.0, 50.0, 30.0]]], 0.636620),
    ),
    Example(
        {"points": 16, "min_iou": 0.995},
        "ellipse",
        Ellipse(50.0, 40.0, 20.0, 10.0, 0.0),
        _FRAME,
        LowFidelity(iou=0.974495, min_iou=0.995),
    ),
    Example(
        {},
        "cuboid",
        _CUBOID,
        _FRAME,
        [[[10.0, 20.0, 20.0, 10.0, 50.0, 10.0, 50.0, 40.0, 40.0, 50.0, 10.0, 50.0]]],
    ),
    Example(
        {"outline": "faces"},
        "cuboid",
        _CUBOID,
        _FRAME,
        [
            [[10.0, 20.0, 40.0, 20.0, 40.0, 50.0, 10.0, 50.0]],
            [[20.0, 10.0, 50.0, 10.0, 50.0, 40.0, 20.0, 40.0]],
        ],
    ),
    Example(
        {},
        "mask",
        Mask([0, 4, 1, 4], 10, 20, 3, 3),
        _FRAME,
        [[[10.0, 20.0, 13.0, 20.0, 13.0, 23.0, 10.0, 23.0], [12.0, 21.0, 11.0, 21.0, 11.0, 22.0, 12.0, 22.0]]],
    ),
)
