"""Ellipses: closed forms against shapely and against the published table."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.geometry import ellipses
from mapper.geometry.shapes import Ellipse

radius = st.floats(1, 500)
ellipse_strategy = st.builds(Ellipse, st.floats(-100, 2000), st.floats(-100, 2000), radius, radius, st.floats(0, 360))


def polygon(path: list[float]) -> shapely.Polygon:
    """A path as shapely has it."""
    return shapely.Polygon(list(zip(path[::2], path[1::2], strict=True)))


def fine(ellipse: Ellipse) -> shapely.Polygon:
    """The ellipse by shapely's own means, with many corners."""
    circle = shapely.Point(0, 0).buffer(1, quad_segs=2000)
    scaled = shapely.affinity.scale(circle, ellipse.rx, ellipse.ry, origin=(0, 0))
    turned = shapely.affinity.rotate(scaled, ellipse.rotation, origin=(0, 0))
    return shapely.affinity.translate(turned, ellipse.cx, ellipse.cy)


@pytest.mark.parametrize(
    ("min_iou", "inscribed", "equal_area"),
    [(0.95, 12, 8), (0.98, 19, 12), (0.99, 26, 16), (0.995, 37, 23), (0.999, 82, 51)],
)
def test_corners_for_an_iou(min_iou: float, inscribed: int, equal_area: int) -> None:
    """The fewest corners for an IoU are those of the table, and one less would not do."""
    assert ellipses.points_for(min_iou, "inscribed") == inscribed
    assert ellipses.points_for(min_iou, "equal_area") == equal_area
    assert ellipses.polygon_iou(inscribed - 1, "inscribed") < min_iou <= ellipses.polygon_iou(inscribed, "inscribed")


def test_an_iou_out_of_reach() -> None:
    """No polygon of 512 corners is as near as that."""
    assert ellipses.points_for(1.0, "equal_area") is None


@settings(max_examples=25)
@given(ellipse=ellipse_strategy, points=st.integers(3, 128), fit=st.sampled_from(["inscribed", "equal_area"]))
def test_polygon_iou_is_shapelys(ellipse: Ellipse, points: int, fit: ellipses.Fit) -> None:
    """The closed form is the IoU that shapely measures."""
    outline, true = polygon(ellipses.outline(ellipse, points, fit)), fine(ellipse)
    measured = outline.intersection(true).area / outline.union(true).area
    assert ellipses.polygon_iou(points, fit) == pytest.approx(measured, abs=1e-5)


@settings(max_examples=25)
@given(ellipse=ellipse_strategy)
def test_extents(ellipse: Ellipse) -> None:
    """The upright box around a turned ellipse touches it on all sides."""
    half_width, half_height = ellipses.half_extents(ellipse)
    left, top, right, bottom = fine(ellipse).bounds
    assert (right - left, bottom - top) == pytest.approx((2 * half_width, 2 * half_height), rel=1e-4)


@settings(max_examples=25)
@given(ellipse=ellipse_strategy)
def test_circle_iou(ellipse: Ellipse) -> None:
    """The IoU with the circle of the same area is the one that shapely measures."""
    true = fine(ellipse)
    circle = shapely.Point(ellipse.cx, ellipse.cy).buffer((ellipse.rx * ellipse.ry) ** 0.5, quad_segs=2000)
    measured = circle.intersection(true).area / circle.union(true).area
    assert ellipses.circle_iou(ellipse) == pytest.approx(measured, abs=1e-4)
