"""A task as people drew it: shapes, tags and tracks by their keyframes, in jobs; and what CVAT shows of it on each frame.

Frames are relative here, from 0. What is shown is worked out by CVAT's rules frame by frame, without a line of the product.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tests.support.naive_paths import naive

WIDTH, HEIGHT = 640, 480

Values = dict[str, str]


class Spec(NamedTuple):
    """An attribute of a label; the first value is its default."""

    name: str
    input_type: str
    values: tuple[str, ...]
    mutable: bool = False


class Key(NamedTuple):
    """What somebody said of an object on a frame; ``values`` may leave attributes out."""

    frame: int
    points: tuple[float, ...]
    rotation: float = 0.0
    occluded: bool = False
    outside: bool = False
    z_order: int = 0
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An element of a skeleton: of a track with its own keyframes, of a shape with one."""

    label: str
    keys: tuple[Key, ...]
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A shape (one keyframe), a tag (kind "tag") or a track; ``values`` are the attributes that hold for all of a track."""

    label: str
    kind: str
    keys: tuple[Key, ...]
    track: bool = False
    parts: tuple[Part, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    group: int = 0
    source: str = "manual"
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job: its first and last frame, and what was drawn in it."""

    start: int
    stop: int
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole task; ``video``: its data are a video, not images."""

    jobs: tuple[Job, ...]
    start: int = 0
    step: int = 1
    deleted: frozenset[int] = frozenset()
    video: bool = True

    @property
    def count(self) -> int:
        """How many frames there are, with those that were deleted."""
        return self.jobs[-1].stop + 1

    def absolute(self, frame: int) -> int:
        """A frame in the numbers of the media."""
        return self.start + self.step * frame

    def frames(self) -> list[int]:
        """The frames that were not deleted."""
        return [frame for frame in range(self.count) if frame not in self.deleted]


LABELS: dict[str, tuple[Spec, ...]] = {
    "car": (
        Spec("model", "select", ("__undefined__", "bus", "a & b")),
        Spec("side", "radio", ("left", "right"), mutable=True),
        Spec("parked", "checkbox", ("false", "true"), mutable=True),
        Spec("speed", "number", ("0", "7", "15"), mutable=True),
        Spec("plate #", "text", ("", "Ä 1", 'x "y"\nz')),
        Spec("clean", "checkbox", ("true", "false")),
    ),
    "person": (),
    "weather": (Spec("kind", "select", ("sun", "rain")),),
    "body": (Spec("pose", "select", ("stands", "sits"), mutable=True),),
}
PARTS: dict[str, tuple[Spec, ...]] = {"head": (Spec("visible%", "number", ("100", "50"), mutable=True),), "hand <l>": (), "foot": ()}


class Shown(NamedTuple):
    """An object on a frame as the exporter has it before it writes; ``values`` are whole."""

    thing: Thing
    key: Key
    keyframe: bool
    values: Values
    parts: tuple[tuple[str, Key, bool, Values], ...] = ()

    @property
    def seen(self) -> bool:
        """Whether it is to be seen."""
        return not self.key.outside and (self.thing.kind != "skeleton" or any(not key.outside for _, key, _, _ in self.parts))


@dataclass(slots=True)
class Line:
    """A track (or a shape) frame by frame."""

    thing: Thing
    frames: dict[int, Shown] = field(default_factory=dict)


def lines(scene: Scene) -> list[Line]:
    """What is known of each thing on each frame, in the order of jobs; frames on which nothing is known are left out.

    A track that is open where its job ends is closed on the next frame. If that frame was deleted the track stays open, as
    any other whose last keyframe lay on a deleted frame.
    """
    found = []
    for job in scene.jobs:
        for thing in job.things:
            last = scene.count - 1 if thing.track else thing.keys[0].frame
            lasting = _closed(thing, job.stop + 1) if thing.track and job.stop + 1 < scene.count else thing
            found.append(Line(thing, _line(lasting, last, scene.deleted)))
    return found


def _closed(thing: Thing, frame: int) -> Thing:
    parts = tuple(replace(part, keys=_ended(part.keys, frame)) for part in thing.parts)
    return replace(thing, keys=_ended(thing.keys, frame), parts=parts)


def _ended(keys: tuple[Key, ...], frame: int) -> tuple[Key, ...]:
    last = max(keys)
    return keys if last.outside else (*keys, last._replace(frame=frame, outside=True))


def _line(thing: Thing, end: int, deleted: frozenset[int]) -> dict[int, Shown]:
    own = moments(thing.kind, thing.keys, end, deleted, lingering=False)
    parts = [(part, moments("points", part.keys, end, deleted, lingering=True)) for part in thing.parts]
    found = {}
    for frame, (key, keyframe) in own.items():
        here = tuple(
            (part.label, *at[frame], whole(PARTS[part.label], (*at[frame][0].values, *part.values))) for part, at in parts if frame in at
        )
        found[frame] = Shown(thing, key, keyframe, whole(LABELS[thing.label], (*key.values, *thing.values)), here)
    return found


def whole(specs: tuple[Spec, ...], values: tuple[tuple[str, str], ...]) -> Values:
    """All attributes of a label, mutable ones first; defaults for those that nobody gave."""
    known = dict(values)
    return {spec.name: known.get(spec.name, spec.values[0]) for spec in sorted(specs, key=lambda spec: not spec.mutable)}


def moments(kind: str, keys: tuple[Key, ...], end: int, deleted: frozenset[int], *, lingering: bool) -> dict[int, tuple[Key, bool]]:
    """What holds on each frame, and whether somebody said so; of a track that is outside nothing, but of an element."""
    said: dict[int, Key] = {}
    values: Values = {}
    for key in sorted(keys):
        if key.frame not in deleted:
            values |= dict(key.values)
            said[key.frame] = key._replace(values=tuple(values.items()))
    found: dict[int, tuple[Key, bool]] = {}
    for frame in range(end + 1):
        before = max((at for at in said if at <= frame), default=None)
        if before is None or frame in deleted:
            continue
        key = said[before]
        if before == frame or lingering or not key.outside:
            after = min((at for at in said if at > frame), default=None)
            between = key if after is None or before == frame else _between(kind, key, said[after], frame)
            found[frame] = between, before == frame
    return found


def _between(kind: str, before: Key, after: Key, frame: int) -> Key:
    part = (frame - before.frame) / (after.frame - before.frame)
    straight = kind in {"rectangle", "ellipse", "cuboid"} or (kind == "points" and len(before.points) == len(after.points) == 2)
    points, rotation = before.points, before.rotation
    if straight:
        points = tuple(a + (b - a) * part for a, b in zip(before.points, after.points, strict=True))
    elif kind in {"polygon", "polyline"}:
        points = tuple(naive(list(before.points), list(after.points), part, closed=kind == "polygon"))
    if kind in {"rectangle", "ellipse"}:  # exactly half a turn apart CVAT turns by one degree
        turn = (after.rotation - before.rotation + 180) % 360 - 180
        rotation = (rotation + (1 if turn == -180 else turn) * part) % 360
    return before._replace(points=points, rotation=rotation)
