"""Tracks as label rows: one object, one class, one hash, and what is answered on which frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert, load_spec, pipeline
from mapper.connect.verify import verify
from mapper.engine import frame_spool
from mapper.engine.program import Program
from tests.support import backups, sdk
from tests.support.builders import Attribute, Label, box, cuboid, ellipse, export, image, path, seen, tag, track, video, write
from tests.support.running import frames_of, run
from tests.support.specs import answer, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.engine.context import Context
    from tests.support.builders import Element
    from tests.support.running import Bundle, Json

SPEED = Attribute("speed", "number", mutable=True)
COLOR = Attribute("color", "select", ("red", "blue"))
LABELS = [Label("car", "rectangle", (SPEED, COLOR))]
TRACKED = {"keyframe": {"keep": False, "reason": "Encord has none"}}
ATTRIBUTES = (answer("speed", "speed", "text", dynamic="mutable"), answer("color", "color", "text"))


def car(frame: int, speed: str = "5", color: str = "red", *, outside: bool = False, left: float | None = None, **fields: Any) -> Element:
    """A car on a frame, further to the right on each."""
    x = 10 + frame if left is None else left
    return seen(frame, box("car", (x, 20, x + 9, 40), {"speed": speed, "color": color}, **fields), outside=outside)


def made(folder: Path, *tracks: Element, spec_: Any = "standard", labels: Any = LABELS, media: Any = "auto", **options: Any) -> Bundle:
    """Convert tracks, and let the SDK and our own checks judge what came of them."""
    fields = options.pop("fields", {})
    found = run(folder, video(*tracks, labels=labels, **fields), spec_, media=media, **options)
    return judged(found)


def judged(found: Bundle) -> Bundle:
    """The same bundle, after the SDK and our own checks have found nothing wrong with it."""
    sdk.check(found.ontology, found.rows)
    assert [finding.message for finding in verify(found.folder, sdk=True).findings] == []
    return found


def on_frames(row: Json) -> dict[int, list[str]]:
    """The hashes of the objects on each frame of a row."""
    return {
        frame: [entry["objectHash"] for entry in labels["objects"]]
        for unit in row["data_units"].values()
        for frame, labels in frames_of(unit)
        if labels["objects"]
    }


def actions(row: Json) -> list[tuple[str, Any, list[list[int]]]]:
    """The dynamic answers of a row: attribute, value, ranges."""
    return [
        (
            entry["name"],
            entry["answers"] if isinstance(entry["answers"], str | int | float) else entry["answers"][0]["name"],
            entry["range"],
        )
        for table in row["object_actions"].values()
        for entry in table["actions"]
    ]


def test_a_track_is_one_object(tmp_path: Path) -> None:
    """A track has one hash on all frames where it is seen, none where it is outside, static answers once, dynamic ones with ranges."""
    frames = [car(2), car(3), car(4, "7", occluded=1), car(5, "7"), car(6, "7", outside=True), car(8, "5"), car(9, "5")]
    (row,) = (found := made(tmp_path, track("car", *frames))).rows
    (identity,) = row["object_answers"]
    assert on_frames(row) == {frame: [identity] for frame in (2, 3, 4, 5, 8, 9)}
    assert sorted(actions(row)) == [("CVAT occluded", "true", [[4, 4]]), ("speed", 5, [[2, 3], [8, 9]]), ("speed", 7, [[4, 5]])]
    assert [entry["name"] for entry in row["object_answers"][identity]["classifications"]] == ["color"]
    unit = next(iter(row["data_units"].values()))
    assert (row["data_type"], unit["data_title"], unit["data_type"]) == ("video", "clip.mp4", "video/mp4")
    boxes = [unit["labels"][str(frame)]["objects"][0]["boundingBox"]["x"] for frame in (2, 9)]
    assert boxes == pytest.approx([0.12, 0.19])
    assert found.books() == {"read": 6, "kept": 6}
    assert found.books("field", "outside") == {"read": 1, "kept": 1}
    assert found.books("field", "keyframe") == {"read": 7, "dropped": 7}
    assert found.ledger["totals"]["objects"] == 1
    assert found.ledger["images"]["tracks"] == 1


def test_steps_leave_gaps_in_ranges(tmp_path: Path) -> None:
    """Frames count in the video's own numbers, so a task with a step has labels, and answers, on every n-th frame only."""
    fields = {"start_frame": 4, "stop_frame": 16, "frame_filter": "step=3", "size": 5}
    (row,) = made(tmp_path, track("car", car(4), car(7), car(10)), fields=fields).rows
    assert list(on_frames(row)) == [4, 7, 10]
    assert actions(row) == [("speed", 5, [[4, 4], [7, 7], [10, 10]])]


def test_a_group_counts_places(tmp_path: Path) -> None:
    """In an image group a frame is the rank among the task's frames, and every frame is a unit."""
    fields = {"start_frame": 4, "stop_frame": 16, "frame_filter": "step=3", "size": 5}
    (row,) = made(tmp_path, track("car", car(4), car(7), car(10)), fields=fields, media="image_group").rows
    assert list(on_frames(row)) == [0, 1, 2]
    assert actions(row) == [("speed", 5, [[0, 2]])]
    titles = [unit["data_title"] for unit in row["data_units"].values()]
    assert titles == ["frame_000004", "frame_000007", "frame_000010", "frame_000013", "frame_000016"]


def test_groups_of_a_limited_size(tmp_path: Path) -> None:
    """Split groups hold the same object under one hash, with the ranges of their own units."""
    found = made(tmp_path, track("car", *(car(frame) for frame in range(2, 7))), media="image_group", group_size=4)
    assert [len(row["data_units"]) for row in found.rows] == [4, 4, 2]
    assert [list(on_frames(row)) for row in found.rows] == [[2, 3], [0, 1, 2], []]
    assert [actions(row) for row in found.rows] == [[("speed", 5, [[2, 3]])], [("speed", 5, [[0, 2]])], []]
    assert len({key for row in found.rows for key in row["object_answers"]}) == 1
    assert len({row["label_hash"] for row in found.rows}) == 3


def test_groups_of_images_are_split_too(tmp_path: Path) -> None:
    """An images export in groups of two, in order of frames."""
    shapes = (image(number, box("car", (1, 2, 30, 40)), tag("rain")) for number in (4, 0, 1, 3, 2))
    found = judged(run(tmp_path, export(*shapes, labels=[Label("car"), Label("rain", "tag")]), media="image_group", group_size=2))
    titles = [[unit["data_title"] for unit in row["data_units"].values()] for row in found.rows]
    assert titles == [["0.png", "1.png"], ["2.png", "3.png"], ["4.png"]]
    assert [len(row["classification_answers"]) for row in found.rows] == [2, 2, 1]


def test_frames_as_images(tmp_path: Path) -> None:
    """As single images every frame of the task is a row, and the object keeps the hash that it has in a video."""
    tracks = (track("car", car(2), car(3, "7")),)
    found, moving = made(tmp_path, *tracks, media="image"), made(tmp_path, *tracks)
    assert len(found.rows) == 10
    assert [len(row["object_answers"]) for row in found.rows] == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert set(found.hashes()) == set(moving.hashes())
    assert found.answers() == moving.answers()
    assert found.result.bundle["media_mode"] == "image"


@pytest.mark.parametrize(
    ("frames", "objects"),
    [
        ("any", {0: "Hidden", 1: "Hidden", 2: "Hidden"}),
        ("all", {0: "Car", 1: "Car", 2: "Car"}),
        ("each", {0: "Car", 1: "Hidden", 2: "Car"}),
        (None, {}),
    ],
)
def test_conditions_that_differ_between_frames(tmp_path: Path, frames: str | None, objects: dict[int, str]) -> None:
    """any: the rule takes the whole track; all: none of it; each: its frames; not stated: the track is refused."""
    stated = {} if frames is None else {"frames": frames}
    rules = [rule(thing(*ATTRIBUTES, name="Hidden"), name="hidden", occluded=True, **stated), rule(thing(*ATTRIBUTES, name="Car"))]
    tracks = (track("car", car(0), car(1, occluded=1), car(2)), track("car", car(0, left=50), car(1, left=50), number=1))
    found = made(tmp_path, *tracks, spec_=spec(*rules, fields=TRACKED))
    (row,) = found.rows
    (unit,) = row["data_units"].values()
    entries = [(frame, entry) for frame, labels in frames_of(unit) for entry in labels["objects"]]
    other = {entry["objectHash"] for _, entry in entries if entry["rotatableBoundingBox"]["x"] == 0.5}
    assert {frame: entry["name"] for frame, entry in entries if entry["objectHash"] not in other} == objects
    classes = {(entry["objectHash"], entry["featureHash"]) for _, entry in entries}
    assert len(classes) == len({identity for identity, _ in classes})
    assert found.codes.get("MAP340", 0) == (frames is None)
    assert found.codes.get("SPC278", 0) == (frames is None)
    assert found.books() == {"read": 5, "kept": 5} if frames else {"read": 5, "kept": 2, "refused": 3}


def test_frames_can_be_dropped_singly(tmp_path: Path) -> None:
    """A rule with each drops frames of a track, which keeps its hash on the others."""
    drop = {"id": "hidden", "match": {"occluded": True, "frames": "each"}, "drop": {"reason": "not seen"}}
    entries = (car(0), car(1, occluded=1), car(2))
    found = made(tmp_path, track("car", *entries), spec_=spec(drop, rule(thing(*ATTRIBUTES)), fields=TRACKED))
    whole = made(tmp_path, track("car", *entries), spec_=spec(rule(thing(*ATTRIBUTES)), fields=TRACKED))
    assert list(on_frames(found.rows[0])) == [0, 2]
    assert set(found.hashes()) == set(whole.hashes())
    assert found.books() == {"read": 3, "kept": 2, "dropped": 1}


def test_tracks_can_be_told_from_shapes(tmp_path: Path) -> None:
    """`track: true` holds for a track, `track: false` for a shape on an image of the same export."""
    rules = [rule(thing(*ATTRIBUTES, name="Moving"), name="moving", track=True), rule(thing(*ATTRIBUTES, name="Still"))]
    mixed = export(
        image(0, box("car", (1, 2, 30, 40))),
        track("car", car(0)),
        labels=LABELS,
        frame_size=(100, 80),
        task={"mode": "interpolation", "size": 2},
    )
    found = judged(run(tmp_path, mixed, spec(*rules, fields=TRACKED)))
    assert sorted(entry["name"] for entry, _ in found.objects()) == ["Moving", "Still"]


def test_one_class_where_a_conversion_falls_back(tmp_path: Path) -> None:
    """If the conversion refuses one frame, the whole track becomes what `otherwise` says."""
    good = (10, 10, 10, 30, 30, 10, 30, 30, 40, 5, 40, 25, 20, 5, 20, 25)
    bad = (10, 10, 10, 30, 30, 10, 30, 30, 48, 1, 40, 35, 20, 5, 23, 25)
    kinds = []
    for corners in (good, bad):
        entries = (seen(frame, cuboid("crate", numbers)) for frame, numbers in enumerate((good, corners, good)))
        found = made(tmp_path, track("crate", *entries), labels=[Label("crate", "cuboid")])
        kinds.append([entry["shape"] for entry, _ in found.objects()])
        assert len(set(found.hashes())) == 1
    assert kinds == [["cuboid_2d"] * 3, ["polygon"] * 3]


def test_parts_keep_their_hashes(tmp_path: Path) -> None:
    """Where a shape is split, each part is one object through the track."""
    entries = (seen(frame, path("points", "p", [frame + 1, 1, frame + 1, 5])) for frame in range(3))
    found = made(tmp_path, track("p", *entries), labels=[Label("p", "points")])
    (row,) = found.rows
    assert len(row["object_answers"]) == 2
    assert all(set(hashes) == set(row["object_answers"]) for hashes in on_frames(row).values())
    assert {(answers["CVAT points"], answers["CVAT point index"]) for answers in found.answers()} == {
        (found.answers()[0]["CVAT points"], index) for index in (0, 1)
    }
    assert found.ledger["totals"]["objects"] == 2


def test_a_refused_frame_leaves_a_gap(tmp_path: Path) -> None:
    """A frame whose geometry is refused has a finding and no object; the object stays on the others."""
    found = made(tmp_path, track("car", car(0), car(1, left=200), car(2)))
    (row,) = found.rows
    assert list(on_frames(row)) == [0, 2]
    assert found.books() == {"read": 3, "kept": 2, "refused": 1}


@pytest.mark.parametrize(
    ("policy", "answers", "books"),
    [
        ({"do": "first", "severity": "warning"}, {"color": ["red"]}, {"read": 3, "kept": 2, "refused": 1}),
        ({"do": "drop", "severity": "warning"}, {}, {"read": 3, "refused": 3}),
        (None, {}, {"read": 3, "refused": 3}),
    ],
)
def test_values_that_should_not_change(tmp_path: Path, policy: Json | None, answers: Json, books: Json) -> None:
    """An immutable attribute that changes is reported, and policy says which value stands."""
    decided = {} if policy is None else {"changed_value": policy}
    rules = rule(thing(answer("speed", "speed", "text", dynamic="mutable"), answer("color", "color", "radio")))
    found = made(tmp_path, track("car", car(0), car(1, color="blue"), car(2)), spec_=spec(rules, policy=decided, fields=TRACKED))
    assert found.answers() == [answers | {"speed": "5"}] * 3
    assert found.books("attribute", "color") == books
    (finding,) = [finding for finding in found.result.findings if finding.code == "MAP341"]
    assert (finding.count, finding.attribute, finding.severity.word) == (1, "color", "warning" if policy else "error")


def test_a_mutable_attribute_that_is_not_dynamic(tmp_path: Path) -> None:
    """What the spec maps to one value for all frames cannot hold several: that is said, also where the value goes away."""
    rules = rule(thing(answer("speed", "speed", "text", skip=["0"]), answer("color", "color", "text")))
    policy = {"changed_value": {"do": "first", "severity": "warning"}}
    found = made(tmp_path, track("car", car(0), car(1, "7"), car(2, "0")), spec_=spec(rules, policy=policy, fields=TRACKED))
    assert found.answers() == [{"speed": "5", "color": "red"}] * 3
    assert found.codes["MAP341"] == 2
    assert found.books("attribute", "speed") == {"read": 3, "kept": 1, "refused": 2}


def test_keyframes_are_decided(tmp_path: Path) -> None:
    """A spec that does not speak of keyframes leaves them out, with a finding."""
    found = made(tmp_path, track("car", car(0), car(1)), spec_=spec(rule(thing(*ATTRIBUTES))))
    assert found.codes["MAP343"] == 1
    assert found.books("field", "keyframe") == {"read": 2, "refused": 2}


def test_hashes_come_from_what_a_track_is(tmp_path: Path) -> None:
    """The XML's own id and other tracks do not count; equal tracks are told apart; another start is another object."""
    alone = made(tmp_path, track("car", car(2), car(3), number=5)).rows[0]["object_answers"].keys()
    tracks = (track("car", car(0)), track("car", car(2), car(3)), track("car", car(2), car(3)), track("car", car(3)))
    others = made(tmp_path, *tracks).rows[0]["object_answers"].keys()
    assert alone < others
    assert len(others) == 4


def test_tags_have_ranges(tmp_path: Path) -> None:
    """Equal tags are one instance with the ranges of their frames, others are instances of their own; shapes are beside tracks."""
    labels = [*LABELS, Label("weather", "tag", (Attribute("kind", "select", ("rain", "sun")),))]
    kinds = {0: "rain", 1: "rain", 2: "sun", 5: "rain"}
    images = [image(frame, tag("weather", {"kind": kind}), name=f"frame_{frame:06d}") for frame, kind in kinds.items()]
    images.append(image(6, box("car", (1, 2, 30, 40)), name="frame_000006"))
    text = export(*images, track("car", car(5), car(6)), labels=labels, frame_size=(100, 80), task={"mode": "interpolation", "size": 10})
    found = judged(run(tmp_path, text))
    (row,) = found.rows
    assert sorted(entry["range"] for entry in row["classification_answers"].values()) == [[[0, 1], [5, 5]], [[2, 2]]]
    assert {frame: len(hashes) for frame, hashes in on_frames(row).items()} == {5: 1, 6: 2}
    assert found.ledger["totals"]["objects"] == 4
    assert found.books() == {"read": 7, "kept": 7}


def test_tracks_on_listed_images(tmp_path: Path) -> None:
    """Tracks of an export that lists its images lie on these, by name and size; what lies on no image is refused."""
    images = [image(frame, name=f"{frame}.png", size=(50 * (frame + 1), 80)) for frame in (0, 1)]
    text = export(*images, track("car", car(0), car(1), car(3)), labels=LABELS, task={"size": 2})
    single, group = judged(run(tmp_path, text)), judged(run(tmp_path, text, media="image_group"))
    assert [[unit["data_title"] for unit in row["data_units"].values()] for row in single.rows] == [["0.png"], ["1.png"]]
    assert [entry["boundingBox"]["x"] for entry, _ in single.objects()] == pytest.approx([0.2, 0.11])
    assert single.codes["MAP342"] == group.codes["MAP342"] == 1
    assert group.hashes() == single.hashes()
    assert group.books() == {"read": 3, "kept": 2, "refused": 1}


def test_without_a_frame_size(tmp_path: Path) -> None:
    """Tracks of a task whose frames have no known size are refused, unless the caller says it."""
    text = video(track("car", car(0), car(1)), labels=LABELS, frame_size=None)
    refused = run(tmp_path, text)
    assert refused.rows == []
    assert refused.codes["ENC507"] == 1
    assert refused.books() == {"read": 2, "refused": 2}
    found = judged(run(tmp_path, text, frame_size=(200, 100)))
    assert next(found.objects())[0]["boundingBox"]["x"] == pytest.approx(0.05)


def test_images_without_a_size(tmp_path: Path) -> None:
    """Images of an old export that lack both sides are as large as the caller says; one that has a size keeps it."""
    bare = image(0, box("car", (10, 8, 30, 40)), width=None, height=None)
    half = image(1, box("car", (10, 8, 30, 40)), height=None)
    text = export(bare, half, image(2, box("car", (10, 8, 30, 40))), labels=LABELS)
    assert run(tmp_path, text).codes["SRC124"] == 2
    found = judged(run(tmp_path, text, frame_size=(200, 100)))
    assert found.codes["SRC124"] == 1
    assert [entry["boundingBox"]["x"] for entry, _ in found.objects()] == pytest.approx([0.05, 0.1])


@pytest.mark.parametrize("tracks", [[], [backups.track(backups.keyframe(0), backups.keyframe(3))]])
def test_a_backup_is_converted_once(tmp_path: Path, tracks: list[Json]) -> None:
    """A backup tells beforehand whether it has tracks, so that its images need not be begun again."""
    source = backups.backup(tmp_path, backups.shape(1), tracks=tracks)
    made: list[Program] = []

    def make(context: Context) -> Program:
        made.append(Program(context))
        return made[-1]

    result = pipeline.run(source, load_spec("standard"), None, pipeline.Options(), make)
    assert (len(made), result.ledger["balanced"]) == (1, True)


def test_rate_and_length(tmp_path: Path) -> None:
    """A row says how many frames its video has as far as the task tells, at the given rate or a nominal one."""
    for fps, wanted in ((None, 30), (12.5, 12.5)):
        found = made(tmp_path, track("car", car(0)), fps=fps)
        (unit,) = found.rows[0]["data_units"].values()
        assert unit["data_fps"] == wanted
        assert unit["data_duration"] == pytest.approx(9.5 / wanted)
        assert found.codes.get("ENC506", 0) == (fps is None)


def test_annotations_past_the_end(tmp_path: Path) -> None:
    """Frames past the last one that the task names make the row longer, with a warning."""
    images = [image(frame, box("car", (1, 2, 30, 40)), name=f"frame_{frame:06d}") for frame in (0, 12)]
    found = judged(run(tmp_path, export(*images, labels=LABELS, task={"mode": "interpolation", "size": 10, "stop_frame": 9})))
    assert found.codes["ENC510"] == 1
    (unit,) = found.rows[0]["data_units"].values()
    assert unit["data_duration"] * unit["data_fps"] == pytest.approx(12.5)


def test_a_task_that_does_not_say_its_frames(tmp_path: Path) -> None:
    """Without a word about its frames, a task has those with annotations; that is said."""
    fields = {"size": None, "stop_frame": None}
    for media, frames in (("video", 6), ("image_group", 2), ("image", 1)):
        found = made(tmp_path, track("car", car(2), car(5)), fields=fields, media=media)
        assert found.codes["ENC509"] == 1
        (unit, *_) = found.rows[0]["data_units"].values()
        assert (round(unit["data_duration"] * 30 + 0.5) if media == "video" else len(found.rows[0]["data_units"])) == frames


def test_images_as_a_video_view(tmp_path: Path) -> None:
    """An image task exported as video becomes images, which the export does not name."""
    found = made(tmp_path, track("car", car(0)), fields={"mode": "annotation", "source": None, "frame_size": None}, frame_size=(100, 80))
    assert found.result.bundle["media_mode"] == "image"
    assert found.codes["ENC508"] == 1
    assert len(found.rows) == 10


def test_a_video_without_annotations(tmp_path: Path) -> None:
    """A video without tracks has its row all the same."""
    found = made(tmp_path, track("car", car(0, outside=True)))
    assert [row["object_answers"] for row in found.rows] == [{}]
    assert found.ledger["totals"]["objects"] == 0


@pytest.mark.parametrize("media", ["video", "image_group", "image"])
def test_titles_settle(tmp_path: Path, media: Any) -> None:
    """A class that is renamed late has its new title on all frames."""
    first = track("car", *(car(frame) for frame in range(3)))
    second = track("car", seen(0, ellipse("car", (40, 40, 5, 6), {"speed": "1", "color": "red"})), number=1)
    found = made(tmp_path, first, second, labels=[Label("car", "any", (SPEED, COLOR))], media=media)
    assert {entry["name"] for entry, _ in found.objects()} == {"car (bounding_box)", "car (ellipse)"}


def test_disk_or_memory_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits on disk comes back as it was."""
    tracks = [track("car", *(car(frame, str(number), left=number) for frame in range(10)), number=number) for number in range(30)]
    source = write(tmp_path, video(*tracks, labels=LABELS))
    for media in ("video", "image_group", "image"):
        monkeypatch.undo()
        plain = convert(source, tmp_path / f"{media}-1", media=media)
        monkeypatch.setattr(frame_spool.Spool, "__init__", _small(frame_spool.Spool.__init__))
        spilled = convert(source, tmp_path / f"{media}-2", media=media)
        assert plain.out is not None
        assert spilled.out is not None
        assert (plain.out / "label_rows.jsonl").read_bytes() == (spilled.out / "label_rows.jsonl").read_bytes()


def _small(make: Any) -> Any:
    return lambda spool, folder: make(spool, folder, limit=500)
