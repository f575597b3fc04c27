"""What the media say where an export does not: sizes by name, one size for all, and the facts of a task's video."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper.findings.collector import Collector
from mapper.media.desk import MediaDesk, media_desk
from mapper.media.files import files_at
from mapper.media.match import Asked
from tests.support.media import picture, video


def desk(folder: Path, **media: bytes | None) -> MediaDesk:
    """The desk of a folder that holds these files."""
    for name, data in media.items():
        (folder / f"{name}.png").write_bytes(data or b"")
    return media_desk(files_at(folder), None, Collector())


def test_sizes_by_name(tmp_path: Path) -> None:
    """An image's size is that of its file as displayed; nothing is said where there is no one file, or a damaged one."""
    facts = desk(tmp_path, a=picture((30, 20), orientation=6), b=None).facts
    assert [facts.size_of(Asked(name)) for name in ("a.png", "a", "b.png", "c.png")] == [(20, 30), (20, 30), None, None]


def test_asking_for_facts_leaves_no_trace(tmp_path: Path) -> None:
    """A file that was only looked into is still reported as belonging to no image."""
    made = desk(tmp_path, a=picture())
    made.facts.size_of(Asked("a.png"))
    made.facts.common_size()
    made.close()
    assert [finding.code for finding in made.findings.findings()] == ["MED703"]


@pytest.mark.parametrize(
    ("sizes", "common"),
    [([(30, 20), (30, 20)], (30, 20)), ([(30, 20), (20, 30)], None), ([], None)],
)
def test_one_size_for_all(tmp_path: Path, sizes: list[tuple[int, int]], common: tuple[int, int] | None) -> None:
    """Where all pictures are alike, an export without sizes and names needs no guess; else there is no answer."""
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}.jpg").write_bytes(picture(size, "JPEG"))
    (tmp_path / "notes.txt").write_text("not a picture")
    made = media_desk(files_at(tmp_path), None, Collector())
    assert made.facts.common_size() == common
    if sizes:
        (tmp_path / "damaged.jpg").write_bytes(b"")
        assert media_desk(files_at(tmp_path), None, Collector()).facts.common_size() is None


def test_the_facts_of_a_video(tmp_path: Path) -> None:
    """A task's video is found by the name that the task gives it, and read once."""
    path = video(tmp_path / "gate.mp4", 12, rate=25, size=(64, 48), rotation=90)
    facts = desk(tmp_path).facts
    found = facts.video_of("clips/gate.mp4")
    assert found is not None
    assert (found.frames, found.fps, found.width, found.height, found.duration) == (12, 25.0, 48, 64, 0.48)
    path.unlink()
    assert facts.video_of("clips/gate.mp4") is found
    assert facts.video_of("other.mp4") is None


def test_no_media_no_facts() -> None:
    """Without media every answer is None."""
    facts = media_desk(None, None, Collector()).facts
    assert (facts.size_of(Asked("a.png")), facts.common_size(), facts.video_of("a.mp4")) == (None, None, None)
