"""Which frames a track has, and what holds on them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.interpolation.moments import KeyframeError, Moment
from mapper.cvat.interpolation.tracks import expand


def box(frame: int, *numbers: float, **more: Any) -> Moment:
    """A keyframe of a rectangle; without numbers it is somewhere."""
    return Moment(frame, "rectangle", list(numbers) or [0.0, 0.0, 10.0, 10.0], **more)


def frames(moments: list[Moment]) -> list[int]:
    """The frames on which the object is seen."""
    return [moment.frame for moment in moments if not moment.outside]


SPEED = [
    box(0, 10, 20, 30.005, 40.015, attributes=(("speed", "5"),)),
    box(4, 50, 60, 70, 80, occluded=True, attributes=(("speed", "10"),)),
    box(6, 50, 60, 70, 80, outside=True),
    box(9, 90, 60, 110, 80, attributes=(("speed", "15"),)),
    box(11, 95, 60, 115, 80, z_order="3"),
]


def test_values_hold_until_the_next_keyframe() -> None:
    """Geometry moves; flags, stacking order and attributes stay as they were, and are inherited where a keyframe lacks them."""
    found = {moment.frame: moment for moment in expand(SPEED, first=0, end=29)}
    assert found[1].points == pytest.approx([20, 30, 40.00375, 50.01125])
    assert (found[1].occluded, found[1].attributes) == (False, (("speed", "5"),))
    assert (found[5].points, found[5].occluded, found[5].attributes) == ([50, 60, 70, 80], True, (("speed", "10"),))
    assert (found[10].points, found[10].z_order) == ([92.5, 60, 112.5, 80], "0")
    assert {(tuple(found[frame].points), found[frame].z_order) for frame in range(11, 30)} == {((95, 60, 115, 80), "3")}
    assert found[29].attributes == (("speed", "15"),)
    assert [frame for frame, moment in found.items() if moment.keyframe] == [0, 4, 6, 9, 11]


def test_nothing_stands_in_a_gap() -> None:
    """From an outside keyframe to the next one the object is not there; an open track goes on to the end."""
    assert frames(expand(SPEED, first=0, end=29)) == [0, 1, 2, 3, 4, 5, *range(9, 30)]


def test_geometry_moves_towards_an_outside_keyframe() -> None:
    """CVAT interpolates also when the next keyframe ends the track."""
    found = expand([box(0, 0, 0, 10, 10), box(2, 10, 0, 20, 10, outside=True)], first=0, end=5)
    assert [moment.points[0] for moment in found] == [0, 5, 10]
    assert frames(found) == [0, 1]


def test_a_keyframe_on_a_deleted_frame_does_not_count() -> None:
    """A deleted end leaves the track open; a deleted start lets it begin later; attributes of deleted keyframes are gone."""
    deleted = frozenset({2, 5})
    found = expand([box(0), box(4), box(5, outside=True)], first=0, end=8, deleted=deleted)
    assert frames(found) == [0, 1, 3, 4, 6, 7, 8]
    found = expand([box(2, attributes=(("a", "x"),)), box(6), box(7, outside=True)], first=2, end=9, deleted=deleted)
    assert frames(found) == [6]
    assert found[0].attributes == ()


def test_a_keyframe_beyond_the_end_steers_what_lies_before_it() -> None:
    """The job ends at frame 2, the next keyframe stands at frame 4."""
    found = expand([box(0, 0, 0, 1, 1), box(4, 4, 0, 5, 1)], first=0, end=2)
    assert [moment.points[0] for moment in found] == [0, 1, 2]


def test_an_element_keeps_a_position_while_it_is_outside() -> None:
    """A skeleton's point moves on while it is hidden, and stays hidden."""
    hand = [Moment(0, "points", [20.0, 10.0]), Moment(3, "points", [26.0, 10.0], outside=True), Moment(6, "points", [32.0, 10.0])]
    found = expand(hand, first=0, end=7, element=True)
    assert [(moment.frame, moment.points[0], moment.outside) for moment in found[3:6]] == [(3, 26, True), (4, 28, True), (5, 30, True)]
    assert frames(found) == [0, 1, 2, 6, 7]


def test_single_points_move_and_several_stay() -> None:
    """CVAT does not know which of several points becomes which."""
    one = expand([Moment(0, "points", [0.0, 0.0]), Moment(2, "points", [4.0, 8.0])], first=0, end=2)
    assert one[1].points == [2, 4]
    two = expand([Moment(0, "points", [0.0, 0.0, 1.0, 1.0]), Moment(2, "points", [4.0, 8.0])], first=0, end=2)
    assert two[1].points == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "keyframes",
    [[box(0), box(3, 1, 1, 2, 2), box(3, 5, 5, 6, 6)], [box(0), Moment(3, "ellipse", [0.0, 0.0, 1.0, 1.0])]],
    ids=["two-on-one-frame", "another-kind"],
)
def test_contradictions_are_refused(keyframes: list[Moment]) -> None:
    """Where CVAT itself fails, nothing is made up."""
    with pytest.raises(KeyframeError) as caught:
        expand(keyframes, first=0, end=5)
    assert caught.value.frame == 3


def test_equal_keyframes_on_one_frame_are_one() -> None:
    """A keyframe that stands twice says nothing new."""
    again = box(3, attributes=(("b", "2"), ("a", "1")))
    found = expand([again, box(3, attributes=(("a", "1"), ("b", "2")))], first=0, end=4)
    assert frames(found) == [3, 4]


@st.composite
def tracks(draw: st.DrawFn) -> list[Moment]:
    """Keyframes of a box on different frames, some outside, in any order."""
    at = draw(st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True))
    corners = st.tuples(*[st.integers(0, 100).map(float)] * 4)
    return [box(frame, *draw(corners), outside=draw(st.booleans()), rotation=draw(st.floats(0, 359))) for frame in at]


@given(tracks(), st.sets(st.integers(0, 24)), st.integers(0, 24))
def test_frames_of_a_track(keyframes: list[Moment], deleted: set[int], end: int) -> None:
    """Keyframes come out untouched; a frame is there once, in order, not deleted, not past the end, seen if the keyframe before is."""
    found = expand(keyframes, first=0, end=end, deleted=frozenset(deleted))
    counted = {moment.frame: moment for moment in keyframes if moment.frame not in deleted}
    assert [moment for moment in found if moment.keyframe] == [counted[frame] for frame in sorted(counted) if frame <= end]
    expected = []
    for frame in range(end + 1):
        earlier = [before for before in counted if before <= frame]
        if frame not in deleted and earlier and not counted[max(earlier)].outside:
            expected.append(frame)
    assert frames(found) == expected
    assert [moment.frame for moment in found] == sorted({moment.frame for moment in found})
