"""What a bundle shows of a task, frame by frame and in pixels, and every difference between two bundles, each under its kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.running import answers_on, frames_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.support.running import Bundle

Json = dict[str, Any]
TOLERANCE = 0.01
"""Pixels, and degrees."""

SHAPES = {
    "boundingBox": "bounding_box", "rotatableBoundingBox": "rotatable_bounding_box", "polygon": "polygon", "polyline": "polyline",
    "point": "point", "ellipse": "ellipse", "cuboid_2d": "cuboid_2d", "skeleton": "skeleton", "bitmask": "bitmask",
}  # fmt: skip
ACROSS, DOWN = frozenset({"x", "w", "rx"}), frozenset({"y", "h", "ry"})
REPEATED = frozenset({"featureHash", "color", "value", "polygons"})
"""Parts of a geometry that say again what others say."""


class Seen(NamedTuple):
    """An object on a frame. ``place``: by path, numbers in pixels and degrees; ``words``: all else; ``hidden``: points not seen."""

    label: str
    shape: str
    place: dict[str, float]
    words: dict[str, str]
    hidden: dict[str, float]
    answers: Json
    manual: bool
    confidence: float
    hash: str

    @property
    def name(self) -> str:
        """What it is called in a difference."""
        return f"{self.label} ({self.shape})"


class View(NamedTuple):
    """A bundle: objects and classifications by frame, the ontology by name, and what rows say of themselves."""

    frames: dict[int, list[Seen]]
    tags: dict[int, list[str]]
    classes: dict[str, Json]
    rows: dict[str, Any]


Difference = tuple[str, str, int]
"""Kind, what differs and how, and the frame (-1: none)."""


def view(bundle: Bundle) -> View:
    """All of a bundle."""
    document = json.loads((bundle.folder / "bundle.json").read_text("utf-8"))
    number = {entry["data_hash"]: entry.get("frame") for entry in document["media"]}
    frames: dict[int, list[Seen]] = {}
    tags: dict[int, list[str]] = {}
    for row in bundle.rows:
        for key, unit in row["data_units"].items():
            size = (unit["width"], unit["height"])
            for frame, labels in frames_of(unit):
                at = frame if number[key] is None else number[key]
                frames.setdefault(at, []).extend(_seen(entry, row, frame, size) for entry in labels["objects"])
        for frame, tag in _tags(row, number):
            tags.setdefault(frame, []).append(tag)
    units = [unit for row in bundle.rows for unit in row["data_units"].values()]
    facts = {
        "titles": sorted({unit["data_title"] for unit in units}), "sizes": sorted({(unit["width"], unit["height"]) for unit in units}),
        "lengths": sorted({unit["data_duration"] for unit in units if "data_duration" in unit}), "rows": len(bundle.rows),
        "dates": sorted({row["created_at"] for row in bundle.rows}),
    }  # fmt: skip
    classes = {f"{entry['name']} [{entry['shape']}]": _class(entry) for entry in bundle.ontology["objects"]}
    classes |= {f"tag {item['attributes'][0]['name']}": _class(item) for item in bundle.ontology["classifications"]}
    return View({frame: found for frame, found in frames.items() if found}, tags, classes, facts)


def _seen(entry: Json, row: Json, frame: int, size: tuple[int, int]) -> Seen:
    key = next(key for key in SHAPES if key in entry)
    place: dict[str, float] = {}
    words: dict[str, str] = {}
    hidden: dict[str, float] = {}
    for path, value, unseen in _leaves(_corners(entry[key]) if key == "cuboid_2d" else entry[key], ""):
        last = path.rpartition("/")[2]
        if isinstance(value, bool | str) or value is None:
            words[path] = str(value)
        else:
            factor = size[0] if last in ACROSS else size[1] if last in DOWN else 1
            (hidden if unseen else place)[path] = value * factor
    answers = answers_on(row, entry["objectHash"], frame)
    label = entry["name"].removesuffix(f" ({entry['shape']})")
    return Seen(label, entry["shape"], place, words, hidden, answers, entry["manualAnnotation"], entry["confidence"], entry["objectHash"])


def _corners(cuboid: Json) -> Json:
    """Both faces of a cuboid, for its vanishing point may lie so far away that a hundredth of a pixel moves it by a thousand."""
    front = [*zip(cuboid["front"][::2], cuboid["front"][1::2], strict=True)]
    if "offset" in cuboid:
        back = [(x + cuboid["offset"]["x"], y + cuboid["offset"]["y"]) for x, y in front]
    else:
        (vx, vy), scale = cuboid["vanishingPoint"].values(), cuboid["scaleRatio"]
        back = [(vx + (x - vx) * scale, vy + (y - vy) * scale) for x, y in front]
    return {str(index): {"x": x, "y": y} for index, (x, y) in enumerate([*front, *back])}


def _leaves(value: Any, path: str, *, unseen: bool = False) -> Iterator[tuple[str, Any, bool]]:
    if isinstance(value, dict):
        unseen = unseen or value.get("visibility") == "invisible"
        for key, item in value.items():
            if key not in REPEATED:
                yield from _leaves(item, f"{path}/{key}", unseen=unseen)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}/{index}", unseen=unseen)
    else:
        yield path, value, unseen


def _tags(row: Json, number: dict[str, int | None]) -> Iterator[tuple[int, str]]:
    units = list(row["data_units"])
    for item in row["classification_answers"].values():
        text = json.dumps([[entry["name"], entry["answers"]] for entry in _named(item["classifications"])], ensure_ascii=False)
        for first, last in item["range"]:
            for place in range(first, last + 1):
                own = number[units[place]] if len(units) > place else None
                yield place if own is None else own, text


def _named(answers: Iterable[Json]) -> Iterator[Json]:
    for entry in answers:
        own = entry["answers"]
        yield entry | {"answers": [option["name"] for option in own] if isinstance(own, list) else own}


def _class(entry: Json) -> Json:
    """A class without what only numbers it: titles of attributes and of options, all hashes."""
    kept = {key: value for key, value in entry.items() if key not in {"id", "attributes", "options"}}
    for key in ("attributes", "options"):
        kept[key] = {item.get("name") or item.get("label"): _class(item) for item in entry.get(key, ())}
    return kept


# -- differences -------------------------------------------------------------------------------------------------------


def differences(one: View, other: View) -> list[Difference]:
    """Everything in which two bundles of one task differ, but for hashes of objects; those only tell what belongs together."""
    found: list[Difference] = []
    pairs: list[tuple[Seen, Seen]] = []
    for frame in sorted(one.frames.keys() | other.frames.keys()):
        mine, theirs = one.frames.get(frame, []), list(other.frames.get(frame, []))
        for seen in sorted(mine, key=lambda seen: min((_cost(seen, twin) for twin in theirs), default=0)):
            twin = min((twin for twin in theirs if _near(seen, twin)), key=lambda twin: _cost(seen, twin), default=None)
            if twin is None:
                found.append(("object", f"{seen.name} only in the first", frame))
                continue
            theirs.remove(twin)
            pairs.append((seen, twin))
            found += [(kind, text, frame) for kind, text in _unlike(seen, twin)]
        found += [("object", f"{seen.name} only in the second", frame) for seen in theirs]
        found += _lists("tag", one.tags.get(frame, []), other.tags.get(frame, []), frame)
    found += [("row", f"{key}: {one.rows[key]} / {other.rows[key]}", -1) for key in one.rows if one.rows[key] != other.rows[key]]
    return [*found, *_classes("ontology", one.classes, other.classes), *_identities(pairs)]


def _near(one: Seen, other: Seen) -> bool:
    """Whether two objects can be the same: one label, one place; an upright box is a rotated one without an angle."""
    return one.label == other.label and one.words == other.words and _close(one.place, other.place)


def _close(one: dict[str, float], other: dict[str, float]) -> bool:
    if (one.keys() ^ other.keys()) - {"/theta"}:
        return False
    gaps = {key: abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in one.keys() | other.keys()}
    return all(gap <= TOLERANCE or (key == "/theta" and 360 - gap <= TOLERANCE) for key, gap in gaps.items())


def _cost(one: Seen, other: Seen) -> int:
    return len([*_unlike(one, other)]) if _near(one, other) else 100


def _unlike(one: Seen, other: Seen) -> Iterator[tuple[str, str]]:
    if one.shape != other.shape:
        yield "class", f"{one.name} / {other.name}"
    if not _close(one.hidden, other.hidden):
        yield "hidden point", f"{one.name}: places"
    for name in sorted(one.answers.keys() | other.answers.keys()):
        mine, theirs = one.answers.get(name), other.answers.get(name)
        if mine != theirs:
            yield f"answer {name}", f"{one.name}: {mine} / {theirs}" if name != "CVAT points" else f"{one.name}: hashes"
    if one.manual != other.manual:
        yield "manual", f"{one.name}: {one.manual} / {other.manual}"
    if one.confidence != other.confidence:
        yield "confidence", f"{one.name}: {one.confidence} / {other.confidence}"


def _lists(kind: str, one: list[str], other: list[str], frame: int) -> Iterator[Difference]:
    left = list(other)
    for text in one:
        if text in left:
            left.remove(text)
        else:
            yield kind, f"{text} only in the first", frame
    yield from ((kind, f"{text} only in the second", frame) for text in left)


def _classes(kind: str, one: dict[str, Json], other: dict[str, Json], path: str = "") -> Iterator[Difference]:
    for key in sorted(one.keys() | other.keys()):
        at = f"{path}{key}"
        if key not in one or key not in other:
            yield kind, f"{at} only in the {'first' if key in one else 'second'}", -1
        elif isinstance(one[key], dict):
            yield from _classes(kind, one[key], other[key], f"{at} > ")
        elif one[key] != other[key]:
            yield kind, f"{at}: {one[key]} / {other[key]}", -1


def _identities(pairs: list[tuple[Seen, Seen]]) -> Iterator[Difference]:
    """Where one object of one side is several on the other, or the other way round."""
    for kind, this, that in (("identity in the second", 0, 1), ("identity in the first", 1, 0)):
        told: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        for pair in pairs:
            told.setdefault(pair[this].hash, set()).add(pair[that].hash)
            names.setdefault(pair[this].hash, pair[this].name)
        for key, hashes in told.items():
            if len(hashes) > 1:
                yield kind, f"{names[key]} is {len(hashes)} objects", -1


def summary(found: Iterable[Difference]) -> dict[str, dict[str, str]]:
    """Differences by kind and text, with their frames, or how often where they have none."""
    told: dict[str, dict[str, list[int]]] = {}
    for kind, text, frame in sorted(found):
        told.setdefault(kind, {}).setdefault(text, []).append(frame)
    return {kind: {text: _frames(frames) for text, frames in texts.items()} for kind, texts in told.items()}


def _frames(frames: list[int]) -> str:
    return "frames " + " ".join(map(str, frames)) if frames[0] >= 0 else f"{len(frames)} times"
