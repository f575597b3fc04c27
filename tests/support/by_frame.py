"""What is seen on each frame, from any form of a task: a naive XML reader and the product's readings, in one plain shape.

The XML side is written with lxml and without a line of the product. Numbers are compared with a tolerance by ``differences``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mapper.cvat.model import Shape
    from mapper.cvat.reading import Reading

BOX, ELLIPSE = ("xtl", "ytl", "xbr", "ybr"), ("cx", "cy", "rx", "ry")
CUBOID = tuple(axis + corner for corner in ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2") for axis in "xy")
MASK = ("left", "top", "width", "height")
TOLERANCE = 0.01


class Seen(NamedTuple):
    """One object on a frame: what it is, and all its numbers; ``parts`` are the points of a skeleton."""

    words: tuple[Any, ...]
    numbers: tuple[float, ...]
    parts: tuple[tuple[Any, ...], ...] = ()


Frames = dict[tuple[str, int], list[Seen]]
"""By (task, frame)."""


def of_images_xml(path: Path, *, outside: bool = True) -> Frames:
    """Every image with its shapes and tags; ``outside`` False leaves hidden points of skeletons out."""
    found: Frames = {}
    for image in etree.parse(str(path)).getroot().findall("image"):
        key = (image.get("task_id", ""), int(image.get("id", "")))
        found[key] = [_seen(shape, shape, outside=outside) for shape in image if shape.tag != "image"]
    return found


def of_video_xml(path: Path) -> Frames:
    """Every visible entry of every track, hidden points of skeletons left out."""
    found: Frames = defaultdict(list)
    for track in etree.parse(str(path)).getroot().findall("track"):
        for entry in track:
            parts = [part for part in entry if part.tag != "attribute"]
            gone = all(part.get("outside") == "1" for part in parts) if entry.tag == "skeleton" else entry.get("outside") == "1"
            if not gone:
                found[track.get("task_id", ""), int(entry.get("frame", ""))].append(_seen(entry, track, outside=False))
    return found


def of_reading(reading: Reading, *, outside: bool = True, tags: bool = True) -> Frames:
    """What a reader gives, on the frames that it lists; occluded of skeletons is left out, for XML has none."""
    found: Frames = {}
    for image in reading.images():
        found[image.task.id, image.frame] = [_plain(shape, outside=outside) for shape in image.shapes if tags or shape.kind != "tag"]
    for track in reading.tracks():
        for entry in track.entries:
            if not entry.outside:
                found.setdefault((track.task.id, entry.frame), []).append(_plain(entry.shape, outside=outside))
    return found


def differences(one: Frames, other: Frames) -> list[str]:
    """What stands on one side and has nothing near enough on the other."""
    wrong = [f"{key} is only listed on one side" for key in sorted(one.keys() ^ other.keys()) if one.get(key) or other.get(key)]
    for key in sorted(one.keys() & other.keys()):
        left = list(other[key])
        for seen in one[key]:
            twin = next((index for index, candidate in enumerate(left) if _near(seen, candidate)), None)
            if twin is None:
                wrong.append(f"{key}: {seen} has no match")
            else:
                del left[twin]
        wrong += [f"{key}: {seen} is too many" for seen in left]
    return wrong


def _near(one: Seen, other: Seen) -> bool:
    if one.words != other.words or len(one.numbers) != len(other.numbers) or len(one.parts) != len(other.parts):
        return False
    pairs = [*zip(one.numbers, other.numbers, strict=True)]
    for part, twin in zip(one.parts, other.parts, strict=True):
        if part[2:] != twin[2:]:
            return False
        pairs += zip(part[:2], twin[:2], strict=True)
    return all(abs(a - b) <= TOLERANCE or abs(abs(a - b) - 360) <= TOLERANCE for a, b in pairs)


def _seen(shape: etree._Element, owner: etree._Element, *, outside: bool) -> Seen:
    tag = str(shape.tag)
    group = owner.get("group_id", "0")
    occluded = "" if tag in {"skeleton", "tag"} else shape.get("occluded", "0")
    z_order = "" if tag == "tag" else shape.get("z_order", "0")
    words = (tag, owner.get("label"), occluded, z_order, group, owner.get("source"), _attributes(shape))
    return Seen(words, _numbers(shape, tag), _points(shape, outside=outside) if tag == "skeleton" else ())


def _numbers(shape: etree._Element, tag: str) -> tuple[float, ...]:
    if tag in {"box", "ellipse"}:
        return (*(float(shape.get(name, "")) for name in (BOX if tag == "box" else ELLIPSE)), float(shape.get("rotation", "0")))
    if tag == "cuboid":
        return tuple(float(shape.get(name, "")) for name in CUBOID)
    if tag == "mask":
        return (*(float(run) for run in shape.get("rle", "").split(",")), *(float(shape.get(name, "")) for name in MASK))
    return tuple(float(number) for point in shape.get("points", "").split(";") if point for number in point.split(","))


def _points(shape: etree._Element, *, outside: bool) -> tuple[tuple[Any, ...], ...]:
    found = []
    for part in shape:
        if part.tag != "attribute" and (outside or part.get("outside") != "1"):
            x, y = (float(number) for number in part.get("points", "").split(","))
            found.append((x, y, part.get("label"), part.get("outside"), part.get("occluded"), _attributes(part)))
    return tuple(sorted(found, key=lambda part: str(part[2])))


def _attributes(element: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((child.get("name", ""), child.text or "") for child in element if child.tag == "attribute"))


TAGS = {"rectangle": "box"}


def _plain(shape: Shape, *, outside: bool) -> Seen:
    occluded, z_order, group, source, *_ = shape.fields
    tag = TAGS.get(shape.kind, shape.kind)
    own = "" if tag in {"skeleton", "tag"} else occluded
    words = (tag, shape.label, own, "" if tag == "tag" else z_order, group or "0", source, tuple(sorted(shape.attributes)))
    if tag == "skeleton":
        parts = [
            (part.x, part.y, part.label, str(int(part.outside)), str(int(part.occluded)), tuple(sorted(part.attributes)))
            for part in shape.geometry
            if outside or not part.outside
        ]
        return Seen(words, (), tuple(sorted(parts, key=lambda part: part[2])))
    return Seen(words, _flat(shape.geometry))


def _flat(geometry: Any) -> tuple[float, ...]:
    if geometry is None:
        return ()
    return tuple(number for part in geometry for number in (part if isinstance(part, list) else [part]))


def renamed(frames: Frames, tasks: Mapping[str, str], offsets: Mapping[str, int] | None = None) -> Frames:
    """The same with other task names, and without what a project export adds to their frame numbers."""
    less = offsets or {}
    return {(tasks.get(task, task), frame - less.get(task, 0)): seen for (task, frame), seen in frames.items()}


def shown(lines: Iterable[str]) -> str:
    """A few differences, for the message of a failing test."""
    return "\n".join([*lines][:8])
