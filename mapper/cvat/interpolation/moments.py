"""One frame of a track in the numbers that CVAT stores, and what can be wrong with the keyframes of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Path

Pairs = tuple[tuple[str, str], ...]
"""Attributes as (name, text)."""


class Moment(NamedTuple):
    """A keyframe, or a frame that was filled in.

    ``points`` as backups hold them: [x1, y1, x2, y2] of a rectangle, [cx, cy, cx + rx, cy - ry] of an ellipse, sixteen
    numbers of a cuboid, flat paths, [] of a skeleton; ``rotation`` in degrees. ``attributes`` are the mutable ones.
    """

    frame: int
    kind: Kind
    points: Path
    rotation: float = 0.0
    outside: bool = False
    occluded: bool = False
    z_order: str = "0"
    attributes: Pairs = ()
    keyframe: bool = True


class KeyframeError(ValueError):
    """The keyframes of a track contradict each other, so that CVAT itself cannot fill in the frames between them."""

    def __init__(self, reason: str, frame: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.frame = frame


def ordered(keyframes: list[Moment], deleted: frozenset[int]) -> list[Moment]:
    """The keyframes that count, by frame: none on deleted frames, each with the mutable attributes of the one before it.

    Raises:
        KeyframeError: two different keyframes on one frame, or keyframes of different kinds.
    """
    found: list[Moment] = []
    for moment in sorted((moment for moment in keyframes if moment.frame not in deleted), key=lambda moment: moment.frame):
        last = found[-1] if found else None
        if last is not None and last.kind != moment.kind:
            raise KeyframeError(f"a {last.kind} becomes a {moment.kind}", moment.frame)
        inherited = moment if last is None else moment._replace(attributes=_inherited(last.attributes, moment.attributes))
        if last is not None and last.frame == moment.frame:
            if _unordered(last) != _unordered(inherited):
                raise KeyframeError("two different keyframes stand on one frame", moment.frame)
            continue
        found.append(inherited)
    return found


def _inherited(before: Pairs, own: Pairs) -> Pairs:
    known = {name for name, _ in own}
    missing = [pair for pair in before if pair[0] not in known]
    return (*own, *missing) if missing else own


def _unordered(moment: Moment) -> Moment:
    return moment._replace(attributes=tuple(sorted(moment.attributes)))
