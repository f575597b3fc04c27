"""Inspection: exact counts, bounded memory, and what is odd."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.inspection import Cause, Inspection, Place
from mapper.cvat.inspection_document import TOP, document
from mapper.cvat.model import AttributeSpec, Entry, Export, Image, LabelSpec, Shape, Task, Track
from mapper.cvat.oddities import extent, oddities
from mapper.cvat.values import MOST, Values
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle

TASK = Task(id="1", name="street")
CAR = LabelSpec(
    name="car",
    type="rectangle",
    attributes=(
        AttributeSpec(name="color", input_type="select", values=("red", "blue")),
        AttributeSpec(name="doors", input_type="number", values=("2", "5", "1")),
        AttributeSpec(name="parked", input_type="checkbox"),
        AttributeSpec(name="note", input_type="text"),
    ),
)
POSE = LabelSpec(name="pose", type="skeleton", elements=(LabelSpec(name="nose", type="points"),))
EXPORT = Export(scope="task", id="1", name="street", created="", updated="", tasks=(TASK,), labels=(CAR, POSE))
FIELDS = ("0", "0", None, "manual", None, None, None)


def shape(
    kind: Any = "rectangle", label: str = "car", geometry: Any = None, attributes: Any = (), fields: Any = FIELDS, key: str = "k"
) -> Shape:
    """A shape; by default a sound box."""
    return Shape(kind, label, Rectangle(1, 1, 5, 5, 0) if geometry is None else geometry, key, tuple(attributes), fields, 7)


def point(label: str, x: float, *, outside: bool = False, occluded: bool = False, attributes: Any = ()) -> Element:
    """A point of a skeleton."""
    return Element(label, x, 10, outside, occluded, attributes, 8)


def image(*shapes: Shape, name: str = "a.png", number: int = 0) -> Image:
    """An image of 100 by 50 pixels."""
    return Image(number, name, 100, 50, TASK, "", number, 3, list(shapes))


def inspected(*images: Image) -> dict[str, Any]:
    """The document of some images."""
    return document(Inspection(EXPORT).take_all(images))


def odd(*shapes: Shape) -> list[str]:
    """The names of what is odd about shapes, but for labels that are not used."""
    found = [entry["name"] for entry in inspected(image(*shapes))["anomalies"]]
    return [name for name in found if name != "unused-label"]


def test_counts_are_exact() -> None:
    """Images, empty images, shapes, labels with kinds and images."""
    found = inspected(image(shape(), shape(key="l")), image(number=1), image(shape(), name="b.png", number=2))
    assert found["counts"] == {"images": 3, "images_empty": 1, "tracks": 0, "shapes": 3}
    car = found["labels"][0]
    assert (car["total"], car["images"], car["shapes"]) == (3, 2, {"rectangle": 3})
    assert found["sizes"]["top"] == [{"value": (100, 50), "count": 3}]
    assert found["tasks"][0]["images"] == 3


def test_fields_tell_written_from_said() -> None:
    """Zeros are written everywhere and say nothing; other values count."""
    fields = ("1", "0", "3", "auto", None, "30.00", None)
    found = {entry["name"]: entry for entry in inspected(image(shape(), shape(fields=fields, key="l")))["fields"]}
    assert (found["occluded"]["present"], found["occluded"]["set"]["total"]) == (2, 1)
    assert (found["z_order"]["present"], found["z_order"]["set"]["total"]) == (2, 0)
    assert [entry["value"] for entry in found["source"]["set"]["top"]] == ["auto", "manual"]
    assert found["track_id"]["present"] == 0


def test_values_that_are_not_offered_are_named() -> None:
    """Of lists, numbers with a range and checkboxes; empty values and texts are never odd."""
    values = [
        [("color", "green"), ("doors", "7"), ("parked", "maybe"), ("note", "anything")],
        [("color", "red"), ("doors", "3"), ("parked", "true"), ("note", "")],
        [("color", ""), ("doors", "many"), ("parked", ""), ("wheels", "4")],
    ]
    found = inspected(image(*(shape(attributes=pairs, key=str(index)) for index, pairs in enumerate(values))))
    named = {entry["name"]: [item["value"] for item in entry["unlisted"]["top"]] for entry in found["labels"][0]["attributes"]}
    assert named == {"color": ["green"], "doors": ["7", "many"], "parked": ["maybe"], "note": [], "wheels": []}
    kinds = Counter(entry["name"] for entry in found["anomalies"])
    assert kinds == {"unlisted-value": 3, "undeclared-attribute": 1, "unused-label": 1}


def test_labels_that_are_not_declared_or_drawn_otherwise_are_odd() -> None:
    """A label nobody declared, and one that is declared for another shape."""
    assert odd(shape(label="dog")) == ["undeclared-label"]
    assert odd(shape(kind="polygon", geometry=[1.0, 1.0, 5.0, 1.0, 5.0, 5.0])) == ["unexpected-shape"]


def test_duplicates_are_per_image() -> None:
    """The same shape twice on one image is odd; on two images it is not, nor with other attributes."""
    assert odd(shape(), shape()) == ["duplicate"]
    assert odd(shape(), shape(attributes=[("note", "x")])) == []
    found = inspected(image(shape()), image(shape(), number=1))["anomalies"]
    assert [entry["name"] for entry in found] == ["unused-label"]


@pytest.mark.parametrize(
    ("kind", "geometry", "expected"),
    [
        ("rectangle", Rectangle(1, 1, 5, 5, 0), []),
        ("rectangle", Rectangle(5, 1, 1, 5, 0), ["inverted"]),
        ("rectangle", Rectangle(1, 1, 1, 5, 0), ["zero-area"]),
        ("rectangle", Rectangle(-0.5, 0, 100.5, 50, 0), []),
        ("rectangle", Rectangle(-1, 0, 5, 5, 0), ["partly-outside"]),
        ("rectangle", Rectangle(101, 0, 110, 5, 0), ["beyond-image"]),
        ("rectangle", Rectangle(0, 0, 10, 40, 90.0), ["partly-outside"]),
        ("ellipse", Ellipse(50, 25, 10, 0, 0), ["zero-area"]),
        ("ellipse", Ellipse(50, 25, 30, 5, 90.0), ["partly-outside"]),
        ("polygon", [0.0, 0.0, 10.0, 10.0, 20.0, 20.0], ["zero-area"]),
        ("polygon", [0.0, 0.0, 10.0, 10.0, 10.0, 0.0, 0.0, 10.0], []),
        ("polyline", [0.0, 0.0, 10.0, 10.0], []),
        ("points", [120.0, 10.0], ["beyond-image"]),
        ("mask", Mask([4], 0, 0, 2, 2), ["zero-area"]),
        ("mask", Mask([0, 4], 99, 0, 2, 2), ["partly-outside"]),
        ("skeleton", (point("nose", 120, outside=True),), []),
        ("skeleton", (point("nose", 120),), ["beyond-image"]),
        ("tag", None, []),
    ],
)  # fmt: skip
def test_odd_geometry(kind: Any, geometry: Any, expected: list[str]) -> None:
    """No area, exchanged corners, beyond the image by more than half a pixel; points that are outside do not count."""
    one = Shape(kind, "car", geometry, "k", (), FIELDS, 7)
    assert oddities(one, image()) == expected


def test_a_turned_box_is_measured_turned() -> None:
    """A quarter turn exchanges width and height about the centre."""
    assert extent(shape(geometry=Rectangle(10, 20, 30, 24, 90.0))) == (18, 12, 22, 32)


def test_elements_of_skeletons_are_counted() -> None:
    """Declared elements are listed even if unused; states and attributes are theirs."""
    points = (point("nose", 1, occluded=True, attributes=(("seen", "true"),)), point("ear", 2, outside=True))
    pose = inspected(image(shape("skeleton", "pose", points)))["labels"][1]
    by_name = {element["name"]: element for element in pose["elements"]}
    assert (by_name["nose"]["total"], by_name["nose"]["occluded"], by_name["nose"]["attributes"][0]["name"]) == (1, 1, "seen")
    assert (by_name["ear"]["declared"], by_name["ear"]["outside"]) == (False, 1)


@given(st.lists(st.text(max_size=3)))
def test_values_are_counted_exactly_while_they_are_few(texts: list[str]) -> None:
    """Counts, totals and order are those of a plain count."""
    values = Values()
    for text in texts:
        values.add(text)
    counts = Counter(texts)
    assert values.counts == counts
    assert values.complete
    assert values.top(TOP) == sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]


def test_values_take_no_more_memory_than_they_may() -> None:
    """A text attribute with a new value on every shape does not fill the memory, and the document says so."""
    shapes = [shape(attributes=[("note", str(number))], key=str(number)) for number in range(MOST + 5)]
    note = inspected(image(*shapes))["labels"][0]["attributes"][3]["used"]
    assert (note["total"], note["distinct"], note["distinct_is_exact"], len(note["top"])) == (MOST + 5, MOST, False, TOP)


def test_places_are_few_and_counts_exact() -> None:
    """An anomaly on every image keeps three places."""
    inspection = Inspection(EXPORT).take_all(image(shape(geometry=Rectangle(5, 1, 1, 5, 0)), number=n) for n in range(10))
    anomaly = inspection.anomalies[Cause("inverted", "car", "rectangle")]
    assert (anomaly.count, anomaly.places) == (10, [(Place(100, 50, "a.png"), 7)] * 3)


def track(*entries: tuple[int, bool, bool], task: Task = TASK, label: str = "car", one: Shape | None = None) -> Track:
    """A track of boxes, entries given as (frame, keyframe, outside)."""
    made = [Entry(frame, keyframe, outside, one or shape(label=label)) for frame, keyframe, outside in entries]
    return Track("4", label, made[0].shape.kind, task, "", "manual", None, 3, made)


def test_tracks_are_counted_by_label_and_kind() -> None:
    """Tracks, those never seen, entries seen, outside, keyframes of both, interpolated ones, and the frames between which they lie."""
    tracks = [
        track((3, True, False), (4, False, False), (5, False, False), (6, True, True)),
        track((1, True, False)),
        track((9, True, True)),
    ]
    found = document(Inspection(EXPORT).take_all([image()], tracks))
    assert found["counts"] == {"images": 1, "images_empty": 1, "tracks": 3, "shapes": 4}
    car = found["labels"][0]
    assert car["tracks"] == {
        "rectangle": {
            "tracks": 3, "unseen": 1, "seen": 4, "interpolated": 2, "keyframes": 4, "outside": 2, "first": 1, "last": 5,
        },
    }  # fmt: skip
    assert (car["total"], car["images"], car["shapes"]) == (4, 0, {"rectangle": 4})
    assert (found["tasks"][0]["images"], found["tasks"][0]["tracks"]) == (1, 3)


def test_a_label_that_is_only_outside_is_used() -> None:
    """A track that is never seen uses its label all the same."""
    found = document(Inspection(EXPORT).take_all([], [track((9, True, True))]))
    assert "car" not in [entry["label"] for entry in found["anomalies"]]


def test_odd_entries_name_track_and_frame() -> None:
    """Where the size of the video is known entries are compared with it, where it is not they are only looked at."""
    far = shape(geometry=Rectangle(700, 1, 720, 5, 0))
    sized = Task(id="1", name="street", width=640, height=480)
    found = document(Inspection(EXPORT).take_all([], [track((2, True, False), task=sized, one=far)]))["anomalies"]
    assert found[0] == {
        "name": "beyond-image", "label": "car", "kind": "rectangle", "count": 1, "places": [{"track": "4", "frame": 2, "line": 7}],
    }  # fmt: skip
    unsized = document(Inspection(EXPORT).take_all([], [track((2, True, False), one=far)]))["anomalies"]
    assert [entry["name"] for entry in unsized] == ["unused-label"]
