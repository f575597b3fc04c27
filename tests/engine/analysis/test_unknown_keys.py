"""Conditions that the analysis does not know leave questions open; they never make it answer wrongly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mapper.cvat.model import LabelSpec
from mapper.engine.analysis import formulas, leaves
from mapper.engine.analysis.cells import Space
from mapper.engine.analysis.diagram import ALL
from mapper.engine.analysis.formulas import Formulas
from mapper.spec.matching import Match, NumberTest, TextTest, ValueTest

CAR = LabelSpec(name="car", type="rectangle")


def space_of(match: Match) -> tuple[Space, int]:
    """The cells of a rectangle where a condition holds."""
    made = Formulas([])
    formula = made.formula(match, "car", "rectangle")
    space = Space.of(CAR, "rectangle", [formula], made.leaves)
    return space, space.set_of(formula)


def is_open(match: Match) -> bool:
    """Whether neither a gap beside a condition nor a shape that meets it can be shown, and neither is excluded."""
    space, cells = space_of(match)
    rest = space.diagram.minus(ALL, cells)
    return all(found.cell is None and not found.impossible for found in (space.find(cells), space.find(rest)))


def test_every_key_of_a_match_is_analysed_or_left_open() -> None:
    """What is analysed exists; a key that is not analysed leaves a condition open."""
    assert set(Match.model_fields) >= leaves.KNOWN
    for name in set(Match.model_fields) - leaves.KNOWN:
        assert is_open(_with(name))


def _with(name: str) -> Match:
    match = Match.model_validate_json("{}")
    copied: Match = match.model_copy(update={name: "x"})
    return copied


@pytest.mark.parametrize("name", sorted(leaves.KNOWN))
def test_a_key_that_is_not_known_leaves_all_open(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were any key of today unknown, a condition with it would be neither met nor unmet."""
    examples: dict[str, Any] = {
        "shapes": ["rectangle"], "tag": False, "attributes": {"a": "x"}, "occluded": True, "track": True,
        "any": [{"occluded": True}], "all": [{"occluded": True}], "not_": {"occluded": True},
        **dict.fromkeys(("label", "source", "image", "subset"), "car"),
    }  # fmt: skip
    match = Match.model_validate_json(json.dumps({name.rstrip("_"): examples.get(name, {"lt": 4})}))
    monkeypatch.setattr(formulas, "KNOWN", leaves.KNOWN - {name})
    assert is_open(match)


@pytest.mark.parametrize("operator", sorted(leaves.OPERATORS))
def test_an_operator_that_is_not_known_leaves_its_test_open(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were any operator of today unknown, a test with it would be open, and the others not."""
    values = {"in_": ["x"], "not_in": ["x"], "empty": True, "present": True} | dict.fromkeys(("lt", "le", "gt", "ge"), 4)
    values |= {"between": [4, 5], "not_between": [4, 5]}
    match = Match.model_validate_json(json.dumps({"attributes": {"a": {operator.rstrip("_"): values.get(operator, "x")}}}))
    assert not is_open(match)
    monkeypatch.setattr(leaves, "OPERATORS", leaves.OPERATORS - {operator})
    assert is_open(match)


def test_every_operator_is_known() -> None:
    """The operators that the analysis knows are those of the language, so that it answers; new ones leave it open."""
    language = {name for test in (TextTest, NumberTest, ValueTest) for name in test.model_fields}
    assert language >= leaves.OPERATORS


def test_what_is_open_does_not_hide_what_is_not() -> None:
    """A rule without a condition below an open one still takes everything: no gap remains."""
    space, cells = space_of(_with("width"))
    assert space.diagram.either(cells, ALL) == ALL


def test_values_of_a_new_type_leave_a_test_open() -> None:
    """A comparison with something that is no text or number, such as another field, is not analysed."""
    test = NumberTest.model_construct(**(dict.fromkeys(NumberTest.model_fields) | {"lt": {"field": "height"}}))
    assert leaves.leaf(("width", ""), test).test is None


@pytest.mark.parametrize("frames", ["any", "all", "each"])
def test_what_frames_says_of_tracks(frames: str) -> None:
    """Under `any` and `each` a rule takes no fewer frames than shapes; under `all` a frame may go on, so that is open."""
    match = Match.model_validate_json(json.dumps({"occluded": True, "frames": frames}))
    assert is_open(match) == (frames == "all")
