"""A program over one part of an export, and what it knows in the end: small, and made so that parts can be put together.

What a run says of a shape may depend on those before it: on options that earlier values added, on attributes that earlier
shapes brought. A part does not know what stands before it. So it tells what such a dependence would show in, and whoever
puts the parts together finds out whether there was one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.encord.nodes import AttributeNode
from mapper.encord.ontology import Ontology
from mapper.engine.classify import ClassificationEmitter
from mapper.engine.points import Points
from mapper.engine.program import Program
from mapper.engine.ways import emitters
from mapper.findings.base import Issue
from mapper.findings.collector import Collector
from mapper.findings.mapping import TitleTrimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Shape
    from mapper.encord.model import AttributeType
    from mapper.encord.nodes import ClassificationNode, ObjectNode, OptionNode
    from mapper.engine.accounts import Verdict
    from mapper.engine.compile import Way
    from mapper.engine.ledger import Ledger
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.slots import Slot
    from mapper.findings.base import Location
    from mapper.geometry.kinds import Kind
    from mapper.spec.targets import AttributeRule

Pair = tuple[str, "Kind"]
"""A label and a kind, for which rules are compiled when they are first met."""


class PartCollector(Collector):
    """Keeps apart what a run says once for each thing, however many parts meet it: ``once``, with the label, in order."""

    def __init__(self, once: list[tuple[TitleTrimmed, str]]) -> None:
        super().__init__()
        self.once = once

    def add(self, issue: Issue, **more: Any) -> None:
        """Count one more occurrence."""
        if isinstance(issue, TitleTrimmed):
            self.once.append((issue, more.get("label", "")))
        else:
            super().add(issue, **more)


class PartOntology(Ontology):
    """Remembers the attributes that were made since ``fresh`` was cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh: list[AttributeNode] = []

    def attribute(self, owner: ObjectNode | OptionNode, title: str | None, type_: AttributeType, **more: Any) -> AttributeNode | Issue:
        """The attribute of an object, or nested below an option."""
        before = len(owner.attributes)
        found = super().attribute(owner, title, type_, **more)
        if isinstance(found, AttributeNode) and len(owner.attributes) > before:
            self.fresh.append(found)
        return found


@dataclass(slots=True)
class PartPoints(Points):
    """Remembers the targets by which the points of skeletons were judged; ``steady``: they were always the same."""

    targets: dict[Verdict, frozenset[str]] = field(default_factory=dict)
    steady: bool = True

    def count(self, shape: Shape, verdict: Verdict, objects: int) -> None:
        """The points of one skeleton."""
        targets = frozenset(verdict.targets)
        if self.targets.setdefault(verdict, targets) != targets:
            self.steady = False
        Points.count(self, shape, verdict, objects)


@dataclass(slots=True)
class PartProgram(Program):
    """Converts the shapes of one part.

    ``compiled``: what was found while rules were compiled, by pair. ``settled``: hashes of static checklists that had
    options as soon as they were made.
    """

    points: PartPoints = field(default_factory=PartPoints)
    compiled: dict[Pair, Collector] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def begin(self, findings: PartCollector) -> None:
        """Declare; what that finds, whoever puts the parts together finds as well. From here on it goes to ``findings``."""
        self.ledger.points = self.points
        self.context.findings = Collector()
        self.declare()
        self._settle()
        self.context.findings = findings

    def _ways(self, label: str, kind: Kind) -> list[Way]:
        found = self.ways.get((label, kind))
        own = self.context.findings
        if found is not None or not isinstance(own, PartCollector):
            return found or Program._ways(self, label, kind)  # noqa: SLF001 - a class with slots has no super()
        fresh = getattr(self.context.ontology, "fresh", [])
        fresh.clear()
        self.context.findings = self.compiled[label, kind] = PartCollector(own.once)
        found = Program._ways(self, label, kind)  # noqa: SLF001 - as above
        self.context.findings = own
        self._settle()
        return found

    def _settle(self) -> None:
        self.settled |= {node.hash for node in getattr(self.context.ontology, "fresh", ()) if node.options}

    def state(self) -> PartState:
        """What the program knows in the end."""
        ontology, ledger = self.context.ontology, self.ledger
        ledger.wholes.clear()
        return PartState(
            objects=ontology.objects,
            classifications=ontology.classifications,
            ledger=ledger,
            compiled=self.compiled,
            settled=self.settled,
            waived=self.context.waived,
            steady=self.points.steady and all(_steady(plan) for plan in _plans(self)),
            judged=self.points.targets,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """What a program knows of its part.

    ``steady``: nothing that the part brought changes what becomes of later shapes, as far as the part can tell. ``judged``: the
    targets by which the points of skeletons were judged.
    """

    objects: list[ObjectNode]
    classifications: list[ClassificationNode]
    ledger: Ledger
    compiled: dict[Pair, Collector]
    settled: set[str]
    waived: set[Location | None]
    steady: bool
    judged: dict[Verdict, frozenset[str]]


def _plans(program: Program) -> Iterator[AnswerPlan]:
    for ways in program.ways.values():
        for way in ways:
            for emitter in emitters(way.emitter):
                if isinstance(emitter, ClassificationEmitter):
                    yield from (entry[2] for entry in emitter.plans.values() if not isinstance(entry, Issue))
                    yield from filter(None, [emitter.bare])
                else:
                    yield emitter.plan


def _steady(plan: AnswerPlan) -> bool:
    """Whether the slots of attributes that were not declared leave all shapes alone that do not have them."""
    label = plan.label
    declared = {spec.name for spec in label.attributes}
    declared |= {str(placed.rule.from_) for placed in plan.compiler.rules if _expected(placed.rule)}
    parts = {(part.name, spec.name) for part in label.elements for spec in part.attributes}
    added = [slot for name, slot in plan.attributes.items() if name not in declared]
    added += [slot for key, slot in plan.elements.items() if key not in parts]
    if not added:
        return True
    slots: list[Slot] = [*plan.attributes.values(), *plan.elements.values(), *plan.fields.values(), *plan.valued]
    return not any(_meddles(slot, slots) for slot in added)


def _expected(rule: AttributeRule) -> bool:
    """Whether every shape is asked for the one attribute of a rule (see ``build_plan``)."""
    return isinstance(rule.from_, str) and rule.when_absent != "skip"


def _meddles(slot: Slot, slots: list[Slot]) -> bool:
    if slot.absent is not None or slot.report_absent or slot.varying or slot.parent is not None:
        return True
    return slot.node is not None and any(other.node is slot.node for other in slots if other is not slot)
