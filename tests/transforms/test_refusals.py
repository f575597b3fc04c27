"""What conversions refuse and repair: data never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter

from mapper.findings import fidelity, vertices
from mapper.findings import geometry as found
from mapper.geometry.shapes import (
    Approximation,
    Bitmask,
    Box,
    Element,
    Ellipse,
    Frame,
    Mask,
    Mended,
    Rectangle,
    RotatableBox,
    Template,
)
from mapper.transforms import AnyTransform

if TYPE_CHECKING:
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import Kind

FRAME = Frame(100, 80)
ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyTransform)
TEMPLATE = Template((("a", 0.1, 0.1), ("b", 0.9, 0.9)), ())
FLAT = Rectangle(10.0, 10.0, 10.0, 30.0, 0.0)
INVERTED = Rectangle(40.0, 30.0, 10.0, 10.0, 0.0)
NAN = float("nan")


def run(spec: dict[str, Any], source: Kind, geometry: Any, template: Template | None = None) -> Any:
    """What the transform gives for one geometry."""
    return ADAPTER.validate_python(spec).compile(source, template).run(geometry, FRAME)


def element(label: str, *, outside: bool = False) -> Element:
    """An element of a skeleton."""
    return Element(label, 1.0, 2.0, outside, False, (), 1)  # noqa: FBT003 - the element's own field


@pytest.mark.parametrize(
    ("spec", "source", "geometry", "issue"),
    [
        ({"kind": "bounding_box"}, "rectangle", FLAT, found.EmptyGeometry),
        ({"kind": "bounding_box"}, "rectangle", Rectangle(NAN, 0.0, 1.0, 1.0, 0.0), found.EmptyGeometry),
        ({"kind": "rotatable_bounding_box"}, "rectangle", FLAT, found.EmptyGeometry),
        ({"kind": "polygon"}, "rectangle", FLAT, found.EmptyGeometry),
        ({"kind": "bitmask"}, "rectangle", FLAT, found.EmptyGeometry),
        ({"kind": "same"}, "rectangle", FLAT, found.EmptyGeometry),
        ({"kind": "bounding_box"}, "ellipse", Ellipse(5.0, 5.0, 0.0, 2.0, 0.0), found.EmptyGeometry),
        ({"kind": "rotatable_bounding_box"}, "ellipse", Ellipse(5.0, 5.0, 0.0, 2.0, 0.0), found.EmptyGeometry),
        ({"kind": "polygon"}, "ellipse", Ellipse(5.0, 5.0, -1.0, 2.0, 0.0), found.EmptyGeometry),
        ({"kind": "bitmask"}, "ellipse", Ellipse(5.0, 5.0, 0.0, 2.0, 0.0), found.EmptyGeometry),
        ({"kind": "circle"}, "ellipse", Ellipse(5.0, 5.0, 0.0, 0.0, 0.0), found.EmptyGeometry),
        ({"kind": "bounding_box"}, "points", [5.0, 5.0], found.EmptyGeometry),
        ({"kind": "bounding_box"}, "points", [], found.TooFewPoints),
        ({"kind": "bounding_box"}, "polyline", [5.0, 5.0, 9.0, 5.0], found.EmptyGeometry),
        ({"kind": "bounding_box"}, "polygon", [5.0, 5.0, 9.0, 5.0], found.TooFewPoints),
        ({"kind": "bounding_box"}, "polygon", [5.0, 5.0, 9.0, 5.0, 7.0, 5.0], found.EmptyGeometry),
        ({"kind": "bounding_box"}, "cuboid", [5.0] * 16, found.EmptyGeometry),
        ({"kind": "bounding_box"}, "mask", Mask([9], 0, 0, 3, 3), found.EmptyGeometry),
        ({"kind": "bounding_box"}, "mask", Mask([8], 0, 0, 3, 3), found.MaskRuns),
        ({"kind": "bounding_box"}, "skeleton", (element("a", outside=True),), found.TooFewPoints),
        ({"kind": "rotatable_bounding_box"}, "polygon", [5.0, 5.0, 9.0, 5.0, 7.0, 5.0], found.EmptyGeometry),
        ({"kind": "rotatable_bounding_box"}, "polygon", [], found.TooFewPoints),
        ({"kind": "rotatable_bounding_box"}, "mask", Mask([8], 0, 0, 3, 3), found.MaskRuns),
        ({"kind": "polygon"}, "polygon", [], found.TooFewPoints),
        ({"kind": "polygon", "simplify_px": 1.0}, "polygon", [], found.TooFewPoints),
        ({"kind": "polygon"}, "polyline", [5.0, 5.0, 9.0, 5.0], found.TooFewPoints),
        ({"kind": "polygon"}, "cuboid", [5.0] * 16, found.EmptyGeometry),
        ({"kind": "polygon", "outline": "faces"}, "cuboid", [5.0] * 16, found.EmptyGeometry),
        ({"kind": "polygon"}, "mask", Mask([9], 0, 0, 3, 3), found.EmptyGeometry),
        ({"kind": "polyline"}, "polyline", [5.0, 5.0], found.TooFewPoints),
        ({"kind": "polyline"}, "polygon", [5.0, 5.0, 9.0, 5.0], found.TooFewPoints),
        ({"kind": "point"}, "points", [], found.TooFewPoints),
        ({"kind": "point"}, "points", [1.0, 2.0] * 1001, vertices.TooManyPoints),
        ({"kind": "point", "split": "refuse"}, "points", [1.0, 2.0] * 2, vertices.SeveralPoints),
        ({"kind": "bitmask"}, "polygon", [5.0, 5.0, 9.0, 5.0], found.TooFewPoints),
        ({"kind": "bitmask"}, "polygon", [5.1, 5.1, 5.4, 5.1, 5.4, 5.4], found.NoPixels),
        ({"kind": "bitmask"}, "mask", Mask([8], 0, 0, 3, 3), found.MaskRuns),
        ({"kind": "bitmask"}, "mask", Mask([0, 9], 100, 0, 3, 3), found.NoPixels),
        ({"kind": "circle"}, "ellipse", Ellipse(5.0, 5.0, 3.0, 2.0, 0.0), fidelity.NotACircle),
        ({"kind": "cuboid_2d"}, "cuboid", [5.0] * 16, found.EmptyGeometry),
        ({"kind": "skeleton"}, "skeleton", (element("a"),), vertices.NoTemplate),
    ],
)
def test_refused(spec: dict[str, Any], source: Kind, geometry: Any, issue: type[Issue]) -> None:
    """What cannot be converted gives an issue whose message and help can be told."""
    result = run(spec, source, geometry)
    assert type(result) is issue
    assert result.message()
    result.help()


@pytest.mark.parametrize(
    ("spec", "elements", "issue"),
    [
        ({}, (), found.TooFewPoints("skeleton", 1, 0)),
        ({}, (element("a"), element("c")), vertices.UnknownElement("c")),
        ({}, (element("a"), element("a")), vertices.RepeatedElement("a")),
        ({"outside": "refuse"}, (element("a"), element("b", outside=True)), vertices.OutsideElement("b")),
        ({"missing": "refuse"}, (element("a"),), vertices.MissingElement("b", 1)),
    ],
)
def test_refused_skeletons(spec: dict[str, str], elements: tuple[Element, ...], issue: Issue) -> None:
    """A skeleton that does not fit its template is refused with the element's name."""
    assert run({"kind": "skeleton", **spec}, "skeleton", elements, TEMPLATE) == issue


@pytest.mark.parametrize(
    ("kind", "geometry"),
    [
        ("bounding_box", Box(10.0, 10.0, 30.0, 20.0)),
        ("rotatable_bounding_box", RotatableBox(10.0, 10.0, 30.0, 20.0, 0.0)),
        ("polygon", [[[10.0, 10.0, 40.0, 10.0, 40.0, 30.0, 10.0, 30.0]]]),
    ],
)
def test_inverted_boxes_are_turned_around(kind: str, geometry: Any) -> None:
    """A box with exchanged sides goes through, and is told."""
    assert run({"kind": kind}, "rectangle", INVERTED) == Mended(geometry, found.InvertedBox(40.0, 30.0, 10.0, 10.0))


def test_a_mended_box_may_be_refused_after_all() -> None:
    """Turning a box around does not lift the spec's limit."""
    result = run({"kind": "bounding_box", "min_iou": 0.9}, "rectangle", INVERTED._replace(rotation=45.0))
    assert isinstance(result, fidelity.LowFidelity)


def test_a_mended_box_may_be_an_approximation() -> None:
    """A turned and inverted box tells both."""
    result = run({"kind": "bounding_box"}, "rectangle", INVERTED._replace(rotation=45.0))
    assert isinstance(result, Mended)
    assert isinstance(result.geometry, Approximation)


@pytest.mark.parametrize(
    ("spec", "source", "geometry"),
    [
        ({"kind": "bounding_box"}, "rectangle", Rectangle(10.0, 10.0, 40.0, 30.0, 45.0)),
        ({"kind": "bounding_box"}, "polygon", [0.0, 0.0, 9.0, 0.0, 0.0, 9.0]),
        ({"kind": "rotatable_bounding_box"}, "ellipse", Ellipse(50.0, 40.0, 9.0, 5.0, 0.0)),
        ({"kind": "rotatable_bounding_box"}, "mask", Mask([0, 1, 2, 1], 0, 0, 2, 2)),
        ({"kind": "bitmask"}, "polygon", [0.0, 0.0, 1.6, 0.0, 0.0, 1.6]),
        ({"kind": "bitmask"}, "mask", Mask([0, 9], 98, 0, 3, 3)),
        ({"kind": "polygon", "points": 8}, "ellipse", Ellipse(50.0, 40.0, 9.0, 5.0, 0.0)),
        ({"kind": "polygon", "simplify_px": 4.0}, "polygon", [0.0, 0.0, 5.0, 3.0, 9.0, 0.0, 9.0, 5.0, 0.0, 5.0]),
    ],
)
def test_min_iou_is_held(spec: dict[str, Any], source: Kind, geometry: Any) -> None:
    """Below min_iou the conversion refuses and tells both numbers; without it, it tells its IoU."""
    allowed = run(spec, source, geometry)
    approximation = allowed.geometry if isinstance(allowed, Mended) else allowed
    assert isinstance(approximation, Approximation)
    assert 0 < approximation.value < 0.99
    refused = run({**spec, "min_iou": 0.99}, source, geometry)
    assert refused == fidelity.LowFidelity(iou=approximation.value, min_iou=0.99)


def test_a_quarter_turn_is_exact() -> None:
    """A box turned by 90 degrees is upright, so nothing is lost."""
    assert run({"kind": "bounding_box", "min_iou": 1.0}, "rectangle", Rectangle(10.0, 10.0, 40.0, 30.0, 90.0)) == Box(15.0, 5.0, 20.0, 30.0)


def test_min_iou_chooses_the_corners() -> None:
    """An ellipse gets the fewest corners that reach min_iou, 64 if nothing is said, the most if out of reach."""
    ellipse = Ellipse(50.0, 40.0, 9.0, 5.0, 0.0)
    chosen = run({"kind": "polygon", "min_iou": 0.995}, "ellipse", ellipse)
    assert len(chosen.geometry[0][0]) == 2 * 37
    assert len(run({"kind": "polygon"}, "ellipse", ellipse).geometry[0][0]) == 2 * 64
    assert isinstance(run({"kind": "polygon", "min_iou": 1.0}, "ellipse", ellipse), fidelity.LowFidelity)


def test_simplifying_keeps_what_would_break() -> None:
    """Where fewer vertices would cross or vanish, the polygon stays as it is."""
    thin = [0.0, 0.0, 50.0, 0.5, 90.0, 0.0, 50.0, -0.5]
    assert run({"kind": "polygon", "simplify_px": 2.0}, "polygon", thin) == Approximation([[thin]], 1.0)


def test_simplifying_a_mended_polygon() -> None:
    """A closed polygon is opened, told, and simplified."""
    ring = [10.0, 10.0, 30.0, 9.5, 50.0, 10.0, 50.0, 40.0, 10.0, 40.0, 10.0, 10.0]
    result = run({"kind": "polygon", "simplify_px": 1.0}, "polygon", ring)
    assert isinstance(result, Mended)
    assert result.issue == found.ClosingVertex(10.0, 10.0)
    assert isinstance(result.geometry, Approximation)


def test_a_ring_that_is_closed_twice() -> None:
    """However often a ring repeats its first vertex at its end, as interpolated ones do, it is opened."""
    ring = [10.0, 10.0, 50.0, 10.0, 50.0, 40.0]
    result = run({"kind": "polygon"}, "polygon", ring + 2 * ring[:2])
    assert result == Mended([[ring]], found.ClosingVertex(10.0, 10.0))
    assert run({"kind": "polygon"}, "polyline", ring + 2 * ring[:2]) == [[ring]]


def test_simplifying_a_mask_drops_small_holes() -> None:
    """Holes thinner than the tolerance go, and the IoU says so."""
    pixels = [True] * 144
    pixels[5 * 12 + 5] = False
    mask = Mask([0, 65, 1, 78], 10, 10, 12, 12)
    result = run({"kind": "polygon", "simplify_px": 1.5}, "mask", mask)
    assert result == Approximation([[[10.0, 10.0, 22.0, 10.0, 22.0, 22.0, 10.0, 22.0]]], 143 / 144)


def test_a_mask_whose_background_hangs_out_is_whole() -> None:
    """If only background lies outside the image, nothing was cut."""
    assert run({"kind": "bitmask"}, "mask", Mask([0, 2, 1, 2, 1], 98, 0, 3, 2)) == Bitmask([98, 2, 98, 2, 7800])


def test_closing_vertices_do_not_double() -> None:
    """A polygon that is closed already gives a line that is closed once; a closed line gives an open ring."""
    closed = [0.0, 0.0, 9.0, 0.0, 0.0, 9.0, 0.0, 0.0]
    assert run({"kind": "polyline"}, "polygon", closed) == closed
    assert run({"kind": "polygon"}, "polyline", closed) == [[closed[:-2]]]
