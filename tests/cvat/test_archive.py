"""Where the annotations and the media of an export are."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mapper.cvat.archive import BACKUPS, look, media_place
from mapper.cvat.readers import READERS
from mapper.findings.collector import Collector
from mapper.media.files import files_at
from tests.support.reading import export, image, pack, read, write

if TYPE_CHECKING:
    from pathlib import Path

TEXT = export(image(""))


def spread(folder: Path, *names: str) -> Path:
    """Put files into a folder, the annotations among them with content."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT if name.endswith(".xml") else "")
    return folder


NAMES = ("annotations.xml", "images/b/2.jpg", "images/a ä.PNG", "images/b/1.jpg", "readme.txt")


def media_names(source: Path) -> list[str] | None:
    """The media beside the annotations, as a conversion sees them."""
    place = media_place(source)
    files = files_at(place.path, place.folder) if place else None
    return None if files is None else files.names


@pytest.mark.parametrize("below", ["", "export/"])
@pytest.mark.parametrize("zipped", [False, True])
def test_media_beside_the_annotations(tmp_path: Path, below: str, *, zipped: bool) -> None:
    """Media are listed in order and without ``images/``, at the top or one folder down; the annotations are found there."""
    names = [below + name for name in NAMES]
    source = pack(tmp_path / "x.zip", dict.fromkeys(names, TEXT)) if zipped else spread(tmp_path / "x", *names)
    assert media_names(source) == ["a ä.PNG", "b/1.jpg", "b/2.jpg"]
    found = read(source)
    assert (len(found.images), found.reader.file) == (1, f"{source.name}/{below}annotations.xml")


def test_no_media(tmp_path: Path) -> None:
    """Without a folder of images, and for a bare XML, there is no list; an empty folder is an empty list."""
    assert media_names(write(tmp_path, TEXT)) is None
    assert media_names(tmp_path) is None
    assert media_names(pack(tmp_path / "x.zip", {"annotations.xml": TEXT})) is None
    (tmp_path / "images").mkdir()
    assert media_names(tmp_path) == []


def test_top_comes_first(tmp_path: Path) -> None:
    """Annotations at the top are taken, whatever lies further down; images are not searched."""
    source = spread(tmp_path / "x", "annotations.xml", "old/annotations.xml", "a/b/annotations.xml")
    assert look(source, Collector()).xmls == ("annotations.xml",)
    assert read(source).reader.file == "x/annotations.xml"


def test_xml_under_another_name(tmp_path: Path) -> None:
    """A single file may have any name; in a zip or folder only annotations.xml counts."""
    path = tmp_path / "job 12.XML"
    path.write_text(TEXT)
    assert read(path).reader.file == "job 12.XML"


def test_annotations_beside_a_backup(tmp_path: Path) -> None:
    """An annotations.xml is read even if a backup's files lie beside it."""
    assert read(spread(tmp_path / "x", "annotations.xml", "task.json")).codes == []


@pytest.mark.parametrize("name", BACKUPS)
def test_json_of_a_backup_is_told(tmp_path: Path, name: str) -> None:
    """The file of a backup, passed by itself, stands for the backup that it lies in, also if there is XML beside it."""
    (tmp_path / name).write_text("{}")
    (tmp_path / "annotations.xml").write_text(TEXT)
    found = look(tmp_path / name, Collector())
    assert [key for key, reader in READERS.items() if reader.detect(found)] == ["backup"]
    assert (found.backups, found.base) == ((name,), "")


@pytest.mark.parametrize(
    ("names", "reader", "base"),
    [
        (("task.json", "annotations.json"), "backup", ""),
        (("x/task.json", "x/annotations.json", "x/data/a.jpg"), "backup", "x/"),
        (("project.json", "task_0/task.json", "task_1/task.json"), "backup", ""),
        (("annotations.json", "labels.json", "meta.json"), "api_json", ""),
        (("annotations.json", "labels.json", "meta.json", "task.json"), "api_json", ""),
        (("y/annotations.json", "y/labels.json"), "api_json", "y/"),
    ],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_forms_of_json(tmp_path: Path, names: tuple[str, ...], reader: str, base: str, zipped: bool) -> None:  # noqa: FBT001
    """Backups and API answers are told by the names of their files, at the top or one folder down."""
    members = dict.fromkeys(names, "{}")
    if zipped:
        path = pack(tmp_path / "x.zip", members)
    else:
        path = tmp_path / "folder"
        for name in names:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text("{}")
    found = look(path, Collector())
    assert [key for key, one in READERS.items() if one.detect(found)][:1] == [reader]
    assert found.base == base


def test_reading_boxes_loads_no_heavy_library(tmp_path: Path) -> None:
    """Lxml and numpy stay unloaded for an export without skeletons, so that a command starts fast."""
    path = write(tmp_path, TEXT)
    program = (
        "import sys, pathlib; from mapper.cvat.readers import open_export; from mapper.findings.collector import Collector;"
        f"list(open_export(pathlib.Path({str(path)!r}), Collector()).images()); print(sorted({{'lxml', 'numpy'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
