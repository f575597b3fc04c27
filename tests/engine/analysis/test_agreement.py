"""What the analysis says of random specs and label schemas, against the engine itself on random shapes and on its witnesses."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper.cvat.model import Image, LabelSpec, Shape
from mapper.engine.analysis.coverage import Coverage, Group, coverage
from mapper.engine.analysis.diagram import EMPTY
from mapper.engine.analysis.partition import World
from mapper.engine.analysis.reach import reached
from mapper.engine.analysis.witness import witness
from mapper.engine.conditions import compile_match
from mapper.spec.model import MappingSpec
from tests.engine.analysis import strategies
from tests.support.specs import spec

often = settings(deadline=None, max_examples=250, suppress_health_check=list(HealthCheck))


def made(matches: list[dict[str, Any]]) -> MappingSpec:
    """A spec that drops what these conditions match, one rule each."""
    rules = [{"id": f"r{number}", "match": match, "drop": {"reason": "x"}} for number, match in enumerate(matches)]
    return MappingSpec.model_validate_json(json.dumps(spec(*rules)))


def taken(mapping: MappingSpec, shape: Shape, image: Image) -> int | None:
    """The rule that takes a shape, by the engine's own conditions; None if none does."""
    for number, rule in enumerate(mapping.rules):
        condition = compile_match(rule.match, shape.label, shape.kind)
        if condition is True or (condition is not False and condition(shape, image)):
            return number
    return None


def group_of(found: Coverage, shape: Shape) -> Group | None:
    """The group that a shape of a declared label is in."""
    for group in found.groups:
        if any(member.label.name == shape.label and member.kind == shape.kind and member.label.declared for member in group.members):
            return group
    return None


@given(schema=strategies.schemas(), matches=st.lists(strategies.conditions(), min_size=1, max_size=4), data=st.data())
@often
def test_no_shape_contradicts_the_analysis(schema: list[LabelSpec], matches: list[dict[str, Any]], data: st.DataObject) -> None:
    """A shape that no rule takes lies in a gap that was found; one that a rule takes shows that the rule is reached."""
    mapping = made(matches)
    found = coverage(mapping, schema)
    best = reached(found)
    for _ in range(6):
        shape, image = data.draw(strategies.shapes(data.draw(st.sampled_from(schema))))
        number = taken(mapping, shape, image)
        group = group_of(found, shape)
        assert group is not None
        if not group.decided:
            continue
        if number is None:
            assert group.rest != EMPTY
            assert not group.find(group.rest)[0].impossible
        else:
            assert group.hits[number] != EMPTY
            assert number in best


@given(schema=strategies.schemas(), matches=st.lists(strategies.conditions(), min_size=1, max_size=4))
@often
def test_every_witness_shows_what_it_is_for(schema: list[LabelSpec], matches: list[dict[str, Any]]) -> None:
    """The witness of a gap is taken by no rule, that of a rule by this rule, by the engine's own conditions."""
    mapping = made(matches)
    for group in coverage(mapping, schema).groups:
        for number, cells in [*group.hits.items(), (None, group.rest)]:
            found, _ = group.find(cells)
            for member in group.members if found.cell is not None else ():
                image = witness(member.label, member.kind, found.cell).image
                assert taken(mapping, image.shapes[0], image) == number


@given(schema=strategies.schemas(), matches=st.lists(strategies.conditions(), min_size=1, max_size=3), data=st.data())
@often
def test_a_shape_of_the_schema_in_a_gap_is_an_error(schema: list[LabelSpec], matches: list[dict[str, Any]], data: st.DataObject) -> None:
    """If plain data of the schema falls through, the gap is one of the schema, or the analysis says that it does not know."""
    mapping = made(matches)
    found = coverage(mapping, schema)
    for group in found.groups:
        for member in group.expected[:2]:
            shown = witness(member.label, member.kind)
            if taken(mapping, shown.image.shapes[0], shown.image) is None and group.decided:
                assert group.find(group.rest)[0].world in {World.DECLARED, World.DOUBTFUL}
    del data
