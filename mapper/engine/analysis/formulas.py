"""Conditions as formulas over tests, for one label and kind: what label and kind decide is decided, as compiling does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.engine.analysis.leaves import FLAGS, KNOWN, MEASURES, NUMBERS, TEXTS, Leaf, leaf, open_leaf, passes
from mapper.engine.measures import COUNTS, ROTATABLE
from mapper.spec.matching import TextTest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.geometry.kinds import Kind
    from mapper.spec.matching import Match
    from mapper.spec.model import Rule

Formula = bool | int | tuple[Any, ...]
"""True, False, or the number of a leaf plus LEAF; ``("all", …)``, ``("any", …)``, ``("not", formula)``."""

DATA = (*TEXTS, *NUMBERS, *FLAGS)
"""The keys of a match that only a shape or its image can answer."""

ONE_BY_ONE = (None, "any", "each")
"""What ``frames`` may say so that a rule takes no fewer frames of a track than it takes shapes.

A cell is a shape on one frame. Under ``all`` a frame that meets a condition may go on to later rules, because of other
frames: then what is taken is open.
"""

LEAF = 2
"""Leaves are counted from here, since True equals 1 and False equals 0."""


def is_absent(name: str, kind: Kind) -> bool:
    """Whether shapes of a kind never have a measure."""
    if name == "rotation":
        return kind not in ROTATABLE
    return kind not in COUNTS if name == "point_count" else kind == "tag"


def _negated(part: Formula) -> Formula:
    return (not part) if isinstance(part, bool) else ("not", part)


def _all(parts: list[Formula]) -> Formula:
    if any(part is False for part in parts):
        return False
    rest = tuple(part for part in parts if part is not True)
    return True if not rest else rest[0] if len(rest) == 1 else ("all", *rest)


def _any(parts: list[Formula]) -> Formula:
    if any(part is True for part in parts):
        return True
    rest = tuple(part for part in parts if part is not False)
    return False if not rest else rest[0] if len(rest) == 1 else ("any", *rest)


@dataclass(slots=True)
class Formulas:
    """The conditions of a list of rules; equal tests are one leaf. Two lists may share ``leaves`` and their ``numbers``."""

    rules: Sequence[Rule]
    leaves: list[Leaf] = field(default_factory=list)
    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _known: dict[tuple[int, str | None, Kind], Formula] = field(default_factory=dict)
    _by_label: dict[str, list[int]] = field(default_factory=dict)
    _general: list[int] = field(default_factory=list)
    _asks: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, rule in enumerate(self.rules):
            wanted = rule.match.label
            names = [wanted] if isinstance(wanted, str) else wanted
            self._asks.append(any(inner.label is not None or not isinstance(inner.tag, bool | None) for inner in matches(rule.match)))
            if isinstance(names, list):
                for name in dict.fromkeys(names):
                    self._by_label.setdefault(name, []).append(number)
            else:
                self._general.append(number)

    def of(self, label: str, kind: Kind) -> Iterator[tuple[int, Formula]]:
        """The rules that can match a label and kind, in order, each with what is left of its condition; ends at a certain one."""
        named = self._by_label.get(label, [])
        for number in sorted((*named, *self._general)) if named else self._general:
            key = (number, label if self._asks[number] else None, kind)
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = self.formula(self.rules[number].match, label, kind)
            if found is not False:
                yield number, found
            if found is True:
                return

    def formula(self, match: Match, label: str, kind: Kind) -> Formula:
        """A condition for one label and kind."""
        if not _static(match, label, kind):
            return False
        if _is_open(match):
            return self._leaf(open_leaf(("match", ""), repr(match)))
        parts: list[Formula] = []
        for name in DATA if not match.model_fields_set.isdisjoint(DATA) else ():
            test = getattr(match, name)
            if test is not None:
                parts.append(self._measured(name, test, kind) if name in MEASURES else self._leaf(leaf((name, ""), test)))
        parts += [self._leaf(leaf(("attributes", name), test)) for name, test in (match.attributes or {}).items()]
        parts += [self.formula(inner, label, kind) for inner in match.all or ()]
        if match.any is not None:
            parts.append(_any([self.formula(inner, label, kind) for inner in match.any]))
        if match.not_ is not None:
            parts.append(_negated(self.formula(match.not_, label, kind)))
        return _all(parts)

    def _measured(self, name: str, test: Any, kind: Kind) -> Formula:
        found = leaf((name, ""), test)
        if found.test is not None and is_absent(name, kind):
            return passes(None, test)
        return self._leaf(found)

    def _leaf(self, found: Leaf) -> int:
        key = (found.dimension, found.key)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.leaves) + LEAF
            self.leaves.append(found)
        return number


def leaves_in(formula: Formula) -> Iterator[int]:
    """The numbers of the leaves of a formula, as ``Formulas.leaves`` has them."""
    if isinstance(formula, bool):
        return
    if isinstance(formula, int):
        yield formula - LEAF
    else:
        for part in formula[1:]:
            yield from leaves_in(part)


def matches(match: Match) -> Iterator[Match]:
    """A condition and all that are nested in it."""
    yield match
    for inner in (*(match.all or ()), *(match.any or ()), *((match.not_,) if match.not_ is not None else ())):
        yield from matches(inner)


def _is_open(match: Match) -> bool:
    """Whether a condition, but for those nested in it, has keys or operators that are not analysed."""
    if any(getattr(match, name) is not None for name in match.model_fields_set - KNOWN - {"frames"}):
        return True
    if match.frames not in ONE_BY_ONE:
        return True
    return any(isinstance(test, TextTest) and leaf(("label", ""), test).test is None for test in (match.label, match.tag))


def _static(match: Match, label: str, kind: Kind) -> bool:
    """Whether label and kind leave a condition open; what is not analysed does not rule anything out."""
    if _is_open(match):
        return match.shapes is None or kind in match.shapes
    if match.label is not None and not passes(label, match.label):
        return False
    if match.shapes is not None and kind not in match.shapes:
        return False
    if match.tag is None:
        return True
    if isinstance(match.tag, bool):
        return match.tag == (kind == "tag")
    return kind == "tag" and passes(label, match.tag)
