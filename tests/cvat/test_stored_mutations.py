"""Backups with one value changed for another: whatever stands in them, it is read, reported or refused, and counted."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from mapper.cvat.readers import open_export
from mapper.errors import SourceError
from mapper.findings.collector import Collector
from tests.support.backups import attribute, holding, job, keyframe, label, manifest, shape, tag, task, track
from tests.support.reading import pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mapper.cvat.model import Track

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 3, 1.5, 10**11, 10**18, -(10**18), 1e308, -1e-320, "", "x", "0", "\u0000", [], [[]], [0], {}, {"a": 1},
)  # fmt: skip

PARTS = [label("head", attribute("sure", "number", "5", mutable=True), type_="points"), label("foot", type_="points")]
COLOUR = attribute("colour", "select", "red", mutable=True)
LABELS = [label("car", COLOUR, attribute("plate")), label("body", type_="skeleton", sublabels=PARTS)]
POINT = {"type": "points", "label": "head", "points": [1, 2], "occluded": True, "outside": False, "attributes": []}
HEAD = track(keyframe(0, "points"), keyframe(4, "points", points=[9, 9], outside=True), label="head")
BODY = track(keyframe(0, "skeleton"), label="body", elements=[HEAD])
POLYGONS = [keyframe(0, "polygon"), keyframe(6, "polygon", points=[5, 5, 9, 5, 9, 9, 5, 9])]
VALUES = [{"name": "colour", "value": "blue"}, {"name": "plate", "value": "7"}]


def document() -> dict[str, Any]:
    """A backup with one of everything, two jobs that overlap and a deleted frame, as plain values."""
    drawn = [shape(5, kind) for kind in ("rectangle", "polygon", "points", "mask")]
    skeleton = shape(1, "skeleton", label="body", elements=[POINT])
    first = holding(shape(4, attributes=VALUES, score=0.5), *drawn, skeleton, tags=[tag(2)], tracks=[track(*POLYGONS), BODY])
    second = holding(shape(4), tags=[tag(5)], tracks=[track(keyframe(4), keyframe(9, outside=True))])
    head = task(job(0, 5), job(4, 9), labels=LABELS, data={"deleted_frames": [7], "frame_filter": "step=2"})
    listed = [json.loads(line) for line in manifest(20).splitlines()]
    return copy.deepcopy({"task.json": head, "annotations.json": [first, second], "data/manifest.jsonl": listed})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(files: dict[str, Any], chance: random.Random) -> None:
    """Change one value, or take it away, or double it."""
    path = chance.choice([path for path in places(files) if len(path) > 1])
    holder = files
    for key in path[:-1]:
        holder = holder[key]
    action = chance.random()
    if action < 0.1 and isinstance(holder, dict):
        del holder[path[-1]]
    elif action < 0.15 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[path[-1]]))
    else:
        holder[path[-1]] = copy.deepcopy(chance.choice(ODD))


@pytest.mark.parametrize("seed", range(6))
def test_nothing_breaks_and_everything_is_counted(tmp_path: Path, seed: int) -> None:
    """No change gives a traceback; what is yielded is in the books as often as it is yielded."""
    chance = random.Random(seed)  # noqa: S311 - mutations, not secrets
    for _ in range(60):
        files = document()
        for _ in range(chance.choice((1, 1, 1, 3))):
            changed(files, chance)
        lines = files["data/manifest.jsonl"]
        text = "\n".join(map(json.dumps, lines)) if isinstance(lines, list) else json.dumps(lines)
        dumped = {name: json.dumps(content) for name, content in files.items()} | {"data/manifest.jsonl": text}
        path = pack(tmp_path / "b.zip", dumped)
        assert all(code.startswith("SRC1") for code in refused(path))


def refused(path: Path) -> list[str]:
    """The codes with which a backup is refused; none if it is read, which is then checked."""
    try:
        check(path)
    except SourceError as error:
        return [finding.code for finding in error.findings] or ["none"]
    return []


def check(path: Path) -> None:
    """Read a backup to its end and compare what came with what was counted."""
    with open_export(path, Collector()) as reader:
        shapes = [drawn for image in reader.images() for drawn in image.shapes]
        tracks: list[Track] = list(reader.tracks())
    seen = [entry for found in tracks for entry in found.entries if not entry.outside]
    tally = reader.tally
    assert sum(tally.shapes.values()) == len(shapes) + len(seen)
    assert tally.tracks == len(tracks)
    assert sum(tally.outside.values()) == sum(len(found.entries) for found in tracks) - len(seen)
    points = [part for drawn in (*shapes, *(entry.shape for entry in seen)) if drawn.kind == "skeleton" for part in drawn.geometry]
    assert sum(tally.elements.values()) == len(points)
    assert sum(tally.codes.values()) == sum(tally.refused.values())


def test_the_document_itself_is_sound(tmp_path: Path) -> None:
    """What the changes start from is read without a fault."""
    files = document()
    dumped = {name: json.dumps(content) for name, content in files.items() if name != "data/manifest.jsonl"}
    path = pack(tmp_path / "b.zip", dumped | {"data/manifest.jsonl": "\n".join(map(json.dumps, files["data/manifest.jsonl"]))})
    findings = Collector()
    with open_export(path, findings) as reader:
        assert [image.frame for image in reader.images()] == [0, 2, 4, 6, 8, 10, 12, 16, 18]
        assert [found.kind for found in reader.tracks()] == ["polygon", "skeleton", "rectangle"]
    assert {finding.code for finding in findings.findings()} == {"SRC182"}
