"""Cuboids: which corner is which, and the fit of a projection."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.geometry.cuboids import back_face, faces, fit
from mapper.geometry.shapes import Cuboid2D

FRONT = [10.0, 20.0, 40.0, 20.0, 40.0, 50.0, 10.0, 50.0]
coordinate = st.floats(0, 2000)


def stored(front: list[float], back: list[float]) -> list[float]:
    """Two faces (left top, right top, right bottom, left bottom) in CVAT's storage order."""
    f, b = [front[i : i + 2] for i in (0, 2, 4, 6)], [back[i : i + 2] for i in (0, 2, 4, 6)]
    return [n for corner in (f[0], f[3], f[1], f[2], b[1], b[2], b[0], b[3]) for n in corner]


def test_the_names_of_the_back_face_mislead() -> None:
    """CVAT's fifth and sixth corner are back right, the seventh and eighth back left."""
    tl1, bl1, tr1, br1 = [1.0, 2.0], [1.0, 8.0], [5.0, 2.0], [5.0, 8.0]
    tl2, bl2, tr2, br2 = [7.0, 1.0], [7.0, 6.0], [3.0, 1.0], [3.0, 6.0]
    front, back = faces([*tl1, *bl1, *tr1, *br1, *tl2, *bl2, *tr2, *br2])
    assert front == [*tl1, *tr1, *br1, *bl1]
    assert back == [*tr2, *tl2, *bl2, *br2]


def test_a_shifted_face_is_isometric() -> None:
    """A back face of the same size is an offset, without residual."""
    fitted = fit(stored(FRONT, [n + d for n, d in zip(FRONT, [5.0, -7.0] * 4, strict=True)]))
    assert fitted is not None
    assert fitted.cuboid == Cuboid2D(FRONT, (5.0, -7.0), None, 1.0)
    assert fitted.residual == 0


def test_rounding_does_not_make_a_perspective() -> None:
    """A hundredth of a pixel lost in the export leaves the offset."""
    back = [n + 5.0 for n in FRONT]
    back[0] += 0.004
    fitted = fit(stored(FRONT, back))
    assert fitted is not None
    assert fitted.cuboid.vanishing is None


@settings(max_examples=60)
@given(
    corners=st.lists(st.tuples(coordinate, coordinate), min_size=4, max_size=4),
    vanishing=st.tuples(coordinate, coordinate),
    scale=st.floats(0.1, 0.95),
)
def test_a_true_perspective_is_found(corners: list[tuple[float, float]], vanishing: tuple[float, float], scale: float) -> None:
    """A back face scaled towards a point gives that point back, without residual."""
    front = [n for corner in corners for n in corner]
    fitted = fit(stored(front, back_face(Cuboid2D(front, None, vanishing, scale))))
    if fitted is None:
        return
    assert fitted.residual < 0.01
    if fitted.cuboid.vanishing is not None:
        assert back_face(fitted.cuboid) == pytest.approx(back_face(Cuboid2D(front, None, vanishing, scale)), abs=0.01)


@settings(max_examples=60)
@given(noise=st.lists(st.floats(-3, 3), min_size=8, max_size=8))
def test_the_residual_is_the_largest_move(noise: list[float]) -> None:
    """The residual is what a corner really moves, and no more than with the plain offset."""
    back = [n * 0.5 + 30 + d for n, d in zip(FRONT, noise, strict=True)]
    fitted = fit(stored(FRONT, back))
    assert fitted is not None
    drawn = back_face(fitted.cuboid)
    moves = [hypot(drawn[i] - back[i], drawn[i + 1] - back[i + 1]) for i in (0, 2, 4, 6)]
    assert fitted.residual == pytest.approx(max(moves), abs=1e-6)


def test_a_mirrored_back_face_is_no_perspective() -> None:
    """A scale below zero is none that Encord knows; the offset and its residual remain."""
    fitted = fit(stored(FRONT, [60.0 - n for n in FRONT]))
    assert fitted is not None
    assert fitted.cuboid.vanishing is None
    assert fitted.residual > 1


def test_a_front_face_without_area_has_no_fit() -> None:
    """There is nothing to scale."""
    assert fit(stored([10.0, 20.0, 10.0, 20.0, 10.0, 50.0, 10.0, 50.0], FRONT)) is None
