"""Writes a scene as CVAT's backup of the task would hold it: keyframes only, all decimals, each job by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support import backups
from tests.support.scene_xml import SOURCE, drawing, frame_name
from tests.support.scenes import HEIGHT, LABELS, PARTS, WIDTH

if TYPE_CHECKING:
    from tests.support.scenes import Key, Part, Scene, Spec, Thing

    Json = dict[str, Any]


def backup(scene: Scene) -> dict[str, str]:
    """The files of the task's backup."""
    data: Json = {"start_frame": scene.start, "stop_frame": scene.absolute(scene.count - 1), "deleted_frames": sorted(scene.deleted)}
    if scene.step > 1:
        data["frame_filter"] = f"step={scene.step}"
    parts = [backups.label(name, *map(_spec, specs), type_="points") for name, specs in PARTS.items()]
    labels = [backups.label(name, *map(_spec, specs)) for name, specs in LABELS.items() if name != "body"]
    labels.append(backups.label("body", *map(_spec, LABELS["body"]), type_="skeleton", sublabels=parts, svg=drawing()))
    labels[[label["name"] for label in labels].index("weather")]["type"] = "tag"
    jobs = [backups.job(job.start, job.stop) for job in scene.jobs]
    task = backups.task(*jobs, labels=labels, data=data)
    found = [backups.holding(*(_shape(thing) for thing in job.things if not thing.track and thing.kind != "tag"),
                             tags=[_tag(thing) for thing in job.things if thing.kind == "tag"],
                             tracks=[_track(thing) for thing in job.things if thing.track]) for job in scene.jobs]  # fmt: skip
    return {"task.json": json.dumps(task), "annotations.json": json.dumps(found), "data/manifest.jsonl": _manifest(scene)}


def _spec(spec: Spec) -> Json:
    head = backups.attribute(spec.name, spec.input_type, spec.values[0], mutable=spec.mutable)
    return head | {"values": list(spec.values)}


def _manifest(scene: Scene) -> str:
    count = scene.absolute(scene.count)
    if scene.video:
        return backups.video_manifest(count, (WIDTH, HEIGHT)).replace("clip.mp4", SOURCE)
    named = {scene.absolute(frame): frame_name(scene, frame) for frame in range(scene.count)}
    listed = [
        {"name": named.get(number, f"other/{number}.png").removesuffix(".png"), "extension": ".png", "width": WIDTH, "height": HEIGHT}
        for number in range(count)
    ]
    return "".join(json.dumps(line) + "\n" for line in ({"version": "1.1"}, {"type": "images"}, *listed))


def _shape(thing: Thing) -> Json:
    (key,) = thing.keys
    head = {"label": thing.label, "group": thing.group, "source": thing.source, "score": thing.score}
    parts = [
        _drawn("points", part.keys[0], part.values) | {"label": part.label, "group": 0, "source": thing.source} for part in thing.parts
    ]
    return _drawn(thing.kind, key, thing.values) | head | {"elements": parts}


def _tag(thing: Thing) -> Json:
    return backups.tag(thing.keys[0].frame, label=thing.label, group=thing.group, source=thing.source, attributes=_pairs(thing.values))


def _track(thing: Thing) -> Json:
    return _moving(thing.label, thing.kind, thing) | {"group": thing.group, "source": thing.source, "elements": [
        _moving(part.label, "points", part) | {"group": 0, "source": thing.source} for part in thing.parts
    ]}  # fmt: skip


def _moving(label: str, kind: str, what: Thing | Part) -> Json:
    first = min(key.frame for key in what.keys)
    return {"label": label, "frame": first, "attributes": _pairs(what.values), "shapes": [_drawn(kind, key, ()) for key in what.keys]}


def _drawn(kind: str, key: Key, values: tuple[tuple[str, str], ...]) -> Json:
    """A shape, or a keyframe of a track."""
    points = list(key.points)
    if kind == "ellipse":
        cx, cy, rx, ry = points
        points = [cx, cy, cx + rx, cy - ry]
    flags = {"occluded": key.occluded, "outside": key.outside, "z_order": key.z_order, "rotation": key.rotation}
    return {"type": kind, "frame": key.frame, "points": points, **flags, "attributes": _pairs((*key.values, *values))}


def _pairs(values: tuple[tuple[str, str], ...]) -> list[Json]:
    return [{"name": name, "value": text} for name, text in values]
