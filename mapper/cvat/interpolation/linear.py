"""Numbers and angles between two keyframes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.geometry.shapes import Path

TURN, HALF_TURN = 360.0, 180.0


def numbers_between(before: Path, after: Path, part: float) -> Path:
    """Each number on the straight line from one keyframe to the other; ``part`` is 0 at the first, 1 at the second."""
    return [first + (last - first) * part for first, last in zip(before, after, strict=True)]


def angle_between(before: float, after: float, part: float) -> float:
    """The angle on the shorter arc, in 0 ≤ angle < 360 degrees.

    Exactly opposite angles have no shorter arc. CVAT's server then turns by one degree in all, which is a fault of its own, but
    it is what every export shows between such keyframes (measured: 90 to 270 gives 90.25, 90.5, 90.75, then 270).
    """
    arc = (after - before + HALF_TURN) % TURN - HALF_TURN
    if arc == -HALF_TURN:
        arc = 1.0
    return (before + arc * part + TURN) % TURN
