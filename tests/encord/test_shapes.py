"""Encord shapes: what is written is what the SDK's own classes read, normalised by the image's size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from encord.objects import coordinates
from encord.objects.bitmask import BitmaskCoordinates
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.encord import shapes
from mapper.encord.shapes import SHAPES, bitmask, skeleton
from mapper.geometry.kinds import ENCORD_SHAPES, EncordShape
from mapper.geometry.shapes import Bitmask, Box, Circle, Cuboid2D, Ellipse, Frame, RotatableBox, Vertex

FRAME = Frame(40, 20)
NODES: list[dict[str, Any]] = [
    {"name": "he%sad", "color": "#00ff00", "featureHash": "skpt0000", "value": 'he"ad'},
    {"name": "left", "color": "#00ff00", "featureHash": "skpt0001", "value": "left"},
]
HUGE = Frame(1920, 1080)


def written(shape: EncordShape, geometry: Any, frame: Frame = FRAME) -> dict[str, Any]:
    """What the writer of a shape writes, read back."""
    render = SHAPES[shape].render
    document: dict[str, Any] = json.loads(b"{" + render(geometry, frame) + b"}")
    return document


def test_every_shape_has_a_writer() -> None:
    """The table, the list of shapes and the files agree, and each writer's field is the one that it writes."""
    assert tuple(SHAPES) == ENCORD_SHAPES
    files = {path.stem for path in Path(shapes.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == set(ENCORD_SHAPES)


CUBOID = coordinates.cuboid_2d_coordinates_from_dict

SAMPLES: list[tuple[EncordShape, Any, dict[str, Any], Any]] = [
    (
        "bounding_box",
        Box(4.0, 4.0, 12.0, 8.0),
        {"boundingBox": {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}},
        coordinates.BoundingBoxCoordinates,
    ),
    (
        "rotatable_bounding_box",
        RotatableBox(4.0, 4.0, 12.0, 8.0, 30.0),
        {"rotatableBoundingBox": {"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4, "theta": 30.0}},
        coordinates.RotatableBoundingBoxCoordinates,
    ),
    (
        "polygon",
        [[[4.0, 2.0, 20.0, 2.0, 20.0, 10.0], [8.0, 4.0, 12.0, 4.0, 12.0, 6.0]], [[24.0, 12.0, 36.0, 12.0, 36.0, 18.0]]],
        {
            "polygon": {"0": {"x": 0.1, "y": 0.1}, "1": {"x": 0.5, "y": 0.1}, "2": {"x": 0.5, "y": 0.5}},
            "polygons": [
                [[0.1, 0.1, 0.5, 0.1, 0.5, 0.5], [0.2, 0.2, 0.3, 0.2, 0.3, 0.3]],
                [[0.6, 0.6, 0.9, 0.6, 0.9, 0.9]],
            ],
        },
        coordinates.PolygonCoordinates,
    ),
    (
        "polyline",
        [4.0, 2.0, 8.0, 6.0, 16.0, 6.0],
        {"polyline": {"0": {"x": 0.1, "y": 0.1}, "1": {"x": 0.2, "y": 0.3}, "2": {"x": 0.4, "y": 0.3}}},
        coordinates.PolylineCoordinates,
    ),
    ("point", [10.0, 15.0], {"point": {"0": {"x": 0.25, "y": 0.75}}}, coordinates.PointCoordinate),
    (
        "ellipse",
        Ellipse(20.0, 10.0, 8.0, 2.0, 15.0),
        {"ellipse": {"x": 0.5, "y": 0.5, "rx": 0.2, "ry": 0.1, "theta": 15.0}},
        coordinates.EllipseCoordinates,
    ),
    (
        "circle",
        Circle(20.0, 10.0, 4.0),
        {"circle": {"x": 0.5, "y": 0.5, "r": 0.1, "stretch": 1.0, "theta": 0.0}},
        coordinates.CircleCoordinates,
    ),
    (
        "bitmask",
        Bitmask([165, 10, 30, 10, 30, 4, 36, 4, 36, 4, 36, 4, 431]),
        {"bitmask": {"top": 0, "left": 0, "height": 20, "width": 40, "rleString": "U5:n000J600000[<"}},
        BitmaskCoordinates,
    ),
    (
        "cuboid_2d",
        Cuboid2D([4.0, 8.0, 16.0, 8.0, 16.0, 16.0, 4.0, 16.0], None, (28.0, 2.0), 0.6),
        {
            "cuboid_2d": {
                "front": [0.1, 0.4, 0.4, 0.4, 0.4, 0.8, 0.1, 0.8],
                "vanishingPoint": {"x": 0.7, "y": 0.1},
                "scaleRatio": 0.6,
            }
        },
        CUBOID,
    ),
    (
        "cuboid_2d",
        Cuboid2D([4.0, 8.0, 16.0, 8.0, 16.0, 16.0, 4.0, 16.0], (4.0, -2.0), None, 1.0),
        {"cuboid_2d": {"front": [0.1, 0.4, 0.4, 0.4, 0.4, 0.8, 0.1, 0.8], "offset": {"x": 0.1, "y": -0.1}}},
        CUBOID,
    ),
]


@pytest.mark.parametrize(("shape", "geometry", "document", "reader"), SAMPLES)
def test_samples(shape: EncordShape, geometry: Any, document: dict[str, Any], reader: Any) -> None:
    """The samples of Encord's format are written as they stand there, and the SDK reads and writes the same."""
    found = written(shape, geometry)
    assert found == document
    assert next(iter(found)) == SHAPES[shape].field
    loaded = getattr(reader, "from_dict", reader)(found)
    if shape == "polygon":
        assert loaded.to_dict("multiple_polygons") == found["polygons"]
    else:
        assert loaded.to_dict() == found[SHAPES[shape].field]


def test_skeletons_carry_their_template() -> None:
    """Every vertex has place, names, hash and visibility, in the template's order; marks of formatting stay text."""
    vertices = (Vertex(20.0, 2.0, "visible"), Vertex(8.0, 18.0, "invisible"))
    document = json.loads(b"{" + skeleton.writer(NODES).render(vertices, FRAME) + b"}")["skeleton"]
    assert document == {
        "0": {"x": 0.5, "y": 0.1, **NODES[0], "visibility": "visible"},
        "1": {"x": 0.2, "y": 0.9, **NODES[1], "visibility": "invisible"},
    }
    loaded = coordinates.SkeletonCoordinates.from_dict({"values": list(document.values()), "name": "person"})
    assert loaded.to_dict() == document


def test_a_skeleton_needs_its_template() -> None:
    """Without a template, or with another number of vertices, writing a skeleton is a bug and raises."""
    with pytest.raises(TypeError, match="writer"):
        SHAPES["skeleton"].render((), FRAME)
    with pytest.raises(ValueError, match="template of 2"):
        skeleton.writer(NODES).render((Vertex(1.0, 1.0, "visible"),), FRAME)


@pytest.mark.parametrize(
    ("runs", "text"),
    [([800], "Pi0"), ([0, 800], "0Pi0"), ([0, 5], "05"), ([31, 32, 33], "o0P1Q1"), ([16, 15, 17, 1000], "`0?a0in0")],
)
def test_bitmask_strings(runs: list[int], text: str) -> None:
    """The strings of Encord's format, both ways."""
    assert bitmask.encode(runs) == text
    assert bitmask.decode(text) == runs


@settings(deadline=None)
@given(pixels=st.lists(st.booleans(), min_size=1, max_size=300), stretch=st.integers(1, 400))
def test_the_sdk_reads_our_bitmasks(pixels: list[bool], stretch: int) -> None:
    """The SDK decodes the string into the same pixels, and makes the same string of them."""
    row = np.repeat(np.array(pixels), stretch)
    image = row[np.newaxis, :]
    changes = np.flatnonzero(np.diff(np.concatenate([[False], row]))).tolist()
    runs = np.diff([0, *changes, row.size]).tolist()
    if not runs[-1]:
        runs.pop()
    frame = Frame(row.size, 1)
    document = written("bitmask", Bitmask(runs), frame)
    loaded = BitmaskCoordinates.from_dict(document)
    assert (np.array(loaded) == image).all()
    assert document["bitmask"]["rleString"] == BitmaskCoordinates(image).to_dict()["rleString"]
    assert bitmask.decode(document["bitmask"]["rleString"]) == runs


def test_long_runs() -> None:
    """Numbers beyond the table of texts are written as the SDK does."""
    runs = [9000, 2000, 90000, 7000]
    image = np.repeat(np.array([False, True, False, True]), runs)[np.newaxis, :]
    assert bitmask.encode(runs) == BitmaskCoordinates(image).to_dict()["rleString"]


@pytest.mark.parametrize("text", ["!", "\x7f", "0P"])
def test_broken_bitmask_strings(text: str) -> None:
    """Characters that cannot occur, and a number without an end, are told."""
    with pytest.raises(ValueError, match="bitmask"):
        bitmask.decode(text)


coordinate = st.floats(0, 2000)


@settings(deadline=None)
@given(path=st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=30))
def test_numbers_read_back_the_same(path: list[tuple[float, float]]) -> None:
    """Every coordinate reads back as the very double that normalising gives, in both fields."""
    document = written("polygon", [[[number for point in path for number in point]]], HUGE)
    expected = [(x / 1920, y / 1080) for x, y in path]
    flat = document["polygons"][0][0]
    assert list(zip(flat[::2], flat[1::2], strict=True)) == expected
    assert [(point["x"], point["y"]) for point in document["polygon"].values()] == expected
    assert list(document["polygon"]) == [str(index) for index in range(len(path))]


NEAR = st.sampled_from([-0.0, 0.0, 1e-300, 1e-9, 0.04, 39.99999999999999, 40.0, 40.00000000000001, -1e-9, 20.0, 19.9, 20.1]) | st.floats(
    -3, 43
)


@given(path=st.lists(NEAR, min_size=6, max_size=12).map(lambda numbers: numbers[: len(numbers) // 2 * 2]))
def test_what_lies_inside_is_told_by_the_numbers_that_are_written(path: list[float]) -> None:
    """Up to the very last digit: a path is written as it is if no coordinate is below 0 or above 1, else it is looked at."""
    numbers = [number / side for number, side in zip(path, (40, 20) * len(path), strict=False)]
    for shape, geometry in (("polyline", path), ("polygon", [[path]])):
        rendered = SHAPES[shape].inside(geometry, FRAME)  # type: ignore[index]
        assert (rendered is not None) == all(0 <= number <= 1 for number in numbers)
        assert rendered in {None, SHAPES[shape].render(geometry, FRAME)}  # type: ignore[index]


def test_very_long_polygons() -> None:
    """A polygon of more points than are cached is written as well."""
    assert len(written("polyline", [1.0, 2.0] * 2000)["polyline"]) == 2000


INSIDE: dict[EncordShape, Any] = {
    "bounding_box": Box(0.0, 0.0, 40.0, 20.0),
    "rotatable_bounding_box": RotatableBox(10.0, 5.0, 20.0, 10.0, 90.0),
    "polygon": [[[0.0, 0.0, 40.0, 0.0, 40.0, 20.0]], [[1.0, 5.0, 2.0, 5.0, 2.0, 9.0]]],
    "polyline": [0.0, 0.0, 40.0, 20.0],
    "point": [40.0, 20.0],
    "bitmask": Bitmask([800]),
    "ellipse": Ellipse(20.0, 10.0, 10.0, 20.0, 90.0),
    "circle": Circle(20.0, 10.0, 10.0),
    "cuboid_2d": Cuboid2D([4.0, 8.0, 16.0, 8.0, 16.0, 16.0, 4.0, 16.0], (4.0, -2.0), None, 1.0),
    "skeleton": (Vertex(0.0, 0.0, "visible"), Vertex(40.0, 20.0, "occluded")),
}


@pytest.mark.parametrize("shape", ENCORD_SHAPES)
def test_inside_is_inside(shape: EncordShape) -> None:
    """What touches the border does not overflow, and clipping leaves it alone."""
    writer = SHAPES[shape]
    assert writer.overflow(INSIDE[shape], FRAME) == 0.0
    assert writer.clip(INSIDE[shape], FRAME) == INSIDE[shape]


@pytest.mark.parametrize(
    ("shape", "geometry", "overflow", "clipped"),
    [
        ("bounding_box", Box(-5.0, 2.0, 50.0, 10.0), 5.0, Box(0.0, 2.0, 40.0, 10.0)),
        ("bounding_box", Box(50.0, 2.0, 5.0, 10.0), 15.0, None),
        ("rotatable_bounding_box", RotatableBox(-5.0, 2.0, 50.0, 10.0, 0.0), 5.0, RotatableBox(0.0, 2.0, 40.0, 10.0, 0.0)),
        ("rotatable_bounding_box", RotatableBox(0.0, 0.0, 40.0, 20.0, 90.0), 10.0, RotatableBox(0.0, 0.0, 40.0, 20.0, 90.0)),
        ("rotatable_bounding_box", RotatableBox(100.0, 0.0, 10.0, 10.0, 45.0), 72.071, None),
        ("rotatable_bounding_box", RotatableBox(100.0, 0.0, 10.0, 10.0, 0.0), 70.0, None),
        ("polygon", [[[-10.0, 0.0, 10.0, 0.0, 10.0, 10.0, -10.0, 10.0]]], 10.0, [[[0.0, 0.0, 10.0, 0.0, 10.0, 10.0, 0.0, 10.0]]]),
        ("polygon", [[[-10.0, 0.0, -5.0, 0.0, -5.0, 10.0]]], 10.0, None),
        ("polyline", [-10.0, 0.0, 10.0, 30.0], 10.0, [0.0, 0.0, 10.0, 20.0]),
        ("polyline", [-10.0, 0.0, -20.0, 0.0], 20.0, None),
        ("point", [44.0, 10.0], 4.0, [40.0, 10.0]),
        ("ellipse", Ellipse(20.0, 10.0, 5.0, 12.0, 0.0), 2.0, Ellipse(20.0, 10.0, 5.0, 12.0, 0.0)),
        ("ellipse", Ellipse(60.0, 10.0, 5.0, 12.0, 0.0), 25.0, None),
        ("circle", Circle(20.0, 10.0, 12.0), 2.0, Circle(20.0, 10.0, 12.0)),
        ("circle", Circle(20.0, -12.0, 12.0), 24.0, None),
        (
            "cuboid_2d",
            Cuboid2D([4.0, 8.0, 16.0, 8.0, 16.0, 16.0, 4.0, 16.0], (30.0, 0.0), None, 1.0),
            6.0,
            Cuboid2D([4.0, 8.0, 16.0, 8.0, 16.0, 16.0, 4.0, 16.0], (30.0, 0.0), None, 1.0),
        ),
        (
            "cuboid_2d",
            Cuboid2D([44.0, 8.0, 56.0, 8.0, 56.0, 16.0, 44.0, 16.0], None, (50.0, 12.0), 0.5),
            16.0,
            None,
        ),
        ("skeleton", (Vertex(44.0, 10.0, "visible"),), 4.0, (Vertex(40.0, 10.0, "visible"),)),
    ],
)
def test_outside(shape: EncordShape, geometry: Any, overflow: float, clipped: Any) -> None:
    """The overflow is that of the true outline; what clipping would make another kind stays, what is outside goes."""
    writer = SHAPES[shape]
    assert writer.overflow(geometry, FRAME) == pytest.approx(overflow, abs=1e-3)
    assert writer.clip(geometry, FRAME) == clipped
