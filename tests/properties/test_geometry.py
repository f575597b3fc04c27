"""Any geometry through the whole pipeline and Encord's SDK: what comes back is what CVAT's numbers say, to 0.01 pixels."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from encord.objects.coordinates import Cuboid2DIsometricCoordinates
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import sdk
from tests.support.builders import Label, box, cuboid, element, ellipse, export, image, mask, path, skeleton
from tests.support.running import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from tests.support.builders import Element

SIZE = (640, 360)
PIXELS = 0.01
POINTS = ("nose", "left hand", "right hand")

few = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))

Numbers = list[float]


def along(limit: int, margin: int = 0) -> SearchStrategy[float]:
    """A coordinate with CVAT's two decimals, or with many."""
    low, high = margin, limit - margin
    return st.integers(low * 100, high * 100).map(lambda number: number / 100) | st.floats(low, high)


xs, ys = along(SIZE[0]), along(SIZE[1])
vertices = st.tuples(xs, ys)
degrees = st.integers(-72000, 72000).map(lambda number: number / 100)


@st.composite
def boxes(draw: DrawFn) -> Numbers:
    """Corners of an upright box that has an area."""
    left, top = draw(along(SIZE[0], 20)), draw(along(SIZE[1], 20))
    return [left, top, left + draw(st.integers(1, 2000)) / 100, top + draw(st.integers(1, 2000)) / 100]


def held(shape: Element, label: Label) -> Any:
    """The SDK's coordinates of a shape on its image."""
    with TemporaryDirectory() as folder:
        found = run(Path(folder), export(image(0, shape, size=SIZE), labels=[label]))
    (row,) = found.rows
    (instance,) = sdk.load_row(sdk.load_ontology(found.ontology), row).get_object_instances()
    (annotation,) = instance.get_annotations()
    return annotation.coordinates


def pixels(points: Any) -> np.ndarray[Any, Any]:
    """Points of the SDK in pixels."""
    return np.array([(point.x, point.y) for point in points]) * SIZE


def near(found: Any, wanted: Any) -> bool:
    """Whether all numbers are the same to 0.01 pixels."""
    return bool(np.abs(np.array(found, float) - np.array(wanted, float)).max() < PIXELS)


def corners(at: Sequence[float], angle: float) -> np.ndarray[Any, Any]:
    """The corners of a box turned clockwise on screen about its centre."""
    left, top, right, bottom = at
    turn = np.array([[cos(radians(angle)), -sin(radians(angle))], [sin(radians(angle)), cos(radians(angle))]])
    centre = np.array([(left + right) / 2, (top + bottom) / 2])
    upright = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return np.asarray((upright - centre) @ turn.T + centre)


@given(at=boxes())
@few
def test_upright_boxes(at: Numbers) -> None:
    """An upright rectangle keeps its corners."""
    found = held(box("a", at), Label("a"))
    left, top = found.top_left_x * SIZE[0], found.top_left_y * SIZE[1]
    assert near((left, top, left + found.width * SIZE[0], top + found.height * SIZE[1]), at)


@given(at=boxes(), angle=degrees.filter(lambda angle: angle % 360))
@few
def test_turned_boxes(at: Numbers, angle: float) -> None:
    """A turned rectangle keeps all four corners, whatever angle CVAT wrote."""
    found = held(box("a", at, rotation=angle), Label("a"))
    left, top = found.top_left_x * SIZE[0], found.top_left_y * SIZE[1]
    right, bottom = left + found.width * SIZE[0], top + found.height * SIZE[1]
    assert 0 <= found.theta < 360
    assert near(corners((left, top, right, bottom), found.theta), corners(at, angle))


@given(at=boxes(), angle=degrees)
@few
def test_ellipses(at: Numbers, angle: float) -> None:
    """An ellipse keeps its centre, its semi-axes and its angle."""
    left, top, right, bottom = at
    found = held(ellipse("a", (left, top, right - left, bottom - top), rotation=angle), Label("a"))
    drawn = (found.center_x * SIZE[0], found.center_y * SIZE[1], found.rx * SIZE[0], found.ry * SIZE[1])
    assert near(drawn, (left, top, right - left, bottom - top))
    assert abs((found.theta - angle + 180) % 360 - 180) < PIXELS


@pytest.mark.parametrize("kind", ["polygon", "polyline"])
@given(points=st.lists(vertices, min_size=3, max_size=30, unique=True))
@few
def test_paths(kind: str, points: list[tuple[float, float]]) -> None:
    """A polygon or polyline keeps every vertex in order."""
    found = held(path(kind, "a", [number for point in points for number in point]), Label("a"))
    assert near(pixels(found.values), points)
    if kind == "polygon":
        ((ring,),) = found.polygons
        assert near(pixels(ring), points)


@given(point=vertices)
@few
def test_points(point: tuple[float, float]) -> None:
    """A point stays where it is."""
    found = held(path("points", "a", list(point)), Label("a"))
    assert near((found.x * SIZE[0], found.y * SIZE[1]), point)


@given(width=st.integers(1, 40), height=st.integers(1, 30), data=st.data())
@few
def test_masks(width: int, height: int, data: st.DataObject) -> None:
    """A mask comes back bit for bit, wherever it lies."""
    bits = data.draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height).filter(any))
    left, top = data.draw(st.integers(0, SIZE[0] - width)), data.draw(st.integers(0, SIZE[1] - height))
    edges = [0, *(place for place in range(1, len(bits)) if bits[place] != bits[place - 1]), len(bits)]
    runs = ([0] if bits[0] else []) + [end - start for start, end in pairwise(edges)]
    found = held(mask("a", runs, (left, top, width, height)), Label("a"))
    wanted = np.zeros((SIZE[1], SIZE[0]), dtype=np.bool_)
    wanted[top : top + height, left : left + width] = np.array(bits).reshape(height, width)
    assert (found.to_numpy_array() == wanted).all()


@given(
    places=st.permutations(POINTS), points=st.tuples(vertices, vertices, vertices), flags=st.lists(st.booleans(), min_size=6, max_size=6)
)
@few
def test_skeletons(places: list[str], points: tuple[tuple[float, float], ...], flags: list[bool]) -> None:
    """Every point of a skeleton comes back under its name, with its visibility, in whatever order the file has them."""
    parts = [
        element(name, *point, outside=str(int(flags[number])), occluded=str(int(flags[number + 3])))
        for number, (name, point) in enumerate(zip(places, points, strict=True))
    ]
    label = Label("a", "skeleton", elements=tuple(Label(name) for name in POINTS))
    found = held(skeleton("a", parts), label)
    assert [vertex.name for vertex in found.values] == list(POINTS)
    drawn = {vertex.name: vertex for vertex in found.values}
    for number, (name, point) in enumerate(zip(places, points, strict=True)):
        assert near(pixels([drawn[name]]), [point])
        assert drawn[name].visibility.value == ("invisible" if flags[number] else "occluded" if flags[number + 3] else "visible")


@given(at=boxes(), slant=st.integers(-500, 500), scale=st.integers(50, 150), shift=st.tuples(st.integers(-15, 15), st.integers(-15, 15)))
@few
def test_cuboids(at: Numbers, slant: int, scale: int, shift: tuple[int, int]) -> None:
    """A cuboid whose back is a scaled copy of its front keeps all eight corners."""
    left, top, right, bottom = at
    front = np.array([(left, top), (right, top + slant / 100), (right, bottom + slant / 100), (left, bottom)])
    back = np.array((left, top)) + (front - (left, top)) * scale / 100 + shift
    top_left, top_right, bottom_right, bottom_left = front
    far = back[[1, 2, 0, 3]]
    stored = [*top_left, *bottom_left, *top_right, *bottom_right, *far[0], *far[1], *far[2], *far[3]]
    found = held(cuboid("a", stored), Label("a"))
    assert near(pixels(found.front), front)
    if isinstance(found, Cuboid2DIsometricCoordinates):
        rear = pixels(found.front) + pixels([found.offset])
    else:
        vanishing = pixels([found.vanishing_point])
        rear = vanishing + found.scale_ratio * (pixels(found.front) - vanishing)
    assert near(rear, back)
