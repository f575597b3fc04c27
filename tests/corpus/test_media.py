"""The media in CVAT's own backups: every name that a manifest gives has its file, of the size that the manifest gives."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mapper import convert
from mapper.cvat.archive import media_place
from mapper.findings.collector import Collector
from mapper.media.desk import MediaDesk, media_desk
from mapper.media.files import files_at
from mapper.media.match import Asked

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
BACKUPS = sorted(
    path for path in CORPUS.rglob("*.zip") if any("/manifest.jsonl" in f"/{name}" for name in zipfile.ZipFile(path).namelist())
)
EXPORTS = CORPUS / "cvat-exporter" / "test-db"

pytestmark = pytest.mark.skipif(not BACKUPS, reason="the corpus is not here")


def manifests(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The images that each manifest of a backup lists, by the folder of its media among all."""
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith("data/manifest.jsonl"):
                lines = [json.loads(line) for line in archive.read(name).splitlines()]
                folder = name.removesuffix("/manifest.jsonl")
                found["" if folder == "data" else folder] = [line for line in lines if "name" in line]
    return found


def export_of(path: Path) -> Path:
    """Where the images export of a task's backup would be."""
    return EXPORTS / path.name.replace("backup.zip", "images__annotations.xml")


def opened(path: Path) -> MediaDesk:
    """The desk of a backup, a folder for each of a project's tasks."""
    place = media_place(path)
    assert place is not None
    files = files_at(place.path, place.folder, backup=place.backup, tasks=place.tasks)
    return media_desk(files, None, Collector(), folders={folder: folder for folder in manifests(path) if folder})


@pytest.mark.parametrize("path", BACKUPS, ids=lambda path: path.name)
def test_every_image_has_its_file_and_size(path: Path) -> None:
    """Names match over tasks of one project, sizes agree with CVAT's own, and no file is left but those of 3D tasks."""
    desk = opened(path)
    for folder, entries in manifests(path).items():
        for entry in entries:
            wanted = Asked(entry["name"] + entry["extension"], task=folder, size=(entry.get("width", 0), entry.get("height", 0)))
            assert desk.file_of(wanted) is not None
            if "width" in entry and entry["extension"] != ".pcd":
                assert desk.facts.size_of(wanted) == wanted.size
    desk.close()
    codes = {finding.code for finding in desk.findings.findings()}
    assert codes <= ({"MED703", "MED715"} if "task_6_" in path.name else set())


@pytest.mark.parametrize(
    "path", [path for path in BACKUPS if path.name.startswith("task_") and export_of(path).is_file()], ids=lambda path: path.name
)
def test_an_export_meets_its_media(path: Path, tmp_path: Path) -> None:
    """The images export of the same task, with the backup's media in a folder, finds each file, of the size that it says."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    result = convert(export_of(path), media_dir=tmp_path / "data")
    said = [finding.message for finding in result.findings if finding.code.startswith("MED")]
    assert said == ["media file 'manifest.jsonl' belongs to no image"]
