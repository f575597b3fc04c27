"""Geometry before and after: CVAT's numbers against what Encord's own SDK holds after loading the rows.

The source is read by a few naive lines here, the result through the SDK's coordinate classes; nothing of the product's
geometry takes part in the comparison.
"""

from __future__ import annotations

import json
from functools import cache
from math import cos, radians, sin
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from lxml import etree

from mapper import convert
from tests.support.sdk import load_ontology, load_row

STREET = Path(__file__).parents[1] / "examples" / "street" / "annotations.xml"
PIXELS = 0.01
"""How far a coordinate may come back from where it was."""

Found = tuple[Any, float, float]
"""The SDK's coordinates, and width and height of their image."""


@cache
def loaded() -> dict[tuple[str, str], list[Found]]:
    """The SDK's coordinates of the example, by image and Encord shape, in the order of the rows."""
    found: dict[tuple[str, str], list[Found]] = {}
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        convert(STREET, out)
        ontology = load_ontology(json.loads((out / "ontology.json").read_text()))
        for line in (out / "label_rows.jsonl").read_text().splitlines():
            row = json.loads(line)
            [unit] = row["data_units"].values()
            instances = {item.object_hash: item for item in load_row(ontology, row).get_object_instances()}
            for entry in unit["labels"]["objects"]:
                instance = instances[entry["objectHash"]]
                [annotation] = instance.get_annotations()
                place = (annotation.coordinates, unit["width"], unit["height"])
                found.setdefault((unit["data_title"], instance.ontology_item.shape.value), []).append(place)
    return found


def drawn(tag: str) -> list[tuple[str, Any]]:
    """The elements of the example, with the names of their images, in document order."""
    root = etree.parse(str(STREET)).getroot()
    return [(str(image.get("name")), shape) for image in root.findall("image") for shape in image.findall(tag)]


def taken(tag: str, shape: str, *, rotated: bool | None = None) -> list[tuple[Any, Found]]:
    """Source elements and the SDK's coordinates in pairs."""
    pairs = []
    counters: dict[str, int] = {}
    for image, element in drawn(tag):
        if rotated is not None and bool(float(element.get("rotation", "0"))) != rotated:
            continue
        place = counters.get(image, 0)
        counters[image] = place + 1
        pairs.append((element, loaded()[image, shape][place]))
    assert pairs, f"the example has no {tag} that becomes {shape}"
    return pairs


def numbers(element: Any, *names: str) -> list[float]:
    """XML attributes as numbers."""
    return [float(element.get(name, "0")) for name in names]


def path(element: Any) -> list[tuple[float, float]]:
    """A CVAT point list."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in element.get("points").split(";"))]


def turned(x: float, y: float, cx: float, cy: float, degrees: float) -> tuple[float, float]:
    """A point turned clockwise on screen about a centre."""
    turn = radians(degrees)
    return cx + (x - cx) * cos(turn) - (y - cy) * sin(turn), cy + (x - cx) * sin(turn) + (y - cy) * cos(turn)


def corners(left: float, top: float, right: float, bottom: float, degrees: float) -> np.ndarray[Any, Any]:
    """The corners of a turned box."""
    cx, cy = (left + right) / 2, (top + bottom) / 2
    return np.array([turned(x, y, cx, cy, degrees) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))])


def test_upright_boxes() -> None:
    """An upright rectangle comes back as the same box."""
    for element, (box, width, height) in taken("box", "bounding_box", rotated=False):
        found = (box.top_left_x * width, box.top_left_y * height, box.width * width, box.height * height)
        left, top, right, bottom = numbers(element, "xtl", "ytl", "xbr", "ybr")
        assert found == pytest.approx((left, top, right - left, bottom - top), abs=PIXELS)


def test_rotated_boxes() -> None:
    """All four corners of a rotated rectangle stand where CVAT drew them."""
    for element, (box, width, height) in taken("box", "rotatable_bounding_box", rotated=True):
        left, top = box.top_left_x * width, box.top_left_y * height
        found = corners(left, top, left + box.width * width, top + box.height * height, box.theta)
        wanted = corners(*numbers(element, "xtl", "ytl", "xbr", "ybr", "rotation"))
        assert np.abs(found - wanted).max() < PIXELS


@pytest.mark.parametrize(("tag", "shape"), [("polygon", "polygon"), ("polyline", "polyline")])
def test_paths(tag: str, shape: str) -> None:
    """Every vertex of a polygon or polyline comes back, in order."""
    for element, (coordinates, width, height) in taken(tag, shape):
        found = [(point.x * width, point.y * height) for point in coordinates.values]
        assert np.abs(np.array(found) - np.array(path(element))).max() < PIXELS


def test_points() -> None:
    """Every point of a points shape is a keypoint at its place."""
    wanted: dict[str, list[tuple[float, float]]] = {}
    for image, element in drawn("points"):
        wanted.setdefault(image, []).extend(path(element))
    assert wanted
    for image, places in wanted.items():
        found = [(point.x * width, point.y * height) for point, width, height in loaded()[image, "point"]]
        assert np.abs(np.array(found) - np.array(places)).max() < PIXELS


def test_ellipses() -> None:
    """Centre, semi-axes and angle of an ellipse come back."""
    for element, (ellipse, width, height) in taken("ellipse", "ellipse"):
        found = (
            ellipse.center_x * width, ellipse.center_y * height,
            ellipse.rx * width, ellipse.ry * height, ellipse.theta,
        )  # fmt: skip
        assert found == pytest.approx(numbers(element, "cx", "cy", "rx", "ry", "rotation"), abs=PIXELS)


def test_masks() -> None:
    """A mask comes back bit for bit."""
    for element, (bitmask, width, height) in taken("mask", "bitmask"):
        left, top, across, down = map(int, numbers(element, "left", "top", "width", "height"))
        runs = [int(run) for run in element.get("rle").split(",")]
        crop = np.repeat(np.arange(len(runs)) % 2, runs).reshape(down, across)
        wanted = np.zeros((int(height), int(width)), dtype=np.bool_)
        wanted[top : top + down, left : left + across] = crop
        assert (bitmask.to_numpy_array() == wanted).all()


def test_skeleton_points() -> None:
    """Every element of a skeleton comes back at its place, with its visibility."""
    for element, (skeleton, width, height) in taken("skeleton", "skeleton"):
        found = {vertex.name: vertex for vertex in skeleton.values}
        for point in element.iter("points"):
            vertex = found[point.get("label")]
            [(x, y)] = path(point)
            assert (vertex.x * width, vertex.y * height) == pytest.approx((x, y), abs=PIXELS)
            state = "invisible" if point.get("outside") == "1" else "occluded" if point.get("occluded") == "1" else "visible"
            assert vertex.visibility.value == state


def test_cuboids() -> None:
    """A cuboid within the stated residual comes back with all eight corners; another one as its two faces."""
    names = [f"{axis}{corner}" for corner in ("tl1", "tr1", "br1", "bl1", "tr2", "tl2", "bl2", "br2") for axis in "xy"]
    seen = 0
    for image, element in drawn("cuboid"):
        wanted = np.array(numbers(element, *names)).reshape(8, 2)
        for coordinates, width, height in loaded().get((image, "cuboid_2d"), ()):
            front = np.array([(point.x * width, point.y * height) for point in coordinates.front])
            if np.abs(front - wanted[:4]).max() > PIXELS:
                continue
            seen += 1
            point = coordinates.vanishing_point
            vanishing = np.array((point.x * width, point.y * height))
            assert np.abs(vanishing + coordinates.scale_ratio * (front - vanishing) - wanted[4:]).max() < 1.0
        for coordinates, width, height in loaded().get((image, "polygon"), ()):
            parts = [np.array([(p.x * width, p.y * height) for p in rings[0]]) for rings in coordinates.polygons]
            if len(parts) == 2 and np.abs(parts[0] - wanted[:4]).max() < PIXELS:
                seen += 1
                assert np.abs(parts[1] - wanted[4:]).max() < PIXELS
    assert seen == 2
