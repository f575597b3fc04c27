"""Rules: ids that occur twice, rules that no shape can match, rules that earlier ones leave nothing to."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.rules import DuplicateRule, NeverHolds, UnreachableRule
from mapper.geometry.kinds import KINDS
from mapper.spec.semantics.conditions import faults
from mapper.spec.semantics.static import labels_to_try, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.geometry.kinds import Kind
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.static import Label
    from mapper.spec.semantics.walk import Found, Pointer

SHOWN = 3


def duplicate_ids(spec: MappingSpec, located: Located) -> list[Found]:
    """Each id that an earlier rule has."""
    first: dict[str, int] = {}
    found: list[Found] = []
    for number, rule in enumerate(spec.rules):
        before = first.setdefault(rule.id, number)
        if before != number:
            place = located.place(("rules", before, "id"))
            found.append((DuplicateRule(rule.id, place.line, place.column), located.place(("rules", number, "id"))))
    return found


def unreachable(spec: MappingSpec, located: Located) -> list[Found]:
    """Rules without any label and kind that they could match, or whose labels and kinds earlier rules take for certain.

    What depends on a shape's data, or on a label that no condition names in full, takes nothing for certain. So each
    finding is a proof, but not every dead rule is found.
    """
    taken = _Taken()
    found: list[Found] = []
    for number, rule in enumerate(spec.rules):
        if any(faults(rule.match, ())):
            continue
        labels = labels_to_try(rule.match)
        own = frozenset(label for label in labels if label is not None)
        verdicts = {(label, kind): verdict(rule.match, label, kind) for label in labels for kind in KINDS}
        takers = [taken.by(*cell, own) for cell, held in verdicts.items() if held is not False]
        if not takers:
            issue = NeverHolds("its conditions exclude every label and kind of shape")
            found.append((issue, located.key_place(("rules", number, "match"))))
        elif None not in takers:
            earlier = sorted({taker for taker in takers if taker is not None})
            place = located.place(("rules", number, "id"))
            shown = named(((f"`{spec.rules[taker].id}`", ("rules", taker)) for taker in earlier), located, place.file)
            found.append((UnreachableRule(rule.id, shown), place))
        taken.take(number, [cell for cell, held in verdicts.items() if held], own)
    return found


class _Taken:
    """Which rule takes the shapes of a label and kind for certain.

    ``rest``: the rule that takes a kind for all labels but those left ``open``; ``cells``: single labels.
    """

    def __init__(self) -> None:
        self.cells: dict[tuple[Label, Kind], int] = {}
        self.rest: dict[Kind, int] = {}
        self.open: dict[Kind, frozenset[str]] = {}

    def by(self, label: Label, kind: Kind, own: frozenset[str]) -> int | None:
        """The rule that takes a label and kind; without a label, all labels but ``own``."""
        if kind not in self.rest:
            return self.cells.get((label, kind))
        if label is None:
            return self.rest[kind] if self.open[kind] <= own else None
        return self.cells.get((label, kind), None if label in self.open[kind] else self.rest[kind])

    def take(self, number: int, cells: Iterable[tuple[Label, Kind]], own: frozenset[str]) -> None:
        """Note what a rule takes that none before it did; a cell without a label is all labels but ``own``."""
        for label, kind in sorted(cells, key=lambda cell: cell[0] is not None):
            left = self.open.get(kind, frozenset())
            if label is not None:
                if self.by(label, kind, own) is None:
                    self.cells[label, kind] = number
                self.open |= {kind: left - {label}} if label in left else {}
            elif kind in self.rest:
                self.cells |= {(name, kind): number for name in left - own}
                self.open[kind] = left & own
            else:
                self.open[kind] = frozenset(name for name in own if (name, kind) not in self.cells)
                self.rest[kind] = number


def named(places: Iterable[tuple[str, Pointer]], located: Located, seen_from: str) -> str:
    """Names with their lines, the first few: "`car` (line 12), `rest` (base.yaml, line 20)" seen from another file."""
    at = ((name, located.place(pointer)) for name, pointer in places)
    shown = [f"{name} ({'' if place.file == seen_from else f'{PurePosixPath(place.file).name}, '}line {place.line})" for name, place in at]
    return ", ".join(shown[:SHOWN]) + (f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else "")
