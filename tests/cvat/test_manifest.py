"""Manifests: names, sizes and related images of a task's media."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper.cvat.manifest import Medium, read_manifest, sizes
from mapper.cvat.reporter import Reporter
from mapper.findings.collector import Collector

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "cvat-docs" / "cvat-repository" / "manifests"
HEAD = '{"version": "1.1"}\n{"type": "images"}\n'


def reporter() -> Reporter:
    """One that takes everything."""
    return Reporter(Collector(), "manifest.jsonl")


def test_images_by_their_place() -> None:
    """The place of a line is the frame number; an empty entry holds its place; a byte-order mark and empty lines do not count."""
    text = "\ufeff" + HEAD + '{"name":"a/b.c","extension":".JPG","width":7,"height":5}\n\n{}\n{"name":"d","extension":".png"}\n'
    found = read_manifest(text.encode(), "m", reporter())
    assert found is not None
    assert found.images == {0: Medium("a/b.c.JPG", 7, 5), 2: Medium("d.png", 0, 0)}
    assert (found.medium(0), found.medium(1), found.clouds) == (Medium("a/b.c.JPG", 7, 5), None, False)


def test_a_video_is_one_medium() -> None:
    """Every frame has the video's name and size; its stream's key frames are not read."""
    text = '{"version":"1.1"}\n{"type":"video"}\n{"properties":{"name":"v.mp4","resolution":[640,480],"length":9}}\n{"number":0,"pts":0}\n'
    found = read_manifest(text.encode(), "m", reporter())
    assert found is not None
    assert (found.medium(4), found.length) == (Medium("v.mp4", 640, 480), 9)


@pytest.mark.parametrize(
    "size", ['"width":"7","height":5', '"width":0,"height":5', '"width":7.5,"height":5', '"width":9999999999999,"height":5']
)
def test_sizes_that_are_none(size: str) -> None:
    """What is no size in pixels counts as not said."""
    found = read_manifest((HEAD + '{"name":"a","extension":"",' + size + "}\n").encode(), "m", reporter())
    assert found is not None
    assert found.images[0] == Medium("a", 0, 0)


def test_sizes_beside_an_export(tmp_path: Path) -> None:
    """Sizes by frame number for exports that lack them; one for all frames of a video."""
    path = tmp_path / "manifest.jsonl"
    path.write_text(HEAD + '{"name":"a","extension":"","width":7,"height":5}\n{}\n{"name":"b","extension":"","width":8,"height":6}\n')
    assert sizes(path, reporter()) == {0: (7, 5), 2: (8, 6)}
    path.write_text('{"version":"1.0"}\n{"type":"video"}\n{"properties":{"name":"v","resolution":[640,480]}}\n')
    assert sizes(path, reporter()) == {-1: (640, 480)}
    path.write_text("")
    assert sizes(path, reporter()) == {}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not part of the package")
def test_manifests_of_cvat_itself() -> None:
    """Every manifest that CVAT wrote is read without a finding; point clouds are told, with their related images."""
    found = {
        path.name: read_manifest(path.read_bytes(), path.name, Reporter(collector := Collector(), "m")) for path in sorted(CORPUS.iterdir())
    }
    assert len(found) == 9
    assert not collector.findings()
    assert {name for name, manifest in found.items() if manifest and manifest.clouds} == {"cvat_data_tar_task_data_6.jsonl"}
    assert {name for name, manifest in found.items() if manifest and manifest.type == "video"} == {
        "cvat_data_tar_task_data_33.jsonl",
        "cvat_data_tar_task_data_5.jsonl",
        "mounted_file_share_videos_manifest.jsonl",
    }
    cloud = found["cvat_data_tar_task_data_6.jsonl"]
    assert cloud is not None
    assert cloud.images[0].related == ("test_pointcloud_pcd/related_images/000001_pcd/000001.png",)
