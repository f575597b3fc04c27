"""Tests beside the rules: rules that do not exist, expectations that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.rules import EmptyExpectation, UnknownRule
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found


def cases(spec: MappingSpec, located: Located) -> list[Found]:
    """What is wrong with the expectations of each test."""
    ids = {rule.id for rule in spec.rules}
    found: list[Found] = []
    for number, case in enumerate(spec.tests):
        for index, expected in enumerate(case.expect):
            pointer = ("tests", number, "expect", index)
            if not expected.model_fields_set:
                found.append((EmptyExpectation(), located.place(pointer)))
            elif expected.rule is not None and expected.rule not in ids:
                found.append((UnknownRule(expected.rule, near(expected.rule, ids)), located.place((*pointer, "rule"))))
    return found
