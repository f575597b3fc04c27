"""Numbers and angles between two keyframes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.interpolation.linear import angle_between, numbers_between

ANGLES = st.floats(0, 359.99)
PARTS = st.floats(0, 1)


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        (350.0, 10.0, [355.0, 0.0, 5.0]),
        (10.0, 350.0, [5.0, 0.0, 355.0]),
        (200.0, 10.0, [242.5, 285.0, 327.5]),
        (0.0, 181.0, [315.25, 270.5, 225.75]),
        (0.0, 179.0, [44.75, 89.5, 134.25]),
        (359.5, 0.5, [359.75, 0.0, 0.25]),
    ],
)
def test_angles_take_the_shorter_arc(before: float, after: float, parts: list[float]) -> None:
    """A turn across 0 goes across 0, and one of more than half a circle goes the other way round."""
    assert [angle_between(before, after, quarter / 4) for quarter in (1, 2, 3)] == pytest.approx(parts)


@pytest.mark.parametrize(("before", "after"), [(90.0, 270.0), (0.0, 180.0), (180.0, 0.0), (10.0, 190.0)])
def test_opposite_angles_turn_as_cvat_turns_them(before: float, after: float) -> None:
    """Exactly half a circle apart, CVAT's server turns by one degree in all."""
    assert [angle_between(before, after, quarter / 4) for quarter in (1, 2, 3)] == [before + 0.25, before + 0.5, before + 0.75]


@given(ANGLES, ANGLES, PARTS)
def test_angles_stay_on_the_circle(before: float, after: float, part: float) -> None:
    """The result is an angle from 0 to 360, no further from either end than they are from each other."""
    found = angle_between(before, after, part)
    assert 0 <= found < 360
    apart = abs((after - before + 180) % 360 - 180)
    assert abs((found - before + 180) % 360 - 180) <= max(apart, 1.0) + 1e-6


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), max_size=16), PARTS, PARTS)
def test_numbers_move_monotonously(ends: list[tuple[float, float]], one: float, other: float) -> None:
    """Every number lies between its ends, and later is nearer to the second."""
    before, after = [first for first, _ in ends], [last for _, last in ends]
    assert numbers_between(before, after, 0.0) == before
    earlier, later = (numbers_between(before, after, part) for part in sorted((one, other)))
    for first, soon, late, last in zip(before, earlier, later, after, strict=True):
        direction = 1 if last >= first else -1
        assert (soon - first) * direction >= 0
        assert (late - soon) * direction >= -1e-9
        assert (last - late) * direction >= -1e-9
