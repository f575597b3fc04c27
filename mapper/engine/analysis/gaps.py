"""Gaps: cells that no rule takes, those of the schema and those that only other data has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.engine.analysis.diagram import EMPTY
from mapper.engine.analysis.notes import Note
from mapper.engine.analysis.partition import World
from mapper.engine.analysis.witness import witness
from mapper.findings.analysis.coverage import Undecided, UnmatchedCells, UnmatchedElsewhere
from mapper.findings.base import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.engine.analysis.cells import Cell
    from mapper.engine.analysis.coverage import Coverage, Group, Member
    from mapper.spec.load import LoadedSpec

BUDGET = "its combinations of conditions go beyond the budget"
OPEN = "a condition on it is not analysed, or no shape was found that shows it"
VALUE = "a value is absent, not listed, or none that CVAT writes"


def gaps(loaded: LoadedSpec, found: Coverage) -> Iterator[Note]:
    """A note for each gap; those outside the schema are one note for each reason."""
    elsewhere: dict[str, tuple[Member, Cell | None, int]] = {}
    for group in found.groups:
        if not group.decided:
            yield from (_undecided(loaded, group, BUDGET),) if group.expected else ()
            continue
        if group.rest == EMPTY:
            continue
        gap, member = group.find(group.rest)
        if gap.world == World.DECLARED and gap.cell is not None:
            yield from _unmatched(loaded, group, gap.cell)
        elif gap.cell is None and not gap.impossible and group.expected:
            yield _undecided(loaded, group, OPEN)
        if gap.world == World.FOREIGN:
            kind = "labels" if not member.label.declared else "kinds" if member.strange else f"values of {member.label.name}"
            first, cell, count = elsewhere.get(kind, (member, gap.cell, 0))
            elsewhere[kind] = first, cell, count + len(group.members)
    yield from (_elsewhere(loaded, *entry) for entry in elsewhere.values())


def described(label: str, kinds: Sequence[str], words: str) -> str:
    """Cells in words: "label 'car' as polygon or mask with type=van"."""
    shown = "tag" if list(kinds) == ["tag"] else f"{' or '.join(kinds)}"
    return f"label {label!r} as {shown}" + (f" with {words}" if words else "")


def _unmatched(loaded: LoadedSpec, group: Group, cell: Cell) -> Iterator[Note]:
    severity = Severity.parse(loaded.spec.policy.unmatched.severity)
    cells = group.space.count(group.rest)
    by_label: dict[str, list[Member]] = {}
    for member in group.expected:
        by_label.setdefault(member.label.name, []).append(member)
    for name, members in by_label.items():
        shown = witness(members[0].label, members[0].kind, cell)
        what = described(name, [member.kind for member in members], cell.words)
        issue = UnmatchedCells(what, cells * len(members), shown.line)
        yield Note(issue, loaded.place(("policy", "unmatched")), shown, severity, label=name)


def _elsewhere(loaded: LoadedSpec, member: Member, cell: Cell | None, count: int) -> Note:
    shown = witness(member.label, member.kind, cell)
    what = described(member.label.name, [member.kind], cell.words if cell else "")
    issue = UnmatchedElsewhere(what, member.strange or VALUE, shown.line)
    return Note(issue, loaded.place(("policy", "unmatched")), shown, label=member.label.name, times=count)


def _undecided(loaded: LoadedSpec, group: Group, why: str) -> Note:
    member = group.expected[0]
    kinds = [other.kind for other in group.expected if other.label.name == member.label.name]
    issue = Undecided(described(member.label.name, kinds, ""), why)
    return Note(issue, loaded.place(("policy", "unmatched")), label=member.label.name)
