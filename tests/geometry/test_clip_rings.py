"""What clipping leaves is a ring as Encord wants it: open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.geometry.clip import clip_polygons
from mapper.geometry.rings import problem
from mapper.geometry.shapes import Frame

FRAME = Frame(10, 8)
near = st.sampled_from((-1.0, -0.4, -0.1, 0.0, 0.2, 4.0, 7.9, 8.0, 8.3, 9.8, 10.0, 10.2, 12.0))


def pairs(ring: list[float]) -> list[tuple[float, float]]:
    """The vertices of a ring."""
    return list(zip(ring[::2], ring[1::2], strict=True))


@pytest.mark.parametrize(
    "ring",
    [
        [1.0, -1.0, 0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, -1.0, 5.0, 5.0, 0.0, 5.0],
        [0.0, 0.0, 5.0, 0.0, 5.0, 5.0, 0.0, 5.0, -0.4, -0.4],
    ],
)
def test_rings_with_a_vertex_on_the_border(ring: list[float]) -> None:
    """A vertex on the border is there once, though it is its own crossing with the border."""
    clipped = clip_polygons([[ring]], FRAME)
    assert clipped is not None
    vertices = pairs(clipped[0][0])
    assert len(set(vertices)) == len(vertices)


@given(st.lists(st.tuples(near, near), min_size=3, max_size=6, unique=True))
def test_rings_stay_open(points: list[tuple[float, float]]) -> None:
    """Whatever is clipped, the outline does not repeat its first vertex at its end."""
    ring = [number for point in points for number in point]
    clipped = None if problem(ring) else clip_polygons([[ring]], FRAME)
    for part in clipped or ():
        assert part[0][:2] != part[0][-2:]
