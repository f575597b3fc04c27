"""A dataset's manifest beside the XML of an export says what the XML leaves out: sizes, names, the video."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert
from mapper.connect.verify import verify
from tests.support import backups
from tests.support.builders import Label, box, image, seen, track, video
from tests.support.builders import export as images_export
from tests.support.media import picture
from tests.support.reading import pack
from tests.support.running import load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Element
    from tests.support.running import Bundle

LABELS = [Label("car", "rectangle")]
IMAGE_TASK: dict[str, Any] = {"mode": "annotation", "source": None, "frame_size": None}


def car(frame: int) -> Element:
    """A car on a frame."""
    return seen(frame, box("car", (10, 8, 30, 40)))


def found(folder: Path, text: str, manifest: str, place: str = "manifest.jsonl", **options: Any) -> Bundle:
    """Convert an XML with a manifest in the same zip."""
    source = pack(folder / "export.zip", {"annotations.xml": text, place: manifest})
    bundle = load(convert(source, folder / "bundle", force=True, **options))
    assert [finding.code for finding in verify(bundle.folder, sdk=False).findings if finding.severity.word == "error"] == []
    return bundle


def listing(*images: tuple[str, int, int]) -> str:
    """A manifest of images."""
    lines: list[dict[str, Any]] = [{"version": "1.1"}, {"type": "images"}]
    lines += [{"name": name, "extension": ".png", "width": width, "height": height} for name, width, height in images]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


LISTED = listing(("a/0", 100, 80), ("a/1", 200, 80), ("skipped", 9, 9), ("b", 50, 80))


@pytest.mark.parametrize("media", ["auto", "image_group"])
@pytest.mark.parametrize("place", ["manifest.jsonl", "images/manifest.jsonl", "data/manifest.jsonl"])
def test_an_image_task_exported_for_video(tmp_path: Path, media: str, place: str) -> None:
    """That view has neither names nor sizes; the manifest gives each frame its own, so that boxes and media files are found."""
    text = video(track("car", car(1), car(3)), labels=LABELS, size=2, start_frame=1, stop_frame=3, frame_filter="step=2", **IMAGE_TASK)
    bundle = found(tmp_path, text, LISTED, place, media=media)
    units = [unit for row in bundle.rows for unit in row["data_units"].values()]
    assert [(unit["data_title"], unit["width"]) for unit in units] == [("a/1.png", 200), ("b.png", 50)]
    assert [entry["boundingBox"]["x"] for entry, _ in bundle.objects()] == pytest.approx([0.05, 0.2])
    assert (bundle.codes["SRC147"], "ENC507" in bundle.codes, "ENC508" in bundle.codes) == (1, False, False)


def test_pictures_of_one_size(tmp_path: Path) -> None:
    """Without a manifest, pictures that are all alike tell the size of the frames of such a view; pictures that differ tell none."""
    text = video(track("car", car(0)), labels=LABELS, size=2, **IMAGE_TASK)
    for second, wanted in (((200, 80), [0.05]), ((100, 80), [])):
        members: dict[str, str | bytes] = {"annotations.xml": text, "images/a.png": picture((200, 80)), "images/b.png": picture(second)}
        bundle = load(convert(pack(tmp_path / "export.zip", members), tmp_path / "bundle", force=True))
        assert [entry["boundingBox"]["x"] for entry, _ in bundle.objects()] == pytest.approx(wanted)
        assert bundle.codes.get("ENC507", 0) == (not wanted)


def test_images_without_sizes(tmp_path: Path) -> None:
    """Old exports have no sizes; an image that says its own keeps it."""
    bare = [image(number, box("car", (10, 8, 30, 40)), width=None, height=None) for number in (0, 3)]
    bundle = found(tmp_path, images_export(*bare, image(1, box("car", (10, 8, 30, 40))), labels=LABELS), LISTED)
    assert [entry["boundingBox"]["x"] for entry, _ in bundle.objects()] == pytest.approx([0.1, 0.2, 0.1])
    assert (bundle.codes["SRC147"], "SRC124" in bundle.codes) == (2, False)


def test_a_video_without_size_or_name(tmp_path: Path) -> None:
    """Exports of jobs do not name the video; what the export says goes first."""
    listed = backups.video_manifest(10, (200, 160))
    bundle = found(tmp_path, video(track("car", car(0)), labels=LABELS, source=None, frame_size=None), listed)
    (unit,) = bundle.rows[0]["data_units"].values()
    assert (unit["data_title"], unit["width"], unit["height"], bundle.codes["SRC147"]) == ("clip.mp4", 200, 160, 1)
    whole = found(tmp_path, video(track("car", car(0)), labels=LABELS, source="other.mp4"), listed)
    (unit,) = whole.rows[0]["data_units"].values()
    assert (unit["data_title"], unit["width"], "SRC147" in whole.codes) == ("other.mp4", 100, False)


def test_a_manifest_says_nothing_new(tmp_path: Path) -> None:
    """An export that says all by itself is not touched."""
    bundle = found(tmp_path, images_export(image(0, box("car", (10, 8, 30, 40))), labels=LABELS), LISTED)
    assert "SRC147" not in bundle.codes
    assert [entry["boundingBox"]["x"] for entry, _ in bundle.objects()] == pytest.approx([0.1])


def test_one_manifest_for_several_tasks(tmp_path: Path) -> None:
    """Their frames have the same numbers, so that a manifest cannot be of all of them: it is not used."""
    tasks = "".join(f"<task><id>{number}</id><subset>A</subset><size>4</size></task>" for number in (1, 2))
    bare = image(0, box("car", (10, 8, 30, 40)), width=None, height=None, task_id=1, subset="A")
    text = images_export(bare, meta=False).replace(
        "<version>", f"<meta><project><id>1</id><tasks>{tasks}</tasks></project></meta><version>"
    )
    codes = found(tmp_path, text, LISTED).codes
    assert ("SRC147" in codes, codes["SRC124"]) == (False, 1)


@pytest.mark.parametrize("broken", ["", "{", '{"version": 1}\n{"type": "tapes"}\n'])
def test_a_manifest_that_is_none(tmp_path: Path, broken: str) -> None:
    """What cannot be read is reported, if there is anything in it, and the export is read without it."""
    bundle = found(tmp_path, images_export(image(0, box("car", (10, 8, 30, 40))), labels=LABELS), broken)
    assert len(list(bundle.objects())) == 1
    assert set(bundle.codes) <= {"SRC184"}
