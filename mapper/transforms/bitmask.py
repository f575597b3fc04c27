"""Areas as bitmasks of the whole image: a mask's runs moved there, outlines filled by pixel centres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from mapper.findings.geometry import EmptyGeometry, MaskCut, NoPixels
from mapper.geometry import ellipses, rings, run_lengths, shapes
from mapper.geometry.boxes import repaired
from mapper.geometry.kinds import EncordShape, Kind
from mapper.geometry.raster import fill_ellipse, fill_ring, iou_with_spans
from mapper.geometry.rotation import box_corners
from mapper.geometry.shapes import Approximation, Ellipse, Frame, Mask, Mended, Path, Rectangle
from mapper.transforms.base import Conversion, Example, MinIou, TransformSpec, held

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.base import Issue
    from mapper.geometry.run_lengths import Span
    from mapper.geometry.shapes import Template


class Bitmask(TransformSpec):
    """A bitmask over the whole image: exact for masks; a pixel of another area is set if its centre is inside."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({"mask", "polygon", "ellipse", "rectangle"})
    shape: ClassVar[EncordShape] = "bitmask"

    kind: Literal["bitmask"] = Field(description="A bitmask.", examples=["bitmask"])
    min_iou: MinIou = None

    def compile(self, source: Kind, template: Template | None) -> Conversion:
        """Exact for masks (IoU if pixels outside the image were cut off); IoU for outlines."""
        del template
        if source == "mask":
            return Conversion(_from_mask(self.min_iou))
        return Conversion(_AREAS[source](self.min_iou), metric="iou", rotation="transformed", changes=True)


def _from_mask(min_iou: float | None) -> Callable[[Mask, Frame], Any]:
    def run(mask: Mask, frame: Frame) -> Any:
        found = run_lengths.problem(mask)
        if found is not None:
            return found
        if run_lengths.is_inside(mask, frame):
            return shapes.Bitmask(run_lengths.image_runs(mask, frame))
        return _cut(mask, frame, min_iou)

    return run


def _cut(mask: Mask, frame: Frame, min_iou: float | None) -> Any:
    spans = run_lengths.spans(mask)
    inside = run_lengths.cut_spans(spans, frame)
    kept, total = run_lengths.count(inside), run_lengths.count(spans)
    if not kept:
        return NoPixels("mask")
    bitmask = shapes.Bitmask(run_lengths.span_runs(inside, frame))
    if kept == total:
        return bitmask
    result = held(bitmask, kept / total, min_iou)
    return Mended(result, MaskCut(total - kept, total)) if isinstance(result, Approximation) else result


def _from_polygon(min_iou: float | None) -> Callable[[Path, Frame], Any]:
    def run(path: Path, frame: Frame) -> Any:
        return rings.problem(path) or _filled("polygon", path, fill_ring(path, frame), frame, min_iou)

    return run


def _from_rectangle(min_iou: float | None) -> Callable[[Rectangle, Frame], Any]:
    def run(rectangle: Rectangle, frame: Frame) -> Any:
        xtl, ytl, xbr, ybr, rotation = rectangle
        if not (xtl < xbr and ytl < ybr):
            return repaired(rectangle, frame, run)
        corners = box_corners(xtl, ytl, xbr - xtl, ybr - ytl, rotation)
        return _filled("rectangle", corners, fill_ring(corners, frame), frame, min_iou)

    return run


def _from_ellipse(min_iou: float | None) -> Callable[[Ellipse, Frame], Any]:
    def run(ellipse: Ellipse, frame: Frame) -> Any:
        if not (ellipse.rx > 0 and ellipse.ry > 0):
            return EmptyGeometry("ellipse")
        # The polygon that stands for the outline in the IoU has one of 0.99999 with the ellipse itself.
        outline = ellipses.outline(ellipse, ellipses.MOST_POINTS, "equal_area")
        return _filled("ellipse", outline, fill_ellipse(ellipse, frame), frame, min_iou)

    return run


def _filled(source: Kind, outline: Path, spans: list[Span], frame: Frame, min_iou: float | None) -> Approximation | Issue:
    if not spans:
        return NoPixels(source)
    return held(shapes.Bitmask(run_lengths.span_runs(spans, frame)), iou_with_spans(outline, spans), min_iou)


_AREAS: dict[Kind, Callable[[float | None], Callable[[Any, Frame], Any]]] = {
    "polygon": _from_polygon,
    "ellipse": _from_ellipse,
    "rectangle": _from_rectangle,
}

_FRAME = Frame(10, 5)

EXAMPLES: tuple[Example, ...] = (
    Example({}, "mask", Mask([0, 2, 2, 2], 1, 1, 3, 2), _FRAME, shapes.Bitmask([11, 2, 9, 2, 26])),
    Example(
        {},
        "mask",
        Mask([0, 6], 8, 1, 3, 2),
        _FRAME,
        Mended(Approximation(shapes.Bitmask([18, 2, 8, 2, 20]), 0.666667), MaskCut(2, 6)),
    ),
    Example({}, "mask", Mask([0, 6], 10, 1, 3, 2), _FRAME, NoPixels("mask")),
    Example({}, "polygon", [1.0, 1.0, 4.0, 1.0, 4.0, 3.0, 1.0, 3.0], _FRAME, Approximation(shapes.Bitmask([11, 3, 7, 3, 26]), 1.0)),
    Example({}, "rectangle", Rectangle(1.0, 1.0, 4.5, 3.0, 0.0), _FRAME, Approximation(shapes.Bitmask([11, 3, 7, 3, 26]), 0.857143)),
    Example({}, "ellipse", Ellipse(3.0, 2.0, 2.0, 1.0, 0.0), _FRAME, Approximation(shapes.Bitmask([11, 4, 6, 4, 25]), 0.785398)),
)
