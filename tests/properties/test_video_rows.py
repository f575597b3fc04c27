"""Tracks against a small evaluator of its own: the same objects on the same frames, with the same geometry and answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper import convert, load_spec
from mapper.connect.verify import verify
from tests.support import sdk
from tests.support.builders import Attribute, Label, box, seen, track, video, write
from tests.support.running import answers_on, frames_of, load

if TYPE_CHECKING:
    from tests.support.builders import Element
    from tests.support.running import Bundle

WIDTH, HEIGHT, FRAMES = 100, 80, 10
LABELS = [Label("car", "rectangle", (Attribute("speed", "number", mutable=True), Attribute("color", "select", ("red", "blue"))))]
STANDARD = load_spec("standard")
FILES = ("bundle.json", "ontology.json", "label_rows.jsonl", "findings.jsonl", "ledger.json")

few = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


class Seen(NamedTuple):
    """One frame of a track as a test draws it."""

    left: int
    speed: int
    occluded: bool
    outside: bool
    z_order: int
    rotation: int


class Drawn(NamedTuple):
    """A track: its colour, and what it is on each of its frames."""

    color: str
    frames: dict[int, Seen]


entries = st.builds(
    Seen,
    st.integers(0, 40),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from((False, False, True)),
    st.integers(0, 2),
    st.sampled_from((0, 0, 0, 30)),
)
drawn = st.lists(
    st.builds(Drawn, st.sampled_from(("red", "blue")), st.dictionaries(st.integers(0, FRAMES - 1), entries, min_size=1)), max_size=5
)


def written(tracks: list[Drawn]) -> str:
    """The export of some tracks."""
    return video(*(_track(number, found) for number, found in enumerate(tracks)), labels=LABELS)


def _track(number: int, found: Drawn) -> Element:
    made = []
    for frame, entry in sorted(found.frames.items()):
        fields = {"occluded": int(entry.occluded), "z_order": entry.z_order, "rotation": entry.rotation or None}
        attributes = {"speed": str(entry.speed), "color": found.color}
        made.append(seen(frame, box("car", (entry.left, 10, entry.left + 9, 30), attributes, **fields), outside=entry.outside))
    return track("car", *made, number=number)


def wanted(tracks: list[Drawn]) -> dict[int, Counter[str]]:
    """What is to be seen on each frame, worked out by hand."""
    found: dict[int, Counter[str]] = {}
    for one in tracks:
        turned = any(entry.rotation for entry in one.frames.values() if not entry.outside)
        for frame, entry in one.frames.items():
            if not entry.outside:
                place: dict[str, float] = {"x": entry.left / WIDTH, "y": 10 / HEIGHT, "w": 9 / WIDTH, "h": 20 / HEIGHT}
                answers: dict[str, Any] = {"color": [one.color], "speed": entry.speed}
                answers |= {"CVAT occluded": ["true"]} if entry.occluded else {}
                answers |= {"CVAT z_order": entry.z_order} if entry.z_order else {}
                shown = text(place | ({"theta": float(entry.rotation)} if turned else {}), answers)
                found.setdefault(frame, Counter())[shown] += 1
    return found


def text(place: dict[str, float], answers: dict[str, Any]) -> str:
    """Geometry and answers in a form that can be counted."""
    return repr((sorted((key, round(value, 9)) for key, value in place.items()), sorted(answers.items())))


def shown(found: Bundle) -> dict[int, Counter[str]]:
    """What a bundle shows on each frame of its one task."""
    frames: dict[int, Counter[str]] = {}
    for place, row in enumerate(found.rows):
        for unit in row["data_units"].values():
            for frame, labels in frames_of(unit):
                number = place if row["data_type"] == "image" else frame
                for entry in labels["objects"]:
                    place_ = entry.get("boundingBox") or entry["rotatableBoundingBox"]
                    frames.setdefault(number, Counter())[text(place_, answers_on(row, entry["objectHash"], frame))] += 1
    return frames


def converted(folder: str, source: str, media: Any) -> Bundle:
    """Convert an export."""
    return load(convert(write(Path(folder), source), Path(folder) / "bundle", spec=STANDARD, media=media, force=True))


@pytest.mark.parametrize("media", ["video", "image_group", "image"])
@given(tracks=drawn)
@few
def test_what_was_seen_is_shown(media: Any, tracks: list[Drawn]) -> None:
    """Every mode shows the tracks as they are; the SDK and our own checks find nothing wrong; all entries are kept."""
    with TemporaryDirectory() as folder:
        found = converted(folder, written(tracks), media)
        assert shown(found) == wanted(tracks)
        sdk.check(found.ontology, found.rows)
        assert [finding.message for finding in verify(found.folder, sdk=False).findings if finding.severity.word == "error"] == []
        visible = sum(not entry.outside for one in tracks for entry in one.frames.values())
        assert found.books().get("read", 0) == found.books().get("kept", 0) == visible


@given(tracks=drawn)
@few
def test_one_hash_one_class(tracks: list[Drawn]) -> None:
    """As many objects as tracks that are ever seen, each of one class; in a group they have the same hashes."""
    with TemporaryDirectory() as folder:
        moving = converted(folder, written(tracks), "video")
        group = converted(folder, written(tracks), "image_group")
    classes = {(entry["objectHash"], entry["featureHash"]) for entry, _ in moving.objects()}
    seen_once = [one for one in tracks if any(not entry.outside for entry in one.frames.values())]
    assert len(classes) == len({identity for identity, _ in classes}) == len(seen_once)
    assert {entry["objectHash"] for entry, _ in group.objects()} == {identity for identity, _ in classes}


@given(tracks=drawn, data=st.data())
@few
def test_other_tracks_and_their_order_do_not_count(tracks: list[Drawn], data: st.DataObject) -> None:
    """The hashes on each frame stay if tracks change their places in the file."""
    with TemporaryDirectory() as folder:
        before = converted(folder, written(tracks), "video")
        after = converted(folder, written(data.draw(st.permutations(tracks))), "video")
    assert {entry["objectHash"] for entry, _ in before.objects()} == {entry["objectHash"] for entry, _ in after.objects()}


@given(tracks=drawn, media=st.sampled_from(("video", "image_group", "image")))
@few
def test_the_same_bytes_again(tracks: list[Drawn], media: Any) -> None:
    """Two runs over one export write the same bytes."""
    with TemporaryDirectory() as folder:
        out = converted(folder, written(tracks), media).folder
        first = {name: (out / name).read_bytes() for name in FILES}
        converted(folder, written(tracks), media)
        assert {name: (out / name).read_bytes() for name in FILES} == first
