"""Masks: runs, outlines and fills against naive rasters and shapely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.findings.geometry import EmptyGeometry, MaskRuns
from mapper.geometry.contours import contours
from mapper.geometry.fidelity import is_valid, polygons_iou
from mapper.geometry.raster import fill_ellipse, fill_ring, iou_with_spans
from mapper.geometry.rings import polygons_area, signed_area
from mapper.geometry.run_lengths import count, cut_spans, image_runs, is_inside, problem, span_runs, spans
from mapper.geometry.shapes import Ellipse, Frame, Mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mapper.geometry.run_lengths import Span

FRAME = Frame(23, 17)


def runs_of(pixels: list[bool]) -> list[int]:
    """Run lengths pixel by pixel, background first."""
    runs, value = [0], False
    for pixel in pixels:
        if pixel != value:
            runs.append(0)
            value = pixel
        runs[-1] += 1
    return runs


def raster(found: list[Span], frame: Frame) -> NDArray[Any]:
    """Spans as a raster."""
    image = np.zeros((frame.height, frame.width), bool)
    for row, start, end in found:
        image[row, start:end] = True
    return image


def unrolled(runs: list[int]) -> list[bool]:
    """Runs as pixels."""
    return [bool(index % 2) for index, run in enumerate(runs) for _ in range(run)]


@st.composite
def masks(draw: st.DrawFn, *, inside: bool = True) -> Mask:
    """A mask with at least one pixel, now and then with empty runs as CVAT's files have them."""
    width, height = draw(st.integers(1, 12)), draw(st.integers(1, 9))
    pixels = draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height).filter(any))
    runs = runs_of(pixels)
    for place in draw(st.lists(st.integers(0, len(runs) - 1), max_size=2)):
        first = draw(st.integers(0, runs[place]))
        runs[place : place + 1] = [first, 0, runs[place] - first]
    margin = 0 if inside else 8
    left = draw(st.integers(-margin, FRAME.width - width + margin))
    top = draw(st.integers(-margin, FRAME.height - height + margin))
    return Mask(runs, left, top, width, height)


def pasted(mask: Mask, frame: Frame) -> NDArray[Any]:
    """The mask in its image, pixel by pixel."""
    image = np.zeros((frame.height, frame.width), bool)
    for offset, pixel in enumerate(unrolled(mask.runs)):
        row, column = mask.top + offset // mask.width, mask.left + offset % mask.width
        if pixel and 0 <= row < frame.height and 0 <= column < frame.width:
            image[row, column] = True
    return image


@given(mask=masks())
def test_image_runs_are_the_pixels(mask: Mask) -> None:
    """The runs over the image give the same pixels bit for bit, alternate, and fill the image."""
    runs = image_runs(mask, FRAME)
    assert unrolled(runs) == pasted(mask, FRAME).ravel().tolist()
    assert sum(runs) == FRAME.width * FRAME.height
    assert all(runs[1:])


@given(mask=masks(inside=False))
def test_cut_masks_keep_what_is_inside(mask: Mask) -> None:
    """A mask across the border keeps its pixels inside; spans and runs agree."""
    inside = cut_spans(spans(mask), FRAME)
    assert unrolled(span_runs(inside, FRAME)) == pasted(mask, FRAME).ravel().tolist()
    assert count(spans(mask)) == sum(mask.runs[1::2])
    if is_inside(mask, FRAME):
        assert span_runs(inside, FRAME) == image_runs(mask, FRAME)


def test_a_mask_as_wide_as_the_image_merges_rows() -> None:
    """Runs that go on in the next row of the image are one run, by either way."""
    assert span_runs(spans(Mask([2, 6], 0, 1, 4, 2)), Frame(4, 4)) == [6, 6, 4]
    assert image_runs(Mask([2, 6], 0, 1, 4, 2), Frame(4, 4)) == [6, 6, 4]
    assert image_runs(Mask([0, 16], 0, 0, 4, 4), Frame(4, 4)) == [0, 16]


def test_no_spans_are_one_run() -> None:
    """An empty image is one run of background."""
    assert span_runs([], Frame(4, 3)) == [12]


@pytest.mark.parametrize(
    ("mask", "issue"),
    [
        (Mask([3, 4, 2], 0, 0, 4, 2), MaskRuns(9, 4, 2)),
        (Mask([9, -1], 0, 0, 4, 2), MaskRuns(8, 4, 2)),
        (Mask([], 0, 0, 0, 0), MaskRuns(0, 0, 0)),
        (Mask([8], 0, 0, 4, 2), EmptyGeometry("mask")),
        (Mask([8, 0], 0, 0, 4, 2), EmptyGeometry("mask")),
        (Mask([0, 8], 0, 0, 4, 2), None),
    ],
)
def test_problems_of_masks(mask: Mask, issue: object) -> None:
    """Runs that do not fill the crop, or set no pixel, are told."""
    assert problem(mask) == issue


@settings(max_examples=150)
@given(mask=masks())
def test_outlines_are_exact_and_valid(mask: Mask) -> None:
    """The outline's area is the number of pixels, no ring touches itself, and filling it gives the mask back."""
    found = spans(mask)
    parts = contours(found)
    assert polygons_area(parts) == count(found)
    assert is_valid(parts)
    for rings in parts:
        assert signed_area(rings[0]) > 0
        assert all(signed_area(hole) < 0 for hole in rings[1:])
        for ring in rings:
            corners = list(zip(ring[::2], ring[1::2], strict=True))
            assert len(set(corners)) == len(corners)
    filled = np.zeros((FRAME.height, FRAME.width), bool)
    for ring in (ring for rings in parts for ring in rings):
        filled ^= raster(fill_ring(ring, FRAME), FRAME)
    assert (filled == pasted(mask, FRAME)).all()


@given(mask=masks())
def test_parts_are_what_hangs_together_by_sides(mask: Mask) -> None:
    """There are as many parts as pixels grow into by their sides, and as many holes as shapely sees."""
    found = spans(mask)
    squares = [shapely.box(c, row, c + 1, row + 1) for row, start, end in found for c in range(start, end)]
    union = shapely.unary_union(squares)
    assert len(contours(found)) == len(getattr(union, "geoms", [union]))
    assert polygons_iou(contours(found), contours(found)) == 1.0


def test_pixels_at_a_corner() -> None:
    """Two pixels that meet at a corner are two parts; a ring of pixels open at a corner has a hole there."""
    apart = contours([(0, 0, 1), (1, 1, 2)])
    assert apart == [[[0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]], [[1.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0]]]
    ring = contours([(0, 0, 3), (1, 0, 1), (1, 2, 3), (2, 0, 2)])
    assert [len(rings) for rings in ring] == [2]


vertex = st.tuples(st.floats(-5, 28), st.floats(-5, 22))


@given(points=st.lists(vertex, min_size=3, max_size=12))
def test_filling_is_even_odd_at_centres(points: list[tuple[float, float]]) -> None:
    """A pixel is set if a ray from its centre crosses the ring an odd number of times."""
    found = fill_ring([number for point in points for number in point], FRAME)
    image = raster(found, FRAME)
    for row in range(FRAME.height):
        crossings = []
        for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
            if (y0 <= row + 0.5) != (y1 <= row + 0.5):
                (xa, ya), (xb, yb) = sorted([(x0, y0), (x1, y1)], key=lambda point: point[1])
                crossings.append(xa + (row + 0.5 - ya) * (xb - xa) / (yb - ya))
        for column in range(FRAME.width):
            if min((abs(x - column - 0.5) for x in crossings), default=1) > 1e-9:
                assert image[row, column] == (sum(x < column + 0.5 for x in crossings) % 2 == 1)


@settings(max_examples=60)
@given(ellipse=st.builds(Ellipse, st.floats(0, 23), st.floats(0, 17), st.floats(0.3, 15), st.floats(0.3, 15), st.floats(0, 360)))
def test_ellipses_fill_where_their_inequality_holds(ellipse: Ellipse) -> None:
    """A pixel is set if its centre satisfies the ellipse's inequality."""
    image = raster(fill_ellipse(ellipse, FRAME), FRAME)
    rows, columns = np.mgrid[0 : FRAME.height, 0 : FRAME.width]
    turn = np.radians(ellipse.rotation)
    dx, dy = columns + 0.5 - ellipse.cx, rows + 0.5 - ellipse.cy
    u, v = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    value = (u / ellipse.rx) ** 2 + (v / ellipse.ry) ** 2
    clear = np.abs(value - 1) > 1e-9
    assert (image == (value < 1))[clear].all()


@settings(max_examples=60)
@given(points=st.lists(vertex, min_size=3, max_size=9))
def test_iou_with_pixels_is_shapelys(points: list[tuple[float, float]]) -> None:
    """The IoU of a simple outline and its pixels is the one that shapely measures, in whichever direction it runs."""
    # Subnormal coordinates are beyond what shapely's intersection can tell apart.
    outline = shapely.MultiPoint([(round(x, 6), round(y, 6)) for x, y in points]).convex_hull
    if outline.geom_type != "Polygon" or outline.area < 0.01:
        return
    corners = shapely.get_coordinates(outline)
    for ring in (corners[:-1].ravel().tolist(), corners[:0:-1].ravel().tolist()):
        found = fill_ring(ring, FRAME)
        pixels = shapely.unary_union([shapely.box(start, row, end, row + 1) for row, start, end in found])
        measured = outline.intersection(pixels).area / outline.union(pixels).area
        assert iou_with_spans(ring, found) == pytest.approx(measured, abs=1e-9)


def test_iou_with_pixels_of_a_concave_ring() -> None:
    """Sides that return within a row of pixels are taken into account."""
    ring = [0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 5.0, 0.7, 0.0, 10.0]
    found = fill_ring(ring, FRAME)
    outline = shapely.Polygon(list(zip(ring[::2], ring[1::2], strict=True)))
    pixels = shapely.unary_union([shapely.box(start, row, end, row + 1) for row, start, end in found])
    measured = outline.intersection(pixels).area / outline.union(pixels).area
    assert iou_with_spans(ring, found) == pytest.approx(measured, abs=1e-12)
