"""Rings, hulls and simplification against shapely."""

from __future__ import annotations

import itertools
from math import hypot

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mapper.findings.geometry import TooFewPoints
from mapper.geometry import rings
from mapper.geometry.hulls import convex_hull, minimum_rectangle
from mapper.geometry.rotation import box_corners
from mapper.geometry.simplify import simplify_ring

number = st.floats(-2000, 2000).map(lambda value: round(value, 2))
points = st.lists(st.tuples(number, number), min_size=3, max_size=40)
Points = list[tuple[float, float]]


def flat(pairs: Points) -> list[float]:
    """Pairs as a path."""
    return [value for pair in pairs for value in pair]


def pairs(path: list[float]) -> Points:
    """A path as pairs."""
    return list(zip(path[::2], path[1::2], strict=True))


@given(points=points)
def test_area_is_the_shoelace_of_shapely(points: Points) -> None:
    """The area has the sign of the direction: clockwise on screen is positive."""
    ring = shapely.LinearRing(points)
    signed = rings.signed_area(flat(points))
    assert abs(signed) == pytest.approx(shapely.Polygon(ring).area, rel=1e-9, abs=1e-6)
    if ring.is_simple and abs(signed) > 1:
        assert (signed > 0) == ring.is_ccw  # counter-clockwise with y up is clockwise with y down


def test_area_far_from_the_origin() -> None:
    """The area of a small shape keeps its digits far from the origin."""
    assert rings.area([1e8, 1e8, 1e8 + 0.5, 1e8, 1e8, 1e8 + 0.5]) == pytest.approx(0.125, rel=1e-6)


def test_area_of_nothing() -> None:
    """An empty ring has no area."""
    assert rings.area([]) == 0


def test_polygons_area_takes_holes_off() -> None:
    """Holes count against their outline."""
    square, hole = [0.0, 0.0, 4.0, 0.0, 4.0, 4.0, 0.0, 4.0], [1.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0]
    assert rings.polygons_area([[square, hole], [square]]) == 31


@pytest.mark.parametrize(
    ("ring", "found"),
    [([], 0), ([1.0, 1.0], 1), ([1.0, 1.0, 2.0, 2.0], 2), ([1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0], 2)],
)
def test_a_ring_of_two_places_is_a_problem(ring: list[float], found: int) -> None:
    """Fewer than three different vertices enclose nothing, however often they occur."""
    assert rings.problem(ring) == TooFewPoints("polygon", 3, found)


def test_a_repeated_vertex_is_no_problem() -> None:
    """Consecutive duplicates are fine as long as three vertices differ."""
    assert rings.problem([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 1.0]) is None


@given(points=points)
def test_hull_is_that_of_shapely(points: Points) -> None:
    """The convex hull has shapely's area and corners, clockwise on screen."""
    hull = convex_hull(flat(points))
    expected = shapely.MultiPoint(points).convex_hull
    if expected.geom_type == "Polygon":
        assert rings.signed_area(hull) == pytest.approx(expected.area, rel=1e-9, abs=1e-6)
    else:
        assert len(hull) <= 4


@given(points=points)
def test_minimum_rectangle_is_that_of_shapely(points: Points) -> None:
    """No rectangle around the points is smaller, and all of them lie in it."""
    assume(shapely.MultiPoint(points).convex_hull.area > 1)
    box = minimum_rectangle(flat(points))
    assert box is not None
    assert 0 <= box.theta < 90
    best = min(_areas(points))
    assert box.w * box.h == pytest.approx(best, rel=1e-6)
    around = shapely.Polygon(pairs(box_corners(*box))).buffer(1e-6)
    assert all(around.covers(shapely.Point(point)) for point in points)


def _areas(points: Points) -> list[float]:
    """The area of the rectangle along each side of the hull, by projecting all points."""
    corners = shapely.get_coordinates(shapely.MultiPoint(points).convex_hull).tolist()
    areas = []
    for (x0, y0), (x1, y1) in itertools.pairwise(corners):
        length = hypot(x1 - x0, y1 - y0)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        along, across = [x * ux + y * uy for x, y in points], [y * ux - x * uy for x, y in points]
        areas.append((max(along) - min(along)) * (max(across) - min(across)))
    return areas


def test_points_on_a_line_have_no_rectangle() -> None:
    """Without area there is no rectangle."""
    assert minimum_rectangle([0.0, 0.0, 1.0, 1.0, 2.0, 2.0]) is None


@settings(max_examples=60)
@given(points=points, tolerance=st.floats(0.1, 200))
def test_simplified_ring_stays_within_the_tolerance(points: Points, tolerance: float) -> None:
    """Vertices are left out, none is made, and those left out lie within the tolerance."""
    kept = pairs(simplify_ring(flat(points), tolerance))
    remaining = iter(points)
    assert all(point in remaining for point in kept)
    if len(set(kept)) > 1:
        line = shapely.LineString([*kept, kept[0]])
        assert all(line.distance(shapely.Point(point)) <= tolerance + 1e-6 for point in points)


def test_simplifying_nothing() -> None:
    """An empty ring stays empty."""
    assert simplify_ring([], 1.0) == []
