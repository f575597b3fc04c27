"""The synthetic exports of the benchmarks: reproducible, in CVAT's style, and readable by the floor programs."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mapper import load_spec
from mapper.spec.matching import NumberTest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
SIZE = 0.4  # megabytes: enough for every kind of shape
VIDEOS = ("vid_boxes", "video")
ORDER = (
    "id", "name", "frame", "keyframe", "label", "source", "outside", "occluded", "xtl", "ytl", "xbr", "ybr", "cx", "cy", "rx", "ry",
    "points", "xtl1", "ytl1", "xbl1", "ybl1", "xtr1", "ytr1", "xbr1", "ybr1", "xtl2", "ytl2", "xbl2", "ybl2", "xtr2", "ytr2",
    "xbr2", "ybr2", "rle", "left", "top", "width", "height", "rotation", "z_order", "group_id",
)  # fmt: skip


def run(program: str, *arguments: object, hash_seed: str = "0") -> str:
    """What a benchmark program prints."""
    command = [sys.executable, str(BENCHMARKS / program), *map(str, arguments)]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of all kinds."""
    target = tmp_path_factory.mktemp("mixed") / "annotations.xml"
    run("generate.py", "mixed", SIZE, target)
    return target


@pytest.fixture(scope="module")
def root(mixed: Path) -> Any:
    """Its XML."""
    return etree.parse(mixed).getroot()


def test_the_same_seed_gives_the_same_bytes(mixed: Path, tmp_path: Path) -> None:
    """Mix, size and seed decide every byte; another seed gives other shapes."""
    run("generate.py", "mixed", SIZE, tmp_path / "again.xml", hash_seed="42")
    run("generate.py", "mixed", SIZE, tmp_path / "other.xml", "--seed", 2)
    assert (tmp_path / "again.xml").read_bytes() == mixed.read_bytes()
    assert (tmp_path / "other.xml").read_bytes() != mixed.read_bytes()


@pytest.mark.parametrize("mix", ["boxes", "boxpoly", "core", "mixed", "vid_boxes", "video"])
def test_size_and_summary(mix: str, tmp_path: Path) -> None:
    """A file has at least the wanted size, no more than a unit above it, and the summary tells what is in it."""
    target = tmp_path / "annotations.xml"
    made = json.loads(run("generate.py", mix, 0.2, target))
    tree: Any = etree.parse(target).getroot()
    units = tree.findall("track" if mix in VIDEOS else "image")
    assert made["bytes"] == target.stat().st_size
    assert 200_000 <= made["bytes"] < 200_000 + 120_000
    assert made["units"] == len(units)
    assert sum(made["shapes"].values()) == sum(map(len, units))
    assert int(tree.findtext("meta/task/size")) == (300 if mix in VIDEOS else len(units))


def test_every_kind_occurs(root: Any) -> None:
    """The mix "mixed" has every element of the images view, boxes and ellipses rotated and not."""
    shapes = Counter(shape.tag for image in root.iter("image") for shape in image)
    expected = {"box", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton", "tag"}
    assert set(shapes) == expected
    assert {"rotation" in box.attrib for box in root.iter("box")} == {True, False}
    assert {"rotation" in ellipse.attrib for ellipse in root.iter("ellipse")} == {True, False}


def test_attributes_stand_in_cvats_order(root: Any) -> None:
    """XML attributes come in the order of CVAT's exporter; coordinates have two decimals and lie in the image."""
    for shape in (shape for image in root.iter("image") for shape in image.iter("*")):
        places = [ORDER.index(name) for name in shape.attrib if shape.tag != "image"]
        assert places == sorted(places)
    for polygon in root.iter("polygon"):
        pairs = [pair.split(",") for pair in polygon.get("points").split(";")]
        assert all(len(number.partition(".")[2]) == 2 for pair in pairs for number in pair)
        assert all(0 <= float(x) <= 1920 and 0 <= float(y) <= 1080 for x, y in pairs)


def test_images_are_as_cvat_orders_them(root: Any) -> None:
    """Images are numbered from 0; their shapes come by stacking order, then tags, which have none."""
    for number, image in enumerate(root.findall("image")):
        assert image.get("id") == str(number)
        assert image.get("name") == f"batch_000/frame_{number:06d}.jpg"
        orders = [int(shape.get("z_order", "99")) for shape in image]
        assert orders == sorted(orders)
        assert {shape.tag for shape in image if shape.get("z_order") is None} <= {"tag"}


def test_labels_are_declared(root: Any) -> None:
    """Every label and attribute in use is declared; all five input types occur, mutable and not."""
    labels = {(label.findtext("parent"), label.findtext("name")): label for label in root.iter("label")}
    for shape in (shape for image in root.iter("image") for shape in image):
        names = [name.text for name in labels[None, shape.get("label")].findall("attributes/attribute/name")]
        assert [attribute.get("name") for attribute in shape.findall("attribute")] == names
        for element in shape.findall("points"):
            assert (shape.get("label"), element.get("label")) in labels
    declared = [attribute for label in labels.values() for attribute in label.findall("attributes/attribute")]
    assert {attribute.findtext("input_type") for attribute in declared} == {"select", "radio", "checkbox", "number", "text"}
    assert {attribute.findtext("mutable") for attribute in declared} == {"True", "False"}


def test_masks_fill_their_crop(root: Any) -> None:
    """Run lengths sum to width times height."""
    masks = list(root.iter("mask"))
    assert masks
    for mask in masks:
        assert sum(map(int, mask.get("rle").split(", "))) == int(mask.get("width")) * int(mask.get("height"))


def test_tracks_have_every_frame(tmp_path: Path) -> None:
    """A track has each of its frames, a keyframe every tenth and last, and is outside on its last only."""
    run("generate.py", "vid_boxes", 0.2, tmp_path / "video.xml")
    video: Any = etree.parse(tmp_path / "video.xml").getroot()
    for track in video.findall("track"):
        frames = [int(box.get("frame")) for box in track]
        assert frames == list(range(frames[0], frames[0] + len(frames)))
        assert 75 <= len(frames) <= 300
        last = len(frames) - 1
        assert [n for n, box in enumerate(track) if box.get("keyframe") == "1"] == sorted({*range(0, len(frames), 10), last})
        assert [n for n, box in enumerate(track) if box.get("outside") == "1"] == [last]


@pytest.mark.parametrize("flags", [(), ("--extended",)])
def test_the_floor_maps_what_it_says(mixed: Path, root: Any, tmp_path: Path, flags: tuple[str, ...]) -> None:
    """The floor writes a row an image with boxes and polygons; extended, each shape, each point and each tag."""
    run("floor.py", mixed, tmp_path / "rows.jsonl", *flags)
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    for image, row in zip(root.findall("image"), rows, strict=True):
        (unit,) = row["data_units"].values()
        kinds = Counter(shape.tag for shape in image)
        single = kinds.total() - kinds["points"] - kinds["tag"] if flags else kinds["box"] + kinds["polygon"]
        several = sum(points.get("points").count(";") + 1 for points in image.findall("points")) if flags else 0
        hashes = [one["objectHash"] for one in unit["labels"]["objects"]]
        assert len(hashes) == single + several
        assert set(hashes) == set(row["object_answers"])
        assert len(unit["labels"]["classifications"]) == len(row["classification_answers"]) == (kinds["tag"] if flags else 0)


def test_the_runner_reports(tmp_path: Path) -> None:
    """The runner measures each command and writes a table with a line for each."""
    report = tmp_path / "RESULTS.md"
    options = ("--mb", 0.05, "--mix", "boxes", "--rounds", 1, "--commands", "bare", "floor", "--results", report)
    run("run.py", *options)
    rows = [line.split(" | ")[0] for line in report.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert rows == ["| command", "| bare", "| floor"]


def test_many_rules(tmp_path: Path) -> None:
    """The spec of many rules has as many as asked for, under distinct ids, each with a range of widths."""
    runpy.run_path(str(BENCHMARKS / "run.py"))["write_rules"](tmp_path / "rules.yaml", 500)
    rules = load_spec(tmp_path / "rules.yaml").spec.rules
    own = [rule for rule in rules if isinstance(rule.match.width, NumberTest)]
    assert len({rule.id for rule in own}) == 500
    assert len(rules) > 500
