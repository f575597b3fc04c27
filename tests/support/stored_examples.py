"""The examples of codes about backups, API answers and manifests: documents, read to their end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mapper.errors import SourceError
from tests.cvat import test_stored_codes as codes
from tests.support.backups import holding, job, label, manifest, members, shape, task, track
from tests.support.reading import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding
    from tests.support.backups import Json

    Found = tuple[Sequence[Finding], dict[str, tuple[str, ...]]]

FILES = [f"img_{number}.jpg" for number in range(10)]
POOL = {"validation_layout": {"mode": "gt_pool", "frames": FILES[9:]}}
MIXED = task(job(0, 8, files=[*FILES[:3], FILES[9], *FILES[4:9]]), job(9, 9, "ground_truth", files=FILES[9:]), data=POOL)
INTERVAL = {"start": 0, "stop": 6913, "label": "event", "group": 0, "source": "manual", "attributes": []}
SOUND = task(labels=[label("event", type_="interval")])

BESIDE: dict[str, dict[str, str]] = {
    "SRC181": members([holding(shape()), holding(shape())], task(job(), job(type_="ground_truth"))),
    "SRC182": members([holding(shape(4)), holding(shape(4))], task(job(0, 5), job(4, 9))),
    "SRC184": members([holding(shape())], media=manifest() + '{"name": "img_1'),
    "SRC185": members([holding(shape(7))], task(data={"deleted_frames": [7]})),
    "SRC186": members([holding(shape(3)), holding()], MIXED),
    "SRC188": members([holding(shape())], media=""),
    "SRC196": members([holding(intervals=[INTERVAL])], SOUND, ""),
}
"""Codes whose example needs more than one annotation."""


def stored_examples() -> dict[str, Callable[[], Found]]:
    """The examples, by code; each runs in the current folder."""
    found = {code: _reading(files) for code, files in BESIDE.items()}
    for code, files in codes.REFUSALS:
        found.setdefault(code, _reading(files))
    for code, item, _ in codes.SHAPES:
        found.setdefault(code, _reading(_one(holding(item))))
    for code, item, _ in codes.TRACKS:
        found.setdefault(code, _reading(_one(holding(tracks=[item, track()]))))
    return found


def _one(entry: Json) -> dict[str, str]:
    return members([entry], task(labels=codes.LABELS))


def _reading(files: dict[str, str]) -> Callable[[], Found]:
    def run() -> Found:
        try:
            return codes.Found(pack(Path("backup.zip"), files)).findings, {}
        except SourceError as error:
            return error.findings, {}

    return run
