"""Polygons and polylines between two keyframes, against numbers worked out by hand and against a naive second writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.interpolation.paths import has_length, path_between
from tests.support.naive_paths import naive

SEVEN = [0.0, 0.0, 50.0, -10.0, 100.0, 0.0, 110.0, 50.0, 100.0, 100.0, 50.0, 120.0, 0.0, 100.0]
THREE = [200.0, 50.0, 300.0, 20.0, 320.0, 150.0]

# Whole numbers on a small grid: doubled vertices, ties and paths that cross themselves all occur.
GRID = st.tuples(st.integers(0, 8), st.integers(0, 8))
PATHS = st.lists(GRID, min_size=2, max_size=9).map(lambda points: [float(number) for point in points for number in point])
PARTS = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9])


def test_seven_vertices_become_three() -> None:
    """Near the target the crowded vertices are thinned, near the start all seven are there."""
    assert path_between(SEVEN, THREE, 0.8, closed=True) == pytest.approx([165, 39, 261, 21, 276, 140, 256, 140])
    assert len(path_between(SEVEN, THREE, 0.2, closed=True)) == len(SEVEN)


def test_two_vertices_become_four() -> None:
    """Vertices of the target that nothing meets branch off from the nearest vertex."""
    before, after = [0.0, 0.0, 100.0, 0.0], [0.0, 100.0, 30.0, 105.0, 60.0, 100.0, 120.0, 90.0]
    assert path_between(before, after, 0.25, closed=False) == pytest.approx([0, 25, 15, 25, 105, 22.5])
    assert len(path_between(before, after, 0.5, closed=False)) == len(after)


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_sizes_beyond_all_images_are_held(size: float) -> None:
    """Numbers so small or large that their lengths vanish or overflow are not divided by."""
    huge = [number * size for number in SEVEN]
    assert path_between(huge, THREE, 0.5, closed=True) == huge


@pytest.mark.parametrize("closed", [True, False])
def test_a_path_without_length_is_held(closed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """If all vertices of an end are one point there is nothing to pair by; the earlier path stays."""
    dot = [5.0, 5.0, 5.0, 5.0, 5.0, 5.0]
    assert not has_length(dot)
    assert path_between(SEVEN, dot, 0.5, closed=closed) == SEVEN
    assert path_between(dot, SEVEN, 0.5, closed=closed) == dot


@given(PATHS, PATHS, PARTS, st.booleans())
def test_agrees_with_a_naive_writing(before: list[float], after: list[float], part: float, closed: bool) -> None:  # noqa: FBT001
    """For any two outlines the vertices are those that the rules give when they are followed word by word."""
    if has_length(before) and has_length(after):
        assert path_between(before, after, part, closed=closed) == pytest.approx(naive(before, after, part, closed=closed))


@given(PATHS, st.tuples(st.integers(-50, 50), st.integers(-50, 50)), PARTS, st.booleans())
def test_a_moved_outline_moves_whole(before: list[float], by: tuple[int, int], part: float, closed: bool) -> None:  # noqa: FBT001
    """An outline that only shifts keeps its vertices, but for those that lie on one spot."""
    points = list(zip(before[::2], before[1::2], strict=True))
    if any(one == other for one, other in zip(points, points[1:] + points[:1], strict=True)):
        return
    after = [number + by[index % 2] for index, number in enumerate(before)]
    moved = [number + by[index % 2] * part for index, number in enumerate(before)]
    assert path_between(before, after, part, closed=closed) == pytest.approx(moved)
