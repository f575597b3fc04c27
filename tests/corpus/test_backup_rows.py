"""Backups of the corpus to bundles: every one balances and verifies, and a task gives the same rows as its XML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert
from mapper.connect.verify import verify
from tests.corpus.test_backups import BACKUPS, CORPUS, GOLDEN, HD, PROJECTS, TASKS, XML
from tests.support.running import load

if TYPE_CHECKING:
    from tests.support.running import Bundle

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not part of the package")

SOURCES = sorted([*GOLDEN.glob("*.zip"), *BACKUPS.glob("*.zip"), CORPUS / "backup-consensus"]) if CORPUS.is_dir() else []
NEAR = 1e-4
"""Of the width or height: a hundredth of a pixel of the smallest image."""
LOST_IN_XML = ("skeleton", "CVAT occluded")
"""What CVAT's XML does not hold since 2.4: whether a skeleton as a whole is occluded."""
SHAPES = ("boundingBox", "rotatableBoundingBox", "polygon", "polyline", "point", "ellipse", "cuboid2d", "skeleton", "bitmask")

Drawn = tuple[str, str, bool, tuple[float, ...], str]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_backup_converts(tmp_path: Path, path: Path) -> None:
    """With the shipped default, whatever it holds: balanced books, and a bundle without a fault."""
    result = convert(path, tmp_path / "bundle", frame_size=HD)
    assert result.out is not None
    assert result.ledger["balanced"]
    found = verify(result.out, sdk=False)
    assert [finding.code for finding in found.findings if finding.severity.word != "info"] == []


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_golden_tasks_are_the_same_from_both(tmp_path: Path, name: str) -> None:
    """The backup and CVAT's export for video give the same objects on each frame, and the same ontology.

    Not the export for images: it has no tracks, so a box that is rotated on some frames only becomes two kinds of objects there.
    """
    compare(tmp_path, GOLDEN / f"task_{name}.backup.zip", GOLDEN / f"task_{name}.video.xml")


@pytest.mark.parametrize("number", TASKS)
def test_tasks_are_the_same_from_both(tmp_path: Path, number: int) -> None:
    """The tasks of CVAT's own test data likewise."""
    compare(tmp_path, BACKUPS / f"task_{number}_backup.zip", XML / f"task_{number}_images__annotations.xml")


def compare(folder: Path, backup: Path, xml: Path) -> None:
    """Convert both and compare: titles and shapes of objects, their numbers, tags, the frames."""
    one, other = (load(convert(path, folder / path.name, media="image", frame_size=HD)) for path in (backup, xml))
    assert titles(one) == titles(other)
    mine, theirs = drawn(one), drawn(other)
    assert mine.keys() == theirs.keys()
    for frame, objects in mine.items():
        assert [entry[:3] for entry in objects] == [entry[:3] for entry in theirs[frame]], frame
        left = list(theirs[frame])
        for entry in objects:
            twin = next((index for index, candidate in enumerate(left) if same(entry, candidate)), None)
            assert twin is not None, (frame, entry)
            del left[twin]
    if "video" not in xml.name:  # which has no tags
        assert sorted(map(str, one.classifications())) == sorted(map(str, other.classifications()))


def titles(bundle: Bundle) -> list[tuple[str, str, tuple[str, ...]]]:
    """Objects of the ontology with the titles of their attributes, in no order: tracks come behind single shapes in a backup."""
    found = []
    for entry in bundle.ontology["objects"]:
        names = {item["name"] for item in entry.get("attributes", ())}
        found.append((entry["name"], entry["shape"], tuple(sorted(name for name in names if (entry["shape"], name) != LOST_IN_XML))))
    return sorted(found)


def drawn(bundle: Bundle) -> dict[int, list[Drawn]]:
    """The objects on each frame that has some, sorted by what they are."""
    media = json.loads((bundle.folder / "bundle.json").read_text("utf-8"))["media"]
    frames = {entry["data_hash"]: entry["frame"] for entry in media}
    units = [(key, unit) for row in bundle.rows for key, unit in row["data_units"].items()]
    found = {frames[key]: sorted(plain(entry) for entry in unit["labels"]["objects"]) for key, unit in units}
    return {frame: objects for frame, objects in found.items() if objects}


def plain(entry: dict[str, Any]) -> Drawn:
    """Name, shape, whether by hand, all numbers of its geometry, and its texts."""
    geometry = next(entry[key] for key in SHAPES if key in entry)
    numbers: list[float] = []
    texts: list[str] = []
    _flatten(geometry, numbers, texts)
    return entry["name"], entry["shape"], entry["manualAnnotation"], tuple(numbers), "|".join(texts)


def _flatten(value: Any, numbers: list[float], texts: list[str]) -> None:
    if isinstance(value, dict) and "invisible" in value.values():  # the view for video does not say where it is
        texts.append("invisible")
    elif isinstance(value, dict):
        for key in sorted(value):
            if key not in {"featureHash", "uid", "name", "color", "value"}:
                _flatten(value[key], numbers, texts)
    elif isinstance(value, list):
        for item in value:
            _flatten(item, numbers, texts)
    elif isinstance(value, bool | str) or value is None:
        texts.append(str(value))
    else:
        numbers.append(float(value))


def same(one: Drawn, other: Drawn) -> bool:
    """Whether two objects are the same to a hundredth of a pixel (of a degree, for angles)."""
    if one[:3] != other[:3] or one[4] != other[4] or len(one[3]) != len(other[3]):
        return False
    return all(abs(a - b) <= (NEAR if max(abs(a), abs(b)) <= 2 else 0.01) for a, b in zip(one[3], other[3], strict=True))


@pytest.mark.parametrize("number", PROJECTS)
def test_media_of_projects_are_found(tmp_path: Path, number: int) -> None:
    """Each task of a project's backup has its media in a folder of its own."""
    result = convert(BACKUPS / f"project_{number}_backup.zip", tmp_path / "bundle")
    assert not {"MED701", "MED702", "MED705"} & {finding.code for finding in result.findings}
