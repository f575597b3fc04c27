"""Random scenes: every kind of shape, tracks with gaps and skeletons, attributes left to defaults, deleted frames, several jobs."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.support.scenes import LABELS, PARTS, Job, Key, Part, Scene, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from tests.support.scenes import Spec

TURNS = (0.0, 0.0, 10.0, 30.25, 180.0, 190.0, 350.0, 359.5)
SOURCES = ("manual", "manual", "auto", "semi-auto", "file", "consensus")
MOVING = ("rectangle", "rectangle", "ellipse", "polygon", "polyline", "points", "cuboid", "skeleton", "skeleton")
STILL = (*MOVING, "mask", "tag")

places = st.integers(0, 20_000).map(lambda number: number / 100)
sizes = st.integers(100, 9_999).map(lambda number: number / 100)


@st.composite
def scenes(draw: DrawFn) -> Scene:
    """A whole task. What stands in the frames that two jobs share was drawn in the earlier one, so that nothing stands in both."""
    overlap = draw(st.sampled_from((0, 0, 2)))
    jobs: list[Job] = []
    for _ in range(draw(st.integers(1, 3))):
        start = max(jobs[-1].stop + 1 - overlap, 0) if jobs else 0
        stop = start + draw(st.integers(4, 8))
        own = range(start + (overlap if jobs else 0), stop + 1)
        jobs.append(Job(start=start, stop=stop, things=tuple(draw(st.lists(things(own), max_size=4)))))
    # Where the end of an element was deleted but not that of its skeleton, it is not known what CVAT writes.
    ends = {key.frame for job in jobs for thing in job.things for part in thing.parts for key in part.keys if key.outside}
    deleted = draw(st.sets(st.integers(0, jobs[-1].stop - 1), max_size=3)) - ends
    start, step = draw(st.sampled_from((0, 0, 3, 10))), draw(st.sampled_from((1, 1, 3)))
    return Scene(jobs=tuple(jobs), start=start, step=step, deleted=frozenset(deleted), video=draw(st.booleans()))


@st.composite
def things(draw: DrawFn, frames: range) -> Thing:
    """A shape, a tag or a track on some of these frames."""
    track = draw(st.booleans())
    kind = draw(st.sampled_from(MOVING if track else STILL))
    label = {"skeleton": "body", "tag": "weather"}.get(kind) or draw(st.sampled_from(("car", "car", "person")))
    group, source = draw(st.sampled_from((0, 0, 1, 2))), draw(st.sampled_from(SOURCES))
    score = 1.0 if track or kind == "tag" else draw(st.sampled_from((1.0, 1.0, 0.25)))
    keys = draw(keys_of(kind, LABELS[label], frames, count=4 if track else 1))
    first = keys[0].frame
    parts = draw(parts_of(range(first, frames.stop if track else first + 1))) if kind == "skeleton" else ()
    values = draw(values_of(LABELS[label], mutable=False))
    return Thing(label=label, kind=kind, keys=keys, track=track, parts=parts, values=values, group=group, source=source, score=score)


@st.composite
def parts_of(draw: DrawFn, frames: range) -> tuple[Part, ...]:
    """Elements of a skeleton, each with keyframes of its own."""
    found = []
    for label in draw(st.lists(st.sampled_from(tuple(PARTS)), min_size=1, max_size=3, unique=True)):
        keys = draw(keys_of("point", PARTS[label], frames, count=3))
        found.append(Part(label=label, keys=keys, values=draw(values_of(PARTS[label], mutable=False))))
    return tuple(found)


@st.composite
def keys_of(draw: DrawFn, kind: str, specs: Sequence[Spec], frames: range, *, count: int) -> tuple[Key, ...]:
    """Keyframes in order, the first of them seen; a skeleton as a whole never hides: its elements do."""
    chosen = sorted(draw(st.sets(st.sampled_from(frames), min_size=1, max_size=min(count, len(frames)))))
    several = draw(st.booleans())
    found = []
    for number, frame in enumerate(chosen):
        found.append(
            Key(
                frame,
                draw(points_of(kind, several=several)),
                rotation=draw(st.sampled_from(TURNS)) if kind in {"rectangle", "ellipse"} else 0.0,
                occluded=kind != "tag" and draw(st.booleans()),
                outside=number > 0 and kind != "skeleton" and draw(st.sampled_from((False, False, True))),
                z_order=0 if kind in {"tag", "point"} else draw(st.sampled_from((0, 0, 2, -1))),
                values=draw(values_of(specs, mutable=True)),
            )
        )
    return tuple(found)


@st.composite
def values_of(draw: DrawFn, specs: Sequence[Spec], *, mutable: bool) -> tuple[tuple[str, str], ...]:
    """Values of some of the attributes."""
    chosen = [spec for spec in specs if spec.mutable == mutable and draw(st.sampled_from((True, True, False)))]
    return tuple((spec.name, draw(st.sampled_from(spec.values))) for spec in chosen)


@st.composite
def points_of(draw: DrawFn, kind: str, *, several: bool) -> tuple[float, ...]:
    """The numbers of a geometry that lies within the image; ``several``: of points."""
    x, y = draw(places) + 150, draw(places) + 120
    if kind in {"rectangle", "ellipse", "cuboid"}:
        width, height = draw(sizes), draw(sizes)
        upright = (x, y, width, height) if kind == "ellipse" else (x, y, round(x + width, 2), round(y + height, 2))
        return _cuboid(x, y, width, height) if kind == "cuboid" else upright
    if kind in {"polygon", "polyline"}:
        return _outline(x, y, draw(st.lists(st.integers(20, 90), min_size=3, max_size=7)))
    if kind == "mask":
        return draw(_masks())
    if kind == "points" and several:
        return (x, y, *(round(draw(places), 2) for _ in range(2 * draw(st.integers(1, 2)))))
    return (x, y) if kind in {"point", "points"} else ()


def _cuboid(x: float, y: float, width: float, height: float) -> tuple[float, ...]:
    """A front face, and a smaller one behind it, in CVAT's order of corners."""
    left, top, right, bottom = x, y, x + width, y + height
    dx, dy = width / 4, height / 8
    corners = (left, top, left, bottom, right, top, right, bottom)
    behind = (right + dx, top + dy, right + dx, bottom - dy, left + dx, top + dy, left + dx, bottom - dy)
    return tuple(round(number, 2) for number in (*corners, *behind))


def _outline(x: float, y: float, radii: list[int]) -> tuple[float, ...]:
    """Vertices around a centre."""
    turns = [radians(360 * index / len(radii)) for index in range(len(radii))]
    pairs = [(x + radius * cos(turn), y + radius * sin(turn)) for radius, turn in zip(radii, turns, strict=True)]
    return tuple(round(number, 2) for pair in pairs for number in pair)


@st.composite
def _masks(draw: DrawFn) -> tuple[float, ...]:
    width, height = draw(st.integers(2, 9)), draw(st.integers(2, 6))
    cuts = sorted(draw(st.sets(st.integers(1, width * height - 1), min_size=1, max_size=5)))
    runs = [end - start for start, end in zip([0, *cuts], [*cuts, width * height], strict=True)]
    left, top = draw(st.integers(0, 300)), draw(st.integers(0, 300))
    return tuple(float(number) for number in (*runs, left, top, left + width - 1, top + height - 1))
