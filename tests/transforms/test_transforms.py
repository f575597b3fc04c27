"""Transforms: their examples run, the support table is complete, parameters are described."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter, ValidationError

import mapper.transforms
from mapper.findings.base import Issue
from mapper.geometry.kinds import ENCORD_SHAPES, KINDS, Kind
from mapper.transforms import SUPPORT, TRANSFORMS, AnyTransform, TransformSpec

if TYPE_CHECKING:
    from mapper.transforms.base import Example

ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyTransform)
BY_KIND = {transform.model_fields["kind"].annotation.__args__[0]: transform for transform in TRANSFORMS}  # type: ignore[union-attr]
EXAMPLES = [
    pytest.param(kind, example, id=f"{kind}-{example.source}-{index}")
    for kind in BY_KIND
    for index, example in enumerate(importlib.import_module(f"mapper.transforms.{kind}").EXAMPLES)
]


def same(found: Any, expected: Any) -> bool:
    """Equal, with numbers to a millionth and everything else exactly, types included."""
    if isinstance(expected, float):
        return isinstance(found, float) and found == pytest.approx(expected, abs=1e-6)
    if isinstance(expected, list | tuple):
        return (
            type(found) is type(expected)
            and len(found) == len(expected)
            and all(same(one, other) for one, other in zip(found, expected, strict=True))
        )
    if isinstance(expected, Issue):
        return type(found) is type(expected) and same(list(found.evidence().values()), list(expected.evidence().values()))
    return bool(found == expected)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_examples(kind: str, example: Example) -> None:
    """What the documents show is what the code does."""
    spec = ADAPTER.validate_python({"kind": kind, **example.params})
    assert example.source in spec.accepts
    found = spec.compile(example.source, example.template).run(example.geometry, example.frame)
    assert same(found, example.expected), found


def test_every_accepted_kind_has_an_example() -> None:
    """Each transform shows what it does with each kind that it takes; `same` shows those that need no template."""
    for kind, transform in BY_KIND.items():
        shown = {example.source for example in importlib.import_module(f"mapper.transforms.{kind}").EXAMPLES}
        missing = transform.accepts - shown
        assert missing <= ({"cuboid", "skeleton"} if kind == "same" else set()), kind


def test_one_file_for_each_transform() -> None:
    """The union, the table of classes and the files agree."""
    files = {path.stem for path in Path(inspect.getfile(mapper.transforms)).parent.glob("*.py")} - {"__init__", "base"}
    assert files == set(BY_KIND)
    assert {ADAPTER.validate_python({"kind": kind}).__class__ for kind in BY_KIND} == set(TRANSFORMS)


def test_support_decides_every_pair() -> None:
    """Each CVAT kind and Encord shape has a transform or a reason."""
    assert set(SUPPORT) == {(kind, shape) for kind in KINDS for shape in ENCORD_SHAPES}
    for (kind, shape), entry in SUPPORT.items():
        if isinstance(entry, str):
            assert entry
        else:
            assert kind in entry.accepts
            assert ADAPTER.validate_python({"kind": shape}).target(kind) == shape
            assert isinstance(ADAPTER.validate_python({"kind": shape}), entry)


def test_a_tag_has_no_geometry() -> None:
    """No transform takes a tag."""
    assert all(isinstance(SUPPORT["tag", shape], str) for shape in ENCORD_SHAPES)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_parameters_are_described(transform: type[TransformSpec]) -> None:
    """Every field has a description and an example, and the class says what it does."""
    assert transform.__doc__
    for name, field in transform.model_fields.items():
        described = [field, *(item for item in field.metadata if hasattr(item, "description"))]
        assert any(item.description and item.examples for item in described), name


@pytest.mark.parametrize("kind", BY_KIND)
def test_unknown_parameters_are_refused(kind: str) -> None:
    """A misspelt parameter is an error, not a default."""
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({"kind": kind, "min_iuo": 0.9})


@pytest.mark.parametrize(("rectangle", "shape"), [({}, "rotatable_bounding_box"), ({"rectangle": "bounding_box"}, "bounding_box")])
def test_same_has_one_shape_for_each_kind(rectangle: dict[str, str], shape: str) -> None:
    """`same` gives every kind a shape of Encord's that can hold it, and a rectangle the one that the spec chose."""
    spec = ADAPTER.validate_python({"kind": "same", **rectangle})
    expected: dict[Kind, str] = {
        "rectangle": shape,
        "polygon": "polygon",
        "polyline": "polyline",
        "points": "point",
        "ellipse": "ellipse",
        "cuboid": "cuboid_2d",
        "mask": "bitmask",
        "skeleton": "skeleton",
    }
    assert {kind: spec.target(kind) for kind in expected} == expected
    assert spec.accepts == set(expected)
    for kind in expected:
        assert not isinstance(SUPPORT[kind, spec.target(kind)], str)
        spec.compile(kind, None)
