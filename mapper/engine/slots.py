"""Attribute rules compiled for one target: which Encord attribute each CVAT value answers, and how."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mapper.cvat.model import AttributeSpec
from mapper.encord.nodes import AttributeNode, ObjectNode, OptionNode
from mapper.engine.scopes import attribute_scope
from mapper.engine.values import Choice, Numeric, Reply, Source, Text
from mapper.findings.base import Issue, Severity
from mapper.findings.mapping import Dropped
from mapper.findings.mapping_values import UndeclaredAttribute, UnmappedAttribute
from mapper.spec.names import SHAPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.engine.accounts import Space
    from mapper.engine.blueprints import Blueprint
    from mapper.engine.context import Context
    from mapper.engine.scopes import Scope
    from mapper.findings.base import Location
    from mapper.spec.expressions import Template
    from mapper.spec.targets import AttributeRule, AttributeTarget, Selector


@dataclass(slots=True, eq=False)
class Slot:
    """Where one CVAT value goes.

    ``node``: the Encord attribute, None if the value goes nowhere (``fixed`` says why). ``parent``: the option that must
    be chosen for a nested answer. ``value``: a template for the text, ``varying`` if it must be computed for every shape.
    ``read``: the value stands in the export and is accounted for; False if a rule makes it up.
    """

    space: Space
    name: str
    node: AttributeNode | None = None
    source: Source | None = None
    parent: OptionNode | None = None
    spec: Location | None = None
    fixed: Reply | None = None
    value: Template | None = None
    varying: bool = False
    scope: Scope | None = None
    read: bool = True
    absent: str | None = None
    report_absent: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """An attribute rule and where it stands in the spec."""

    rule: AttributeRule
    spec: Location | None


@dataclass(slots=True)
class SlotCompiler:
    """Compiles the slots of one target.

    ``owner``: an object, the option of a classification below which everything nests, or None where nothing can.
    ``used``: attributes that the answer of the classification is made of.
    """

    context: Context
    owner: ObjectNode | OptionNode | None
    rules: Sequence[Placed]
    scope: Scope
    label: str
    used: frozenset[str] = frozenset()

    def attribute(self, spec: AttributeSpec, element: str | None = None) -> Slot:
        """The slot of an attribute of the shape, or of one of a skeleton's elements."""
        space, name = place_of(spec.name, element)
        placed = next((placed for placed in self.rules if takes(placed.rule, spec, element)), None)
        if placed is None:
            used = element is None and name in self.used
            return Slot(space, name, fixed=Reply("transformed", "in the answer") if used else self._unmapped(name))
        rule = placed.rule
        if rule.drop is not None:
            issues: tuple[tuple[Issue, Severity], ...] = ()
            if rule.drop.severity is not None:
                issues = ((Dropped(reason=rule.drop.reason), Severity.parse(rule.drop.severity)),)
            left_out = Reply("dropped", rule.drop.reason, issues=issues)
            if rule.drop.until is not None:
                return Slot(space, name, spec=placed.spec, source=Source(lambda _: self._waived(placed, left_out)))
            return Slot(space, name, spec=placed.spec, fixed=left_out)
        scope = attribute_scope(self.scope, spec, element or "")
        slot = self.target(Slot(space, name, spec=placed.spec, scope=scope), rule, spec)
        if rule.value is not None:
            self._template(slot, rule.value)
        return slot

    def _waived(self, placed: Placed, reply: Reply) -> Reply:
        self.context.waived.add(placed.spec)
        return reply

    def _unmapped(self, name: str) -> Reply:
        issue = UnmappedAttribute(label=self.label, attribute=name)
        severity = Severity.parse(self.context.spec.policy.unmapped_attribute.severity)
        return Reply("refused", issue.code, issues=((issue, severity),))

    def undeclared(self, name: str, element: str | None, *, remark: bool) -> Slot:
        """The slot of an attribute that the label does not declare; ``remark`` says so with every value."""
        policy = self.context.spec.policy.undeclared_attribute
        severity = Severity.parse(policy.severity)
        if policy.do == "drop":
            space, name = place_of(name, element)
            left: Issue = UndeclaredAttribute(label=self.label, attribute=name, outcome="left out")
            return Slot(space, name, fixed=Reply("refused", left.code, issues=((left, severity),)))
        slot = self.attribute(AttributeSpec(name=name, input_type="text", declared=False), element)
        if remark:
            _remark_always(slot, UndeclaredAttribute(label=self.label, attribute=slot.name, outcome="kept as text"), severity)
        return slot

    def valued(self, placed: Placed) -> Slot:
        """The slot of a rule that has a value and no source."""
        rule = placed.rule
        slot = Slot("attribute", "", spec=placed.spec, scope=self.scope, read=False)
        slot = self.target(slot, rule, AttributeSpec(name=rule.to or "", input_type="text", declared=False))
        self._template(slot, rule.value or "")
        return slot

    def _template(self, slot: Slot, text: str) -> None:
        slot.value = self.context.template(text)
        slot.varying = bool(slot.value.names & SHAPE_NAMES)

    def target(self, slot: Slot, rule: AttributeTarget, spec: AttributeSpec) -> Slot:
        """Fill in the Encord attribute of a slot and how values answer it."""
        scope = slot.scope or self.scope
        if self.owner is None:
            slot.source = Source(lambda _: self._unmapped(slot.name), frozenset(rule.unset or ()), frozenset(rule.skip or ()))
            return slot
        plan = self.context.blueprints.of(rule, spec, scope)
        owner = self._owner(plan, self.owner)
        node: AttributeNode | Issue | OptionNode | ObjectNode = owner
        if not isinstance(owner, Issue):
            node = self._node(owner, rule, plan)
        if not isinstance(node, AttributeNode):
            problem = node if isinstance(node, Issue) else None
            code = problem.code if problem else ""
            refused = Reply("refused", code, issues=((problem, problem.severity),) if problem else ())
            slot.source = Source(lambda _: refused, plan.unset, plan.skip)  # a value that needs no answer misses nothing
            return slot
        slot.node = node
        slot.parent = owner if isinstance(owner, OptionNode) and owner is not self.owner else None
        read = self._reader(rule, spec, node, plan)
        if isinstance(read, Issue):
            slot.fixed = Reply("refused", read.code, issues=((read, read.severity),))
            return slot
        slot.source = Source(read, plan.unset, plan.skip)
        if rule.declare == "always":
            node.listed = True
            if self.context.ontology.given is None:
                node.offer(plan.offered)
        if rule.when_absent == "report":
            slot.report_absent = True
        elif rule.when_absent != "skip":
            slot.absent = rule.when_absent.value
        return slot

    def _owner(self, plan: Blueprint, owner: ObjectNode | OptionNode) -> ObjectNode | OptionNode | Issue:
        if plan.under is None or isinstance(plan.under, Issue):
            return plan.under or owner
        title, option = plan.under
        parent = self.context.ontology.attribute(owner, title, "radio")
        if isinstance(parent, Issue):
            return parent
        parent.listed = True
        return self.context.ontology.option(parent, option)

    def _node(self, owner: ObjectNode | OptionNode, rule: AttributeTarget, plan: Blueprint) -> AttributeNode | Issue:
        if isinstance(plan.title, Issue):
            return plan.title
        # Encord nests below options only what holds for all frames.
        dynamic = plan.dynamic and not isinstance(owner, OptionNode)
        type_ = rule.type or "text"
        return self.context.ontology.attribute(owner, plan.title, type_, dynamic=dynamic, required=rule.required, hash_=rule.feature_hash)

    def _reader(self, rule: AttributeTarget, spec: AttributeSpec, node: AttributeNode, plan: Blueprint) -> Callable[[str], Reply] | Issue:
        policy = self.context.spec.policy
        if rule.type == "numeric":
            return Numeric(spec.name, policy)
        if isinstance(plan.table, Issue):
            return plan.table
        if rule.type == "text":
            return Text(spec.name, policy, plan.table, plan.otherwise)
        return Choice(
            name=spec.name,
            node=node,
            ontology=self.context.ontology,
            policy=policy,
            table=plan.table,
            otherwise=plan.otherwise,
            listed=plan.listed,
        )


def place_of(name: str, element: str | None) -> tuple[Space, str]:
    """Where an attribute stands in the ledger, and what it is called there."""
    return ("attribute", name) if element is None else ("element", f"{element}.{name}")


def _remark_always(slot: Slot, issue: Issue, severity: Severity) -> None:
    """Let every value of the slot carry the issue too."""
    if slot.fixed is not None:
        slot.fixed = slot.fixed.saying(issue, severity)
    elif slot.source is not None:
        read = slot.source.read
        slot.source.read = lambda text: read(text).saying(issue, severity)


def takes(rule: AttributeRule, spec: AttributeSpec, element: str | None) -> bool:
    """Whether a rule takes an attribute of the shape, or of one of a skeleton's elements."""
    wanted = rule.from_
    if wanted is None:
        return False
    if isinstance(wanted, str):
        return element is None and wanted == spec.name
    return _of(wanted, element) and _fits(wanted, spec)


def _of(wanted: Selector, element: str | None) -> bool:
    return wanted.of in {"any", "shape" if element is None else "element"}


def _fits(wanted: Selector, spec: AttributeSpec) -> bool:
    names = [wanted.name] if isinstance(wanted.name, str) else wanted.name
    return (
        (names is None or spec.name in names)
        and (wanted.like is None or fnmatchcase(spec.name, wanted.like))
        and (wanted.input_type is None or spec.input_type in wanted.input_type)
        and (wanted.mutable is None or spec.mutable == wanted.mutable)
        and (wanted.declared is None or spec.declared == wanted.declared)
    )
