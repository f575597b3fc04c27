"""Which frames a track has, and what holds on each of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mapper.cvat.interpolation.linear import angle_between, numbers_between
from mapper.cvat.interpolation.moments import Moment, ordered
from mapper.cvat.interpolation.paths import path_between

if TYPE_CHECKING:
    from mapper.geometry.shapes import Path

ROTATING = frozenset({"rectangle", "ellipse"})
STRAIGHT = frozenset({"rectangle", "ellipse", "cuboid"})
CLOSED = {"polygon": True, "polyline": False}
POINT = 2
"""Numbers of a single point."""


def points_between(kind: str, before: Path, after: Path, part: float) -> Path:
    """The stored numbers at ``part`` (0…1) of the way from one keyframe to the next.

    Rectangles, ellipses, cuboids and single points move straight; polygons and polylines by paired vertices; several points,
    masks and skeletons (whose elements move on their own) stay as they are.
    """
    if kind in STRAIGHT or (kind == "points" and len(before) == len(after) == POINT):
        return numbers_between(before, after, part)
    closed = CLOSED.get(kind)
    return before if closed is None else path_between(before, after, part, closed=closed)


def moment_between(before: Moment, after: Moment, frame: int) -> Moment:
    """What holds on a frame strictly between two keyframes: the geometry on its way, all else as it was before."""
    part = (frame - before.frame) / (after.frame - before.frame)
    return before._replace(
        frame=frame,
        points=points_between(before.kind, before.points, after.points, part),
        rotation=angle_between(before.rotation, after.rotation, part) if before.kind in ROTATING else before.rotation,
        keyframe=False,
    )


def expand(
    keyframes: list[Moment], *, first: int, end: int, deleted: frozenset[int] = frozenset(), element: bool = False
) -> list[Moment]:  # fmt: skip
    """Every frame of a track on which something is known of it, by frame.

    Args:
        keyframes: in any order; on deleted frames they do not count at all, outside ones neither.
        first: the track's first frame, before which nothing is known.
        end: the last frame (of the job, or of the task if its jobs are merged), inclusive: an open track goes on to there.
            A keyframe beyond it still steers what lies before it.
        deleted: frames that are not part of the task any more.
        element: the track of a skeleton's element, which keeps a position while it is outside.

    Raises:
        KeyframeError: the keyframes contradict each other.
    """
    found: list[Moment] = []
    moments = ordered(keyframes, deleted)
    for before, after in pairwise(moments):
        found.append(before)
        if element or not before.outside:
            between = range(before.frame + 1, min(after.frame, end + 1))
            found += [moment_between(before, after, frame) for frame in between if frame not in deleted]
    if moments:
        last = moments[-1]
        found.append(last)
        if element or not last.outside:
            held = last._replace(keyframe=False)
            found += [held._replace(frame=frame) for frame in range(last.frame + 1, end + 1) if frame not in deleted]
    return [moment for moment in found if first <= moment.frame <= end]
