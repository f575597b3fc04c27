"""Jobs of one task put together: which annotations are the same, and what becomes of tracks that go over the border."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.interpolation.moments import Moment
from mapper.cvat.merging.assignment import best_pairs
from mapper.cvat.merging.jobs import merged
from mapper.cvat.merging.similarity import shapes_alike, tracks_alike
from mapper.cvat.model import Shape
from mapper.cvat.stored import Content, Placed, StoredTrack
from mapper.geometry.shapes import Rectangle

if TYPE_CHECKING:
    from mapper.geometry.kinds import Kind

SIMILARITIES = st.sampled_from([0.0, 0.0, 0.25, 0.5, 0.6, 0.75, 0.9, 1.0])


@st.composite
def tables(draw: st.DrawFn) -> list[list[float]]:
    """Similarities of up to four by four."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    return [[draw(SIMILARITIES) for _ in range(columns)] for _ in range(rows)]


@given(tables())
def test_no_other_assignment_is_better(table: list[list[float]]) -> None:
    """Pairs are apart, and no way to pair rows and columns has a larger sum; all ways are tried."""
    similar = {(i, j): value for i, row in enumerate(table) for j, value in enumerate(row)}
    pairs = best_pairs(similar)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(similar[pair] > 0 for pair in pairs)
    width = max(len(table), len(table[0]))
    padded = [[similar.get((i, j), 0.0) for j in range(width)] for i in range(width)]
    best = max(sum(padded[i][j] for i, j in enumerate(order)) for order in permutations(range(width)))
    assert sum(similar[pair] for pair in pairs) == pytest.approx(best)


def test_many_objects_are_paired_at_once() -> None:
    """Hundreds of objects, each near its twin and its neighbours, find their twins."""
    similar = {(i, j): 1.0 if i == j else 0.6 for i in range(200) for j in range(max(0, i - 2), min(200, i + 3))}
    assert best_pairs(similar) == [(i, i) for i in range(200)]


def shape(kind: Kind, geometry: Any, label: str = "car") -> Shape:
    """A shape of which only kind, label and geometry count."""
    return Shape(kind, label, geometry, "", (), (None,) * 7, 0)


def box(x: float, *, label: str = "car", rotation: float = 0.0) -> Shape:
    """A square of ten pixels at x."""
    return shape("rectangle", Rectangle(x, 0, x + 10, 10, rotation), label)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (box(0), box(0), 1.0),
        (box(0), box(5), 1 / 3),
        (box(0), box(20), 0.0),
        (box(0), box(0, rotation=45), 1.0),
        (box(0), box(0, label="bus"), 0.0),
        (box(0), shape("rectangle", Rectangle(10, 10, 0, 0, 0)), 1.0),
        (box(0), shape("rectangle", Rectangle(0, 0, 0, 10, 0)), 0.0),
        (box(0), shape("polygon", [0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0]), 0.0),
        (shape("polygon", [0.0, 0.0, 4.0, 0.0, 0.0, 4.0]), shape("polygon", [0.0, 0.0, 4.0, 0.0, 4.0, 4.0, 0.0, 4.0]), 0.5),
        (shape("polygon", [0.0, 0.0, 4.0, 4.0, 4.0, 0.0, 0.0, 4.0]), shape("polygon", [0.0, 0.0, 4.0, 4.0, 4.0, 0.0, 0.0, 4.0]), 0.0),
        (shape("points", [1.0, 1.0]), shape("points", [1.0, 1.0]), 0.0),
        (shape("tag", None), shape("tag", None), 1.0),
    ],
)  # fmt: skip
def test_similarity_of_shapes(one: Shape, other: Shape, expected: float) -> None:
    """Boxes and valid polygons by how much of both they share, rotation aside; tags by label; nothing else is ever the same."""
    assert shapes_alike(one, other) == shapes_alike(other, one) == pytest.approx(expected)


def moment(frame: int, x: float = 0.0, *, outside: bool = False) -> Moment:
    """A keyframe of a square at x."""
    return Moment(frame, "rectangle", [x, 0.0, x + 10, 10.0], outside=outside)


def track(*keyframes: Moment, label: str = "car", group: str | None = None) -> StoredTrack:
    """A track of these keyframes."""
    return StoredTrack(
        id="", label=label, frame=keyframes[0].frame, group=group, source=None, attributes=(), keyframes=list(keyframes), end=99
    )  # fmt: skip


def test_similarity_of_tracks() -> None:
    """The mean over the shared frames on which one of them is; none of these frames makes them the same."""
    still, moving = track(moment(0)), track(moment(4), moment(8, 8.0))
    assert tracks_alike(still, still, range(4, 8)) == 1.0
    assert tracks_alike(still, track(moment(0), label="bus"), range(4, 8)) == 0.0
    shares = [1.0, 8 / 12, 6 / 14, 4 / 16]
    assert tracks_alike(still, moving, range(4, 8)) == pytest.approx(sum(shares) / 4)
    assert tracks_alike(still, track(moment(6)), range(4, 8)) == pytest.approx(0.5)
    assert tracks_alike(track(moment(9)), track(moment(9)), range(4, 8)) == 1.0


def frames(content: Content) -> list[list[tuple[int, bool]]]:
    """Keyframes of all tracks as (frame, outside)."""
    return [sorted((entry.frame, entry.outside) for entry in track.keyframes) for track in content.tracks]


def test_a_track_that_goes_on_is_one() -> None:
    """The same object in both jobs: keyframes of both, those of the earlier on the same frame, all else from the earlier one."""
    earlier = Content(0, [], [track(moment(0), moment(6, 1.0), group="3")])
    later = Content(5, [], [track(moment(5), moment(6, 2.0), moment(9, outside=True), group="4")])
    found = merged([earlier, later], 3, 20)
    assert frames(found.content) == [[(0, False), (5, False), (6, False), (9, True)]]
    (joined,) = found.content.tracks
    assert (joined.group, joined.end) == ("3", 20)
    assert next(entry.points[0] for entry in joined.keyframes if entry.frame == 6) == 1.0
    assert found.tracks == ["car"]
    assert [(label, entry.frame) for label, entry in found.keyframes] == [("car", 6)]


def test_a_track_that_ends_with_its_job_is_closed() -> None:
    """What the later job does not have goes on to the end of the overlap, and no further; what it alone has is added."""
    earlier = Content(0, [], [track(moment(0)), track(moment(0), moment(2, outside=True))])
    later = Content(5, [], [track(moment(6, 70.0)), track(moment(9))])
    found = merged([earlier, later], 3, 20)
    assert frames(found.content) == [[(0, False), (8, True)], [(0, False), (2, True)], [(6, False)], [(9, False)]]
    assert not found.tracks


def test_without_overlap_tracks_are_cut() -> None:
    """Jobs that share no frame share no object."""
    found = merged([Content(0, [], [track(moment(0))]), Content(5, [], [track(moment(5))])], 0, 9)
    assert frames(found.content) == [[(0, False), (5, True)], [(5, False)]]


def test_shapes_that_stand_twice() -> None:
    """On shared frames, by three quarters; the earlier job's stays, and each has one twin at most."""
    earlier = Content(0, [Placed(5, box(0)), Placed(4, box(0)), Placed(5, box(40))])
    later = Content(5, [Placed(5, box(1)), Placed(5, box(1)), Placed(5, box(45)), Placed(8, box(0))])
    found = merged([earlier, later], 2, 9)
    assert [(placed.frame, placed.shape.geometry.xtl) for placed in found.content.shapes] == [
        (5, 0),
        (4, 0),
        (5, 40),
        (5, 1),
        (5, 45),
        (8, 0),
    ]
    assert [placed.shape.geometry.xtl for placed in found.shapes] == [1]


def test_three_jobs() -> None:
    """Each is put onto what all earlier ones hold."""
    jobs = [Content(start, [], [track(moment(start), moment(start + 5))]) for start in (0, 4, 8)]
    found = merged(jobs, 2, 20)
    assert len(found.content.tracks) == 1
    assert [entry.frame for entry in found.content.tracks[0].keyframes] == [0, 5, 4, 9, 8, 13]
