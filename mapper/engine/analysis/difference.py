"""What two specs do differently, over all cells of a label schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.engine.analysis.cells import Space
from mapper.engine.analysis.changes import Bump, Change, changes, policy_changes
from mapper.engine.analysis.coverage import TOTAL, Group, allowed, asked, fill, members
from mapper.engine.analysis.diagram import EMPTY, BudgetError, Steps
from mapper.engine.analysis.formulas import Formulas
from mapper.engine.analysis.gaps import BUDGET as TOO_MANY
from mapper.engine.analysis.gaps import OPEN, described
from mapper.engine.analysis.meaning import Meaning
from mapper.engine.analysis.mentioned import mentioned
from mapper.engine.analysis.partition import World
from mapper.engine.analysis.witness import Witness, witness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.engine.analysis.cells import Cell, Known
    from mapper.engine.analysis.coverage import Member
    from mapper.geometry.kinds import Kind
    from mapper.spec.load import LoadedSpec

Pair = tuple[int | None, int | None]
"""The rules that take a cell, before and after; None for none."""


class Difference(NamedTuple):
    """Cells of one label that another rule takes, or that the same rule treats otherwise."""

    label: LabelSpec
    kinds: tuple[Kind, ...]
    words: str
    pair: Pair
    rules: tuple[str, str]
    changes: tuple[Change, ...]
    cells: int
    declared: bool
    witness: Witness

    @property
    def bump(self) -> Bump:
        """The step that it calls for."""
        return max((change.bump for change in self.changes), default=Bump.PATCH)

    @property
    def what(self) -> str:
        """The cells in words."""
        return described(self.label.name, self.kinds, self.words)


class Compared(NamedTuple):
    """All differences, the gravest first; ``open`` says in words what could not be decided, and why."""

    differences: tuple[Difference, ...]
    policy: tuple[Change, ...]
    open: tuple[tuple[str, str], ...]
    bump: Bump
    assumed: bool


class Sides(NamedTuple):
    """One group of cells under both specs."""

    before: Group
    after: Group


def compare(before: LoadedSpec, after: LoadedSpec, labels: Sequence[LabelSpec] | None, budget: int = TOTAL) -> Compared:
    """Compare two specs over a label schema; without one, over the labels, attributes and values that they mention.

    ``budget``: how many steps that may cost; what is beyond it stays open.
    """
    schema = tuple(labels) if labels else mentioned([before.spec, after.spec])
    meanings = Meaning(before, schema), Meaning(after, schema)
    found: list[Difference] = []
    undecided: list[tuple[str, str]] = []
    for sides in _sides(before, after, schema, budget):
        try:
            if not (sides.before.decided and sides.after.decided):
                raise BudgetError  # noqa: TRY301 - open for the same reason
            for entry in _differences(sides, *meanings, bare=not labels):
                if isinstance(entry, Difference):
                    found.append(entry)
                else:
                    undecided.append(entry)
        except BudgetError:
            undecided += ((described(name, kinds, ""), TOO_MANY) for name, kinds in _kinds(sides.before.members).items())
    policy = tuple(policy_changes(before.spec, after.spec))
    steps = [*(entry.bump for entry in found), *(change.bump for change in policy)]
    words = Bump.NONE if before.meaning == after.meaning else Bump.PATCH
    ordered = sorted(_joined(found), key=lambda entry: (-entry.bump, not entry.declared))
    return Compared(tuple(ordered), policy, tuple(dict.fromkeys(undecided)), max((words, *steps)), not labels)


def _sides(before: LoadedSpec, after: LoadedSpec, schema: Sequence[LabelSpec], budget: int) -> Iterator[Sides]:
    """Groups of members of which both specs ask the same."""
    first = Formulas(before.spec.rules)
    then = Formulas(after.spec.rules, first.leaves, first.numbers)
    groups: dict[tuple[object, ...], list[Member]] = {}
    formed = {}
    for member in members(schema, [before.spec, after.spec]):
        keys = tuple(tuple(formulas.of(member.label.name, member.kind)) for formulas in (first, then))
        identity: tuple[object, ...] = (keys, *asked(first, keys[0] + keys[1], member))
        groups.setdefault(identity, []).append(member)
        formed[identity] = keys
    left, comparing = budget, Steps(budget)
    known: Known = {}
    for identity, everyone in groups.items():
        member, keys = everyone[0], formed[identity]
        used = (formula for key in keys for _, formula in key)
        space = Space.of(member.label, member.kind, used, first.leaves, steps=allowed(budget, left), known=known)
        sides = Sides(Group(everyone, space), Group(everyone, space))
        for group, key in zip(sides, keys, strict=True):
            left -= fill(group, key)
        space.diagram.steps = comparing
        yield sides


def _kinds(everyone: Sequence[Member]) -> dict[str, list[Kind]]:
    """The kinds of each label."""
    found: dict[str, list[Kind]] = {}
    for member in everyone:
        found.setdefault(member.label.name, []).append(member.kind)
    return found


def _taken(group: Group) -> dict[int | None, int]:
    return {number: cells for number, cells in (*group.hits.items(), (None, group.rest)) if cells != EMPTY}


def _joined(found: Sequence[Difference]) -> list[Difference]:
    """The differences, those that differ in the kind of shape alone put together."""
    joined: dict[object, Difference] = {}
    for entry in found:
        key = (entry.label.name, entry.words, entry.pair, entry.changes, entry.declared)
        first = joined.get(key)
        joined[key] = entry if first is None else first._replace(kinds=(*first.kinds, *entry.kinds), cells=first.cells + entry.cells)
    return list(joined.values())


def _differences(sides: Sides, before: Meaning, after: Meaning, *, bare: bool) -> Iterator[Difference | tuple[str, str]]:
    group = sides.before
    taken = _taken(sides.after)
    same = {cells: number for number, cells in taken.items()}
    for first, own in _taken(group).items():
        for then, cells in _shared(group, own, {same[own]: own} if own in same else taken):
            changed = [
                (member, made)
                for member in group.members
                if (made := _changed(first, then, member, before, after)) is not None
            ]  # fmt: skip
            if changed:
                yield from _said(group, cells, (first, then), changed, (before.rule(first), after.rule(then)), bare=bare)


def _shared(group: Group, own: int, taken: dict[int | None, int]) -> Iterator[tuple[int | None, int]]:
    """The cells of a set that each rule takes, as far as there are any."""
    diagram, left = group.space.diagram, own
    for number, other in taken.items():
        cells = diagram.both(own, other)
        if cells != EMPTY:
            yield number, cells
            left = diagram.minus(left, cells)
        if left == EMPTY:
            return


def _limited(group: Group, cells: int, made: Sequence[Change]) -> Cell | None:
    """A cell with the value that all changes are limited to; None if they are not, or if there is no such cell."""
    change = made[0]
    if not change.attribute or any(other.value is None for other in made) or change.value is None:
        return None
    cell = group.space.find(group.space.having(cells, change.attribute, change.value)).cell
    return None if cell is None else cell._replace(values=(*cell.values, (("attributes", change.attribute), change.value)))


def _changed(first: int | None, then: int | None, member: Member, before: Meaning, after: Meaning) -> tuple[Change, ...] | None:
    """What changes for a member if another rule takes its cells; None if nothing does."""
    made = tuple(changes(before.of(first, member.label, member.kind), after.of(then, member.label, member.kind)))
    if made or before.rule(first) == after.rule(then):
        return made or None
    return (Change("rule", before.rule(first), after.rule(then), Bump.PATCH),)


def _said(
    group: Group, cells: int, pair: Pair, changed: list[tuple[Member, tuple[Change, ...]]], rules: tuple[str, str], *, bare: bool
) -> Iterator[Difference | tuple[str, str]]:
    found = group.space.find(cells)
    if found.cell is None:
        if not found.impossible:
            member = changed[0][0]
            yield described(member.label.name, [member.kind], ""), OPEN
        return
    count = group.space.count(cells)
    by_label: dict[tuple[str, tuple[Change, ...], bool], list[Member]] = {}
    for member, made in changed:
        by_label.setdefault((member.label.name, made, bool(member.strange)), []).append(member)
    for (_, made, strange), everyone in by_label.items():
        label, kinds = everyone[0].label, tuple(member.kind for member in everyone)
        declared = found.world == World.DECLARED and not strange
        shown = witness(label, kinds[0], _limited(group, cells, made) or found.cell, bare=bare)
        yield Difference(label, kinds, found.cell.words, pair, rules, made, count * len(kinds), declared, shown)
