"""Which file belongs to which image: what is found, and what is said when nothing or too much is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mapper import convert
from mapper.cli import app
from mapper.findings.collector import Collector
from mapper.media.match import Asked, Matcher
from mapper.media.naming import MAPPINGS, canonical, without_extension

STREET = Path(__file__).parents[2] / "examples" / "street"


def found(matcher: Matcher, *names: str, subset: str = "") -> list[str | None]:
    """The files of some images."""
    return [matcher.file_of(Asked(name, subset)) for name in names]


def reported(matcher: Matcher) -> dict[str, int]:
    """Codes and counts of what the matcher says when all images were asked for."""
    findings = Collector()
    matcher.report(findings)
    return {finding.code: finding.count for finding in findings.findings()}


def test_a_file_matches_by_its_whole_path() -> None:
    """Folders, case and ending count."""
    matcher = Matcher(["a.png", "sub/a.png"])
    assert found(matcher, "sub/a.png", "a.png", "A.png") == ["sub/a.png", "a.png", None]
    assert reported(matcher) == {"MED701": 1}


def test_frames_of_a_video_match_without_ending() -> None:
    """CVAT names such a frame without the ending that its file has."""
    matcher = Matcher(["frame_000010.PNG"])
    assert found(matcher, "frame_000010") == ["frame_000010.PNG"]
    assert reported(matcher) == {}


def test_a_project_export_has_a_folder_for_each_subset() -> None:
    """The folder is not part of the image's name."""
    matcher = Matcher(["train/a.png", "test/a.png"])
    assert found(matcher, "a.png", subset="train") == ["train/a.png"]
    assert reported(matcher) == {"MED703": 1}


def test_several_files_for_one_name_are_no_match() -> None:
    """Nothing is guessed: both files are named, neither is taken."""
    matcher = Matcher(["a.jpg", "a.png"], MAPPINGS["stem"])
    assert found(matcher, "a") == [None]
    assert reported(matcher) == {"MED702": 1}


def test_a_zip_may_hold_a_name_twice() -> None:
    """Two members of one name are two files, of which none is taken."""
    matcher = Matcher(["a.png", "a.png"])
    assert found(matcher, "a.png") == [None]
    assert reported(matcher) == {"MED702": 1}


@pytest.mark.parametrize(
    ("file", "image"),
    [
        ("sub\\a.png", "sub/a.png"),
        ("sub/a.png", "sub\\a.png"),
        ("cafe\u0301.png", "caf\u00e9.png"),
        ("caf\u00e9.png", "cafe\u0301.png"),
        ("e\u0301\\frame_1.PNG", "\u00e9/frame_1"),
    ],
)
def test_other_spellings_match_and_are_reported(file: str, image: str) -> None:
    """Backslashes and other normal forms are the same path; that the characters differ is said."""
    matcher = Matcher([file])
    assert found(matcher, image) == [file]
    assert reported(matcher) == {"MED706": 1}


def test_the_very_name_goes_before_other_spellings() -> None:
    """Where both normal forms are there, each image has the file of its own."""
    matcher = Matcher(["\u00e9.png", "e\u0301.png"])
    assert found(matcher, "e\u0301.png", "\u00e9.png") == ["e\u0301.png", "\u00e9.png"]
    assert reported(matcher) == {}


def test_several_spellings_of_a_third_are_no_match() -> None:
    """A name that is neither of two files, but could be either, has none."""
    matcher = Matcher(["a/\u00e9.png", "a\\e\u0301.png"])
    assert found(matcher, "a/e\u0301.png") == [None]
    assert reported(matcher) == {"MED702": 1}


def test_case_is_only_suggested() -> None:
    """A file that differs in case is named and not taken."""
    matcher = Matcher(["gate.PNG", "b.png"])
    assert found(matcher, "gate.png", "b.png") == [None, "b.png"]
    assert reported(matcher) == {"MED704": 1, "MED703": 1}


def test_a_file_that_another_image_has_is_not_suggested() -> None:
    """gate.png is there for the image of that name; GATE.png has nothing like it."""
    matcher = Matcher(["gate.png"])
    assert found(matcher, "gate.png", "GATE.png") == ["gate.png", None]
    assert reported(matcher) == {"MED701": 1}


@pytest.mark.parametrize(
    ("file", "image", "mapping"),
    [("day1/a.png", "a.png", "basename"), ("day1/a.jpg", "a", "basename-stem"), ("images\\a.png", "a.png", "basename")],
)
def test_files_elsewhere_are_only_suggested(file: str, image: str, mapping: str) -> None:
    """A file in another folder is named, with the mapping that would take it; under that mapping it is taken."""
    matcher = Matcher([file])
    assert found(matcher, image) == [None]
    findings = Collector()
    matcher.report(findings)
    (finding,) = [finding for finding in findings.findings() if finding.code == "MED705"]
    assert mapping in finding.hint
    assert found(Matcher([file], MAPPINGS[mapping]), image) == [file]


def test_a_subset_has_its_own_folder() -> None:
    """Where the subset's folder is, a file of another subset is not taken for a missing one; where it is not, the name counts."""
    files = ["train/a.png", "test/b.png", "b.png"]
    assert found(Matcher(files), "b.png", subset="train") == [None]
    assert found(Matcher(files), "b.png", subset="val") == ["b.png"]
    assert found(Matcher(["train/a.png"]), "train/a.png", subset="train") == ["train/a.png"]


def test_a_mapping_is_told_apart_by_subset() -> None:
    """Of two files that a mapping gives one name, the one in the folder of the image's subset is the image's."""
    matcher = Matcher(["train/x/a.png", "test/x/a.png"], MAPPINGS["basename"])
    assert found(matcher, "a.png", subset="test") == ["test/x/a.png"]
    assert found(matcher, "a.png", subset="val") == [None]
    assert reported(matcher) == {"MED702": 1}


def test_tasks_may_have_their_own_folders() -> None:
    """The media of a project's backup stand in a folder for each task; names repeat over tasks."""
    matcher = Matcher(["task_0/data/a.png", "task_1/data/a.png"], folders={"x": "task_0/data", "y": "task_1/data"})
    assert [matcher.file_of(Asked("a.png", task=task)) for task in ("x", "y")] == ["task_0/data/a.png", "task_1/data/a.png"]
    assert reported(matcher) == {}


def test_folders_of_tasks_are_no_part_of_names() -> None:
    """A mapping sees a file as its task does, and two tasks may have videos of one name."""
    folders = {"x": "task_0/data", "y": "task_1/data"}
    matcher = Matcher(["task_0/data/sub/a.png", "task_1/data/a.png"], MAPPINGS["basename-stem"], folders)
    assert [matcher.file_of(Asked("a", task=task)) for task in "xy"] == ["task_0/data/sub/a.png", "task_1/data/a.png"]
    videos = Matcher(["task_0/data/a.mp4", "task_1/data/a.mp4"], folders=folders)
    assert [videos.video_of("a.mp4", task) for task in ("x", "y", "")] == ["task_0/data/a.mp4", "task_1/data/a.mp4", None]


def test_one_file_for_several_images_is_contested() -> None:
    """Two tasks claim one file: the second does not get it, and the first is named for taking it back."""
    matcher = Matcher(["default/a.png"])
    images = [Asked("a.png", "default", task) for task in ("1", "2", "1")]
    assert [matcher.file_of(image) for image in images] == ["default/a.png", None, "default/a.png"]
    assert set(matcher.contested) == {"default/a.png"}
    assert reported(matcher) == {"MED707": 1}


def test_frames_of_a_video_that_is_there() -> None:
    """Frames without files are no riddle where the video that they come from is among the media."""
    matcher = Matcher(["clips/gate.mp4"])
    assert [matcher.file_of(Asked(f"frame_{number:06}", video="gate.mp4")) for number in range(3)] == [None] * 3
    assert reported(matcher) == {"MED709": 3}


@pytest.mark.parametrize(
    ("files", "source", "video"),
    [
        (["a.mp4", "x/a.mp4"], "x/a.mp4", "x/a.mp4"),
        (["x\\a.mp4"], "x/a.mp4", "x\\a.mp4"),
        (["y/a.mp4"], "x/a.mp4", "y/a.mp4"),
        (["y/a.mp4", "z/a.mp4"], "x/a.mp4", None),
        (["a.mp4"], "", None),
        ([], "a.mp4", None),
    ],
)
def test_the_video_of_a_task(files: list[str], source: str, video: str | None) -> None:
    """A task's video is the file of that path, else the only one of that name."""
    assert Matcher(files).video_of(source) == video


NAMES = st.lists(st.sampled_from(["a", "B", "b", "/", "\\", ".", "\u00e9", "e\u0301", ".png"]), min_size=1, max_size=5).map("".join)


@given(st.lists(NAMES, max_size=8), st.lists(st.tuples(NAMES, st.sampled_from(["", "a", "b"])), max_size=8))
def test_whatever_matches_is_certain(files: list[str], images: list[tuple[str, str]]) -> None:
    """A file that is given has the image's path but for spelling, extension and subset, and no two images keep one file."""
    matcher = Matcher(files)
    owners: dict[str, set[tuple[str, str]]] = {}
    for name, subset in images:
        file = matcher.file_of(Asked(name, subset))
        if file is None:
            continue
        assert file in files
        paths = {canonical(name), canonical(f"{subset}/{name}")}
        assert {canonical(file), canonical(without_extension(file))} & paths
        owners.setdefault(file, set()).add((name, subset))
    assert {file for file, names in owners.items() if len(names) > 1} <= set(matcher.contested)


@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=8), st.sampled_from(sorted(MAPPINGS)), st.randoms())
def test_the_order_of_files_does_not_count(files: list[str], images: list[str], mapping: str, chance: Random) -> None:
    """Whatever order a disk or an archive lists its files in, each image has the same file, and the findings are the same."""
    shuffled = chance.sample(files, len(files))
    first, second = Matcher(files, MAPPINGS[mapping]), Matcher(shuffled, MAPPINGS[mapping])
    assert found(first, *images) == found(second, *images)
    assert reported(first) == reported(second)


@given(st.lists(NAMES, unique=True, max_size=8), st.lists(NAMES, unique=True, max_size=8))
def test_every_image_and_every_file_is_accounted_for(files: list[str], images: list[str]) -> None:
    """An image without a file is missing, ambiguous or contested, and a file without an image is reported, each once."""
    matcher = Matcher(files)
    given_files = found(matcher, *images)
    counts = reported(matcher)
    without = sum(counts.get(code, 0) for code in ("MED701", "MED702", "MED704", "MED705"))
    beaten = given_files.count(None) - without
    assert beaten >= 0
    assert bool(beaten) == bool(matcher.contested)
    claimed = {file for file in given_files if file} | {file for several in matcher.ambiguous.values() for file in several}
    assert counts.get("MED703", 0) == len(set(files) - claimed)


def test_without_media_nothing_is_said() -> None:
    """A bare XML has no files, which is no fault."""
    matcher = Matcher(None)
    assert found(matcher, "a.png") == [None]
    assert reported(matcher) == {}


def test_files_stand_in_the_media_list(tmp_path: Path) -> None:
    """A zip with images gives each image its file; the command line maps names of another folder."""
    archive = tmp_path / "street.zip"
    with ZipFile(archive, "w") as target:
        for path in sorted(STREET.rglob("*.*")):
            target.write(path, path.relative_to(STREET))
    convert(archive, tmp_path / "zip")
    media = json.loads((tmp_path / "zip" / "bundle.json").read_text())["media"]
    assert [entry["file"] for entry in media] == [entry["title"] for entry in media]

    other = tmp_path / "media" / "deep"
    other.mkdir(parents=True)
    for entry in media:
        shutil.copy(STREET / "images" / entry["file"], other)
    arguments = ["convert", str(STREET / "annotations.xml"), "-o", str(tmp_path / "out"), "--media-dir", str(other.parent)]
    result = CliRunner().invoke(app, [*arguments, "--map-filename", "basename"])
    assert result.exit_code == 0
    media = json.loads((tmp_path / "out" / "bundle.json").read_text())["media"]
    assert [entry["file"] for entry in media] == [f"deep/{entry['title']}" for entry in media]


def test_a_function_maps_names(tmp_path: Path) -> None:
    """In Python any function from file to CVAT name will do."""
    folder = tmp_path / "export"
    shutil.copytree(STREET, folder)
    for path in (folder / "images").iterdir():
        path.rename(path.with_name(f"copy of {path.name}"))
    result = convert(folder, map_filename_to_cvat_name=lambda file: file.removeprefix("copy of "))
    assert not {finding.code for finding in result.findings} & {"MED701", "MED702", "MED703"}
