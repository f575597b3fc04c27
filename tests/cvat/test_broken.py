"""Files that break off, and books that add up all the same."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mapper.cvat.tally import Tally, element_signature, signature
from mapper.errors import SourceError
from tests.support.independent import count
from tests.support.reading import export, image, pack, read, read_text, write

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.model import Image

CONTENT = """<box label="car" xtl="1" ytl="2" xbr="3" ybr="4" occluded="1" rotation="9"><attribute name="a">x</attribute></box>
<skeleton label="s" z_order="0"><points label="1" points="1,2" outside="1"><attribute name="b">y</attribute></points>
<points label="2" points="3,4" occluded="1"/><attribute name="c">z</attribute></skeleton><tag label="t"/>"""
BAD = '<box label="car" xtl="x" ytl="2" xbr="3" ybr="4"/><skeleton><points label="1" points="1,2"/></skeleton><blob label="q"/>'
TEXT = export(
    image(CONTENT) + "\n" + image(BAD + CONTENT, id=1, name="b") + image("", id=2, name="c") + image(CONTENT, id=3, name="d", width=0)
)


def books(images: list[Image]) -> Tally:
    """The books that the yielded images alone would give."""
    tally = Tally(images=len(images))
    for shape in [shape for picture in images for shape in picture.shapes]:
        tally.shapes[signature(shape)] = tally.shapes.get(signature(shape), 0) + 1
        if shape.kind == "skeleton":
            tally.count_elements(shape.label, shape.geometry)
    return tally


def test_tally_counts_what_is_yielded_and_what_is_not(tmp_path: Path) -> None:
    """Yielded and refused elements together are all elements of the file, as a naive reader counts them."""
    found = read_text(tmp_path, TEXT)
    tally = found.reader.tally
    assert tally.shapes == books(found.images).shapes
    assert tally.elements == {("s", "1", ("b",)): 2, ("s", "2", ()): 2}
    assert tally.flags == {("s", "1", "outside"): 2, ("s", "2", "occluded"): 2}
    assert (tally.images, tally.images_refused) == (3, 1)
    refused = {("box", "car"): 2, ("skeleton", ""): 1, ("points", "/1"): 1, ("blob", "q"): 1}
    assert tally.refused == refused | {("skeleton", "s"): 1, ("points", "s/1"): 1, ("points", "s/2"): 1, ("tag", "t"): 1}
    oracle = {key: entry.elements for key, entry in count(tmp_path / "annotations.xml").items()}
    names = {"rectangle": "box"}
    ours = {("image", ""): 4} | tally.refused
    for (kind, label, _, _), number in tally.shapes.items():
        ours[names.get(kind, kind), label] = ours.get((names.get(kind, kind), label), 0) + number
    for (skeleton, element, _), number in tally.elements.items():
        ours["points", f"{skeleton}/{element}"] = ours.get(("points", f"{skeleton}/{element}"), 0) + number
    assert ours == oracle


def test_element_signature_names_its_skeleton(tmp_path: Path) -> None:
    """Points are counted by skeleton and element, for element names repeat between skeletons."""
    (skeleton,) = [shape for shape in read_text(tmp_path, TEXT).images[0].shapes if shape.kind == "skeleton"]
    assert element_signature("s", skeleton.geometry[0]) == ("s", "1", ("b",))


@pytest.mark.parametrize("end", range(0, len(TEXT), 7))
def test_truncation_anywhere(tmp_path: Path, end: int) -> None:
    """A file cut at any place is refused, or gives the whole images before that place, with the place and sound books."""
    whole = read_text(tmp_path, TEXT)
    path = write(tmp_path, TEXT.encode()[:end])
    if end <= TEXT.index(">", TEXT.index("<image")):
        with pytest.raises(SourceError) as caught:
            read(path)
        assert {"SRC109", "SRC113"} & {finding.code for finding in caught.value.findings}
        return
    found = read(path)
    assert not found.reader.complete
    assert "SRC113" in found.codes
    assert found.images == whole.images[: len(found.images)]
    expected = books(found.images)
    tally = found.reader.tally
    assert (tally.shapes, tally.elements, tally.flags) == (expected.shapes, expected.elements, expected.flags)
    assert tally.images == len(found.images)
    assert found.reader.sha256 == sha256(TEXT.encode()[:end]).hexdigest()


def test_broken_place_has_line_and_column(tmp_path: Path) -> None:
    """A control character in a value, which CVAT does not filter, ends the reading at its line and column."""
    text = export(image('<tag label="a"/>') + "\n" + image('<tag label="a\x01"/>', id=1, name="b"))
    found = read_text(tmp_path, text)
    (finding,) = found.findings
    assert (finding.code, len(found.images), found.reader.complete) == ("SRC113", 1, False)
    assert finding.source
    line = text.split("\n")[5]
    assert (finding.source.line, finding.source.column) == (6, line.index("\x01") + 1)
    assert found.reader.bytes == len(text)


def test_damaged_zip_ends_like_a_broken_file(tmp_path: Path) -> None:
    """A zip whose data are damaged gives the images before the damage."""
    body = "".join(image(f'<tag label="{number * 7919}"/>', id=number, name=f"{number}") for number in range(20_000))
    path = pack(tmp_path / "export.zip", {"annotations.xml": export(body)})
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)
    found = read(path)
    assert not found.reader.complete
    assert 0 < len(found.images) < 20_000
    assert found.codes[0] == "SRC113"


def test_text_after_the_end_is_reported(tmp_path: Path) -> None:
    """Two exports pasted one behind the other give the first, and a finding."""
    found = read_text(tmp_path, export(image(CONTENT)) + export(image("")).partition("?>")[2])
    assert (len(found.images), found.reader.complete, found.codes) == (1, False, ["SRC113"])


def test_unexpected_children_at_every_level(tmp_path: Path) -> None:
    """What does not belong is skipped with all that is in it, told with its text, and disturbs nothing around it."""
    odd = "<odd>  some\n text <attribute name='a'>no</attribute></odd>"
    content = f"""<attribute name="a">stray</attribute>{odd}<box label="car" xtl="1" ytl="2" xbr="3" ybr="4">{odd}
    <attribute name="a">o{odd}ne</attribute><box/></box>
    <skeleton label="s"><points label="1" points="1,2">{odd}<attribute name="b">t{odd}wo</attribute></points></skeleton>"""
    found = read_text(tmp_path, export(image(content)))
    box, skeleton = found.shapes
    assert box.attributes == (("a", "one"),)
    assert skeleton.geometry[0].attributes == (("b", "two"),)
    assert sorted({(finding.code, finding.count) for finding in found.findings}) == [("SRC130", 1), ("SRC131", 1), ("SRC131", 2)]
    assert found.reader.tally.refused == {("attribute", ""): 1, ("odd", ""): 5, ("box", ""): 1}
    messages = [sample.message for finding in found.findings for sample in finding.samples]
    assert "element odd in attribute is not read; its text is 'some text'" in messages
    assert "element attribute in image is not read; its text is 'stray'" in messages


def test_odd_xml_attributes_of_an_attribute(tmp_path: Path) -> None:
    """An attribute element with more than a name keeps its name and text."""
    found = read_text(tmp_path, export(image('<tag label="t"><attribute id="4" name="a">x</attribute></tag>')))
    assert found.shapes[0].attributes == (("a", "x"),)
    assert found.codes == ["SRC132"]


def test_repeated_names_in_elements(tmp_path: Path) -> None:
    """Of two attributes of one name in a skeleton's point the first is kept."""
    point = '<points label="1" points="1,2"><attribute name="a">1</attribute><attribute name="a">2</attribute></points>'
    found = read_text(tmp_path, export(image(f'<skeleton label="s">{point}</skeleton>')))
    assert found.shapes[0].geometry[0].attributes == (("a", "1"),)
    assert found.codes == ["SRC140"]
    assert found.reader.tally.refused == {("attribute", "a"): 1}
