"""A spec that uses as much of the language as fits: conversions with limits, otherwise, splits, nesting, computed values, lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.specs import answer, classification, rule, spec, thing

if TYPE_CHECKING:
    from tests.support.specs import Node


def target(kind: str, *attributes: Node, **geometry: Any) -> Node:
    """An object named by label and shape, whose geometry has parameters."""
    made = thing(*attributes, name="{{ label }}: {{ target.shape }}", kind=kind)
    made["object"]["geometry"] |= geometry
    return made


def otherwise(emit: Node, instead: Node) -> Node:
    """The same with something to make where the conversion refuses."""
    return {"object": emit["object"] | {"otherwise": instead}}


LOOKUPS: Node = {
    "colors": {
        "rows": {"red": "Red", "blue": None},
        "otherwise": {"value": "Other", "issue": {"severity": "info", "message": "{{ value }}?"}},
    },
    "notes": {"rows": {"red": "rot"}},
}
ATTRIBUTES: list[Node] = [
    answer("color", "Color", "radio", lookup="colors"),
    answer("ok", "Fine", "text", under={"attribute": "Color", "option": "Red"}),
    answer({"like": "CVAT*"}, "Color", "radio"),
    answer({"of": "any", "input_type": ["number"]}, "N {{ attribute.name }}", "numeric", value="{{ value|float / 3 }}", dynamic="mutable"),
    answer(
        {"of": "any", "input_type": ["checkbox"]},
        "Flags",
        "checklist",
        options={"true": "{{ attribute.name }}!", "false": None},
        declare="used",
    ),
    answer("note", "Note", "text", lookup="notes", when_absent={"value": "red"}),
    answer({"of": "element"}, "{{ element.label }} {{ attribute.name }}", "text"),
    {"from": {"declared": False}, "drop": {"reason": "unknown", "severity": "info"}},
    answer({"of": "any"}, "Rest {{ attribute.name }}", "radio", unset=["__undefined__"], declare="used", dynamic=True),
    answer(None, "Place", "text", value="{{ image.frame }}/{{ shape.index }}/{{ split.index }} of {{ split.count }}"),
]
RULES: list[Node] = [
    rule(
        target("polygon"), target("bitmask", min_iou=0.2), name="two", shapes=["rectangle"], attributes={"color": {"in": ["red", "blue"]}}
    ),
    {"id": "small", "match": {"any": [{"area": {"lt": 9}}, {"width": 0}], "tag": False}, "drop": {"reason": "too small"}},
    rule(target("bounding_box", min_iou=0.5), name="box", shapes=["rectangle", "polyline", "skeleton"], occluded=True),
    rule(otherwise(target("circle", tolerance_px=5), target("polygon", points=8)), name="circle", shapes=["ellipse"]),
    rule(otherwise(target("cuboid_2d"), target("bounding_box")), name="cuboid", shapes=["cuboid"]),
    rule(target("rotatable_bounding_box"), target("polygon", simplify_px=2), name="area", shapes=["polygon", "mask"]),
    rule(target("point", limit=3), name="point", shapes=["points"]),
    rule(target("skeleton", missing="refuse"), name="skeleton", shapes=["skeleton"], not_={"group": 0}),
    rule(target("point"), target("bounding_box", outside="include"), name="joints", shapes=["skeleton"]),
    rule(classification(name="Text", type_="text", value="{{ attributes.note|default('-') }}"), name="note", tag={"starts": "c"}),
    rule(
        classification(name="Tags", type_="checklist", option="{{ label }}"),
        classification(name="{{ label }}", option="yes"),
        name="tag",
        tag=True,
    ),
    {
        "id": "late",
        "match": {"frame": {"gt": 2}},
        "issue": {"severity": "warning", "message": "{{ label }} {{ attributes.color }}", "code": "ACME001"},
    },
    rule(target("same"), name="rest", shapes=["rectangle", "polyline"]),
]


def field(title: str, type_: str, **more: Any) -> Node:
    """A field that is kept."""
    return {"keep": True, "as": {"to": title, "type": type_, **more}}


WILD = spec(
    *RULES,
    name="wild",
    lookups=LOOKUPS,
    attributes=ATTRIBUTES,
    policy={
        "undeclared_label": {"do": "refuse", "severity": "warning"},
        "unlisted_value": {"do": "refuse", "severity": "warning"},
        "number_spelling": {"do": "drop", "severity": "info"},
        "outside_image": {"do": "refuse", "tolerance_px": 3, "severity": "warning"},
    },
    fields={
        "occluded": field("Flags", "checklist", options={"true": "Occluded", "false": None}, declare="used"),
        "z_order": field("Layer", "numeric", dynamic=True),
        "group_id": field("Group", "text", under={"attribute": "Color", "option": "Red"}),
        "source": {"automatic": ["auto", "file"], **field("Color", "radio", declare="used")},
    },
)
