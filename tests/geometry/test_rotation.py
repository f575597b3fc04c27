"""Rotation: clockwise on screen, about the centre, exact at quarter turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.geometry.rotation import box_corners, box_extents, direction, rotate, theta

coordinate = st.floats(-5000, 5000)
angle = st.floats(-720, 720)


def test_corners_are_those_of_the_editor() -> None:
    """The box of CVAT's test database lands where its own mask export has it."""
    corners = box_corners(106.36, 85.15, 240.08 - 106.36, 241.26 - 85.15, 45.9)
    assert corners == pytest.approx([182.74, 60.87, 275.80, 156.90, 163.70, 265.54, 70.64, 169.51], abs=0.01)


def test_corners_are_those_of_encord() -> None:
    """The sample box of Encord's format turns clockwise on screen about its centre."""
    corners = box_corners(4, 4, 12, 8, 30)
    assert corners == pytest.approx([6.804, 1.536, 17.196, 7.536, 13.196, 14.464, 2.804, 8.464], abs=0.001)


@given(path=st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20), cx=coordinate, cy=coordinate, degrees=angle)
def test_there_and_back(path: list[tuple[float, float]], cx: float, cy: float, degrees: float) -> None:
    """Turning back gives the same path within a millionth of a pixel."""
    flat = [number for point in path for number in point]
    assert rotate(rotate(flat, cx, cy, degrees), cx, cy, -degrees) == pytest.approx(flat, abs=1e-6)


@given(degrees=angle)
def test_theta_is_in_range(degrees: float) -> None:
    """Every rotation becomes 0 <= theta < 360 and means the same."""
    turned = theta(degrees)
    assert 0 <= turned < 360
    assert direction(turned) == pytest.approx(direction(degrees), abs=1e-9)


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0, 270.0, 360.0, -90.0])
def test_quarter_turns_are_exact(degrees: float) -> None:
    """A quarter turn leaves no dust in the last digit, so an upright box stays one."""
    assert set(map(abs, direction(degrees))) == {0.0, 1.0}


def test_the_smallest_negative_angle_is_zero() -> None:
    """An angle that modulo rounds up to 360 becomes 0."""
    assert theta(-1e-20) == 0.0


@given(w=st.floats(0.1, 1000), h=st.floats(0.1, 1000), degrees=angle)
def test_extents_are_those_of_the_corners(w: float, h: float, degrees: float) -> None:
    """The upright box around a turned one reaches to its corners."""
    corners = box_corners(0, 0, w, h, degrees)
    wide, high = box_extents(w, h, degrees)
    assert wide == pytest.approx(max(corners[::2]) - min(corners[::2]))
    assert high == pytest.approx(max(corners[1::2]) - min(corners[1::2]))
