"""One frame between two entries of an XML track."""

from __future__ import annotations

from typing import Any

import pytest

from mapper.cvat.interpolation.between import shape_between
from mapper.cvat.model import FIELDS, Entry, Shape
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle


def entry(frame: int, kind: Any, geometry: Any, *, outside: bool = False, **fields: str) -> Entry:
    """An entry with some fields; its key says which one it is."""
    shape = Shape(kind, "car", geometry, f"entry {frame}", (("speed", str(frame)),), tuple(fields.get(name) for name in FIELDS), frame)
    return Entry(frame, keyframe=True, outside=outside, shape=shape)


def test_a_turning_box_lies_between_its_ends() -> None:
    """Geometry and rotation are on their way, label, attributes and fields are those before; it has a key of its own."""
    before = entry(10, "rectangle", Rectangle(0, 0, 10, 10, 350), rotation="350.00", occluded="1", z_order="2")
    after = entry(20, "rectangle", Rectangle(10, 0, 20, 10, 10), rotation="10.00", occluded="0")
    found = shape_between(before, after, 15)
    assert found.geometry == Rectangle(5, 0, 15, 10, 0)
    assert found.attributes == (("speed", "10"),)
    fields = dict(zip(FIELDS, found.fields, strict=True))
    assert (fields["occluded"], fields["z_order"], fields["rotation"]) == ("1", "2", None)
    assert found.key != shape_between(before, after, 16).key
    assert dict(zip(FIELDS, shape_between(before, after, 16).fields, strict=True))["rotation"] == "2.0"


@pytest.mark.parametrize(
    ("kind", "before", "after", "middle"),
    [
        ("ellipse", Ellipse(0, 0, 2, 4, 0), Ellipse(10, 10, 4, 2, 0), Ellipse(5, 5, 3, 3, 0)),
        ("points", [0.0, 0.0], [2.0, 4.0], [1.0, 2.0]),
        ("points", [0.0, 0.0, 1.0, 1.0], [2.0, 4.0, 3.0, 3.0], [0.0, 0.0, 1.0, 1.0]),
        ("polyline", [0.0, 0.0, 10.0, 0.0], [0.0, 10.0, 10.0, 10.0], [0.0, 5.0, 10.0, 5.0]),
        ("polygon", [0.0, 0.0, 10.0, 0.0, 0.0, 10.0], [10.0, 0.0, 20.0, 0.0, 10.0, 10.0], [5.0, 0.0, 15.0, 0.0, 5.0, 10.0]),
        ("cuboid", [0.0] * 16, [2.0] * 16, [1.0] * 16),
        ("mask", Mask([0, 4], 0, 0, 2, 2), Mask([0, 4], 5, 5, 2, 2), Mask([0, 4], 0, 0, 2, 2)),
    ],
)  # fmt: skip
def test_every_kind_half_way(kind: str, before: Any, after: Any, middle: Any) -> None:
    """Each kind moves as CVAT moves it; several points and masks stay, also on the way to an outside entry."""
    found = shape_between(entry(0, kind, before), entry(2, kind, after, outside=True), 1)
    assert found.geometry == middle


def test_elements_of_a_skeleton_move_on_their_own() -> None:
    """An element that is hidden, or missing later, stays where it was."""

    def element(label: str, x: float, *, outside: bool = False) -> Element:
        return Element(label, x, 0.0, outside, False, (), 1)  # noqa: FBT003 - a named tuple

    before = entry(0, "skeleton", (element("head", 0), element("hand", 0, outside=True), element("foot", 0)))
    after = entry(4, "skeleton", (element("hand", 8), element("head", 8)))
    assert [(part.label, part.x) for part in shape_between(before, after, 1).geometry] == [("head", 2), ("hand", 0), ("foot", 0)]
