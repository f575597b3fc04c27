"""Every code of the reading side: an export that calls it forth, and what stays of the export."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mapper.cvat.archive import Limits
from mapper.cvat.elements import CUBOID
from mapper.errors import SourceError
from mapper.findings.base import Finding, Severity
from mapper.findings.source import ISSUES
from tests.support.reading import META, export, image, pack, read, read_text, write

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '<tag label="good"/>'
BOX = '<box label="car" xtl="1" ytl="2" xbr="3" ybr="4"{}>{}</box>'
POINT = '<points label="{}" points="1,2"{}>{}</points>'


def skeleton(content: str, fields: str = "") -> str:
    """A skeleton with this content."""
    return f'<skeleton label="body"{fields}>{content}</skeleton>'


def labels(content: str) -> str:
    """An export whose meta block holds these labels."""
    return export(image(GOOD), META.replace("<labels>", f"<labels>{content}"))


def project(*tasks: str) -> str:
    """The meta block of a project."""
    return f"<meta><project><id>1</id><tasks>{''.join(tasks)}</tasks><labels></labels></project></meta>"


TASK_3 = "<task><id>3</id><size>4</size><subset>Train</subset><start_frame>2</start_frame><frame_filter>step=5</frame_filter></task>"

RETIRED = {"SRC107", "SRC112", "SRC123"}
"""Codes that were once given out and mean nothing now: "this is a backup", "this is a video export", "a track among images"."""

SIZE = "<attribute><name>size</name><input_type>text</input_type></attribute>"
CORNERS = " ".join(f'{name}="3"' for name in CUBOID)

IMAGES: list[tuple[str, str]] = [
    ("SRC114", export(image(GOOD), "")),
    ("SRC115", export(image(GOOD) + META, "")),
    ("SRC116", export(image(GOOD), META.replace("<labels>", "<video_attributes><weather>x</weather></video_attributes><labels>"))),
    ("SRC117", labels("<label><name>car</name></label>")),
    ("SRC117", labels(f"<label><name>a</name><attributes>{SIZE}{SIZE}</attributes></label>")),
    ("SRC118", labels("<label><name>1</name><type>points</type><parent>body</parent></label>")),
    ("SRC119", labels("<label><color>#fff</color></label>")),
    ("SRC120", labels("<label><name>s</name><type>skeleton</type><svg>&lt;circle cx='1' cy='1' data-node-id='1'&gt;</svg></label>")),
    ("SRC121", export("")),
    ("SRC122", export("<comment>checked</comment>" + image(GOOD))),
    ("SRC124", export(image(GOOD) + image(GOOD, id=1, name="b", width=None))),
    ("SRC124", export(image(GOOD) + image(GOOD, id=1, name=None))),
    ("SRC124", export(image(GOOD) + image(GOOD, id="x", name="b"))),
    ("SRC124", export(image(GOOD) + image(GOOD, id=1, name="b", height="00"))),
    ("SRC124", export(image(GOOD) + image(GOOD, id=1, name="b", height="80.5"))),
    ("SRC125", export(image(GOOD, task_id=4, subset="Train"), project(TASK_3))),
    ("SRC126", export(image(GOOD, task_id=3, subset="Train", id=8), project(TASK_3))),
    ("SRC127", export(image(GOOD) + image("", id=1))),
    ("SRC128", export(image(GOOD) + image("", name="b"))),
    ("SRC132", export(image(GOOD, rotation=90))),
    ("SRC129", export(image(GOOD, id=1) + image("", name="b"))),
]

SHAPES: list[tuple[str, str, int]] = [
    ("SRC130", '<circle label="wheel" cx="1"><attribute name="a">1</attribute></circle>', 0),
    ("SRC131", BOX.format("", "<rotation>12</rotation>"), 1),
    ("SRC132", BOX.format(' confidence="0.9"', ""), 1),
    ("SRC132", '<polygon label="car" points="1,2;3,4;5,6" rotation="9"/>', 1),
    ("SRC132", BOX.format(' outside="1"', ""), 1),
    ("SRC132", skeleton(POINT.format("1", ' keyframe="1"', "")), 1),
    ("SRC133", '<box label="car" xtl="1" ytl="2" xbr="3"/>', 0),
    ("SRC133", '<tag source="manual"/>', 0),
    ("SRC134", '<box label="car" xtl="nan" ytl="2" xbr="3" ybr="4"/>', 0),
    ("SRC134", '<ellipse label="car" cx="1" cy="2" rx="1_0" ry="4"/>', 0),
    ("SRC134", '<box label="car" xtl="\uff11" ytl="2" xbr="3" ybr="4"/>', 0),
    ("SRC134", '<box label="car" xtl="" ytl="2" xbr="3" ybr="4"/>', 0),
    ("SRC134", BOX.format(' rotation="x"', ""), 0),
    ("SRC134", BOX.format(' rotation="inf"', ""), 0),
    ("SRC134", f'<cuboid label="car" {CORNERS.replace("3", "x")}/>', 0),
    ("SRC134", '<polygon label="car" points="1,2;3,x;5,6"/>', 0),
    ("SRC134", '<mask label="car" rle="1, -1" left="0" top="0" width="1" height="1"/>', 0),
    ("SRC134", '<mask label="car" rle="1" left="0" top="a" width="1" height="1"/>', 0),
    ("SRC135", '<polyline label="car" points="1,2;3"/>', 0),
    ("SRC136", '<polygon label="car" points="1,2;3,4"/>', 0),
    ("SRC136", '<polyline label="car" points="1,2"/>', 0),
    ("SRC136", '<points label="car" points=""/>', 0),
    ("SRC137", '<mask label="car" rle="0, 2, 3, 2" left="0" top="0" width="3" height="2"/>', 0),
    ("SRC138", '<mask label="car" rle="0, 12" left="0" top="0" width="2" height="3"/>', 1),
    ("SRC139", BOX.format("", "<attribute>red</attribute>"), 1),
    ("SRC139", skeleton(POINT.format("1", "", "<attribute/>")), 1),
    ("SRC140", BOX.format("", '<attribute name="a">1</attribute><attribute name="a">2</attribute>'), 1),
    ("SRC141", BOX.format(' track_id="4"', ""), 1),
    ("SRC131", skeleton(POINT.format("1", "", "<outside>1</outside>")), 1),
    ("SRC142", skeleton(""), 0),
    ("SRC143", skeleton(POINT.format("1", "", "") + '<points label="2" points="1,2;3"/>'), 1),
    ("SRC143", skeleton(POINT.format("1", "", "") + '<points label="2"/>'), 1),
    ("SRC143", skeleton(POINT.format("1", "", "") + '<points label="2" points="1,2;3,4"/>'), 1),
    ("SRC143", skeleton(POINT.format("1", "", "") + '<box label="2" xtl="1"/>'), 1),
    ("SRC143", skeleton(POINT.format("1", "", "") + '<points points="1,2"/>'), 1),
    ("SRC144", skeleton(POINT.format("1", "", "") * 2), 1),
    ("SRC145", skeleton(POINT.format("1", ' source="auto"', ""), ' source="manual"'), 1),
    ("SRC146", skeleton(POINT.format("1", ' outside="True"', "")), 1),
]


@pytest.mark.parametrize(("code", "text"), IMAGES)
def test_code_of_header_or_image(tmp_path: Path, code: str, text: str) -> None:
    """What is odd about head and images is found once, and the good image is read all the same."""
    found = read_text(tmp_path, text)
    assert found.codes == ([code, "SRC114"] if code == "SRC115" else [code])
    assert found.findings[0].count == 1
    assert [shape.label for shape in found.shapes] == ([] if code == "SRC121" else ["good"])
    assert found.reader.complete


@pytest.mark.parametrize(("code", "content", "kept"), SHAPES)
def test_code_of_shape(tmp_path: Path, code: str, content: str, kept: int) -> None:
    """A finding names line, image and shape; a refused element is counted, and what stands around it is kept."""
    found = read_text(tmp_path, export(image(GOOD + "\n" + content + GOOD)))
    (finding,) = found.findings
    assert (finding.code, finding.count) == (code, 1)
    assert finding.source
    assert (finding.source.file, finding.source.line, finding.source.image) == ("annotations.xml", 6, "a.jpg")
    assert finding.source.shape.split(" ")[1] == "2,"
    labels_read = [shape.label for shape in found.shapes]
    assert labels_read == ["good", *[found.shapes[1].label] * kept, "good"]
    lost = found.reader.tally.refused
    assert bool(lost) == (finding.severity is Severity.ERROR or code == "SRC131")


class Refusal(NamedTuple):
    """A source that cannot be read: the members of a folder or zip (name "" for a single XML file)."""

    code: str
    members: dict[str, str]
    zipped: bool = False


TEXT = export(image(GOOD))
REFUSALS = [
    Refusal("SRC105", {"instances.json": "{}"}),
    Refusal("SRC105", {"images/a.jpg": "", "coco/instances.json": "{}"}, zipped=True),
    Refusal("SRC106", {"a/annotations.xml": TEXT, "b/annotations.xml": TEXT}),
    Refusal("SRC106", {"a/annotations.xml": TEXT, "b/annotations.xml": TEXT}, zipped=True),
    Refusal("SRC109", {"": ""}),
    Refusal("SRC109", {"": '{"version": 1}'}),
    Refusal("SRC109", {"": '<?xml version="1.0" encoding="no-such"?><annotations/>'}),
    Refusal("SRC109", {"": '<?xml version="1.0" encoding="shift_jis"?><annotations/>'}),
    Refusal("SRC110", {"": '<!DOCTYPE annotations [<!ENTITY a "aa">]>' + TEXT.partition("?>")[2].lstrip()}),
    Refusal("SRC110", {"": '<!DOCTYPE annotations SYSTEM "http://localhost/x.dtd"><annotations/>'}),
    Refusal("SRC111", {"": "<annotation><folder>VOC2012</folder></annotation>"}),
    Refusal("SRC113", {"": "<annotations><meta><task><id>1"}),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_code_of_refusal(tmp_path: Path, refusal: Refusal) -> None:
    """A source that cannot be read stops with one coded finding."""
    assert refused(build(tmp_path, refusal)) == [refusal.code]


def build(folder: Path, refusal: Refusal) -> Path:
    """Put the members of a refusal on disk."""
    if "" in refusal.members:
        return write(folder, refusal.members[""])
    if refusal.zipped:
        return pack(folder / "export.zip", refusal.members)
    for name, content in refusal.members.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder / "export"


def refused(path: Path, limits: Limits | None = None) -> list[str]:
    """The codes with which a source is refused."""
    with pytest.raises(SourceError) as caught:
        read(path, limits=limits)
    findings: tuple[Finding, ...] = caught.value.findings
    assert str(caught.value) in [finding.message for finding in findings if finding.severity is Severity.ERROR]
    return [finding.code for finding in findings]


def test_missing_and_unreadable_sources(tmp_path: Path) -> None:
    """No such path, and a path that the system does not open as a file, are told apart."""
    assert refused(tmp_path / "none.zip") == ["SRC101"]
    os.mknod(tmp_path / "socket", stat.S_IFSOCK)
    assert refused(tmp_path / "socket") == ["SRC102"]


def test_damaged_and_encrypted_zips(tmp_path: Path) -> None:
    """A zip without its end, one of an unknown compression, and one with a password are refused."""
    path = pack(tmp_path / "export.zip", {"annotations.xml": TEXT})
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert refused(path) == ["SRC103"]
    central = whole.index(b"PK\x01\x02")
    path.write_bytes(whole[:central] + b"XX" + whole[central + 2 :])
    assert refused(path) == ["SRC103"]
    path.write_bytes(whole[: central + 10] + b"\x63" + whole[central + 11 :])
    assert refused(path) == ["SRC103"]
    path.write_bytes(whole[: central + 8] + b"\x01" + whole[central + 9 :])
    assert refused(path) == ["SRC104"]


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(xml=100), TEXT),
        (Limits(ratio=10, ratio_from=1000), export(" " * 100_000)),
        (Limits(token=100_000), export(image(f'<tag label="{"x" * 400_000}"/>'))),
        (Limits(), export("<a>" * 300 + "</a>" * 300)),
        (Limits(), export("", "<meta>" + "<a>" * 300 + "</a>" * 300 + "</meta>")),
    ],
)
def test_limits(tmp_path: Path, limits: Limits, text: str) -> None:
    """Too many bytes, too strong a compression, too long a token and too deep a nesting are refused."""
    assert refused(pack(tmp_path / "export.zip", {"annotations.xml": text}), limits)[0] == "SRC108"


def test_limit_of_a_file(tmp_path: Path) -> None:
    """The size of a plain file is limited too, though nothing declares it."""
    assert refused(write(tmp_path, export(" " * 300_000)), Limits(xml=200_000)) == ["SRC108"]


def test_every_code_has_a_case() -> None:
    """The tables above and the tests beside them name every code of the reading side, in order."""
    elsewhere = {"SRC101", "SRC102", "SRC103", "SRC104", "SRC108", "SRC147"}
    cases = {code for code, *_ in (*IMAGES, *SHAPES, *REFUSALS)} | elsewhere
    codes = [issue.code for issue in ISSUES]
    assert codes == sorted(set(codes))
    assert not RETIRED & set(codes)
    cases |= {code for code in codes if code >= "SRC150"}  # beside this module
    assert cases == set(codes)


@pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.code)
def test_every_code_has_a_page(issue: type) -> None:
    """A page says what it is, why it matters, an example, and what to do; the sentence and the hint can be filled."""
    page = str(issue.__doc__).split("\n")
    assert page[0].endswith(".")
    starts = [line.strip().split(":")[0] for line in page if line.strip().startswith(("Why it matters:", "Example:", "What to do:"))]
    assert starts == ["Why it matters", "Example", "What to do"]
    evidence = dict.fromkeys(issue.__annotations__, "x")
    made = issue(**evidence)
    assert made.message()
    assert made.help()
