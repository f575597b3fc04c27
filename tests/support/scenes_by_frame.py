"""What a scene shows on each frame, in the form in which readings are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.by_frame import Seen
from tests.support.scenes import lines

if TYPE_CHECKING:
    from tests.support.by_frame import Frames
    from tests.support.scenes import Scene, Shown


def of_scene(scene: Scene, *, outside: bool = True, tags: bool = True) -> Frames:
    """Objects by frame of the media; ``outside`` False leaves hidden points of skeletons out, ``tags`` False the tags."""
    found: Frames = {}
    for line in lines(scene):
        if tags or line.thing.kind != "tag":
            for frame, shown in line.frames.items():
                if shown.seen:
                    found.setdefault(("", scene.absolute(frame)), []).append(_seen(shown, outside=outside))
    return found


def _seen(shown: Shown, *, outside: bool) -> Seen:
    thing, key = shown.thing, shown.key
    tag = "box" if thing.kind == "rectangle" else thing.kind
    occluded = "" if tag in {"skeleton", "tag"} else str(int(key.occluded))
    z_order = "" if tag == "tag" else str(key.z_order)
    words = (tag, thing.label, occluded, z_order, str(thing.group), thing.source, tuple(sorted(shown.values.items())))
    if tag == "skeleton":
        parts = [
            (*part.points, label, str(int(part.outside)), str(int(part.occluded)), tuple(sorted(values.items())))
            for label, part, _, values in shown.parts
            if outside or not part.outside
        ]
        return Seen(words, (), tuple(sorted(parts, key=lambda part: str(part[2]))))
    if tag in {"box", "ellipse"}:
        return Seen(words, (*key.points, key.rotation))
    if tag == "mask":
        *runs, left, top, right, bottom = key.points
        return Seen(words, (*runs, left, top, right - left + 1, bottom - top + 1))
    return Seen(words, key.points)
