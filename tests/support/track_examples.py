"""The examples of codes about tracks: exports of videos, read to their end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cvat import test_track_codes as codes
from tests.support.reading import META, box, export, read_text, track

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding

    Found = tuple[Sequence[Finding], dict[str, tuple[str, ...]]]

POINT = codes.POINT.format("a")
FAR = codes.project(codes.task(3, "A"), codes.task(5, "A", start=100))
FOUR = codes.project(*(codes.task(number, "default") for number in (1, 2, 3, 4)))
NESTED = f'<track label="a">{codes.ENTRY.format(0, "5,6")}</track>'
UNSURE = track(box(2), task_id=1, subset="default_1") + track(box(6), id=1, task_id=3, subset="default_1")
FLIPPED = META.replace("<labels>", "<flipped>True</flipped><labels>")

BESIDE = {
    "SRC154": (track(box(102), task_id=5, subset="A"), FAR),
    "SRC155": (UNSURE, FOUR),
    "SRC164": (track(box(0) + box(3, keyframe=0)), codes.STEPS),
    "SRC168": (track(box(0)), FLIPPED),
}
"""Codes whose example needs a meta block of its own."""


def track_examples() -> dict[str, Callable[[], Found]]:
    """The examples, by code; each runs in the current folder."""
    found: dict[str, Callable[[], Found]] = {code: _reading(content, meta) for code, (content, meta) in BESIDE.items()}
    for code, content, _ in codes.WHOLE:
        found.setdefault(code, _reading(f"{codes.GOOD}\n{content}"))
    for code, content, _ in codes.ENTRIES:
        found.setdefault(code, _reading(track(f"{box(0)}\n{content}{box(2, keyframe=0)}", id=7)))
    for code, content, _ in codes.SKELETONS:
        found.setdefault(code, _reading(track(f"{codes.skeleton(POINT)}\n{content}{codes.skeleton(POINT, 2)}", id=7)))
    for code, content in codes.NESTED:
        found.setdefault(code, _reading(track(f"{codes.skeleton('')}{NESTED}\n{content}", label="body", id=7)))
    return found


def _reading(content: str, meta: str = META) -> Callable[[], Found]:
    return lambda: (read_text(Path(), export(content, meta)).findings, {})
