"""What an images export becomes: shapes of every kind, their fields, attributes and keys."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mapper.cvat.elements import CUBOID
from mapper.cvat.model import AttributeSpec, LabelSpec
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle
from tests.support.reading import export, image, pack, read, read_shapes, read_text, write

if TYPE_CHECKING:
    from pathlib import Path

BOX = '<box label="car" occluded="0" xtl="1.00" ytl="2.50" xbr="30" ybr="40.00" z_order="1"></box>'


def test_box_with_everything(tmp_path: Path) -> None:
    """A box has floats, raw fields in order, raw attribute texts in document order, and its line."""
    found = read_shapes(
        tmp_path,
        """
        <box label="car" source="manual" occluded="1" xtl="1.00" ytl="2.50" xbr="30" ybr="40.00" rotation="45.9" z_order="-2" group_id="5">
          <attribute name="plate"> 007
x &amp; y </attribute>
          <attribute name="model"></attribute>
          <attribute name="occluded"/>
        </box>""",
    )
    (shape,) = found.shapes
    assert shape.geometry == Rectangle(1.0, 2.5, 30.0, 40.0, 45.9)
    assert {type(value) for value in shape.geometry} == {float}
    assert (shape.kind, shape.label, shape.key) == ("rectangle", "car", "1.00,2.50,30,40.00,45.9")
    assert shape.fields == ("1", "-2", "5", "manual", None, "45.9", None)
    assert shape.attributes == (("plate", " 007\nx & y "), ("model", ""), ("occluded", ""))
    assert shape.line == 6
    assert found.codes == []


@pytest.mark.parametrize("rotation", ["0", "0.00", "360.00", "-360"])
def test_rotation_by_nothing_is_none(tmp_path: Path, rotation: str) -> None:
    """A rotation that turns nothing counts as absent: in the geometry, the fields, the key and the books."""
    turned = BOX.replace('z_order="1"', f'z_order="1" rotation="{rotation}"')
    found = read_shapes(tmp_path, BOX + turned)
    plain, other = found.shapes
    assert plain[:-1] == other[:-1]
    assert found.reader.tally.shapes == {("rectangle", "car", 0b11, ()): 2}


def test_order_of_xml_attributes_is_free(tmp_path: Path) -> None:
    """XML attributes count by name; JAAD writes xbr before xtl."""
    mixed, usual = '<box ybr="4" xtl="1" label="car" xbr="3" ytl="2"/>', '<box label="car" xtl="1" ytl="2" xbr="3" ybr="4"/>'
    found = read_shapes(tmp_path, mixed + usual)
    first, second = found.shapes
    assert first.geometry == second.geometry == Rectangle(1, 2, 3, 4, 0)
    assert first.fields == (None,) * 7


def test_inverted_and_empty_boxes_stay(tmp_path: Path) -> None:
    """Corners are not put in order: that is for the rules."""
    (shape,) = read_shapes(tmp_path, '<box label="car" xtl="9" ytl="8" xbr="1" ybr="8"/>').shapes
    assert shape.geometry == Rectangle(9, 8, 1, 8, 0)


def test_huge_numbers_are_numbers(tmp_path: Path) -> None:
    """Corners whose sum overflows are finite all the same."""
    (shape,) = read_shapes(tmp_path, '<box label="car" xtl="1e308" ytl="1e308" xbr="1e308" ybr="0"/>').shapes
    assert shape.geometry == Rectangle(1e308, 1e308, 1e308, 0, 0)


def test_every_other_kind(tmp_path: Path) -> None:
    """Each element of CVAT gives its kind, its geometry and a key."""
    corners = " ".join(f'{name}="{position}"' for position, name in enumerate(CUBOID))
    found = read_shapes(
        tmp_path,
        f"""<polygon label="a" points="1.00,2.00;3,4;5,6.5"/><polyline label="a" points="1,2;3,4"/><points label="a" points="1,2"/>
        <ellipse label="a" cx="5" cy="6" rx="2" ry="1" rotation="15.00"/><cuboid label="a" {corners}/>
        <mask label="a" rle="0, 2, 3, 1" left="10" top="20" width="3" height="2"/><tag label="a" source="manual"/>""",
    )
    assert [(shape.kind, shape.geometry) for shape in found.shapes] == [
        ("polygon", [1.0, 2.0, 3.0, 4.0, 5.0, 6.5]),
        ("polyline", [1.0, 2.0, 3.0, 4.0]),
        ("points", [1.0, 2.0]),
        ("ellipse", Ellipse(5.0, 6.0, 2.0, 1.0, 15.0)),
        ("cuboid", [float(position) for position in range(16)]),
        ("mask", Mask([0, 2, 3, 1], 10, 20, 3, 2)),
        ("tag", None),
    ]
    assert [shape.key for shape in found.shapes] == [
        "1.00,2.00;3,4;5,6.5",
        "1,2;3,4",
        "1,2",
        "5,6,2,1,15.00",
        "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15",
        "10,20,3,2,0, 2, 3, 1",
        "",
    ]
    assert found.codes == []


def test_cuboid_corners_are_in_storage_order(tmp_path: Path) -> None:
    """The corners are those of CVAT's table: front left, front right, back right, back left, each top and bottom."""
    attributes = 'xtl1="1" ytl1="2" xbl1="3" ybl1="4" xtr1="5" ytr1="6" xbr1="7" ybr1="8"'
    back = 'xtl2="9" ytl2="10" xbl2="11" ybl2="12" xtr2="13" ytr2="14" xbr2="15" ybr2="16"'
    (shape,) = read_shapes(tmp_path, f'<cuboid label="a" {back} {attributes}/>').shapes
    assert shape.geometry == [float(number) for number in range(1, 17)]


def test_skeleton(tmp_path: Path) -> None:
    """A skeleton is its points in document order, each with flags and attributes, and has attributes of its own."""
    found = read_shapes(
        tmp_path,
        """<skeleton label="body" source="manual" z_order="0" group_id="5">
        <points label="foot" source="manual" outside="0" occluded="1" points="3.00,4.50"></points>
        <points label="head" source="manual" outside="1" occluded="0" points="1,2"><attribute name="visible%">3</attribute></points>
        <attribute name="pose">sitting</attribute>
        </skeleton>""",
    )
    (shape,) = found.shapes
    assert shape.geometry == (
        Element("foot", 3.0, 4.5, outside=False, occluded=True, attributes=(), line=6),
        Element("head", 1.0, 2.0, outside=True, occluded=False, attributes=(("visible%", "3"),), line=7),
    )
    assert shape.attributes == (("pose", "sitting"),)
    assert shape.fields == (None, "0", "5", "manual", None, None, None)
    assert found.reader.tally.elements == {("body", "foot", ()): 1, ("body", "head", ("visible%",)): 1}
    assert found.reader.tally.flags == {("body", "foot", "occluded"): 1, ("body", "head", "outside"): 1}
    assert found.codes == []


def test_skeleton_key_ignores_the_order_of_elements(tmp_path: Path) -> None:
    """CVAT guarantees no order of elements, so the key must not depend on it."""
    one, two = '<points label="1" points="1,2"/>', '<points label="2" points="3,4"/>'
    first, second = read_shapes(tmp_path, f'<skeleton label="s">{one}{two}</skeleton><skeleton label="s">{two}{one}</skeleton>').shapes
    assert first.key == second.key == "1:1,2;2:3,4"


def test_fixture_dialect_of_skeletons(tmp_path: Path) -> None:
    """Empty points, a rotation by nothing and z_order on elements, as another tool writes them, say nothing."""
    point = '<points label="1" occluded="0" source="manual" outside="1" points="1,1" z_order="0"/>'
    skeleton = f'<skeleton label="s" occluded="0" source="manual" points="" rotation="0.00" z_order="0">{point}</skeleton>'
    found = read_shapes(tmp_path, skeleton)
    assert found.codes == []
    assert found.shapes[0].fields == ("0", "0", None, "manual", None, None, None)


def test_images_come_with_frame_task_and_line(tmp_path: Path) -> None:
    """Images come in document order, empty ones too; in a task export the frame is the id."""
    found = read_text(tmp_path, export(image("", id=3, name="dir/ä 1.jpg") + "\n" + image(BOX, id=5)))
    first, second = found.images
    assert (first.id, first.name, first.width, first.height, first.frame, first.line, first.shapes) == (3, "dir/ä 1.jpg", 100, 80, 3, 5, [])
    assert (second.id, second.line, second.task.name, second.subset) == (5, 6, "street", "")
    assert found.reader.tally.images == 2


def test_digest_and_size_are_of_the_xml(tmp_path: Path) -> None:
    """File, zip and folder of one export have the same digest, length and lines, and the same images."""
    text = export(image(BOX))
    plain = read(write(tmp_path, text))
    folder = read(tmp_path)
    packed = read(pack(tmp_path / "export.zip", {"images/a.jpg": b"1", "annotations.xml": text}))
    for found in (plain, folder, packed):
        reader = found.reader
        assert (reader.sha256, reader.bytes, reader.lines) == (sha256(text.encode()).hexdigest(), len(text), text.count("\n"))
        assert found.images == plain.images
    assert packed.reader.file == "export.zip/annotations.xml"
    assert folder.reader.file == f"{tmp_path.name}/annotations.xml"


def test_labels_of_a_spec_take_precedence(tmp_path: Path) -> None:
    """Given labels replace those of the export."""
    given = (LabelSpec(name="lorry", attributes=(AttributeSpec(name="x", input_type="text"),)),)
    found = read(write(tmp_path, export("")), labels=given)
    assert found.reader.export.labels == given


def test_long_texts_and_many_images(tmp_path: Path) -> None:
    """Texts longer than the parser's buffer, and images that span many pieces of the file, come whole."""
    long = "line\n" * 40_000
    box = '<box label="car" xtl="{0}" ytl="0" xbr="1" ybr="1"><attribute name="t">{0}</attribute></box>'
    body = "".join(image(box.format(number), id=number, name=str(number)) for number in range(3000))
    tag = f'<tag label="car"><attribute name="t">{long}</attribute></tag>'
    found = read_text(tmp_path, export(image(tag, name="x", id=9999) + body))
    assert found.shapes[0].attributes == (("t", long),)
    assert [shape.geometry.xtl for shape in found.shapes[1:]] == list(range(3000))
    assert [shape.attributes[0][1] for shape in found.shapes[1:]] == [str(n) for n in range(3000)]


def test_comments_entities_and_cdata(tmp_path: Path) -> None:
    """Comments do not cut texts; references and CDATA are resolved."""
    attribute = '<attribute name="n">a<!-- y -->b<![CDATA[<c>]]>&lt;</attribute>'
    (shape,) = read_shapes(tmp_path, f'<tag label="a&quot;&#228;"><!-- x -->{attribute}</tag>').shapes
    assert shape.label == 'a"ä'
    assert shape.attributes == (("n", "ab<c><"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The encoding is the one that the file declares."""
    text = export(image('<tag label="ä"/>')).replace('"utf-8"', f'"{encoding.removesuffix("-sig")}"')
    assert [shape.label for shape in read_text(tmp_path, text.encode(encoding)).shapes] == ["ä"]


def test_a_second_pass_gives_nothing(tmp_path: Path) -> None:
    """Images can be taken once; the file is closed then."""
    found = read(write(tmp_path, export(image(BOX))))
    assert list(found.reader.images()) == []


def test_a_point_cloud_is_no_image(tmp_path: Path) -> None:
    """CVAT exports no point clouds as XML; where a tool has, none of their cuboids is taken for one in a picture."""
    found = read_text(tmp_path, export(image(BOX) + image(BOX + BOX, id=1, name="clouds/000001.PCD")))
    assert (found.codes, len(found.images), len(found.shapes)) == (["SRC195"], 1, 1)
    assert found.reader.tally.images_refused == 1
    assert found.reader.tally.codes == {("box", "car", "SRC195"): 2}
