"""Tests beside the rules: rules that do not exist, expectations that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.rules import EmptyExpectation, UnknownRule
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mapper.spec.cases import Case
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found


def cases(spec: MappingSpec, located: Located) -> list[Found]:
    """What is wrong with the expectations of each test."""
    return unsaid(spec.tests, {rule.id for rule in spec.rules}, located)


def unsaid(tests: Sequence[Case], ids: Collection[str], located: Located) -> list[Found]:
    """The same for the tests of any document that has them under ``tests``; ``ids`` are those of the rules."""
    found: list[Found] = []
    for number, case in enumerate(tests):
        for index, expected in enumerate(case.expect):
            pointer = ("tests", number, "expect", index)
            if not expected.model_fields_set:
                found.append((EmptyExpectation(), located.place(pointer)))
            elif expected.rule is not None and expected.rule not in ids:
                found.append((UnknownRule(expected.rule, near(expected.rule, ids)), located.place((*pointer, "rule"))))
    return found
