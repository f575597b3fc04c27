"""Waivers: what a spec leaves out until a stated day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.waivers import ExpiredWaiver
from mapper.spec.semantics.walk import attribute_lists

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from mapper.findings.base import Issue, Location
    from mapper.spec.load import LoadedSpec
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Pointer
    from mapper.spec.targets import Drop


class Waiver(NamedTuple):
    """A drop with a last day.

    ``pointer``: the rule or attribute rule that it is the outcome of. ``rule``: the rule's id, "" for an attribute rule.
    """

    pointer: Pointer
    rule: str
    until: date
    reason: str

    @property
    def what(self) -> str:
        """What it is the waiver of, in words."""
        return f"rule {self.rule!r}" if self.rule else "an attribute rule"


def waivers(spec: MappingSpec) -> Iterator[Waiver]:
    """Every waiver of a spec: those of rules, then those of attribute rules."""
    for number, rule in enumerate(spec.rules):
        yield from _waiver(("rules", number), rule.id, rule.drop)
    for pointer, _, rules in attribute_lists(spec):
        for number, attribute in enumerate(rules):
            yield from _waiver((*pointer, number), "", attribute.drop)


def _waiver(pointer: Pointer, rule: str, drop: Drop | None) -> Iterator[Waiver]:
    if drop is not None and drop.until is not None:
        yield Waiver(pointer, rule, drop.until, drop.reason)


def expired(loaded: LoadedSpec, today: date | None) -> list[tuple[Issue, Location]]:
    """The waivers whose last day is before ``today``, each at its day; none if the day is not known.

    What is found says nothing of today, so that it stays the same on all later days.
    """
    if today is None:
        return []
    over = [waiver for waiver in waivers(loaded.spec) if waiver.until < today]
    return [
        (ExpiredWaiver(waiver.what, waiver.until.isoformat(), waiver.reason), loaded.place((*waiver.pointer, "drop", "until")))
        for waiver in over
    ]
