"""Clipping to the image against shapely."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mapper.geometry.clip import clamp, clip_polygons, clip_ring, misses, overshoot, path_overshoot
from mapper.geometry.rings import area
from mapper.geometry.shapes import Frame

FRAME = Frame(100, 60)
IMAGE = shapely.box(0, 0, 100, 60)
vertex = st.tuples(st.floats(-50, 150), st.floats(-50, 110))


@given(points=st.lists(vertex, min_size=3, max_size=10))
def test_a_cut_ring_has_the_area_inside(points: list[tuple[float, float]]) -> None:
    """What is left has the area that shapely finds, and lies in the image."""
    drawn = shapely.Polygon(points)
    outline = drawn if drawn.is_valid else drawn.convex_hull
    if outline.geom_type != "Polygon":
        return
    ring = shapely.get_coordinates(outline)[:-1].ravel().tolist()
    cut = clip_ring(ring, FRAME)
    assert area(cut) == pytest.approx(outline.intersection(IMAGE).area, abs=1e-6)
    if cut:
        assert path_overshoot(cut, FRAME) == 0


def test_a_slight_overshoot_keeps_the_vertices() -> None:
    """Up to half a pixel vertices are moved, so their number stays."""
    assert clip_polygons([[[-0.4, 10.0, 50.0, 10.0, 50.0, 50.0]]], FRAME) == [[[0.0, 10.0, 50.0, 10.0, 50.0, 50.0]]]


def test_parts_and_holes_that_vanish() -> None:
    """A hole outside the image goes, a part outside goes with its holes, and nothing is None."""
    inside = [-40.0, 0.0, 40.0, 0.0, 40.0, 40.0, -40.0, 40.0]
    hole_out, hole_in = [-20.0, 5.0, -10.0, 5.0, -10.0, 10.0], [10.0, 5.0, 20.0, 5.0, 20.0, 10.0]
    outside = [200.0, 0.0, 240.0, 0.0, 240.0, 40.0]
    clipped = clip_polygons([[inside, hole_out, hole_in], [outside, hole_in]], FRAME)
    assert clipped is not None
    assert [len(rings) for rings in clipped] == [2]
    assert area(clipped[0][0]) == pytest.approx(1600)
    assert clipped[0][1] == hole_in
    assert clip_polygons([[outside]], FRAME) is None


def test_overshoot_is_the_farthest_side() -> None:
    """The excess beyond the farthest side counts, the last digit of a float does not."""
    assert overshoot(0, 0, 100, 60, FRAME) == 0
    assert overshoot(-3, 10, 107, 61, FRAME) == 7
    assert overshoot(0, 0, 100 + 1e-12, 60, FRAME) == 0


def test_clamp_moves_to_the_border() -> None:
    """Each vertex goes to the nearest place in the image."""
    assert clamp([-5.0, 10.0, 120.0, 70.0], FRAME) == [0.0, 10.0, 100.0, 60.0]


def test_misses() -> None:
    """Touching the border from outside is not being inside."""
    assert misses(100, 0, 120, 20, FRAME)
    assert not misses(99, 0, 120, 20, FRAME)
