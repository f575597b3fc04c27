"""What is said of rules before any data, held against what the engine does with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mapper.engine.checks import number_passes, value_passes
from mapper.engine.conditions import compile_match
from mapper.findings.spec_meaning.rules import UnreachableRule
from mapper.geometry.kinds import KINDS
from mapper.spec.located import load_located
from mapper.spec.matching import Match, NumberTest, ValueTest
from mapper.spec.model import MappingSpec
from mapper.spec.semantics.conditions import contradiction
from mapper.spec.semantics.rules import unreachable
from mapper.spec.semantics.static import labels_to_try, mentioned_labels, named_kinds, possible_kinds, verdict

MINIMAL = Path(__file__).parent.parent / "specs" / "valid" / "minimal.json"
NAMES = st.sampled_from(["car", "van", "", "caravan"])
OTHERS = st.sampled_from([{"field": "source"}, {"field": "label"}, {"attribute": "type"}])
TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "eq": NAMES | OTHERS,
        "ne": NAMES,
        "contains": NAMES,
        "in": st.lists(NAMES, min_size=1, max_size=3),
        "not_in": st.lists(NAMES, min_size=1, max_size=3),
        "like": st.sampled_from(["car*", "?an", "*"]),
        "starts": NAMES,
        "ends": NAMES,
        "empty": st.booleans(),
        "present": st.booleans(),
    },
)
LABELS = NAMES | st.lists(NAMES, min_size=1, max_size=2) | TEXTS
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "label": LABELS,
        "tag": st.booleans() | LABELS,
        "shapes": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3),
        "occluded": st.booleans(),
        "elements": st.just({"label": "nose"}),
    },
)


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.fixed_dictionaries({}, optional={"label": LABELS, "any": several, "all": several, "not": inner})


MATCHES = st.recursive(LEAVES, _nested, max_leaves=5).map(lambda value: Match.model_validate_json(json.dumps(value)))
SOME_NUMBERS = st.integers(-2, 3)
ORDERS = dict.fromkeys(("lt", "le", "gt", "ge"), SOME_NUMBERS)
RANGES = dict.fromkeys(("between", "not_between"), st.lists(SOME_NUMBERS, min_size=2, max_size=2))
MANY = st.lists(SOME_NUMBERS, min_size=1, max_size=3)
NUMBERS = st.fixed_dictionaries(
    {}, optional={**ORDERS, **RANGES, "eq": SOME_NUMBERS, "ne": SOME_NUMBERS, "in": MANY, "not_in": MANY, "present": st.booleans()}
)
DIGITS = st.sampled_from(["1", "2", "x", ""])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        **ORDERS,
        **RANGES,
        "eq": DIGITS,
        "ne": DIGITS,
        "in": st.lists(DIGITS, min_size=1, max_size=3),
        "not_in": st.lists(DIGITS, min_size=1, max_size=3),
        "starts": DIGITS,
        "empty": st.booleans(),
        "present": st.booleans(),
    },
)


@given(MATCHES, NAMES, st.sampled_from(KINDS))
def test_a_verdict_is_what_the_engine_compiles(match: Match, label: str, kind: Any) -> None:
    """For a label that is named, always, never and perhaps are the engine's True, False and callable."""
    compiled = compile_match(match, label, kind)
    assert verdict(match, label, kind) == (compiled if isinstance(compiled, bool) else None)


@given(MATCHES, st.sampled_from(KINDS))
def test_one_label_stands_for_all_that_are_not_named(match: Match, kind: Any) -> None:
    """What is certain for the label that no condition names is so for any such label."""
    sure = verdict(match, None, kind)
    for label in ("bus", "carbon", "an"):
        if sure is not None and label not in set(mentioned_labels(match)):
            assert compile_match(match, label, kind) is sure


@given(MATCHES, NAMES, st.sampled_from(KINDS))
def test_labels_and_kinds_that_are_not_tried_never_match(match: Match, label: str, kind: Any) -> None:
    """Labels and kinds that are left out of the analysis are those that the match excludes."""
    tried = labels_to_try(match)
    if label not in tried and None not in tried:
        assert compile_match(match, label, kind) is False
    if kind not in possible_kinds(match):
        assert compile_match(match, label, kind) is False
    named = named_kinds(match)
    if named is not None and kind not in named:
        assert compile_match(match, label, kind) is False


@given(NUMBERS)
def test_a_contradiction_in_numbers_is_a_proof(value: dict[str, Any]) -> None:
    """A test that is called a contradiction passes no number, nor an absent one."""
    test = NumberTest.model_validate_json(json.dumps(value))
    if contradiction(test) and value.get("present") is not False:
        assert not any(number_passes(candidate, test) for candidate in (None, *(half / 2 for half in range(-10, 10))))


@given(VALUES)
def test_a_contradiction_in_values_is_a_proof(value: dict[str, Any]) -> None:
    """A test that is called a contradiction passes no text, nor an absent one."""
    test = ValueTest.model_validate_json(json.dumps(value))
    if contradiction(test) and value.get("present") is not False:
        assert not any(value_passes(candidate, test) for candidate in (None, "", "x", "1", "1.5", "2", "-1", "3"))


@given(st.lists(MATCHES, min_size=2, max_size=5))
def test_a_rule_that_is_called_unreachable_is_never_reached(matches: list[Match]) -> None:
    """For every label and kind, an earlier rule matches for certain, or this one does not match."""
    document = json.loads(MINIMAL.read_text())
    dumped = [match.model_dump(mode="json", by_alias=True, exclude_none=True) for match in matches]
    document["rules"] = [{"id": f"{number}", "match": match, "drop": {"reason": "none"}} for number, match in enumerate(dumped)]
    text = json.dumps(document)
    spec = MappingSpec.model_validate_json(text)
    for issue, _ in unreachable(spec, load_located(text.encode(), "spec")):
        number = int(issue.rule) if isinstance(issue, UnreachableRule) else None
        for label in ("car", "van", "", "caravan", "bus") if number is not None else ():
            for kind in KINDS:
                earlier = [compile_match(match, label, kind) for match in matches[:number]]
                assert True in earlier or compile_match(matches[number or 0], label, kind) is False
