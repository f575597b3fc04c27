"""The examples of codes about tracks as label rows: exports of a video under a spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapper import convert, validate
from tests.support.builders import Attribute, Label, box, export, image, seen, track, video
from tests.support.specs import answer, rule, spec, thing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Finding
    from tests.support.builders import Element

    Found = tuple[Sequence[Finding], dict[str, tuple[str, ...]]]

LABELS = [Label("car", "rectangle", (Attribute("color", "select", ("red", "blue")),))]
PLAIN = rule(thing(answer("color", "color", "radio")))
HIDDEN = {"id": "hidden", "match": {"occluded": True}, "drop": {"reason": "not seen"}}
DECIDED = {"keyframe": {"keep": False, "reason": "Encord has none"}}


def car(frame: int, color: str = "red", **fields: Any) -> Element:
    """A car on a frame."""
    return seen(frame, box("car", (1, 2, 30, 40), {"color": color}, **fields))


WHOLE = video(track("car", car(0), car(1)), labels=LABELS)
LONG = export(*(image(frame, name=f"frame_{frame:06d}") for frame in (0, 12)), task={"mode": "interpolation", "size": 10}, labels=LABELS)

CASES: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "MAP340": (video(track("car", car(0), car(1, occluded=1)), labels=LABELS), (HIDDEN, PLAIN), {}),
    "MAP341": (video(track("car", car(0), car(1, "blue")), labels=LABELS), (PLAIN,), {}),
    "MAP342": (video(track("car", car(0)), image(3, name="3.png"), labels=LABELS), (PLAIN,), {"media": "image"}),
    "MAP343": (WHOLE, (PLAIN,), {"fields": {}}),
    "ENC506": (WHOLE, (PLAIN,), {}),
    "ENC507": (video(track("car", car(0)), labels=LABELS, frame_size=None), (PLAIN,), {}),
    "ENC508": (video(track("car", car(0)), labels=LABELS, mode="annotation", source=None), (PLAIN,), {"media": "image"}),
    "ENC509": (video(track("car", car(0)), labels=LABELS, size=None, stop_frame=None), (PLAIN,), {}),
    "ENC510": (LONG, (PLAIN,), {}),
}


def video_examples() -> dict[str, Callable[[], Found]]:
    """The examples, by code; each runs in the current folder."""
    return {code: _run(*case) for code, case in CASES.items()}


def _run(text: str, rules: tuple[Any, ...], more: dict[str, Any]) -> Callable[[], Found]:
    def run() -> Found:
        options = dict(more)
        document = spec(*rules, fields=options.pop("fields", DECIDED))
        Path("annotations.xml").write_text(text, "utf-8")
        Path("mapping.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        checked = validate("mapping.json")
        return convert("annotations.xml", spec="mapping.json", **options).findings, dict(checked.texts)

    return run
