"""Conditions: every operator, absent values, and what is decided before any shape is seen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mapper.cvat.model import FIELDS, Image, Shape, Task
from mapper.engine.conditions import compile_match
from mapper.geometry.kinds import KINDS
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle
from mapper.spec.matching import Match

TASK = Task(id="7")
IMAGE = Image(3, "night/a.png", 100, 80, TASK, "train", 12, 1, [])


def element(label: str, x: float, y: float) -> Element:
    """A point of a skeleton."""
    return Element(label=label, x=x, y=y, outside=False, occluded=False, attributes=(), line=1)


GEOMETRY: dict[str, Any] = {
    "rectangle": Rectangle(10.0, 20.0, 40.0, 60.0, 30.0),
    "polygon": [0.0, 0.0, 10.0, 0.0, 0.0, 6.0],
    "polyline": [0.0, 0.0, 10.0, 5.0],
    "points": [1.0, 2.0, 4.0, 8.0, 3.0, 3.0],
    "ellipse": Ellipse(50.0, 40.0, 20.0, 10.0, 45.0),
    "cuboid": [0.0, 0.0, 0.0, 4.0, 8.0, 0.0, 8.0, 4.0, 10.0, 1.0, 10.0, 5.0, 2.0, 1.0, 2.0, 5.0],
    "mask": Mask([2, 3, 1], 5, 6, 3, 2),
    "skeleton": (element("a", 1.0, 2.0), element("b", 4.0, 9.0)),
    "tag": None,
}  # fmt: skip
PLAIN = {"occluded": "0", "z_order": "0", "source": "manual"}


def shape(kind: Any = "rectangle", label: str = "car", attributes: dict[str, str] | None = None, **fields: str | None) -> Shape:
    """A shape of a kind with that kind's geometry."""
    known = PLAIN | fields
    return Shape(kind, label, GEOMETRY[kind], "", tuple((attributes or {}).items()), tuple(known.get(name) for name in FIELDS), 1)


def holds(match: dict[str, Any], of: Shape, image: Image = IMAGE) -> bool:
    """Whether a match, as a spec writes it, holds for a shape."""
    compiled = compile_match(Match.model_validate_json(json.dumps(match)), of.label, of.kind)
    return compiled if isinstance(compiled, bool) else bool(compiled(of, image))


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        ("red", ["red"], ["Red", "re", ""]),
        (["red", "blue"], ["red", "blue"], ["green"]),
        ({"eq": "red"}, ["red"], ["Red"]),
        ({"ne": "red"}, ["blue", ""], ["red"]),
        ({"in": ["a", "b"]}, ["a", "b"], ["c"]),
        ({"not_in": ["a", "b"]}, ["c", ""], ["a"]),
        ({"like": "close-*/[ab]?"}, ["close-up/ax"], ["close-up/cx", "Close-up/ax", "close-up/a"]),
        ({"starts": "re"}, ["red", "re"], ["are"]),
        ({"ends": "ed"}, ["red", "ed"], ["edit"]),
        ({"empty": True}, [""], ["x", " "]),
        ({"empty": False}, ["x", " "], [""]),
        ({"present": True}, ["", "x"], []),
        ({"lt": 4}, ["3.9", "-1", " 3"], ["4", "x", "", "nan"]),
        ({"le": 4}, ["4", "4.0"], ["4.01"]),
        ({"gt": 4}, ["5", "1e3"], ["4", "inf", "1_000"]),
        ({"ge": 4, "lt": 6}, ["4", "5.99"], ["6", "3"]),
        ({"starts": "1", "gt": 5}, ["10", "1e2"], ["1", "20"]),
        ({"contains": "[a"}, ["x[ab]", "[a"], ["xab", "[A"]),
        ({"between": [4, 6]}, ["4", "6.0"], ["3.99", "6.1", "x", ""]),
        ({"not_between": [4, 6]}, ["3.99", "7"], ["4", "5", "x"]),
    ],
)
def test_operators_on_attribute_values(test: Any, yes: list[str], no: list[str]) -> None:
    """Each operator holds for what it says, exactly and case-sensitively; the orderings read finite numbers only."""
    wanted = {"attributes": {"v": test}}
    assert [text for text in yes if not holds(wanted, shape(attributes={"v": text}))] == []
    assert [text for text in no if holds(wanted, shape(attributes={"v": text}))] == []


@pytest.mark.parametrize(
    "test", ["red", ["red"], {"ne": "red"}, {"not_in": ["red"]}, {"empty": True}, {"empty": False}, {"lt": 4}, {"present": True}]
)
def test_an_absent_attribute_meets_only_its_absence(test: Any) -> None:
    """A shape without the attribute passes no test of its value, not even a negative one; `present: false` and `not` do."""
    assert not holds({"attributes": {"v": test}}, shape())
    assert holds({"not": {"attributes": {"v": test}}}, shape())
    assert holds({"attributes": {"v": {"present": False}}}, shape())
    assert not holds({"attributes": {"v": {"present": False}}}, shape(attributes={"v": ""}))


@pytest.mark.parametrize(
    ("test", "yes", "no"),
    [
        (5, "5", "6"),
        (5, "5.0", "4"),
        ([1, 2.5], "2.5", "2"),
        ({"eq": 5}, "5", "5.1"),
        ({"ne": 5}, "4", "5"),
        ({"lt": 5}, "4", "5"),
        ({"le": 5}, "5", "6"),
        ({"gt": 5}, "6", "5"),
        ({"ge": 5}, "5", "4"),
        ({"in": [1, 2]}, "2", "3"),
        ({"not_in": [1, 2]}, "3", "2"),
        ({"gt": 1, "lt": 3}, "2", "3"),
        ({"between": [1, 3]}, "3", "4"),
        ({"not_between": [1, 3]}, "4", "1"),
        ({"present": True}, "0", "x"),
        ({"present": False}, "x", "0"),
    ],
)
def test_operators_on_numbers(test: Any, yes: str, no: str) -> None:
    """Each operator compares by value; a field that spells no number is not there."""
    assert holds({"z_order": test}, shape(z_order=yes))
    assert not holds({"z_order": test}, shape(z_order=no))


def test_absent_fields_have_their_defaults() -> None:
    """An absent z_order or group_id is 0, an absent occluded is false, an absent source or score is absent."""
    bare = shape(occluded=None, z_order=None, source=None)
    assert holds({"score": {"present": False}}, bare)
    assert not holds({"score": {"lt": 1}}, bare)
    assert holds({"score": {"lt": 1}}, shape(score="0.25"))
    assert holds({"z_order": 0, "group": {"lt": 1}, "occluded": False}, bare)
    assert not holds({"source": "manual"}, bare)
    assert holds({"source": {"present": False}}, bare)


@pytest.mark.parametrize(
    ("match", "holding"),
    [
        ({"occluded": True}, shape(occluded="1")),
        ({"group": {"ne": 0}}, shape(group_id="3")),
        ({"source": ["auto", "file"]}, shape(source="file")),
        ({"track": True}, shape(track_id="4")),
        ({"track": False}, shape()),
        ({"image": {"like": "night/*"}, "subset": "train", "frame": {"ge": 12}}, shape()),
    ],
)
def test_fields_and_image(match: dict[str, Any], holding: Shape) -> None:
    """Fields of the shape and of its image can be asked for."""
    assert holds(match, holding)
    assert not holds({"not": match}, holding)


@pytest.mark.parametrize(
    ("kind", "measures"),
    [
        ("rectangle", {"width": 30, "height": 40, "area": 1200, "rotation": 30}),
        ("polygon", {"width": 10, "height": 6, "area": 30, "point_count": 3}),
        ("polyline", {"width": 10, "height": 5, "area": 0, "point_count": 2}),
        ("points", {"width": 3, "height": 6, "area": 0, "point_count": 3}),
        ("ellipse", {"width": 40, "height": 20, "area": {"gt": 628.31, "lt": 628.33}, "rotation": 45}),
        ("cuboid", {"width": 10, "height": 5, "area": 50}),
        ("mask", {"width": 3, "height": 2, "area": 3}),
        ("skeleton", {"width": 3, "height": 7, "area": 0, "point_count": 2}),
    ],
)
def test_measures(kind: str, measures: dict[str, Any]) -> None:
    """Width, height and area are those of CVAT's filter: unrotated, 0 for lines and points, in pixels."""
    for name, value in measures.items():
        assert holds({name: value}, shape(kind)), name


def test_a_tag_has_no_measures() -> None:
    """A tag has neither size nor points: no test of them holds but that of absence."""
    for name in ("width", "height", "area", "rotation", "point_count"):
        assert not holds({name: {"ge": 0}}, shape("tag")), name
        assert holds({name: {"present": False}}, shape("tag")), name


def test_inverted_boxes_have_positive_measures() -> None:
    """A box with exchanged corners is as wide, high and large as it was drawn."""
    inverted = shape()._replace(geometry=Rectangle(40.0, 60.0, 10.0, 20.0, 0.0))
    assert holds({"width": 30, "height": 40, "area": 1200}, inverted)


def test_nesting() -> None:
    """`all` needs every part, `any` one, `not` none; they nest."""
    red_large = {"all": [{"attributes": {"c": "red"}}, {"any": [{"width": {"gt": 50}}, {"height": {"gt": 30}}]}]}
    assert holds(red_large, shape(attributes={"c": "red"}))
    assert not holds(red_large, shape(attributes={"c": "blue"}))
    assert not holds({"any": [{"width": 1}, {"not": red_large}]}, shape(attributes={"c": "red"}))
    assert holds({"label": "car", "any": [{"width": 1}, {"not": {"any": [{"occluded": True}, {"width": 2}]}}]}, shape())


@pytest.mark.parametrize(
    ("match", "label", "kind", "known"),
    [
        ({}, "car", "rectangle", True),
        ({"label": "car"}, "car", "rectangle", True),
        ({"label": {"like": "c*", "ne": "cat"}}, "cat", "rectangle", False),
        ({"label": ["van"]}, "car", "rectangle", False),
        ({"shapes": ["mask"]}, "car", "rectangle", False),
        ({"label": "van", "width": 3}, "car", "rectangle", False),
        ({"tag": True}, "car", "tag", True),
        ({"tag": True}, "car", "rectangle", False),
        ({"tag": False}, "car", "tag", False),
        ({"tag": ["rain"]}, "rain", "tag", True),
        ({"tag": "rain"}, "rain", "rectangle", False),
        ({"tag": {"starts": "r"}}, "rain", "tag", True),
        ({"any": [{"label": "car"}, {"width": 3}]}, "car", "rectangle", True),
        ({"any": [{"label": "van"}, {"shapes": ["mask"]}]}, "car", "rectangle", False),
        ({"not": {"label": "van"}}, "car", "rectangle", True),
        ({"not": {"label": "car"}}, "car", "rectangle", False),
        ({"all": [{"label": "car"}, {"not": {"shapes": ["mask"]}}]}, "car", "rectangle", True),
    ],
)
def test_what_label_and_kind_decide_is_decided_at_once(match: dict[str, Any], label: str, kind: Any, known: bool) -> None:  # noqa: FBT001
    """A condition that depends on label and kind alone is a plain truth value, so it costs nothing for each shape."""
    assert compile_match(Match.model_validate_json(json.dumps(match)), label, kind) is known


def test_what_is_left_open_stays_open() -> None:
    """Only the open part of a condition is asked of the data."""
    compiled = compile_match(
        Match.model_validate_json('{"label": "car", "any": [{"label": "van"}, {"width": {"gt": 3}}]}'), "car", "rectangle"
    )
    assert callable(compiled)
    assert compiled(shape(), IMAGE)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_names_every_kind(kind: str) -> None:
    """Every kind of CVAT's can be asked for."""
    assert holds({"shapes": [kind]}, shape(kind))
    assert not holds({"shapes": [other for other in KINDS if other != kind]}, shape(kind))


@pytest.mark.parametrize(
    ("match", "holding", "failing"),
    [
        ({"height": {"gt": {"field": "width"}}}, shape(), shape("ellipse")),
        ({"width": {"le": {"attribute": "limit"}}}, shape(attributes={"limit": "30.0"}), shape(attributes={"limit": "29"})),
        ({"z_order": {"eq": {"field": "group"}}}, shape(z_order="3", group_id="3"), shape(z_order="3")),
        (
            {"attributes": {"a": {"gt": {"attribute": "b"}}}},
            shape(attributes={"a": "10", "b": "9"}),
            shape(attributes={"a": "9", "b": "10"}),
        ),
        (
            {"attributes": {"a": {"eq": {"attribute": "b"}}}},
            shape(attributes={"a": "7", "b": "7"}),
            shape(attributes={"a": "7", "b": "07"}),
        ),
        ({"attributes": {"a": {"eq": {"field": "width"}}}}, shape(attributes={"a": "30.0"}), shape(attributes={"a": "31"})),
        (
            {"attributes": {"a": {"eq": {"field": "occluded"}}}},
            shape(attributes={"a": "true"}, occluded="1"),
            shape(attributes={"a": "true"}),
        ),
        ({"attributes": {"a": {"ne": {"field": "label"}}}}, shape(attributes={"a": "van"}), shape(attributes={"a": "car"})),
        ({"label": {"eq": {"attribute": "a"}}}, shape(attributes={"a": "car"}), shape(attributes={"a": "van"})),
        (
            {"source": {"starts": {"attribute": "a"}, "ne": "auto"}},
            shape(attributes={"a": "man"}),
            shape(source="auto", attributes={"a": "a"}),
        ),
        ({"image": {"contains": {"field": "subset"}}}, shape("rectangle"), shape("rectangle")),
        ({"width": {"gt": {"field": "rotation"}}}, shape(attributes={}), shape("polygon")),
    ],
)
def test_one_field_against_another(match: dict[str, Any], holding: Shape, failing: Shape) -> None:
    """Fields and attributes of a shape can be compared: as numbers in order or with a number field, else as texts."""
    image = IMAGE._replace(name="a/train.png", shapes=[]) if "image" in match else IMAGE
    if match == {"width": {"gt": {"field": "rotation"}}}:
        holding = holding._replace(geometry=Rectangle(0.0, 0.0, 40.0, 40.0, 30.0))
    assert holds(match, holding, image)
    other = image._replace(subset="validation") if "image" in match else image
    assert not holds(match, failing, other)


def test_a_comparison_with_what_is_absent_does_not_hold() -> None:
    """Neither the relation nor its opposite holds of a value that is not there."""
    for test in ("eq", "ne", "gt", "le"):
        assert not holds({"attributes": {"a": {test: {"attribute": "b"}}}}, shape(attributes={"a": "1"})), test
        assert not holds({"attributes": {"b": {test: {"attribute": "a"}}}}, shape(attributes={"a": "1"})), test


def test_some_point_of_a_skeleton() -> None:
    """`elements` holds if all of it holds of one and the same point; nothing but a skeleton has points."""
    points = (
        element("nose", 1.0, 2.0)._replace(occluded=True, attributes=(("sure", "false"),)),
        element("chin", 4.0, 9.0)._replace(outside=True),
    )
    of = shape("skeleton")._replace(geometry=points)
    yes: list[dict[str, Any]] = [
        {"label": "nose"},
        {"label": ["x", "chin"], "outside": True},
        {"occluded": True, "attributes": {"sure": "false"}},
        {"attributes": {"sure": {"ne": {"field": "label"}}}},
    ]
    no: list[dict[str, Any]] = [
        {"label": "nose", "outside": True},
        {"label": "ear"},
        {"occluded": True, "attributes": {"sure": "true"}},
    ]
    assert [test for test in yes if not holds({"elements": test}, of)] == []
    assert [test for test in no if holds({"elements": test}, of)] == []
    assert not holds({"elements": {"label": "car"}}, shape("points"))
