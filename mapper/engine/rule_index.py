"""The rules of a spec, found by label and kind of shape: most rules of a long spec are about others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.engine.checks import literal, text_passes
from mapper.engine.conditions import Condition
from mapper.geometry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.geometry.kinds import Kind
    from mapper.spec.matching import Match
    from mapper.spec.model import Rule


@dataclass(slots=True)
class RuleIndex:
    """Which rules of a list may match a label and kind, with what is left of their conditions.

    Labels that a rule lists are looked up, its patterns are asked once for each label, and kinds that it rules out are known.
    """

    rules: Sequence[Rule]
    named: dict[str, list[int]] = field(default_factory=dict)
    general: list[int] = field(default_factory=list)
    kinds: list[frozenset[Kind]] = field(default_factory=list)
    _conditions: dict[int, Condition] = field(default_factory=dict)
    _labels: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known: dict[Any, frozenset[Kind]] = {}
        for number, rule in enumerate(self.rules):
            match = rule.match
            wanted = match.label
            if isinstance(wanted, str | list):
                for name in dict.fromkeys([wanted] if isinstance(wanted, str) else wanted):
                    self.named.setdefault(name, []).append(number)
            else:
                self.general.append(number)
            key = (None if match.shapes is None else tuple(match.shapes), None if match.tag is None else match.tag is not False)
            if key not in known:
                known[key] = _kinds(match)
            self.kinds.append(known[key])

    def numbers(self, label: str, kind: Kind) -> Iterator[int]:
        """The rules that label and kind do not rule out at first sight, in the order of the spec."""
        found = self._labels.get(label)
        if found is None:
            fitting = (number for number in self.general if self._fits(number, label))
            found = self._labels[label] = sorted((*self.named.get(label, ()), *fitting))
        kinds = self.kinds
        return (number for number in found if kind in kinds[number])

    def conditions(self, label: str, kind: Kind) -> Iterator[tuple[int, Any]]:
        """The rules that can match, in order, each with its condition; ends at one that always does."""
        for number, condition in self.all_conditions(label, kind):
            yield number, condition
            if condition is True:
                return

    def all_conditions(self, label: str, kind: Kind) -> Iterator[tuple[int, Any]]:
        """The rules whose conditions label and kind do not rule out, those behind one that always matches included."""
        for number in self.numbers(label, kind):
            condition = self.condition(number, label, kind)
            if condition is not False:
                yield number, condition

    def condition(self, number: int, label: str, kind: Kind) -> Any:
        """What a rule asks of shapes of a label and kind: True or False if that decides, else a callable."""
        found = self._conditions.get(number)
        if found is None:
            found = self._conditions[number] = Condition(self.rules[number].match)
        return found.of(label, kind)

    def _fits(self, number: int, label: str) -> bool:
        wanted = self.rules[number].match.label
        return wanted is None or text_passes(label, literal(wanted))


def _kinds(match: Match) -> frozenset[Kind]:
    """The kinds that ``shapes`` and ``tag`` leave open."""
    tags = {True, False} if match.tag is None else {match.tag is not False}
    return frozenset(kind for kind in KINDS if (kind == "tag") in tags and (match.shapes is None or kind in match.shapes))
