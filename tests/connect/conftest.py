"""A small bundle made by hand: an ontology with all shapes and attribute types, and an image, a group and a video row."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


Json = dict[str, Any]

DATE = "Fri, 02 Jan 2026 03:04:05 UTC"
WIDTH, HEIGHT = 40, 20
GEOMETRY: dict[str, Json] = {
    "bounding_box": {"boundingBox": {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}},
    "rotatable_bounding_box": {"rotatableBoundingBox": {"x": 0.0, "y": 0.1, "w": 0.5, "h": 0.4, "theta": 30.0}},
    "polygon": {
        "polygon": {"0": {"x": 0.1, "y": 0.1}, "1": {"x": 0.5, "y": 0.1}, "2": {"x": 0.5, "y": 0.5}, "3": {"x": 0.1, "y": 0.5}},
        "polygons": [
            [[0.1, 0.1, 0.5, 0.1, 0.5, 0.5, 0.1, 0.5], [0.2, 0.2, 0.3, 0.2, 0.3, 0.3]],
            [[0.6, 0.6, 0.9, 0.6, 0.9, 0.9]],
        ],
    },
    "polyline": {"polyline": {"0": {"x": 0.1, "y": 0.1}, "1": {"x": 0.2, "y": 0.3}}},
    "point": {"point": {"0": {"x": 0.25, "y": 0.75}}},
    # run lengths 165 10 30 10 585: two rows of ten pixels
    "bitmask": {"bitmask": {"top": 0, "left": 0, "height": HEIGHT, "width": WIDTH, "rleString": "U5:n00[a0"}},
    "ellipse": {"ellipse": {"x": 0.5, "y": 0.5, "rx": 0.2, "ry": 0.6, "theta": 15.0}},
    "circle": {"circle": {"x": 0.5, "y": 0.5, "r": 0.1, "stretch": 1.0, "theta": 0.0}},
    "cuboid_2d": {
        "cuboid_2d": {"front": [0.1, 0.4, 0.4, 0.4, 0.4, 0.8, 0.1, 0.8], "vanishingPoint": {"x": 0.7, "y": 9.0}, "scaleRatio": 0.9}
    },
    "skeleton": {
        "skeleton": {
            str(i): {"x": 0.1 + i / 4, "y": 0.5, "name": n, "color": "#00FF00", "featureHash": f"vertex0{i}", "value": n, "visibility": v}
            for i, (n, v) in enumerate((("head", "visible"), ("tail", "invisible")))
        }
    },
}


def option(number: str, label: str, nested: list[Json] | None = None) -> Json:
    """An option of the ontology; its hash is made of its label."""
    found = {"id": number, "label": label, "value": label.lower(), "featureNodeHash": f"op-{label.lower()}", "archived": False}
    return found | ({"options": nested} if nested else {})


def attribute(
    number: str, name: str, type_: str, options: list[Json] | None = None, *, dynamic: bool = False, required: bool = False
) -> Json:
    """An attribute of the ontology; its hash is made of its name."""
    found: Json = {"id": number, "name": name, "type": type_, "featureNodeHash": f"at-{name.lower()}"}
    found |= {"required": required, "archived": False, "dynamic": dynamic}
    return found | ({"options": options} if options else {})


def ontology() -> Json:
    """Car with all kinds of attributes, one object of each other shape, a radio, a checklist and a global classification."""
    which = attribute("1.1.2.1", "Which", "text", required=True)
    car = [
        attribute("1.1", "Colour", "radio", [option("1.1.1", "Red"), option("1.1.2", "Other", [which])], required=True),
        attribute("1.2", "Flags", "checklist", [option("1.2.1", "Cut"), option("1.2.2", "Hard")]),
        attribute("1.3", "Plate", "text"),
        attribute("1.4", "Limit", "numeric"),
        attribute("1.5", "Lit", "checklist", [option("1.5.1", "Brake"), option("1.5.2", "Turn")], dynamic=True),
        attribute("1.6", "Speed", "numeric", dynamic=True),
    ]
    flags = {"required": False, "archived": False}
    objects: list[Json] = [
        {"id": str(i), "name": f"A {shape}", "color": "#D33115", "shape": shape, "featureNodeHash": shape, **flags}
        for i, shape in enumerate(GEOMETRY, 1)
    ]
    objects[0]["attributes"] = car
    rain = attribute("1.1.2.1", "Amount", "numeric")
    weather = attribute("1.1", "Weather", "radio", [option("1.1.1", "Sun"), option("1.1.2", "Rain", [rain])])
    scene = attribute("2.1", "Scene", "checklist", [option("2.1.1", "City"), option("2.1.2", "Night")])
    vertices = {"0": ("head", 0.5, 0.1), "1": ("tail", 0.5, 0.9)}
    template = {
        "name": "A skeleton",
        "width": 0.2,
        "height": 0.2,
        "skeleton": {
            key: {"x": x, "y": y, "name": name, "color": "#00FF00", "value": name, "featureHash": f"vertex0{key}"}
            for key, (name, x, y) in vertices.items()
        },
        "skeletonEdges": {"0": {"1": {"color": "#000000"}}},
        "feature_node_hash": "skeleton",
        "shape": "skeleton",
    }
    return {
        "objects": objects,
        "classifications": [
            {"id": "1", "featureNodeHash": "cl-weather", "attributes": [weather]},
            {"id": "2", "featureNodeHash": "cl-scene", "attributes": [scene]},
            {"id": "3", "featureNodeHash": "cl-note", "level": "global", "attributes": [attribute("3.1", "Note", "text")]},
        ],
        "skeleton_templates": [{"template": template}],
    }


def answer(name: str, value: Any, ranges: list[list[int]] | None = None) -> Json:
    """An answer; options are given as a list of labels, ``ranges`` make it a dynamic one."""
    if isinstance(value, list):
        value = [{"name": label, "value": label.lower(), "featureHash": f"op-{label.lower()}"} for label in value]
    found = {"name": name, "value": name.lower(), "answers": value}
    found |= {"featureHash": f"at-{name.lower()}", "manualAnnotation": True}
    return found if ranges is None else found | {"dynamic": True, "shouldPropagate": False, "range": ranges}


STATIC = [
    answer("Colour", ["Other"]),
    answer("Which", "teal"),
    answer("Flags", ["Cut", "Hard"]),
    answer("Plate", "007"),
    answer("Limit", 50),
]
STAMPS: Json = {"createdAt": DATE, "createdBy": None, "lastEditedAt": DATE, "confidence": 1, "manualAnnotation": True}


def frame_object(shape: str, identity: str) -> Json:
    """An object on a frame."""
    constants = {"name": f"A {shape}", "color": "#D33115", "shape": shape, "value": f"a_{shape}", "featureHash": shape}
    return constants | STAMPS | {"objectHash": identity} | deepcopy(GEOMETRY[shape])


def uuid(number: int) -> str:
    """A placeholder id."""
    return f"00000000-0000-0000-0000-{number:012}"


def classification(name: str, answers: list[Json], ranges: list[list[int]]) -> Json:
    """An instance of a classification."""
    found: Json = {"classificationHash": f"in-{name}", "featureHash": f"cl-{name}", "spaces": {}, "lastEditedBy": None}
    return found | STAMPS | {"range": ranges, "classifications": answers}


def row(number: int, data_type: str, units: list[Json]) -> Json:
    """A label row without answers."""
    identity = units[0]["data_hash"] if data_type != "img_group" else uuid(number)
    head: Json = {"label_hash": uuid(number + 500), "branch_name": "main", "created_at": DATE, "last_edited_at": DATE}
    head |= {
        "dataset_hash": uuid(999),
        "dataset_title": "set",
        "data_title": f"row {number}",
        "data_hash": identity,
        "data_type": data_type,
    }
    head |= {"annotation_task_status": None, "is_shadow_data": False, "label_status": "LABEL_IN_PROGRESS", "spaces": {}}
    tables: Json = {"object_answers": {}, "classification_answers": {}, "object_actions": {}}
    return head | {"data_units": {unit["data_hash"]: unit for unit in units}} | tables


def unit(number: int, sequence: int | str, labels: Json, mime: str = "image/png") -> Json:
    """A data unit."""
    found = {"data_hash": uuid(number), "data_title": f"{number}.png", "data_link": "", "data_type": mime, "data_sequence": sequence}
    return found | {"width": WIDTH, "height": HEIGHT, "labels": labels}


def labels(*objects: Json) -> Json:
    """The labels of a frame."""
    return {"objects": list(objects), "classifications": []}


def static(identity: str, answers: list[Json]) -> Json:
    """An entry of object_answers."""
    return {identity: {"objectHash": identity, "classifications": deepcopy(answers)}}


def image_row() -> Json:
    """One image with an object of each shape, each with the shape's name as its hash."""
    found = row(1, "image", [unit(1, 0, labels(*(frame_object(shape, shape) for shape in GEOMETRY)))])
    for shape in GEOMETRY:
        found["object_answers"] |= static(shape, STATIC if shape == "bounding_box" else [])
    actions = [answer("Lit", ["Brake", "Turn"], [[0, 0]]), answer("Speed", 12.5, [[0, 0]])]
    found["object_actions"] = {"bounding_box": {"objectHash": "bounding_box", "actions": actions}}
    weather = classification("weather", [answer("Weather", ["Rain"]), answer("Amount", 3)], [[0, 0]])
    note = classification("note", [answer("Note", "12")], [])
    found["classification_answers"] = {"in-weather": weather, "in-note": note}
    return found


def group_row(images: int = 3, number: int = 10) -> Json:
    """An image group with one car on every image, as a track, with changing dynamic answers, and Night from the second on."""
    units = [unit(number + i, str(i), labels(frame_object("bounding_box", "car"))) for i in range(images)]
    found = row(number + 200, "img_group", units)
    found["object_answers"] = static("car", STATIC)
    last = images - 1
    actions = [answer("Speed", 1, [[0, 0], [last, last]]), answer("Speed", 2, [[1, last - 1]]), answer("Lit", ["Turn"], [[0, last]])]
    found["object_actions"] = {"car": {"objectHash": "car", "actions": actions}}
    found["classification_answers"] = {"in-scene": classification("scene", [answer("Scene", ["Night"])], [[1, last]])}
    return found


def video_row() -> Json:
    """A video of ten frames with a car on the frames 0, 1 and 5."""
    frames = {str(i): labels(frame_object("bounding_box", "car")) for i in (0, 1, 5)}
    found = row(20, "video", [unit(20, 0, frames, "video/mp4") | {"data_fps": 10.0, "data_duration": 0.95}])
    found["object_answers"] = static("car", STATIC)
    actions = [answer("Speed", 1, [[0, 1]]), answer("Speed", 2.5, [[5, 5]])]
    found["object_actions"] = {"car": {"objectHash": "car", "actions": actions}}
    found["classification_answers"] = {"in-weather": classification("weather", [answer("Weather", ["Sun"])], [[0, 2], [5, 9]])}
    return found


class Sample:
    """The parts of a good bundle, to be changed and written."""

    def __init__(self, rows: list[Json] | None = None) -> None:
        self.ontology = ontology()
        self.rows = [image_row(), group_row(), video_row()] if rows is None else rows
        self.media = [self.entry(unit, row) for row in self.rows for unit in row["data_units"].values()]
        self.findings = [{"code": "MAP301", "name": "unmatched", "severity": "warning", "message": "m", "count": 2, "samples": []}]
        made = sum(self.objects(row) + len(row["classification_answers"]) for row in self.rows)
        accounts = {"read": made, "kept": made} | dict.fromkeys(("transformed", "split", "merged", "dropped", "refused"), 0)
        images = {"images": len(self.media), "images_refused": 0}
        details = [{"account": "kept", "rule": "all", "count": made}]
        self.ledger: Json = {
            "format": "ledger/v1",
            "balanced": True,
            "images": images,
            "totals": accounts | {"objects": made},
            "fields": [],
        }
        self.ledger["elements"] = [{"kind": "rectangle", "label": "car", **accounts, "details": details}]
        self.head: Json = {"format": "bundle/v1", "tool": {"name": "mapper", "version": "1.0"}, "media_mode": "image"}
        self.head["source"] = {"file": "a.xml", "sha256": "0" * 64, "bytes": 1, "complete": True, "scope": "task", "id": "1", "name": "n"}
        self.head["spec"] = {"name": "s", "version": "1.0.0", "sha256": "0" * 64, "meaning_sha256": "0" * 64, "parameters": {}}
        self.head |= {"project": {"id": uuid(1000), "title": "p"}, "dataset": {"id": uuid(999), "title": "set"}}
        counts = images | accounts | {"objects": made, "label_rows": len(self.rows), "ontology_objects": 10, "ontology_classifications": 3}
        self.head["counts"] = counts | {"findings": {"error": 0, "warning": 1, "info": 0}}

    @staticmethod
    def objects(row: Json) -> int:
        """The objects of a row; those of a video count once, whatever their frames."""
        return len(row["object_answers"]) if row["data_type"] == "video" else json.dumps(row).count('"shape": ')

    @staticmethod
    def entry(unit: Json, row: Json) -> Json:
        """The entry of a unit in the media list."""
        found = {"data_hash": unit["data_hash"], "title": unit["data_title"], "width": unit["width"], "height": unit["height"]}
        found |= {"task_id": "1", "subset": "", "frame": 0, "image_id": 0}
        return found | ({"data_sequence": int(unit["data_sequence"])} if row["data_type"] == "img_group" else {})

    @property
    def image(self) -> Json:
        """The image row."""
        return self.rows[0]

    @property
    def group(self) -> Json:
        """The group row."""
        return self.rows[1]

    @property
    def video(self) -> Json:
        """The video row."""
        return self.rows[2]

    def shape(self, shape: str) -> Json:
        """The object of that shape on the image."""
        objects: list[Json] = self.image["data_units"][uuid(1)]["labels"]["objects"]
        return next(found for found in objects if found["objectHash"] == shape)

    def answers(self, row: Json, identity: str) -> list[Json]:
        """The static answers of an object."""
        found: list[Json] = row["object_answers"][identity]["classifications"]
        return found

    def actions(self, row: Json, identity: str) -> list[Json]:
        """The dynamic answers of an object."""
        found: list[Json] = row["object_actions"][identity]["actions"]
        return found

    def write(self, folder: Path) -> Path:
        """The bundle as files, laid out as the writer does it."""
        folder.mkdir(parents=True, exist_ok=True)
        head = json.dumps(self.head, indent=2)[:-2] + ',\n  "media": ['
        media = "\n  " + ",\n  ".join(map(json.dumps, self.media)) + "\n  ]\n}\n" if self.media else "]\n}\n"
        (folder / "bundle.json").write_text(head + media, "utf-8")
        (folder / "ontology.json").write_text(json.dumps(self.ontology), "utf-8")
        (folder / "ledger.json").write_text(json.dumps(self.ledger), "utf-8")
        for name, lines in (("label_rows.jsonl", self.rows), ("findings.jsonl", self.findings)):
            (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return folder


@pytest.fixture
def sample() -> Sample:
    """A good bundle with an image, a group and a video."""
    return Sample()


@pytest.fixture
def large_group() -> Sample:
    """A bundle of one group of 120 images: three slices for the SDK."""
    return Sample([group_row(120, 1)])
