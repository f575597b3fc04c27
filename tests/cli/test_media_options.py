"""What `mapper convert` makes of a task: the options of media."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.builders import Label, box, seen, track, video, write
from tests.support.checkout import mapper

if TYPE_CHECKING:
    from pathlib import Path

TRACK = track("car", *(seen(frame, box("car", (1, 2, 30, 40))) for frame in range(3)))


def source(folder: Path) -> Path:
    """An export of a video without a frame size."""
    return write(folder, video(TRACK, labels=[Label("car", "rectangle")], frame_size=None))


def test_what_the_export_does_not_say(tmp_path: Path) -> None:
    """Frame size and rate come from the caller; the report tells the mode."""
    options = ("--frame-size", "200x100", "--fps", "25", "--output-format", "json")
    done = mapper("convert", source(tmp_path), "-o", tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["media_mode"] == "video"
    row = json.loads((tmp_path / "out" / "label_rows.jsonl").read_text("utf-8"))
    (unit,) = row["data_units"].values()
    assert (unit["width"], unit["height"], unit["data_fps"]) == (200, 100, 25)


def test_a_missing_frame_size_is_an_error(tmp_path: Path) -> None:
    """Without a frame size tracks are refused, and the exit code says so."""
    done = mapper("convert", source(tmp_path), "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "ENC507" in done.stdout
    assert "--frame-size" in done.stdout


def test_groups_of_a_limited_size(tmp_path: Path) -> None:
    """`--group-size` splits the frames over rows."""
    options = ("--media", "image_group", "--group-size", "4", "--frame-size", "200x100")
    done = mapper("convert", source(tmp_path), "-o", tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out" / "label_rows.jsonl").read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    "option", [("--frame-size", "200"), ("--frame-size", "0x5"), ("--fps", "0"), ("--fps", "nan"), ("--group-size", "0")]
)
def test_options_that_say_nothing(tmp_path: Path, option: tuple[str, str]) -> None:
    """A size or rate that none can be is a mistake in the call."""
    done = mapper("convert", source(tmp_path), "-o", tmp_path / "out", *option)
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
