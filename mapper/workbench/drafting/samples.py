"""Tests of a draft: for each rule the first sample shape that it takes, and what the draft makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.engine.cases import run_cases
from mapper.spec.cases import Case, Expected, Given
from mapper.workbench.drafting.decide import holds_decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.geometry.kinds import Kind
    from mapper.spec.load import LoadedSpec
    from mapper.workbench.drafting.rules import DraftRule

SAMPLES: dict[Kind, tuple[dict[str, Any], ...]] = {
    "rectangle": ({"box": [10, 10, 50, 40]}, {"box": [10, 10, 50, 40], "rotation": 30}),
    "polygon": ({"points": [10, 10, 50, 10, 30, 40]},),
    "polyline": ({"points": [10, 10, 50, 10, 30, 40]},),
    "points": ({"points": [10, 10]}, {"points": [10, 10, 50, 40]}),
    "ellipse": ({"ellipse": [30, 30, 20, 10]}, {"ellipse": [30, 30, 20, 10], "rotation": 30}),
    "cuboid": ({"points": [10, 10, 10, 40, 60, 10, 60, 40, 70, 5, 70, 35, 20, 5, 20, 35]},),
    "tag": ({},),
}
"""Shapes as cases give them; masks and skeletons cannot be given."""


def tests(draft: LoadedSpec, rules: Sequence[DraftRule]) -> list[dict[str, Any]]:
    """A case for each rule that a sample meets; what a decision of the rule may change is not expected."""
    found: dict[str, dict[str, Any]] = {}
    by_id = {rule.id: rule for rule in rules}
    for label, kind in dict.fromkeys((rule.label.name, rule.kind) for rule in rules):
        given = [
            {"tag": True, "label": label} if kind == "tag" else {"shape": kind, "label": label} | sample for sample in SAMPLES.get(kind, ())
        ]
        cases = [Case(name="sample", given=Given.model_validate(one), expect=[Expected.model_validate({})]) for one in given]
        for one, result in zip(given, run_cases(draft, cases), strict=True):
            if result.rule in by_id and result.rule not in found:
                found[result.rule] = _case(by_id[result.rule], one, result.actual)
    return [found[rule.id] for rule in rules if rule.id in found]


def _case(rule: DraftRule, given: dict[str, Any], actual: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    kept = ("rule",) if holds_decision(rule.value) else ("rule", "object", "shape", "classification", "dropped", "refused")
    return {"name": rule.id, "given": given, "expect": [{key: item[key] for key in kept if key in item} for item in actual]}
