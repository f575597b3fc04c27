"""Which rules are reached, which are not and by whom they are shadowed, and which overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.engine.analysis.cells import Space
from mapper.engine.analysis.diagram import ALL, EMPTY, BudgetError
from mapper.engine.analysis.gaps import VALUE, described
from mapper.engine.analysis.notes import Note
from mapper.engine.analysis.partition import World
from mapper.engine.analysis.witness import witness
from mapper.findings.analysis.coverage import NeverReached, ReachedElsewhere, ReachUndecided, RulesOverlap
from mapper.findings.base import Severity
from mapper.spec.semantics.static import mentioned_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.engine.analysis.cells import Found
    from mapper.engine.analysis.coverage import Coverage, Group, Member
    from mapper.engine.analysis.witness import Witness
    from mapper.spec.load import LoadedSpec

SHOWN = 3
PAIRS = 300_000
"""Pairs of rules that are compared for overlaps."""


class Reach(NamedTuple):
    """The best that a rule gets: a shape of the schema, another one, or none."""

    found: Found
    member: Member
    group: Group


def reached(found: Coverage) -> dict[int, Reach]:
    """For each rule that may take something, what it takes."""
    best: dict[int, Reach] = {}
    for group in found.groups:
        for number, cells in group.hits.items():
            before = best.get(number)
            if cells == EMPTY or (before is not None and before.found.world == World.DECLARED):
                continue
            now, member = group.find(cells)
            if not now.impossible and (before is None or now.world < before.found.world):
                best[number] = Reach(now, member, group)
    return best


def reach(loaded: LoadedSpec, found: Coverage) -> Iterator[Note]:
    """A note for each rule that data of the schema does not reach, or may not."""
    best = reached(found)
    decided = all(group.decided for group in found.groups)
    for number, rule in enumerate(loaded.spec.rules):
        got = best.get(number)
        place = loaded.place(("rules", number, "id"))
        if got is None and decided:
            yield from _dead(loaded, found, number)
        elif got is None or got.found.cell is None:
            yield Note(ReachUndecided(rule.id), place, rule=rule.id)
        elif got.found.world == World.FOREIGN and got.member.label.declared:
            shown = witness(got.member.label, got.member.kind, got.found.cell)
            why = got.member.strange or f"{got.found.cell.words}: {VALUE}"
            # a rule for whatever is drawn as a kind that no label happens to be declared for is no mistake
            severity = Severity.INFO if got.member.strange and not any(mentioned_labels(rule.match)) else None
            yield Note(ReachedElsewhere(rule.id, why, shown.line), place, shown, severity, rule=rule.id)


def _dead(loaded: LoadedSpec, found: Coverage, number: int) -> Iterator[Note]:
    rule = loaded.spec.rules[number]
    place = loaded.place(("rules", number, "id"))
    takers: dict[int, None] = {}
    shown: Witness | None = None
    for group in found.groups:
        cells = _wanted(group, found, number)
        for other in group.hits:
            both = group.space.diagram.both(group.hits[other], cells) if other < number else EMPTY
            if both != EMPTY and not group.space.find(both).impossible:
                takers.setdefault(other)
        if shown is None and cells != EMPTY:
            got, member = group.find(cells)
            shown = witness(member.label, member.kind, got.cell) if got.cell is not None else None
    if takers:
        names = [f"`{loaded.spec.rules[taker].id}` (line {loaded.place(('rules', taker)).line})" for taker in sorted(takers)]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        why = f"all that it matches is taken by {', '.join(names[:SHOWN])}{more}"
    else:
        known = {member.label.name for group in found.groups for member in group.members}
        if any(name not in known for name in mentioned_labels(rule.match)):
            return  # the note on the label says it
        why = "no shape of any label meets its conditions"
    yield Note(NeverReached(rule.id, why, shown.line if shown else ""), place, shown, rule=rule.id)


def _wanted(group: Group, found: Coverage, number: int) -> int:
    """The cells of a group that a rule matches; all of them if it stands below a rule that takes everything, and matches any."""
    if number in group.conditions or not group.conditions or number < group.last:
        return group.conditions.get(number, EMPTY)
    return ALL if any(_matches(found, member, number) for member in group.members) else EMPTY


def _matches(found: Coverage, member: Member, number: int) -> bool:
    """Whether some shape of a member meets the condition of a rule."""
    formula = found.formulas.formula(found.formulas.rules[number].match, member.label.name, member.kind)
    if isinstance(formula, bool):
        return formula
    space = Space.of(member.label, member.kind, [formula], found.formulas.leaves)
    try:
        return not space.find(space.set_of(formula)).impossible
    except BudgetError:
        return False


def overlaps(loaded: LoadedSpec, found: Coverage) -> Iterator[Note]:
    """A note for each rule that shares cells with an earlier one while neither is a special case of the other."""
    told: set[int] = set()
    left = PAIRS
    for group in found.groups:
        if not group.expected:
            continue
        numbers = [number for number, cells in group.conditions.items() if cells != EMPTY]
        for position, later in enumerate(numbers):
            if later in told or group.hits[later] == group.conditions[later]:
                continue
            for earlier in numbers[:position]:
                left -= 1
                if left < 0:
                    return
                note = _overlap(loaded, found, group, earlier, later)
                if note is not None:
                    told.add(later)
                    yield note
                    break


def _overlap(loaded: LoadedSpec, found: Coverage, group: Group, earlier: int, later: int) -> Note | None:
    both = group.space.diagram.both(group.hits[earlier], group.conditions[later])
    if both == EMPTY or _special(found, earlier, later) or _special(found, later, earlier):
        return None
    shared, member = group.find(both)
    if shared.cell is None or shared.world != World.DECLARED:
        return None
    shown = witness(member.label, member.kind, shared.cell)
    rules = loaded.spec.rules
    issue = RulesOverlap(rules[later].id, rules[earlier].id, described(member.label.name, [member.kind], shared.cell.words), shown.line)
    return Note(issue, loaded.place(("rules", later, "id")), shown, rule=rules[later].id)


def _special(found: Coverage, special: int, general: int) -> bool:
    """Whether one rule matches nothing that the other does not match, as far as it is known."""
    for group in found.by_rule.get(special, ()):
        own, other = group.conditions[special], group.conditions.get(general)
        if (other is None and general < group.last) or (other is not None and group.space.diagram.minus(own, other) != EMPTY):
            return False
    return True
