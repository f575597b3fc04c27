"""Which rules are reached, which are not and by whom they are shadowed, and which overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.engine.analysis.cells import Space
from mapper.engine.analysis.diagram import EMPTY, BudgetError
from mapper.engine.analysis.gaps import VALUE, described
from mapper.engine.analysis.notes import Note
from mapper.engine.analysis.partition import World
from mapper.engine.analysis.witness import witness
from mapper.findings.analysis.coverage import NeverReached, OverlapsUndecided, ReachedElsewhere, ReachUndecided, RulesOverlap
from mapper.findings.base import Severity
from mapper.spec.semantics.static import mentioned_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.engine.analysis.cells import Found
    from mapper.engine.analysis.coverage import Coverage, Group, Member
    from mapper.engine.analysis.witness import Witness
    from mapper.spec.load import LoadedSpec

SHOWN = 3
PAIR = 8
"""Steps that a comparison of two rules counts for, besides those of their sets."""


Known = dict[tuple[int, int], bool]
"""Whether the first rule of a pair is a special case of the second."""


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
    unknown = _unknown(found)
    for number, rule in enumerate(loaded.spec.rules):
        got = best.get(number)
        place = loaded.place(("rules", number, "id"))
        if got is None and number not in unknown:
            yield from _dead(loaded, found, number)
        elif got is None or got.found.cell is None:
            member = unknown.get(number)
            beyond = described(member.label.name, [member.kind], "") if member is not None else ""
            yield Note(ReachUndecided(rule.id, beyond), place, rule=rule.id)
        elif got.found.world == World.FOREIGN and got.member.label.declared:
            shown = witness(got.member.label, got.member.kind, got.found.cell)
            why = got.member.strange or f"{got.found.cell.words}: {VALUE}"
            # a rule for whatever is drawn as a kind that no label happens to be declared for is no mistake
            severity = Severity.INFO if got.member.strange and not any(mentioned_labels(rule.match)) else None
            yield Note(ReachedElsewhere(rule.id, why, shown.line), place, shown, severity, rule=rule.id)


def _unknown(found: Coverage) -> dict[int, Member]:
    """The rules that may take something where the budget ended, and where that was."""
    unknown: dict[int, Member] = {}
    for group in found.groups:
        for number, _ in group.formed if not group.decided else ():
            unknown.setdefault(number, next(iter(group.expected), group.members[0]))
    return unknown


def _dead(loaded: LoadedSpec, found: Coverage, number: int) -> Iterator[Note]:
    rule = loaded.spec.rules[number]
    place = loaded.place(("rules", number, "id"))
    takers: dict[int, None] = {}
    shown: Witness | None = None
    every = True
    for group in found.groups:
        cells = _wanted(group, found, number)
        if cells != EMPTY:
            every = _takers(group, cells, number, takers) and every
            if shown is None:
                got, member = group.find(cells)
                shown = witness(member.label, member.kind, got.cell) if got.cell is not None else None
    if takers or not every:
        names = [f"`{loaded.spec.rules[taker].id}` (line {loaded.place(('rules', taker)).line})" for taker in sorted(takers)]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN and every else " and others" if not every and names else ""
        why = f"all that it matches is taken by {', '.join(names[:SHOWN]) or 'rules before it'}{more}"
    else:
        known = {member.label.name for group in found.groups for member in group.members}
        if any(name not in known for name in mentioned_labels(rule.match)):
            return  # the note on the label says it
        why = "no shape of any label meets its conditions"
    yield Note(NeverReached(rule.id, why, shown.line if shown else ""), place, shown, rule=rule.id)


def _takers(group: Group, cells: int, number: int, takers: dict[int, None]) -> bool:
    """Add the rules before one that take cells of it; False if the budget ended before all were asked."""
    diagram = group.space.diagram
    try:
        for other, hits in group.hits.items():
            both = diagram.both(hits, cells) if other < number else EMPTY
            if both != EMPTY:
                cells = diagram.minus(cells, both)
                if other not in takers and not group.space.is_impossible(both):
                    takers[other] = None
            if cells == EMPTY:
                break
    except BudgetError:
        return False
    return True


def _wanted(group: Group, found: Coverage, number: int) -> int:
    """The cells of a group that a rule matches; all of them if it stands below a rule that takes everything, and matches any."""
    if number in group.conditions or not group.conditions or number < group.last:
        return group.conditions.get(number, EMPTY)
    return group.space.diagram.all if any(_matches(found, member, number) for member in group.members) else EMPTY


def _matches(found: Coverage, member: Member, number: int) -> bool:
    """Whether some shape of a member meets the condition of a rule."""
    formula = found.formulas.formula(found.formulas.rules[number].match, member.label.name, member.kind)
    if isinstance(formula, bool):
        return formula
    space = Space.of(member.label, member.kind, [formula], found.formulas.leaves, steps=found.steps)
    try:
        return not space.is_impossible(space.set_of(formula))
    except BudgetError:
        return False


def overlaps(loaded: LoadedSpec, found: Coverage) -> Iterator[Note]:
    """A note for each rule that shares cells with an earlier one while neither is a special case of the other.

    Where the budget ends, one note says so of all rules that were not compared with every earlier one.
    """
    told: set[int] = set()
    special: Known = {}
    waiting = [(group, later) for group in found.groups if group.expected for later in _shadowed(group)]
    for place, (group, later) in enumerate(waiting):
        if later in told:
            continue
        try:
            note = _overlapping(loaded, found, group, later, special)
        except BudgetError:
            left = [rule for rule in dict.fromkeys(rule for _, rule in waiting[place:]) if rule not in told]
            member = group.expected[0]
            issue = OverlapsUndecided(len(left), loaded.spec.rules[later].id, described(member.label.name, [member.kind], ""))
            yield Note(issue, loaded.place(("rules", later, "id")), rule=loaded.spec.rules[later].id)
            return
        if note is not None:
            told.add(later)
            yield note


def _shadowed(group: Group) -> Iterator[int]:
    """The rules that do not get all that they match."""
    yield from (number for number, cells in group.conditions.items() if cells not in {EMPTY, group.hits[number]})


def _overlapping(loaded: LoadedSpec, found: Coverage, group: Group, later: int, special: Known) -> Note | None:
    """A note on the first rule that a rule overlaps with in a group."""
    for earlier, cells in group.conditions.items():
        if earlier >= later:
            break
        found.steps.spend(PAIR)
        note = _overlap(loaded, found, group, earlier, later, special) if cells != EMPTY else None
        if note is not None:
            return note
    return None


def _overlap(loaded: LoadedSpec, found: Coverage, group: Group, earlier: int, later: int, special: Known) -> Note | None:
    both = group.space.diagram.both(group.hits[earlier], group.conditions[later])
    if both == EMPTY or _special(found, earlier, later, special) or _special(found, later, earlier, special):
        return None
    shared, member = group.find(both)
    if shared.cell is None or shared.world != World.DECLARED:
        return None
    shown = witness(member.label, member.kind, shared.cell)
    rules = loaded.spec.rules
    issue = RulesOverlap(rules[later].id, rules[earlier].id, described(member.label.name, [member.kind], shared.cell.words), shown.line)
    return Note(issue, loaded.place(("rules", later, "id")), shown, rule=rules[later].id)


def _special(found: Coverage, special: int, general: int, known: Known) -> bool:
    """Whether one rule matches nothing that the other does not match, as far as it is known."""
    key = (special, general)
    if key not in known:
        known[key] = not any(_beyond(group, special, general) for group in found.by_rule.get(special, ()))
    return known[key]


def _beyond(group: Group, special: int, general: int) -> bool:
    """Whether a rule matches something in a group that another does not."""
    own, other = group.conditions[special], group.conditions.get(general)
    return general < group.last if other is None else group.space.diagram.minus(own, other) != EMPTY
