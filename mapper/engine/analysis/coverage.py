"""Which rule takes which cells: every label and kind of a schema, rule after rule, and what is left over.

Labels and kinds of which the rules ask the same are one group, so they are worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.model import LabelSpec
from mapper.engine.analysis.cells import Space
from mapper.engine.analysis.diagram import EMPTY, BudgetError, Steps
from mapper.engine.analysis.formulas import Formulas, leaves_in, matches
from mapper.engine.analysis.leaves import MEASURES, leaf
from mapper.engine.analysis.partition import Atom, World, other_texts
from mapper.geometry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mapper.engine.analysis.cells import Found, Known
    from mapper.engine.analysis.formulas import Formula
    from mapper.geometry.kinds import Kind
    from mapper.spec.model import MappingSpec, Rule

TOTAL = 8_000_000
"""Steps that the sets of a whole spec may cost unless more are granted: about ten seconds."""
SHARE = 20
"""One label and kind may take this part of them at most."""

Formed = tuple[tuple[int, "Formula"], ...]


class Member(NamedTuple):
    """A label drawn as a kind; ``strange`` says why the schema does not expect it, "" if it does."""

    label: LabelSpec
    kind: Kind
    strange: str = ""


@dataclass(slots=True)
class Group:
    """Members of which the rules ask the same, and who takes their cells.

    ``conditions``: the cells of each rule that can match, by its number; ``hits``: those of them that no earlier rule takes;
    ``rest``: what none takes. ``last``: the number of the last rule that was asked. All are empty if the group was not
    ``decided`` within the budget. ``formed``: the rules that can match, with what is left of their conditions.
    """

    members: list[Member]
    space: Space
    conditions: dict[int, int] = field(default_factory=dict)
    hits: dict[int, int] = field(default_factory=dict)
    rest: int = EMPTY
    last: int = -1
    decided: bool = True
    formed: Formed = ()

    @property
    def expected(self) -> list[Member]:
        """The members that the schema expects."""
        return [member for member in self.members if not member.strange]

    def find(self, cells: int) -> tuple[Found, Member]:
        """A real shape in a set of cells, and the member that it is of; one of the schema if there is one."""
        found = self.space.find(cells)
        member = next(iter(self.expected), self.members[0])
        if found.cell is not None and member.strange:
            found = found._replace(world=World.FOREIGN)
        return found, member


@dataclass(slots=True)
class Coverage:
    """All groups of a spec over a label schema, and the formulas of its rules.

    ``steps``: what comparing the rules may still cost. ``by_rule``: the groups in which each rule matches something.
    """

    groups: list[Group]
    formulas: Formulas
    steps: Steps
    by_rule: dict[int, list[Group]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for group in self.groups:
            group.space.diagram.steps = self.steps
            for number, cells in group.conditions.items():
                if cells != EMPTY:
                    self.by_rule.setdefault(number, []).append(group)


def coverage(spec: MappingSpec, labels: Sequence[LabelSpec], budget: int = TOTAL) -> Coverage:
    """Let every rule of a spec take its cells of a label schema; as many steps again may be spent on comparing the rules."""
    formulas = Formulas(spec.rules)
    groups: dict[object, Group] = {}
    known: Known = {}
    left = budget
    for member in members(labels, [spec]):
        key = tuple(formulas.of(member.label.name, member.kind))
        identity = (key, *asked(formulas, key, member))
        group = groups.get(identity)
        if group is not None:
            group.members.append(member)
            continue
        used = (formula for _, formula in key)
        steps = allowed(budget, left)
        space = Space.of(member.label, member.kind, used, formulas.leaves, steps=steps, known=known)
        group = groups[identity] = Group([member], space)
        left -= fill(group, key)
    return Coverage(list(groups.values()), formulas, Steps(budget))


def allowed(budget: int, left: int) -> Steps:
    """What one label and kind may take of what is left."""
    return Steps(max(min(budget // SHARE, left), 0))


def fill(group: Group, formed: Formed) -> int:
    """Let each rule take its cells, in order; how many steps that took."""
    space, rest, steps = group.space, group.space.diagram.all, group.space.diagram.steps
    before, group.formed = steps.left, formed
    try:
        for number, formula in formed:
            cells = space.set_of(formula)
            if space.relates(cells) and space.is_impossible(cells):
                cells = EMPTY
            group.conditions[number] = cells
            group.hits[number] = space.diagram.both(cells, rest)
            rest = space.diagram.minus(rest, cells)
    except BudgetError:
        group.conditions.clear()
        group.hits.clear()
        group.decided, rest = False, EMPTY
    group.rest, group.last = rest, max(group.conditions, default=-1)
    return before - max(steps.left, 0)


def members(labels: Sequence[LabelSpec], specs: Sequence[MappingSpec]) -> Iterator[Member]:
    """Every label as every kind, those that the schema expects first; then labels that it does not declare, if they are kept."""
    known = {label.name: label for label in reversed(labels)}
    strange: list[Member] = []
    for label in labels:
        if known[label.name] is label:
            for kind in KINDS:
                why = unexpected(label, kind)
                if why:
                    strange.append(Member(label, kind, why))
                else:
                    yield Member(label, kind)
    yield from strange
    if any(spec.policy.undeclared_label.do == "keep" for spec in specs):
        for name in other_labels([rule for spec in specs for rule in spec.rules], known):
            label = LabelSpec(name=name, declared=False)
            yield from (Member(label, kind, f"the schema has no label {name!r}") for kind in KINDS)


def unexpected(label: LabelSpec, kind: Kind) -> str:
    """Why CVAT would not draw a label as a kind, "" if it would."""
    if label.type == kind or (label.type == "any" and kind != "skeleton"):
        return ""
    return f"label {label.name!r} is declared as {label.type}"


def other_labels(rules: Iterable[Rule], known: Iterable[str]) -> list[str]:
    """Labels outside a schema, one for each class that the rules tell apart."""
    conditions = [test for rule in rules for match in matches(rule.match) for test in (match.label, match.tag)]
    tests = {leaf(("label", ""), test).key: test for test in conditions if test is not None and not isinstance(test, bool)}
    analysed = [test for test in tests.values() if leaf(("label", ""), test).test is not None]
    return [text for text in other_texts(analysed, known) if not isinstance(text, Atom) and text]


def asked(formulas: Formulas, key: Formed, member: Member) -> Iterator[object]:
    """What the rules may ask of a member besides its label and kind."""
    dimensions = {formulas.leaves[number].dimension for _, formula in key for number in leaves_in(formula)}
    for name, attribute in sorted(dimensions):
        if name == "attributes":
            yield name, member.label.attribute(attribute) or attribute
        elif name in MEASURES:
            yield name, member.kind, member.label.name if member.kind == "skeleton" else ""
        elif name in {"occluded", "z_order"}:
            yield name, member.kind == "tag"
