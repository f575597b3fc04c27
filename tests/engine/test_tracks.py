"""Image groups: one row for all images of a task, and objects that a foreign track id ties together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support import sdk
from tests.support.builders import Attribute, Label, box, export, image, path, tag
from tests.support.running import run
from tests.support.specs import answer, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Attributes, Element
    from tests.support.running import Bundle

LABELS = [Label("car", attributes=(Attribute("plate"), Attribute("speed", "number", mutable=True)))]
RULES = rule(thing(answer({}, "{{ attribute.name }}", "text", dynamic="mutable")))


def car(x: float, attributes: Attributes = (), **fields: Any) -> Element:
    """A box of label car."""
    return box("car", (x, 2, x + 20, 40), attributes, **fields)


def made(folder: Path, *images: Element, media: Any = "image_group", **fields: Any) -> Bundle:
    """Images as one group; what comes out is loaded by the SDK."""
    found = run(folder, export(*images, labels=LABELS), spec(RULES, fields=fields), media=media)
    sdk.check(found.ontology, found.rows)
    return found


def test_images_stand_in_the_order_of_their_frames(tmp_path: Path) -> None:
    """A group is one row; each image's sequence is the rank of its frame, also where the file has another order."""
    found = made(tmp_path, image(5, car(1)), image(2, size=(40, 30)), image(9, car(2), car(3)))
    (row,) = found.rows
    units = {unit["data_title"]: unit for unit in row["data_units"].values()}
    assert {name: unit["data_sequence"] for name, unit in units.items()} == {"2.png": "0", "5.png": "1", "9.png": "2"}
    assert {name: (unit["width"], len(unit["labels"]["objects"])) for name, unit in units.items()} == {
        "5.png": (100, 1),
        "2.png": (40, 0),
        "9.png": (100, 2),
    }
    assert all(key == unit["data_hash"] for key, unit in row["data_units"].items())
    assert row["data_hash"] not in row["data_units"]
    assert row["data_type"] == "img_group"


def test_tags_and_dynamic_answers_name_their_frame(tmp_path: Path) -> None:
    """Classifications and dynamic answers have the sequence of their image as their range."""
    emit = {"id": "tag", "match": {"tag": True}, "emit": [{"classification": {"name": "W", "type": "radio", "option": "{{ label }}"}}]}
    images = [image(1, tag("rain"), car(1, {"speed": "5"})), image(0, tag("rain"))]
    found = run(tmp_path, export(*images, labels=[*LABELS, Label("rain", "tag")]), spec(emit, RULES), media="image_group")
    sdk.check(found.ontology, found.rows)
    (row,) = found.rows
    assert sorted(entry["range"] for entry in row["classification_answers"].values()) == [[[0, 0]], [[1, 1]]]
    ((action,),) = [entry["actions"] for entry in row["object_actions"].values()]
    assert action["range"] == [[1, 1]]


def test_groups_and_single_images_hold_the_same(tmp_path: Path) -> None:
    """As a group or one by one: the same objects, the same answers, the same hashes of images and objects."""
    images = [image(1, car(1, {"plate": "A"}), car(1)), image(0, car(4)), image(2)]
    group, single = made(tmp_path, *images), made(tmp_path, *images, media="image")
    assert len(single.rows) == 3
    assert sorted(group.hashes()) == sorted(single.hashes())
    assert sorted(map(repr, group.answers())) == sorted(map(repr, single.answers()))
    assert {key for row in group.rows for key in row["data_units"]} == {key for row in single.rows for key in row["data_units"]}
    assert group.ledger == single.ledger


def test_every_task_and_subset_is_a_group_of_its_own(tmp_path: Path) -> None:
    """Images of another subset make another row."""
    found = made(tmp_path, image(0, car(1), subset="train"), image(1, car(1), subset="test"), image(2, car(1), subset="train"))
    assert [[unit["data_title"] for unit in row["data_units"].values()] for row in found.rows] == [["0.png", "2.png"], ["1.png"]]


def test_a_foreign_track_is_one_object(tmp_path: Path) -> None:
    """Shapes of one track id keep one hash over the images of a group; dynamic answers are joined with their frames."""
    speeds = ((0, "5"), (2, "7"), (1, "5"))
    images = [image(number, car(number, {"speed": speed, "plate": "A"}, track_id="4")) for number, speed in speeds]
    found = made(tmp_path, *images)
    (row,) = found.rows
    (track,) = row["object_answers"]
    assert found.hashes() == [track] * 3
    frames: dict[str, list[int]] = {}
    for action in row["object_actions"][track]["actions"]:
        frames.setdefault(action["answers"], []).extend(frame for first, last in action["range"] for frame in range(first, last + 1))
    assert {answer: sorted(numbers) for answer, numbers in frames.items()} == {"5": [0, 1], "7": [2]}
    assert found.books("field", "track_id") == {"read": 3, "kept": 3}
    assert found.ledger["totals"]["objects"] == 3


def test_static_answers_of_a_track(tmp_path: Path) -> None:
    """A static answer that the track's object has otherwise is refused with a finding, and only that one."""
    declared = [Label("car", attributes=(Attribute("plate"), Attribute("color")))]
    images = [image(number, car(number, {"plate": plate, "color": "red"}, track_id="4")) for number, plate in enumerate("AB")]
    found = run(tmp_path, export(*images, labels=declared), spec(RULES), media="image_group")
    sdk.check(found.ontology, found.rows)
    assert found.answers() == [{"plate": "A", "color": "red"}] * 2
    (finding,) = [finding for finding in found.result.findings if finding.code == "MAP312"]
    assert (finding.count, finding.attribute) == (1, "plate")
    assert found.books("attribute", "plate") == {"read": 2, "kept": 1, "refused": 1}
    assert found.books("attribute", "color") == {"read": 2, "kept": 2}


def test_a_track_twice_on_one_image(tmp_path: Path) -> None:
    """An object stands once on an image: the second shape of a track there is an object of its own, and that is said."""
    for media in ("image", "image_group"):
        found = made(tmp_path, image(0, car(1, track_id="4"), car(2, track_id="4")), media=media)
        assert len(set(found.hashes())) == 2
        assert found.codes["MAP312"] == 1
        assert found.books("field", "track_id") == {"read": 2, "kept": 1, "refused": 1}


def test_a_track_of_two_classes_is_two_objects(tmp_path: Path) -> None:
    """One object has one class: a track that changes its class has one hash for each."""
    fast = thing({"from": {}, "drop": {"reason": "decides the class"}}, name="Fast")
    rules = [rule(fast, name="fast", attributes={"speed": {"gt": 5}}), RULES]
    images = [image(number, car(1, {"speed": speed}, track_id="4")) for number, speed in enumerate(("3", "9", "4"))]
    found = run(tmp_path, export(*images, labels=LABELS), spec(*rules), media="image_group")
    sdk.check(found.ontology, found.rows)
    first, second, third = found.hashes()
    assert first == third != second


def test_points_of_a_track_are_tied_one_by_one(tmp_path: Path) -> None:
    """Where a tracked shape is split, each of its parts keeps one hash."""
    images = [image(number, path("points", "p", [number, 1, number, 5], track_id="4")) for number in (0, 1)]
    found = run(tmp_path, export(*images, labels=[Label("p")]), spec(rule(thing())), media="image_group")
    sdk.check(found.ontology, found.rows)
    first, second, third, fourth = found.hashes()
    assert (first, second) == (third, fourth)
    assert first != second


def test_tracks_that_are_not_tied(tmp_path: Path) -> None:
    """If policy drops the track id, each shape is an object of its own, and the ledger has the reason."""
    dropped = {"keep": False, "reason": "tracks of another tool"}
    found = made(tmp_path, image(0, car(1, track_id="4")), image(1, car(2, track_id="4")), track_id=dropped)
    assert len(set(found.hashes())) == 2
    assert found.books("field", "track_id") == {"read": 2, "dropped": 2}


def test_images_that_repeat_frame_and_name(tmp_path: Path) -> None:
    """Two images of one frame and name stay two data units, in a group and one by one."""
    images = [image(0, car(1), name="a.png"), image(0, car(1), car(2), name="a.png")]
    for media, rows in (("image_group", 1), ("image", 2)):
        found = made(tmp_path, *images, media=media)
        assert len({row["label_hash"] for row in found.rows}) == len(found.rows) == rows
        assert len({unit["data_hash"] for row in found.rows for unit in row["data_units"].values()}) == 2
        assert sum(1 for _ in found.objects()) == 3


def test_renaming_reaches_every_row_of_a_group(tmp_path: Path) -> None:
    """A class that is renamed late is renamed in all that was written before."""
    emit = thing(title_if_several="{{ label }} {{ target.shape }}")
    images = [image(0, box("car", (1, 2, 30, 40))), image(1, path("polygon", "car", [1, 1, 9, 1, 9, 9]))]
    found = run(tmp_path, export(*images, labels=[Label("car")]), spec(rule(emit)), media="image_group")
    sdk.check(found.ontology, found.rows)
    assert [entry["name"] for entry, _ in found.objects()] == ["car rotatable_bounding_box", "car polygon"]
