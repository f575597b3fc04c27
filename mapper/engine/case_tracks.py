"""The shapes and tracks that tests in a spec give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from mapper.cvat.model import Entry, Shape, Track
from mapper.engine.accounts import LOST
from mapper.engine.frame_spool import Spool
from mapper.engine.gather import Setting
from mapper.engine.tracks import Tracks
from mapper.engine.video import Video
from mapper.geometry.shapes import Ellipse, Rectangle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Task
    from mapper.engine.program import Program
    from mapper.engine.run import Stage
    from mapper.geometry.kinds import Kind
    from mapper.spec.cases import Given, Seen

SIZE = 1000
"""Width and height of the image that a given shape stands on, in pixels."""


def track_outcomes(program: Program, stage: Stage, task: Task, given: Given) -> list[dict[str, Any]]:
    """What comes of a given track: each object once, in order of its first frame; then what rules drop or refuse."""
    setting = Setting(program, stage, lambda _image: None, lambda _entry: None)
    shelf = Spool(Path()).shelf()  # too little for a file
    video = Video(setting=setting, task=task, subset=given.subset, shelf=shelf)
    Tracks(program).convert(_track(given, task), video)
    verdicts = [verdict for verdict in program.ledger.verdicts.values() if verdict.counts]
    found: dict[str, dict[str, Any]] = {}
    for frame in shelf.shown():
        for item in orjson.loads(b"[%b]" % b"".join(shelf.objects(frame))):
            found.setdefault(item["objectHash"], item)
    made = []
    for item in found.values():
        rule = next(verdict.rule for verdict in verdicts if verdict.account not in LOST and item["featureHash"] in verdict.targets)
        made.append({"rule": rule, "object": item["name"], "shape": item["shape"]})
    lost = [{"rule": verdict.rule, verdict.account: True} for verdict in verdicts if verdict.account in LOST]
    return [*made, *(entry for place, entry in enumerate(lost) if entry not in lost[:place])]


def given_shape(given: Given) -> Shape:
    """The shape or tag of a case."""
    kind: Kind = "tag" if given.tag else given.shape or "tag"
    fields = (
        "1" if given.occluded else "0",
        str(given.z_order),
        str(given.group) if given.group else None,
        given.source,
        None,
        str(given.rotation) if given.rotation else None,
        str(given.score) if given.score is not None else None,
    )
    geometry = _geometry(kind, given)
    return Shape(kind, given.label, geometry, repr(geometry), tuple(given.attributes.items()), fields, 1)


def _track(given: Given, task: Task) -> Track:
    return Track("1", given.label, given.shape or "rectangle", task, given.subset, given.source, None, 1, list(_entries(given)))


def _entries(given: Given) -> Iterator[Entry]:
    for place, seen in enumerate(given.track or ()):
        frame = place if seen.frame is None else seen.frame
        yield Entry(frame, True, seen.outside, given_shape(_on_frame(given, seen)))  # noqa: FBT003 - a named tuple of CVAT's flags


def _on_frame(given: Given, seen: Seen) -> Given:
    """The case as it is on one frame."""
    names = ("box", "points", "ellipse", "rotation", "occluded", "z_order")
    said = {name: value for name in names if (value := getattr(seen, name)) is not None}
    return given.model_copy(update=said | {"attributes": given.attributes | seen.attributes, "track": None})


def _geometry(kind: Kind, given: Given) -> Any:
    if kind == "rectangle":
        xtl, ytl, xbr, ybr = map(float, given.box or ())
        return Rectangle(xtl, ytl, xbr, ybr, float(given.rotation))
    if kind == "ellipse":
        cx, cy, rx, ry = map(float, given.ellipse or ())
        return Ellipse(cx, cy, rx, ry, float(given.rotation))
    return None if kind == "tag" else [float(number) for number in given.points or ()]
