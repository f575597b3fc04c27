"""Builds backups and API answers: plain values in, folders or zips out, laid out as CVAT writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.reading import pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Json = dict[str, Any]

FRAMES = 10
SIZE = (100, 80)
POINTS = {"rectangle": [1, 2, 11, 12], "polygon": [0, 0, 10, 0, 0, 10], "points": [5, 5], "skeleton": [], "mask": [0, 4, 1, 1, 2, 2]}


def label(name: str = "car", *attributes: Json, type_: str = "any", **more: Any) -> Json:
    """A label."""
    return {"name": name, "color": "#112233", "type": type_, "attributes": list(attributes), "sublabels": [], **more}


def attribute(name: str, input_type: str = "text", default: str = "", *, mutable: bool = False) -> Json:
    """An attribute of a label."""
    return {"name": name, "mutable": mutable, "input_type": input_type, "default_value": default, "values": [default]}


def shape(frame: Any = 0, kind: str = "rectangle", **more: Any) -> Json:
    """A shape; keys given replace its own, None takes one away."""
    own = {"type": kind, "label": "car", "frame": frame, "group": 0, "source": "manual", "occluded": False, "outside": False}
    rest = {"z_order": 0, "rotation": 0.0, "points": POINTS.get(kind, []), "attributes": [], "elements": []}
    return {key: value for key, value in (own | rest | more).items() if value is not None}


def tag(frame: int = 0, **more: Any) -> Json:
    """A tag."""
    return {"label": "car", "frame": frame, "group": 0, "source": "manual", "attributes": [], **more}


def keyframe(frame: int, kind: str = "rectangle", **more: Any) -> Json:
    """A keyframe of a track."""
    own = {"type": kind, "frame": frame, "occluded": False, "outside": False, "z_order": 0, "rotation": 0.0}
    return own | {"points": POINTS.get(kind, []), "attributes": []} | more


def track(*keyframes: Json, **more: Any) -> Json:
    """A track."""
    first = min((entry["frame"] for entry in keyframes), default=0)
    own = {"label": "car", "frame": first, "group": 0, "source": "manual", "attributes": [], "shapes": list(keyframes), "elements": []}
    return own | more


def job(start: int = 0, stop: int = FRAMES - 1, type_: str = "annotation", **more: Any) -> Json:
    """A job of a task."""
    return {"status": "annotation", "type": type_, "start_frame": start, "stop_frame": stop, **more}


def holding(*shapes: Json, tags: Sequence[Json] = (), tracks: Sequence[Json] = (), **more: Any) -> Json:
    """The annotations of a job."""
    return {"version": 0, "tags": list(tags), "shapes": list(shapes), "tracks": list(tracks), "intervals": [], **more}


def manifest(count: int = FRAMES, *, ending: str = ".jpg", size: tuple[int, int] | None = SIZE) -> str:
    """The manifest of images."""
    sides: Json = {"width": size[0], "height": size[1]} if size else {}
    lines = [{"version": "1.1"}, {"type": "images"}, *({"name": f"img_{number}", "extension": ending} | sides for number in range(count))]
    return "".join(json.dumps(line) + "\n" for line in lines)


def video_manifest(length: int = FRAMES, size: tuple[int, int] = SIZE) -> str:
    """The manifest of a video."""
    properties = {"name": "clip.mp4", "resolution": list(size), "length": length}
    lines = [{"version": "1.1"}, {"type": "video"}, {"properties": properties}, {"number": 0, "pts": 0, "checksum": "x"}]
    return "".join(json.dumps(line) + "\n" for line in lines)


def task(*jobs: Json, labels: Sequence[Json] | None = None, data: Mapping[str, Any] | None = None, **more: Any) -> Json:
    """A task.json."""
    known = {"start_frame": 0, "stop_frame": FRAMES - 1, "deleted_frames": [], "chunk_type": "imageset"}
    head = {"name": "street", "bug_tracker": "", "status": "annotation", "subset": "", "version": "1.0"}
    return head | {"labels": list(labels or [label()]), "data": known | dict(data or {}), "jobs": list(jobs) or [job()]} | more


def members(entries: Sequence[Json], head: Json | None = None, media: str | None = None) -> dict[str, str]:
    """The files of a task's backup; ``media`` is its manifest, that of images if not given, none if empty."""
    found = {"task.json": json.dumps(head or task()), "annotations.json": json.dumps(entries)}
    listed = manifest() if media is None else media
    return found | ({"data/manifest.jsonl": listed} if listed else {})


def backup(folder: Path, *shapes: Json, head: Json | None = None, media: str | None = None, **more: Any) -> Path:
    """A zip with the backup of a task of one job."""
    return pack(folder / "backup.zip", members([holding(*shapes, **more)], head, media))
