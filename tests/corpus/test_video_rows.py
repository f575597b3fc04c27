"""Every published export of tracks as label rows: it converts, its books balance, and the official SDK and our own checks take it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from mapper import convert
from mapper.connect.verify import verify
from mapper.findings.base import Severity
from tests.support.running import frames_of, load

if TYPE_CHECKING:
    from tests.support.running import Bundle

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*.xml") if b"<track " in path.read_bytes() and b"<annotations" in path.read_bytes())

CLOSED = {"ENC565", "ENC567"}
"""Rings of a published file that close twice, or cross themselves, as they stand in CVAT."""

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def name_of(path: Path) -> str:
    """The file below the corpus."""
    return path.relative_to(CORPUS).as_posix()


def shown(found: Bundle) -> int:
    """How many objects stand on all frames."""
    units = (unit for row in found.rows for unit in row["data_units"].values())
    return sum(len(labels["objects"]) for unit in units for _, labels in frames_of(unit))


@pytest.mark.parametrize("media", ["video", "image_group"])
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_tracks_become_rows(path: Path, media: Literal["video", "image_group"], tmp_path: Path) -> None:
    """Every entry is accounted for, what was kept is on the frames, and nothing is wrong with the bundle."""
    result = convert(path, tmp_path / "bundle", media=media, frame_size=(1920, 1080))
    found = load(result)
    read = found.books()
    lost = read.get("refused", 0) + read.get("dropped", 0)
    assert shown(found) >= read.get("read", 0) - lost
    findings = verify(found.folder, sdk=True).findings
    assert [finding.message for finding in findings if finding.severity >= Severity.WARNING and finding.code not in CLOSED] == []


def on_frames(path: Path, out: Path) -> dict[int, Counter[str]]:
    """The class and geometry of every object by frame; points of skeletons that are not seen have no place."""
    result = convert(path, out, media="video", parameters={"upright_rectangle": "rotatable_bounding_box"})
    found: dict[int, Counter[str]] = {}
    for row in load(result).rows:
        for unit in row["data_units"].values():
            for frame, labels in frames_of(unit):
                found.setdefault(frame, Counter()).update(map(drawn, labels["objects"]))
    return found


def drawn(entry: dict[str, Any]) -> str:
    """The class and geometry of an object."""
    if "skeleton" not in entry:
        return json.dumps({key: value for key, value in entry.items() if key == "featureHash" or key not in CONSTANT}, sort_keys=True)
    points = [(point["name"], point["visibility"], point["x"], point["y"]) for point in entry["skeleton"].values()]
    return repr((entry["featureHash"], [point[: 2 if point[1] == "invisible" else 4] for point in points]))


CONSTANT = {
    "name", "color", "shape", "value", "createdAt", "createdBy", "lastEditedAt", "confidence", "objectHash", "manualAnnotation",
}  # fmt: skip


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_both_views_of_a_task_agree(name: str, tmp_path: Path) -> None:
    """The images and the video view of CVAT's golden tasks show the same objects with the same geometry on each frame."""
    views = [CORPUS / "cvat-exporter" / "golden" / f"task_{name}.{view}.xml" for view in ("images", "video")]
    if not all(view.exists() for view in views):
        pytest.skip("the golden tasks are not here")
    first, second = (on_frames(view, tmp_path / view.stem) for view in views)
    assert first == second
    assert sum(map(Counter.total, first.values())) > 100
