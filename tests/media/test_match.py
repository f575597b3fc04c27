"""Which file belongs to which image: what is found, and what is said when nothing or too much is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from mapper import convert
from mapper.cli import app
from mapper.findings.collector import Collector
from mapper.media.match import Asked, Matcher
from mapper.media.naming import MAPPINGS

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


@pytest.mark.parametrize(
    ("mapping", "name"),
    [("exact", "sub/a.b.png"), ("stem", "sub/a.b"), ("basename", "a.b.png"), ("basename-stem", "a.b")],
)
def test_named_mappings(mapping: str, name: str) -> None:
    """Each takes the parts of the path that its name says."""
    assert MAPPINGS[mapping]("sub/a.b.png") == name


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
