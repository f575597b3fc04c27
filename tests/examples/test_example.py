"""The bundled example: reproducible, complete, and readable."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
STREET = EXAMPLES / "street"
SIZES = {
    "01_crossing.png": (320, 240),
    "02_parking.png": (320, 240),
    "03_depot.png": (400, 300),
    "04_empty_road.png": (320, 240),
}


@pytest.fixture(scope="module")
def root() -> Any:
    """The example's XML."""
    return etree.parse(STREET / "annotations.xml").getroot()


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, their checksums verified."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, position = [], 8
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        name, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        assert struct.unpack_from(">I", data, position + 8 + length) == (zlib.crc32(name + body),)
        found.append((name, body))
        position += 12 + length
    return found


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_committed_files_are_what_the_program_makes(tmp_path: Path) -> None:
    """Running the program again gives the committed files, byte for byte, whatever the hash seed."""
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, str(EXAMPLES / "make_example.py"), str(tmp_path)], check=True, env=environment)
    assert files(tmp_path) == files(STREET)


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_pictures_decode(name: str, size: tuple[int, int]) -> None:
    """Each picture is a sound PNG of its size, and its pixels stay within the palette."""
    parts = chunks((STREET / "images" / name).read_bytes())
    assert [part for part, _ in parts] == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    bodies = dict(parts)
    assert struct.unpack(">IIBBBBB", bodies[b"IHDR"]) == (*size, 4, 3, 0, 0, 0)
    assert len(bodies[b"PLTE"]) == 3 * 16
    lines = zlib.decompress(bodies[b"IDAT"])
    assert len(lines) == size[1] * (1 + size[0] // 2)
    assert set(lines[:: 1 + size[0] // 2]) == {0}


def test_images_agree_with_the_pictures(root: Any) -> None:
    """The XML lists exactly the pictures, with their sizes, numbered from 0; one has no annotation."""
    images = root.findall("image")
    assert {image.get("name"): (int(image.get("width")), int(image.get("height"))) for image in images} == SIZES
    assert [image.get("id") for image in images] == ["0", "1", "2", "3"]
    assert [len(image) for image in images].count(0) == 1
    assert sorted(path.name for path in (STREET / "images").iterdir()) == sorted(SIZES)


def test_every_element_occurs(root: Any) -> None:
    """Every shape and the tag occur; boxes and ellipses rotated and not; points single and several."""
    shapes = [shape for image in root.iter("image") for shape in image]
    expected = {"box", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton", "tag"}
    assert {shape.tag for shape in shapes} == expected
    rotated = {(shape.tag, "rotation" in shape.attrib) for shape in shapes}
    assert {("box", True), ("box", False), ("ellipse", True), ("ellipse", False)} <= rotated
    assert any(shape.tag == "ellipse" and shape.get("rx") == shape.get("ry") for shape in shapes)
    counts = {shape.get("points").count(";") + 1 for shape in shapes if shape.tag == "points"}
    assert min(counts) == 1
    assert max(counts) > 1


def test_every_flag_occurs(root: Any) -> None:
    """Sources, occlusion, stacking order, groups, and outside, occluded and annotated points of skeletons occur."""
    shapes = [shape for image in root.iter("image") for shape in image]
    assert {shape.get("source") for shape in shapes} == {"manual", "auto", "semi-auto", "file"}
    assert {shape.get("occluded") for shape in shapes if shape.tag == "box"} == {"0", "1"}
    assert {"0", "1", "2"} <= {shape.get("z_order") for shape in shapes}
    assert {None, "1", "2"} <= {shape.get("group_id") for shape in shapes}
    elements = [element for skeleton in root.iter("skeleton") for element in skeleton.findall("points")]
    assert {(element.get("outside"), element.get("occluded")) for element in elements} == {("0", "0"), ("0", "1"), ("1", "0")}
    assert any(element.findall("attribute") for element in elements)
    assert any(len(tag) > 1 for tag in root.iter("tag"))


def test_labels_are_declared(root: Any) -> None:
    """Every label and attribute in use is declared, one label has two shapes, one label is unused."""
    labels = {(label.findtext("parent"), label.findtext("name")): label for label in root.iter("label")}
    shapes: dict[str, set[str]] = {}
    for shape in (shape for image in root.iter("image") for shape in image):
        shapes.setdefault(shape.get("label"), set()).add(shape.tag)
        for parent, element in [(None, shape), *((shape.get("label"), child) for child in shape.findall("points"))]:
            declared = [name.text for name in labels[parent, element.get("label")].findall("attributes/attribute/name")]
            assert [attribute.get("name") for attribute in element.findall("attribute")] == declared
    assert shapes["car"] == {"box", "polygon"}
    assert {name for parent, name in labels if parent is None} - set(shapes) == {"scooter"}


def test_every_attribute_type_occurs(root: Any) -> None:
    """All five input types, mutable and not; ``__undefined__``, a leading zero, a line break and an ampersand as values."""
    declared = list(root.iter("attributes"))
    types = {attribute.findtext("input_type") for group in declared for attribute in group}
    assert types == {"select", "radio", "checkbox", "number", "text"}
    assert {attribute.findtext("mutable") for group in declared for attribute in group} == {"True", "False"}
    values = {attribute.text or "" for image in root.iter("image") for attribute in image.iter("attribute")}
    assert {"__undefined__", "007", "B&B 1207", "first frost\nsalt on the road", ""} <= values


def test_masks_are_sound(root: Any) -> None:
    """Run lengths fill the crop exactly, and no edge of the crop is empty."""
    for mask in root.iter("mask"):
        width, height = int(mask.get("width")), int(mask.get("height"))
        runs = [int(run) for run in mask.get("rle").split(", ")]
        pixels = b"".join(bytes([n % 2]) * run for n, run in enumerate(runs))
        assert len(pixels) == width * height
        for edge in (pixels[:width], pixels[-width:], pixels[::width], pixels[width - 1 :: width]):
            assert 1 in edge


def corners(cuboid: Any, names: tuple[str, ...]) -> list[tuple[float, float]]:
    """Corners of a cuboid by CVAT's names."""
    return [(float(cuboid.get(f"x{name}")), float(cuboid.get(f"y{name}"))) for name in names]


def test_one_cuboid_is_an_exact_copy(root: Any) -> None:
    """The back face of the first cuboid is its front face scaled about a point; that of the second is not."""
    exact = []
    for cuboid in root.iter("cuboid"):
        front = corners(cuboid, ("tl1", "tr1", "br1", "bl1"))
        back = corners(cuboid, ("tr2", "tl2", "bl2", "br2"))  # CVAT's tl2 and bl2 are on the right
        scale = (back[1][0] - back[0][0]) / (front[1][0] - front[0][0])
        moves = {(round(bx - scale * fx, 6), round(by - scale * fy, 6)) for (fx, fy), (bx, by) in zip(front, back, strict=True)}
        exact.append(len(moves) == 1)
    assert exact == [True, False]


def test_the_skeleton_has_its_drawing(root: Any) -> None:
    """The skeleton's SVG names its elements in the order in which they are declared, all joined by edges."""
    (skeleton,) = [label for label in root.iter("label") if label.findtext("type") == "skeleton"]
    drawing = etree.fromstring(f"<svg>{skeleton.findtext('svg')}</svg>")
    names = [label.findtext("name") for label in root.iter("label") if label.findtext("parent") == "person_pose"]
    assert [node.get("data-label-name") for node in drawing.findall("circle")] == names
    joined = {line.get(end) for line in drawing.findall("line") for end in ("data-node-from", "data-node-to")}
    assert joined == {node.get("data-node-id") for node in drawing.findall("circle")}
