"""What a video export becomes: tracks with entries of every kind, their flags, fields and frames, in both dialects."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from mapper.cvat.elements import CUBOID
from mapper.cvat.model import Entry, Shape, Track
from mapper.cvat.readers import open_export
from mapper.findings.collector import Collector
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle
from tests.support.reading import META, box, export, image, pack, read, read_text, track, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.reading import Reading


def read_track(folder: Path, content: str, **fields: object) -> Track:
    """The only track of an export with this content, read without a finding."""
    found = read_text(folder, export(track(content, **fields)))
    assert found.codes == []
    (only,) = found.tracks
    return only


def test_entry_with_everything(tmp_path: Path) -> None:
    """An entry is a shape with its track's label, source and group, and with flags and a frame."""
    content = """
      <box frame="3" keyframe="1" outside="0" occluded="1" xtl="1.00" ytl="2.50" xbr="30" ybr="40.00" rotation="45.9" z_order="-2">
        <attribute name="speed">5</attribute><attribute name="plate"> 007 </attribute></box>
      <box frame="4" keyframe="0" outside="1" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4" z_order="0"></box>"""
    found = read_track(tmp_path, content, id=12, source="auto", group_id=5)
    pairs = (("speed", "5"), ("plate", " 007 "))
    first = Shape(
        "rectangle",
        "car",
        Rectangle(1, 2.5, 30, 40, 45.9),
        "1.00,2.50,30,40.00,45.9",
        pairs,
        ("1", "-2", "5", "auto", None, "45.9", None),
        6,
    )
    second = Shape("rectangle", "car", Rectangle(1, 2, 3, 4, 0), "1,2,3,4,", (), ("0", "0", "5", "auto", None, None, None), 8)
    assert found[:3] == ("12", "car", "rectangle")
    assert found[5:8] == ("auto", "5", 5)
    assert found.entries == [
        Entry(3, keyframe=True, outside=False, shape=first),
        Entry(4, keyframe=False, outside=True, shape=second),
    ]


def test_a_track_that_says_little(tmp_path: Path) -> None:
    """Without id, source and group there are none; without outside and occluded an entry is seen and says nothing."""
    found = read_track(tmp_path, '<box frame="0" keyframe="1" xtl="1" ytl="2" xbr="3" ybr="4"/>', id=None, source=None)
    assert (found.id, found.source, found.group_id, found.subset) == ("", None, None, "")
    assert found.entries[0].shape.fields == (None,) * 7
    assert not found.entries[0].outside


def test_every_kind(tmp_path: Path) -> None:
    """Each shape of CVAT can be a track; a mask is a single shape, which CVAT writes as one."""
    corners = " ".join(f'{name}="{position}"' for position, name in enumerate(CUBOID))
    kinds = {
        "polygon": ('polygon{}points="1,2;3,4;5,6"', [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        "polyline": ('polyline{}points="1,2;3,4"', [1.0, 2.0, 3.0, 4.0]),
        "points": ('points{}points="1,2"', [1.0, 2.0]),
        "ellipse": ('ellipse{}cx="5" cy="6" rx="2" ry="1" rotation="15.00"', Ellipse(5, 6, 2, 1, 15)),
        "cuboid": (f"cuboid{{}}{corners}", [float(position) for position in range(16)]),
        "mask": ('mask{}rle="0, 2, 3, 1" left="10" top="20" width="3" height="2"', Mask([0, 2, 3, 1], 10, 20, 3, 2)),
    }
    flags = ' frame="2" keyframe="1" outside="0" occluded="0" z_order="0" '
    tracks = [track(f"<{text.format(flags)}/>", id=number) for number, (text, _) in enumerate(kinds.values())]
    found = read_text(tmp_path, export("".join(tracks)))
    assert found.codes == []
    assert [(entry.kind, entry.entries[0].shape.geometry) for entry in found.tracks] == [
        (kind, geometry) for kind, (_, geometry) in kinds.items()
    ]


SKELETON = """<skeleton frame="0" keyframe="1" z_order="1">
  <points label="head" keyframe="1" outside="0" occluded="0" points="1,2"><attribute name="visible%">7</attribute></points>
  <points label="hand" keyframe="1" outside="0" occluded="1" points="3,4"></points><attribute name="pose">up</attribute></skeleton>
<skeleton frame="1" keyframe="0" z_order="1">
  <points label="head" keyframe="0" outside="0" occluded="0" points="2,2"><attribute name="visible%">7</attribute></points>
  <points label="hand" keyframe="1" outside="1" occluded="0" points="3,5"></points></skeleton>
<skeleton frame="2" keyframe="0" z_order="1">
  <points label="head" keyframe="0" outside="0" occluded="0" points="3,2"><attribute name="visible%">7</attribute></points></skeleton>
<skeleton frame="3" keyframe="0" z_order="1">
  <points label="head" keyframe="1" outside="1" occluded="0" points="4,2"><attribute name="visible%">9</attribute></points></skeleton>"""


def test_skeleton(tmp_path: Path) -> None:
    """A point that is absent is outside at its last place; a skeleton is when all its points are; a point's keyframe is the skeleton's."""
    found = read_text(tmp_path, export(track(SKELETON, label="body", group_id=2)))
    assert found.codes == []
    (body,) = found.tracks
    assert [(entry.frame, entry.keyframe, entry.outside) for entry in body.entries] == [
        (0, True, False), (1, True, False), (2, False, False), (3, True, True),
    ]  # fmt: skip
    hidden = Element("hand", 3, 5, outside=True, occluded=False, attributes=(), line=10)
    shapes = [entry.shape for entry in body.entries]
    assert shapes[1].geometry[1] == shapes[2].geometry[1] == shapes[3].geometry[1] == hidden
    assert shapes[2].geometry[0] == Element("head", 3, 2, outside=False, occluded=False, attributes=(("visible%", "7"),), line=12)
    assert [shape.key for shape in shapes] == ["hand:3,4;head:1,2", "hand:3,5;head:2,2", "head:3,2", "head:4,2"]
    assert (shapes[0].attributes, shapes[0].fields) == ((("pose", "up"),), (None, "1", "2", "manual", None, None, None))
    tally = found.reader.tally
    assert tally.elements == {("body", "head", ("visible%",)): 3, ("body", "hand", ()): 3}
    assert tally.flags == {("body", "hand", "occluded"): 1, ("body", "hand", "outside"): 2}
    assert (tally.outside, tally.keyframes) == ({("skeleton", "body"): 1}, {("skeleton", "body"): 3})


NESTED = """<skeleton frame="0" outside="0" occluded="1" keyframe="1" points="1,2;3,4" z_order="0"></skeleton>
<skeleton frame="1" outside="0" occluded="0" keyframe="0" points="1,2;3,4" z_order="0"></skeleton>
<skeleton frame="2" outside="1" occluded="0" keyframe="1" points="1,2;3,4" z_order="0"></skeleton>
<track id="0" label="head" source="manual">
  <points frame="0" outside="0" occluded="1" keyframe="1" points="1,2" z_order="0"><attribute name="a">x</attribute></points>
  <points frame="1" outside="0" occluded="0" keyframe="1" points="2,2" z_order="0"></points>
  <points frame="2" outside="0" occluded="0" keyframe="0" points="3,2" z_order="0"></points></track>
<track id="1" label="hand" source="manual">
  <points frame="0" outside="0" occluded="0" keyframe="1" points="3,4" z_order="0"></points>
  <points frame="1" outside="1" occluded="0" keyframe="1" points="3,4" z_order="0"></points></track>"""


def test_nested_dialect(tmp_path: Path) -> None:
    """CVAT 2.2 to 2.3 writes a track for each point inside the skeleton's, whose entries carry outside and occluded."""
    found = read_text(tmp_path, export(track(NESTED, label="body")))
    assert found.codes == []
    (body,) = found.tracks
    assert [(entry.frame, entry.keyframe, entry.outside) for entry in body.entries] == [(0, True, False), (1, True, False), (2, True, True)]
    first, second, last = (entry.shape for entry in body.entries)
    assert first.geometry == (
        Element("head", 1, 2, outside=False, occluded=True, attributes=(("a", "x"),), line=9),
        Element("hand", 3, 4, outside=False, occluded=False, attributes=(), line=13),
    )
    assert first.fields[0] == "1"
    assert first.key == "hand:3,4;head:1,2"
    assert [element.outside for element in second.geometry] == [False, True]
    assert [element[:4] for element in last.geometry] == [("head", 3, 2, False), ("hand", 3, 4, True)]
    tally = found.reader.tally
    assert tally.elements == {("body", "head", ("a",)): 1, ("body", "head", ()): 1, ("body", "hand", ()): 2}
    assert (tally.tracks, tally.refused, tally.outside) == (1, {}, {("skeleton", "body"): 1})


def test_skeleton_hidden_by_all_nested_points(tmp_path: Path) -> None:
    """Where no nested track has an entry, nothing of the skeleton is seen."""
    content = NESTED.replace('<skeleton frame="2" outside="1"', '<skeleton frame="5" outside="0"')
    content = content.replace('<points frame="2" outside="0" occluded="0" keyframe="0" points="3,2" z_order="0"></points>', "")
    (body,) = read_text(tmp_path, export(track(content, label="body"))).tracks
    assert [(entry.frame, entry.outside) for entry in body.entries] == [(0, False), (1, False), (5, True)]
    assert [element.outside for element in body.entries[2].shape.geometry] == [True, True]


PROJECT = """<meta><project><id>1</id><tasks>
<task><id>3</id><size>4</size><subset>A</subset><original_size><width>640</width><height>480</height></original_size></task>
<task><id>5</id><size>3</size><subset>A</subset><start_frame>10</start_frame><stop_frame>20</stop_frame>
<frame_filter>step=5</frame_filter></task></tasks><labels></labels></project></meta>"""


def test_frames_of_a_project(tmp_path: Path) -> None:
    """A frame is the number less what earlier tasks of the subset take up; task and subset are the track's."""
    body = track(box(1), task_id=3, subset="A") + track(box(14) + box(19), id=1, task_id=5, subset="A")
    found = read_text(tmp_path, export(body, PROJECT))
    assert found.codes == []
    one, two = found.tracks
    assert (one.task.id, one.task.width, one.task.height, one.subset) == ("3", 640, 480, "A")
    assert (two.task.id, two.task.offset, [entry.frame for entry in two.entries]) == ("5", 4, [10, 15])


def test_sizes_in_old_places(tmp_path: Path) -> None:
    """original_size stands in the task, or beside it as in job exports and old files; 0 where it is not said or no number."""
    size = "<original_size><width>64</width><height>48</height></original_size>"
    for meta in (META.replace("</task>", f"{size}</task>"), META.replace("</meta>", f"{size}</meta>")):
        task = read_text(tmp_path, export(track(box(0)), meta)).tracks[0].task
        assert (task.width, task.height) == (64, 48)
    wrong = META.replace("</task>", f"{size.replace('64', 'wide')}</task>")
    assert read_text(tmp_path, export(track(box(0)), wrong)).tracks[0].task.width == 0
    assert read_text(tmp_path, export(track(box(0)))).tracks[0].task.width == 0


def test_video_view_of_images(tmp_path: Path) -> None:
    """The view does not depend on the mode of the task: an image task exported for video gives tracks and no images."""
    found = read_text(tmp_path, export(track(box(0)), META.replace("interpolation", "annotation")))
    assert (len(found.images), len(found.tracks), found.tracks[0].task.mode) == (0, 1, "annotation")


def test_version_1_0(tmp_path: Path) -> None:
    """A document of 2018: no sizes, attributes as one string, tracks without source, shapes without z_order."""
    meta = META.replace("<attributes></attributes>", "<attributes><attribute>~select=action:standing,walking</attribute></attributes>")
    content = (
        '<box frame="1" xtl="1" ytl="2" xbr="3" ybr="4" outside="0" occluded="1" keyframe="1"><attribute name="action">x</attribute></box>'
    )
    found = read_text(tmp_path, export(track(content, source=None), meta).replace("1.1<", "1.0<"))
    assert found.codes == []
    (attribute,) = found.reader.export.labels[0].attributes
    assert (attribute.name, attribute.mutable, attribute.values) == ("action", True, ("standing", "walking"))
    assert found.tracks[0].entries[0].shape.fields == ("1", None, None, None, None, None, None)


@pytest.mark.parametrize("order", ["images first", "tracks first", "between"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_images_and_tracks_in_one_file(tmp_path: Path, order: str, encoding: str) -> None:
    """Whatever the order, images come first and tracks after them, none lost, and a finding says that the two are mixed."""
    pictures = [image('<tag label="car"/>', id=number, name=str(number)) for number in range(3)]
    tracks = [track(box(number), id=number) for number in range(3)]
    parts = {
        "images first": [*pictures, *tracks],
        "tracks first": [*tracks, *pictures],
        "between": [tracks[0], *pictures[:2], *tracks[1:], pictures[2]],
    }
    text = export("".join(parts[order])).replace("utf-8", encoding.removesuffix("-be"))
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    found = read_text(tmp_path, (mark + text).encode(encoding))
    assert [picture.name for picture in found.images] == ["0", "1", "2"]
    assert [(one.id, one.entries[0].frame) for one in found.tracks] == [("0", 0), ("1", 1), ("2", 2)]
    assert found.tracks[0].entries[0].shape.geometry == Rectangle(1, 2, 3, 4, 0)
    assert found.codes == ["SRC159"]
    assert (found.reader.tally.images, found.reader.tally.tracks, found.reader.complete) == (3, 3, True)


def test_images_far_behind_tracks(tmp_path: Path) -> None:
    """Images are found behind any length of tracks, in a zip too, at whatever place the search cuts the file."""
    body = "".join(track(box(number) * 20, id=number) for number in range(700))
    path = pack(tmp_path / "export.zip", {"annotations.xml": export(body + image(""))})
    found = read(path)
    assert (len(found.images), len(found.tracks)) == (1, 700)


def test_tracks_alone_can_be_asked_for(tmp_path: Path) -> None:
    """Whoever wants tracks only gets those of a mixed file too."""
    path = write(tmp_path, export(image("") + track(box(0))))
    with open_export(path, Collector()) as reader:
        assert len(list(reader.tracks())) == 1
        assert list(reader.tracks()) == []
        assert list(reader.images()) == []


@pytest.mark.parametrize(("body", "expected"), [(track(box(0)), True), (image("") * 2000 + track(""), False), (image("") * 9, False)])
def test_whether_tracks_are_foretold(tmp_path: Path, body: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """This is known before anything is read where tracks come first, and asking does not disturb the reading."""
    found = read_text(tmp_path, export(body))
    with open_export(tmp_path / "annotations.xml", Collector()) as reader:
        assert reader.foretells_tracks() is expected
        assert (list(reader.images()), list(reader.tracks())) == (found.images, found.tracks)
        assert reader.sha256 == found.reader.sha256


def test_one_track_at_a_time(tmp_path: Path) -> None:
    """A track is there before the file is read to its end."""
    path = write(tmp_path, export("".join(track(box(number), id=number) for number in range(5000))))
    with open_export(path, Collector()) as reader:
        assert list(reader.images()) == []
        next(reader.tracks())
        assert reader.bytes < path.stat().st_size / 2


def test_memory_does_not_grow_with_the_number_of_tracks(tmp_path: Path) -> None:
    """Three times the tracks take the same memory."""
    peaks = []
    for count in (300, 900):
        content = "".join(track("".join(box(frame) for frame in range(40)), id=None) for _ in range(count))
        path = write(tmp_path, export(content, ""))
        tracemalloc.start()
        with open_export(path, Collector()) as reader:
            assert sum(len(one.entries) for one in reader.tracks()) == 40 * count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_an_export_without_anything(tmp_path: Path) -> None:
    """An empty view of a video says so, with the mode of its task."""
    found: Reading = read_text(tmp_path, export("", META.replace("annotation<", "interpolation<")))
    assert (found.codes, found.images, found.tracks) == (["SRC121"], [], [])
    assert "interpolation" in found.findings[0].message
