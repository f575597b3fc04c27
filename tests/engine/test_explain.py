"""Why a rule does not match: the same verdict as the engine's, and the condition that decided."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.model import Image, Shape, Task
from mapper.engine.conditions import compile_match
from mapper.engine.explain import first_miss
from mapper.geometry.kinds import KINDS
from mapper.geometry.shapes import Element, Ellipse, Rectangle
from mapper.spec.matching import Match

IMAGE = Image(3, "night/a.png", 100, 80, Task(id="7"), "train", 12, 1, [])
BOX = Rectangle(10.0, 20.0, 40.0, 60.0, 30.0)


def shape(kind: Any = "rectangle", attributes: tuple[tuple[str, str], ...] = (("type", "sedan"), ("speed", "50")), **more: Any) -> Shape:
    """A shape with the geometry of its kind."""
    points = (Element("nose", 1.0, 2.0, outside=False, occluded=True, attributes=(("type", "van"),), line=1),)
    geometry: dict[str, Any] = {"rectangle": BOX, "ellipse": Ellipse(5.0, 5.0, 2.0, 1.0, 0.0), "skeleton": points, "tag": None}
    fields = ("1", "3", None, "manual", None, None)
    made = Shape(kind, "car", geometry.get(kind, [0.0, 0.0, 4.0, 0.0, 4.0, 3.0]), "", attributes, fields, 1)
    return made._replace(**more)


OTHER = st.sampled_from([{"field": "width"}, {"field": "label"}, {"attribute": "speed"}, {"attribute": "none"}])
TEXT = st.sampled_from(["car", "van", "sedan", "man", ""])
NUMBER = st.sampled_from([0, 3, 30, 40, 50])
TEXT_TEST = st.fixed_dictionaries(
    {}, optional={"eq": TEXT | OTHER, "ne": TEXT, "like": st.just("*a*"), "contains": TEXT | OTHER, "present": st.booleans()}
)
NUMBER_TEST = st.fixed_dictionaries(
    {}, optional={"gt": NUMBER | OTHER, "le": NUMBER | OTHER, "between": st.just([3, 40]), "ne": NUMBER, "present": st.booleans()}
)
VALUE_TEST = st.fixed_dictionaries({}, optional={"eq": TEXT | OTHER, "gt": NUMBER | OTHER, "not_between": st.just([1, 20])})
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "label": TEXT | TEXT_TEST,
        "shapes": st.lists(st.sampled_from(KINDS), min_size=1, max_size=5),
        "tag": st.booleans() | TEXT,
        "attributes": st.dictionaries(st.sampled_from(["type", "speed", "none"]), TEXT | VALUE_TEST, max_size=2),
        "width": NUMBER | NUMBER_TEST,
        "z_order": NUMBER_TEST,
        "source": TEXT_TEST,
        "occluded": st.booleans(),
        "elements": st.sampled_from([{"label": "nose"}, {"occluded": False}, {"attributes": {"type": "van"}}]),
    },
)
MATCHES = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries(
        {}, optional={"any": st.lists(inner, min_size=1, max_size=2), "all": st.lists(inner, min_size=1, max_size=2), "not": inner}
    ),
    max_leaves=4,
)


@given(MATCHES, st.sampled_from(KINDS))
def test_no_condition_fails_where_the_engine_matches_and_one_does_where_not(value: dict[str, Any], kind: Any) -> None:
    """Whatever a match says, the explanation and the compiled condition have one verdict."""
    match, of = Match.model_validate_json(json.dumps(value)), shape(kind)
    compiled = compile_match(match, of.label, of.kind)
    holds = compiled if isinstance(compiled, bool) else compiled(of, IMAGE)
    assert (first_miss(match, of, IMAGE) is None) == holds


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ({"label": "van"}, 'label is "car", wanted "van"'),
        ({"label": ["van", "bus"]}, 'label is "car", wanted one of "van", "bus"'),
        ({"shapes": ["mask"]}, 'shapes is rectangle, wanted "mask"'),
        ({"attributes": {"type": ["truck", "lorry"]}}, 'attributes.type is "sedan", wanted one of "truck", "lorry"'),
        ({"attributes": {"load": "x"}}, 'attributes.load is absent, wanted "x"'),
        ({"width": {"ge": 5, "lt": 25}}, "width is 30, wanted {lt: 25}"),
        ({"width": {"gt": {"field": "height"}}}, 'width is 30, wanted {gt: {field: "height"}}, which is 40'),
        ({"occluded": False}, "occluded is true, wanted false"),
        ({"all": [{"width": 30}, {"height": 3}]}, "all[1].height is 40, wanted 3"),
        ({"not": {"label": "car"}}, 'not is it holds, wanted not {label: "car"}'),
        ({"elements": {"label": "nose"}}, 'elements is a rectangle has no points of its own, wanted {label: "nose"}'),
    ],
)  # fmt: skip
def test_the_first_condition_that_fails_is_named_with_what_was_found(match: dict[str, Any], said: str) -> None:
    """Condition, value and what was wanted, of a test only the operator that fails."""
    miss = first_miss(Match.model_validate_json(json.dumps(match)), shape(), IMAGE)
    assert miss is not None
    assert f"{miss.path()} is {miss.found}, wanted {miss.wanted}" == said


def test_alternatives_are_all_told() -> None:
    """Where `any` fails, the reason of each alternative is."""
    miss = first_miss(Match.model_validate_json('{"any": [{"width": 1}, {"label": "van", "width": 2}]}'), shape(), IMAGE)
    assert miss is not None
    assert [inner.path() for inner in miss.inner] == ["any[0].width", "any[1].label"]
