"""Writes a scene as CVAT's own exporter would: "CVAT for images 1.1" and "CVAT for video 1.1"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.builders import CORNERS, CREATED, UPDATED, Element
from tests.support.scenes import HEIGHT, LABELS, PARTS, WIDTH, Shown, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.scenes import Key, Line, Scene, Spec, Values

    Fields = tuple[tuple[str, str], ...]

TAGS = {"rectangle": "box"}
SOURCE = "my clip.mp4"
NUMBERS = {"rectangle": ("xtl", "ytl", "xbr", "ybr"), "ellipse": ("cx", "cy", "rx", "ry"), "cuboid": CORNERS}
SVG = '<circle cx="{0}" cy="{0}" data-type="element node" data-element-id="{1}" data-node-id="{1}" data-label-name="{2}"></circle>'


def images_xml(scene: Scene) -> str:
    """The view of frames: every frame that was not deleted, tracks as single shapes."""
    known = lines(scene)
    images = []
    for frame in scene.frames():
        here = [line.frames[frame] for line in known if frame in line.frames and line.frames[frame].seen]
        tags = [shown for shown in here if shown.thing.kind == "tag"]
        shapes = sorted((shown for shown in here if shown.thing.kind != "tag"), key=lambda shown: shown.key.z_order)
        head = {"id": scene.absolute(frame), "name": frame_name(scene, frame), "width": WIDTH, "height": HEIGHT}
        images.append(Element("image", _fields(head), tuple(_shape(shown) for shown in (*shapes, *tags))))
    return _document(scene, images)


def video_xml(scene: Scene) -> str:
    """The view of tracks: every frame on which an object is seen, single shapes as tracks, no tags."""
    tracks = [line for line in lines(scene) if line.thing.kind != "tag" and line.frames]
    return _document(scene, [_track(scene, number, line) for number, line in enumerate(tracks)])


def frame_name(scene: Scene, frame: int) -> str:
    """What CVAT calls a frame."""
    return f"frame_{scene.absolute(frame):06d}" if scene.video else f"batch/{scene.absolute(frame)}.png"


def _document(scene: Scene, content: list[Element]) -> str:
    root = Element("annotations", children=(Element("version", text="1.1"), _meta(scene), *content))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(root.lines()) + "\n"


def _meta(scene: Scene) -> Element:
    overlap = max(scene.jobs[0].stop - scene.jobs[1].start + 1, 0) if len(scene.jobs) > 1 else 0
    facts = {
        "id": "7", "name": "street", "size": scene.count, "mode": "interpolation" if scene.video else "annotation", "overlap": overlap,
        "created": CREATED, "updated": UPDATED, "subset": "default", "start_frame": scene.start,
        "stop_frame": scene.absolute(scene.count - 1), "frame_filter": f"step={scene.step}" if scene.step > 1 else "",
    }  # fmt: skip
    labels = [_label(name, _kind(name), specs) for name, specs in LABELS.items()]
    labels += [_label(name, "points", specs, Element("parent", text="body")) for name, specs in PARTS.items()]
    jobs = [
        Element("segment", children=tuple(Element(key, text=str(value)) for key, value in zip(("id", "start", "stop"), found, strict=True)))
        for found in ((index, job.start, job.stop) for index, job in enumerate(scene.jobs))
    ]
    own = [Element("segments", children=tuple(jobs)), Element("labels", children=tuple(labels))]
    size = Element("original_size", children=(Element("width", text=str(WIDTH)), Element("height", text=str(HEIGHT))))
    if scene.video:
        own += [size, Element("source", text=SOURCE)]
    task = Element("task", children=(*(Element(key, text=str(value)) for key, value in facts.items()), *own))
    return Element("meta", children=(task,))


def _kind(label: str) -> str:
    return {"body": "skeleton", "weather": "tag"}.get(label, "any")


def _label(name: str, kind: str, specs: tuple[Spec, ...], *more: Element) -> Element:
    known = (Element("name", text=name), Element("color", text="#112233"), Element("type", text=kind))
    drawn = (Element("svg", text=drawing()),) if kind == "skeleton" else ()
    return Element("label", children=(*known, Element("attributes", children=tuple(map(_spec, specs))), *more, *drawn))


def _spec(spec: Spec) -> Element:
    facts = {"name": spec.name, "mutable": str(spec.mutable), "input_type": spec.input_type, "default_value": spec.values[0]}
    return Element(
        "attribute", children=tuple(Element(key, text=text) for key, text in (facts | {"values": "\n".join(spec.values)}).items())
    )


def drawing() -> str:
    """The template of the one skeleton; names stand in it as they are."""
    return "".join(SVG.format(10 * number, number, name) for number, name in enumerate(PARTS, 1))


# -- what stands in it -------------------------------------------------------------------------------------------------


def _shape(shown: Shown) -> Element:
    """An object as a child of an image."""
    thing, key, kind = shown.thing, shown.key, shown.thing.kind
    fields: dict[str, object] = {"label": thing.label, "source": thing.source}
    if kind not in {"skeleton", "tag"}:
        fields["occluded"] = int(key.occluded)
    fields |= geometry(kind, key)
    if kind != "tag":
        fields["z_order"] = key.z_order
    if thing.group:
        fields["group_id"] = thing.group
    parts = [_part(part, {"source": thing.source}) for part in shown.parts]
    return Element(TAGS.get(kind, kind), _fields(fields), (*parts, *attributes(shown.values)))


def _track(scene: Scene, number: int, line: Line) -> Element:
    thing = line.thing
    head = {"id": number, "label": thing.label, "source": thing.source} | ({"group_id": thing.group} if thing.group else {})
    found = list(_entries(scene, line))
    return Element("track", _fields(head), tuple(found))


def _entries(scene: Scene, line: Line) -> Iterator[Element]:
    """Entries of a track; a single shape has one, and one that ends it unless the task ends there."""
    for frame, shown in line.frames.items():
        yield from _entry(scene, frame, shown)
        closing = scene.absolute(frame + 1)
        if not line.thing.track and closing < scene.absolute(scene.count - 1):
            key = shown.key._replace(outside=True)
            parts = tuple((name, part._replace(outside=True), True, values) for name, part, _, values in shown.parts)
            yield from _entry(scene, frame + 1, shown._replace(key=key, parts=parts))


def _entry(scene: Scene, frame: int, shown: Shown) -> Iterator[Element]:
    kind, key = shown.thing.kind, shown.key
    fields: dict[str, object] = {"frame": scene.absolute(frame), "keyframe": int(shown.keyframe)}
    if kind == "skeleton":
        parts = [part for part in shown.parts if part[2] or not part[1].outside]
        if parts:
            inside = [_part(part, {"keyframe": int(part[2])}) for part in parts]
            yield Element(kind, _fields(fields | {"z_order": key.z_order}), (*inside, *attributes(shown.values)))
        return
    fields |= {"outside": int(key.outside), "occluded": int(key.occluded)} | geometry(kind, key) | {"z_order": key.z_order}
    yield Element(TAGS.get(kind, kind), _fields(fields), attributes(shown.values))


def _part(part: tuple[str, Key, bool, Values], more: dict[str, object]) -> Element:
    label, key, _, values = part
    flags = {"outside": int(key.outside), "occluded": int(key.occluded)}
    return Element("points", _fields({"label": label} | more | flags | geometry("points", key)), attributes(values))


def geometry(kind: str, key: Key) -> dict[str, object]:
    """The XML attributes of a geometry, with two decimals."""
    if kind in NUMBERS:
        turned: dict[str, object] = {"rotation": f"{key.rotation:.2f}"} if key.rotation else {}
        return {name: f"{number:.2f}" for name, number in zip(NUMBERS[kind], key.points, strict=True)} | turned
    if kind == "mask":
        *runs, left, top, right, bottom = (int(number) for number in key.points)
        box = {"left": left, "top": top, "width": right - left + 1, "height": bottom - top + 1}
        return {"rle": ", ".join(map(str, runs)), **box}
    flat = key.points
    return {"points": ";".join(f"{x:.2f},{y:.2f}" for x, y in zip(flat[::2], flat[1::2], strict=True))} if flat else {}


def attributes(values: Values) -> tuple[Element, ...]:
    """Attributes of an object or of a skeleton's point."""
    return tuple(Element("attribute", (("name", name),), text=text) for name, text in values.items())


def _fields(values: dict[str, object]) -> Fields:
    return tuple((name, str(value)) for name, value in values.items())
