"""Every code of tracks and their entries: an export that calls it forth, and what stays of the export."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from mapper.cvat.tracks import LONGEST_GAP
from mapper.findings.base import Severity
from mapper.findings.source import ISSUES
from tests.support.reading import META, box, export, image, read_text, track

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.model import Entry, Shape

GOOD = track(box(0) + box(1, keyframe=0), id=99)
STEPS = META.replace("<size>9<", "<size>3<").replace("frame_filter><", "frame_filter>step=5<").replace("stop_frame>8", "stop_frame>14")
POINT = '<points label="{}" keyframe="1" outside="0" occluded="0" points="1,2"/>'
ENTRY = '<points frame="{}" keyframe="1" outside="0" occluded="0" points="{}" z_order="0"/>'


def skeleton(content: str, frame: int = 0, fields: str = "") -> str:
    """An entry of a skeleton's track."""
    return f'<skeleton frame="{frame}" keyframe="1" z_order="0"{fields}>{content}</skeleton>'


def task(number: int, subset: str, size: int = 5, start: int = 0) -> str:
    """A task of a project."""
    stop = start + size - 1
    return (
        f"<task><id>{number}</id><size>{size}</size><subset>{subset}</subset>"
        f"<start_frame>{start}</start_frame><stop_frame>{stop}</stop_frame></task>"
    )


def project(*tasks: str) -> str:
    """The meta block of a project."""
    return f"<meta><project><id>1</id><tasks>{''.join(tasks)}</tasks><labels></labels></project></meta>"


WHOLE: list[tuple[str, str, int]] = [
    ("SRC150", track(""), 0),
    ("SRC151", track(box(2, outside=1)), 1),
    ("SRC152", track(box(2)) + track(box(3)), 2),
    ("SRC153", track(box(0) + '<ellipse frame="1" keyframe="0" cx="1" cy="2" rx="3" ry="4"/>'), 2),
    ("SRC156", track(box(0) + box(1) + box(4)), 1),
    ("SRC159", track(box(0)) + image(""), 1),
    ("SRC163", track(box(1) + box(0, keyframe=0)), 1),
    ("SRC165", track(box(9)), 1),
    ("SRC122", "<comment>checked</comment>", 0),
    ("SRC132", track(box(0), colour="red"), 1),
    ("SRC133", track(box(0), label=None), 0),
]
"""A code, what stands beside the good track, and how many tracks come of it."""

ENTRIES: list[tuple[str, str, int]] = [
    ("SRC160", box(-1), 0),
    ("SRC160", box("1.5"), 0),
    ("SRC160", box("\uff11"), 0),
    ("SRC160", box("9" * 19), 0),
    ("SRC161", box(0, xtl=0), 0),
    ("SRC162", box(0), 0),
    ("SRC166", box(1, keyframe=None), 1),
    ("SRC146", box(1, outside="yes"), 1),
    ("SRC146", box(1, keyframe="True"), 1),
    ("SRC130", '<circle label="wheel" frame="1"/>', 0),
    ("SRC130", '<tag frame="1" keyframe="1"/>', 0),
    ("SRC131", box(1, "<rotation>12</rotation>"), 1),
    ("SRC131", '<attribute name="a">1</attribute>', 0),
    ("SRC132", box(1, confidence=1), 1),
    ("SRC132", box(1, label="lorry"), 1),
    ("SRC132", box(1, source="auto"), 1),
    ("SRC132", box(1, track_id=4), 1),
    ("SRC133", box(1, ybr=None), 0),
    ("SRC133", box(None), 0),
    ("SRC134", box(1, xtl="nan"), 0),
    ("SRC139", box(1, "<attribute>red</attribute>"), 1),
    ("SRC140", box(1, '<attribute name="a">1</attribute><attribute name="a">2</attribute>'), 1),
    ("SRC140", box(1, '<attribute name="a">1</attribute><attribute name="a">2</attribute>', outside=1), 1),
]
"""A code, what stands behind a good entry on frame 0 of a track, and how many entries come of it."""

SKELETONS: list[tuple[str, str, int]] = [
    ("SRC142", skeleton("", 1), 0),
    ("SRC143", skeleton(POINT.format("a") + '<box label="b"/>', 1), 1),
    ("SRC144", skeleton(POINT.format("a") * 2, 1), 1),
    ("SRC145", skeleton(POINT.format("a").replace("points=", 'source="auto" points='), 1), 1),
    ("SRC146", skeleton(POINT.format("a").replace('keyframe="1"', 'keyframe="x"'), 1), 1),
    ("SRC160", skeleton(POINT.format("a"), 1).replace('frame="1"', 'frame="x"', 1), 0),
    ("SRC133", skeleton(POINT.format("a"), 1).replace(' frame="1"', ""), 0),
    ("SRC161", skeleton(POINT.format("b"), 0), 0),
    ("SRC162", skeleton(POINT.format("a"), 0), 0),
]
"""A code, what stands behind a good skeleton on frame 0 of a track, and how many entries come of it."""

NESTED: list[tuple[str, str]] = [
    ("SRC167", f'<track label="b">{ENTRY.format(0, "1,2")}{ENTRY.format(1, "1,2")}</track>'),
    ("SRC143", f'<track label="b">{ENTRY.format(0, "1,2;3,4")}</track>'),
    ("SRC143", f'<track label="b">{box(0)}</track>'),
    ("SRC144", f'<track label="a">{ENTRY.format(0, "1,2")}</track>'),
    ("SRC144", f'<track label="b">{ENTRY.format(0, "1,2") * 2}</track>'),
    ("SRC145", f'<track label="b" source="auto">{ENTRY.format(0, "1,2")}</track>'),
    ("SRC132", f'<track label="b" colour="red">{ENTRY.format(0, "1,2")}</track>'),
    ("SRC160", f'<track label="b">{ENTRY.format("x", "1,2")}{ENTRY.format(0, "1,2")}</track>'),
    ("SRC130", f'<track label="b">{ENTRY.format(0, "1,2")}<track label="c"/></track>'),
]
"""A code, and a nested track beside a good one."""


@pytest.mark.parametrize(("code", "content", "tracks"), WHOLE)
def test_code_of_track(tmp_path: Path, code: str, content: str, tracks: int) -> None:
    """What is odd about a track is found once with its line, and the good track beside it is read all the same."""
    found = read_text(tmp_path, export(GOOD + "\n" + content))
    (finding,) = found.findings
    assert (finding.code, finding.count) == (code, 1)
    assert finding.source
    assert finding.source.line == 6
    assert len(found.tracks) == 1 + tracks
    assert (found.reader.tally.tracks, found.reader.tally.tracks_refused) == (1 + tracks, int(code in {"SRC150", "SRC133"}))


@pytest.mark.parametrize(("code", "content", "kept"), ENTRIES)
def test_code_of_entry(tmp_path: Path, code: str, content: str, kept: int) -> None:
    """A finding names the line and the track; a refused entry is counted, and the entries around it are kept."""
    _compare(tmp_path, track(f"{box(0)}\n{content}{box(2, keyframe=0)}", id=7), code, 2 + kept)


@pytest.mark.parametrize(("code", "content", "kept"), SKELETONS)
def test_code_of_skeleton_entry(tmp_path: Path, code: str, content: str, kept: int) -> None:
    """The same holds for skeletons, whose points are refused with them."""
    _compare(tmp_path, track(f"{skeleton(POINT.format('a'))}\n{content}{skeleton(POINT.format('a'), 2)}", id=7), code, 2 + kept)


def _compare(folder: Path, content: str, code: str, entries: int) -> None:
    found = read_text(folder, export(content))
    (finding,) = (one for one in found.findings if one.code != "SRC156")
    assert (finding.code, finding.count) == (code, 1)
    assert finding.source
    assert (finding.source.line, finding.source.shape[:7]) == (6, "track 7")
    assert len(found.tracks[0].entries) == entries
    lost = found.reader.tally.refused
    assert bool(lost) == (finding.severity is Severity.ERROR or code in {"SRC131", "SRC162"})


@pytest.mark.parametrize(("code", "content"), NESTED)
def test_code_of_nested_track(tmp_path: Path, code: str, content: str) -> None:
    """What is odd about a nested track is told with its place; its skeleton keeps its good points."""
    good = f'<track label="a">{ENTRY.format(0, "5,6")}</track>'
    found = read_text(tmp_path, export(track(skeleton("") + good + "\n" + content, label="body", id=7)))
    (finding,) = found.findings
    assert (finding.code, finding.count) == (code, 1)
    assert finding.source
    assert finding.source.line == 6
    points = found.tracks[0].entries[0].shape.geometry
    assert points[0][:3] == ("a", 5, 6)
    assert bool(found.reader.tally.refused) == (finding.severity is Severity.ERROR)


def test_nested_track_in_a_box(tmp_path: Path) -> None:
    """Only skeletons have points: those of another track are refused."""
    found = read_text(tmp_path, export(track(box(0) + f'<track label="b">{ENTRY.format(0, "1,2")}</track>')))
    assert (found.codes, len(found.tracks)) == (["SRC167"], 1)
    assert found.reader.tally.refused == {("points", "car/b"): 1}


def test_of_two_entries_the_keyframe_is_kept(tmp_path: Path) -> None:
    """CVAT reads keyframes only, so the keyframe stands, or else the first."""
    content = box(0, keyframe=0, xtl=7) + box(0, xtl=8) + box(1, keyframe=0, xtl=9) + box(1, keyframe=0, xtl=10)
    found = read_text(tmp_path, export(track(content)))
    assert [entry.shape.geometry.xtl for entry in found.tracks[0].entries] == [8, 9]
    (finding,) = found.findings
    assert (finding.code, finding.count) == ("SRC161", 2)
    assert found.reader.tally.refused == {("box", "car"): 2}
    assert sum(found.reader.tally.shapes.values()) == 2


def test_order_of_entries(tmp_path: Path) -> None:
    """Entries come in order of frames, each with its own shape."""
    found = read_text(tmp_path, export(track("".join(box(frame, keyframe=0, xtl=frame) for frame in (3, 1, 2, 0)))))
    assert [(entry.frame, entry.shape.geometry.xtl) for entry in found.tracks[0].entries] == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert [(finding.code, finding.count) for finding in found.findings] == [("SRC163", 1)]


def test_tracks_of_one_kind_each(tmp_path: Path) -> None:
    """Of a track with two kinds come two tracks with the same id, in order of their first entry, nothing lost."""
    polygon = '<polygon frame="1" keyframe="0" outside="{}" points="1,2;3,4;5,6"/>'
    found = read_text(tmp_path, export(track(box(0) + polygon.format(0) + box(2) + polygon.format(1).replace('"1"', '"3"', 1), id=4)))
    assert [(one.id, one.kind, [entry.frame for entry in one.entries]) for one in found.tracks] == [
        ("4", "rectangle", [0, 2]),
        ("4", "polygon", [1, 3]),
    ]
    assert found.reader.tally.outside == {("polygon", "car"): 1}


@pytest.mark.parametrize(("code", "frame"), [("SRC164", 3), ("SRC165", 15), ("SRC164", 13)])
def test_frames_that_the_task_does_not_have(tmp_path: Path, code: str, frame: int) -> None:
    """Between the steps, or beyond the stop: reported, and kept on the frame that they say."""
    found = read_text(tmp_path, export(track(box(0) + box(frame, keyframe=0)), STEPS))
    assert found.codes == [code]
    assert sorted(entry.frame for entry in found.tracks[0].entries) == [0, frame]


def test_closing_entry_beyond_the_stop(tmp_path: Path) -> None:
    """That an object is outside behind the last frame says nothing of any frame."""
    assert read_text(tmp_path, export(track(box(8) + box(9, outside=1)))).codes == []


def test_track_that_does_not_fit_its_offset(tmp_path: Path) -> None:
    """If the offset leads to no frame of the task, numbers are frames."""
    meta = project(task(3, "A", size=5), task(5, "A", size=5, start=100))
    found = read_text(tmp_path, export(track(box(102), task_id=5, subset="A"), meta))
    assert found.codes == ["SRC154"]
    assert found.tracks[0].entries[0].frame == 102
    assert read_text(tmp_path, export(track(box(105), task_id=5, subset="A"), meta)).tracks[0].entries[0].frame == 100


def test_offsets_of_default_and_default_1(tmp_path: Path) -> None:
    """The two are counted apart; a task before that has no track does not show to which it belongs, which is told."""
    meta = project(*(task(number, "default") for number in (1, 2, 3, 4)))
    sure = track(box(2), task_id=1, subset="default_1") + track(box(6), id=1, task_id=3, subset="default_1")
    found = read_text(tmp_path, export(sure.replace('id="3"', 'id="2"'), meta))
    assert ([one.entries[0].frame for one in found.tracks], found.codes) == ([2, 1], [])
    assert read_text(tmp_path, export(sure, meta)).codes == ["SRC155"]


def test_task_that_meta_does_not_list(tmp_path: Path) -> None:
    """A track keeps the number that it names."""
    found = read_text(tmp_path, export(track(box(2), task_id=8, subset="A"), project(task(3, "A"), task(4, "A"))))
    assert (found.codes, found.tracks[0].task.id) == (["SRC125"], "8")
    assert found.findings[0].message == "a track names the task '8', which meta does not list"


def test_flipped_task(tmp_path: Path) -> None:
    """A task that was flipped is told of; one that was not says nothing."""
    meta = META.replace("<labels>", "<flipped>{}</flipped><labels>")
    assert read_text(tmp_path, export(track(box(0)), meta.format("True"))).codes == ["SRC168"]
    assert read_text(tmp_path, export(track(box(0)), meta.format("False"))).codes == []


def test_broken_in_a_track(tmp_path: Path) -> None:
    """The open track is refused with all that it holds, what came before it is read."""
    point = POINT.format("a")
    nested = f'<track label="b">{ENTRY.format(0, "1,2")}</track><track label="c">{ENTRY.format(0, "1,2")}<points '
    text = export(GOOD + track(box(0) + box(1, outside=1) + skeleton(point, 2) + skeleton("", 3) + nested)).partition("<points </track>")[0]
    found = read_text(tmp_path, text)
    assert (found.codes, len(found.tracks), found.reader.complete) == (["SRC113"], 1, False)
    tally = found.reader.tally
    assert (tally.tracks, tally.tracks_refused) == (1, 1)
    points = {("points", f"car/{name}"): 1 for name in "abc"}
    assert tally.refused == {("box", "car"): 2, ("skeleton", "car"): 2} | points
    assert sum(tally.shapes.values()) == 2


def halfway(before: Entry, after: Entry, frame: int) -> Shape:
    """A stand-in for interpolation: the shape before, with a key that tells what was asked for."""
    return before.shape._replace(key=f"{before.frame}>{frame}>{after.frame}")


@pytest.mark.parametrize("kind", ["box", "skeleton"])
def test_gaps_are_filled_if_wanted(tmp_path: Path, kind: str) -> None:
    """Only between an entry that is seen and the next, whatever that is; not behind the last; on the step's frames; counted."""

    def make(frame: int, outside: int = 0) -> str:
        point = POINT.format("a").replace('outside="0"', f'outside="{outside}"')
        return box(frame, outside=outside) if kind == "box" else skeleton(point, frame)

    content = make(0) + make(2) + make(3, 1) + make(6) + make(8, 1)
    found = read_text(tmp_path, export(track(content)), interpolate=halfway)
    new = [entry for entry in found.tracks[0].entries if not entry.keyframe]
    assert [(entry.frame, entry.keyframe, entry.outside, entry.shape.key) for entry in new] == [
        (1, False, False, "0>1>2"),
        (7, False, False, "6>7>8"),
    ]
    assert found.codes == ["SRC157"]
    tally = found.reader.tally
    assert Counter(tally.filled).total() == 2
    assert Counter(tally.shapes).total() == 5
    assert Counter(tally.elements).total() == (5 if kind == "skeleton" else 0)


def test_gaps_of_a_step_and_of_interpolated_tracks_are_none(tmp_path: Path) -> None:
    """A step is no gap; a track with an interpolated entry holds all frames that there are (the others were deleted)."""
    assert read_text(tmp_path, export(track(box(0) + box(5) + box(10)), STEPS), interpolate=halfway).codes == []
    found = read_text(tmp_path, export(track(box(0) + box(1, keyframe=0) + box(7))), interpolate=halfway)
    assert (found.codes, len(found.tracks[0].entries)) == ([], 3)


def test_gaps_without_bounds_are_not_filled(tmp_path: Path) -> None:
    """A slip in a frame number does not fill the memory."""
    meta = META.replace("<size>9", "<size>0")
    found = read_text(tmp_path, export(track(box(0) + box(LONGEST_GAP + 2)), meta), interpolate=halfway)
    assert (found.codes, len(found.tracks[0].entries)) == (["SRC158"], 2)


def test_every_code_has_a_case() -> None:
    """The tables above and the tests beside them name every code of tracks and entries."""
    beside = {"SRC154", "SRC155", "SRC157", "SRC158", "SRC164", "SRC168"}
    cases = {code for code, *_ in (*WHOLE, *ENTRIES, *SKELETONS, *NESTED)} | beside
    assert {issue.code for issue in ISSUES if issue.__module__.endswith((".tracks", ".entries"))} <= cases
