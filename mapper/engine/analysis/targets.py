"""What rules make of the cells they take: the real compiled emitters, asked for each value that the schema offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.encord.ontology import Ontology, load_ontology
from mapper.engine.analysis.domains import values_of
from mapper.engine.analysis.gaps import described
from mapper.engine.analysis.notes import Note
from mapper.engine.analysis.shared import Answers
from mapper.engine.analysis.witness import usual, witness
from mapper.engine.classify import ClassificationEmitter
from mapper.engine.compile import RuleCompiler
from mapper.engine.context import Context
from mapper.engine.emit import ObjectEmitter
from mapper.engine.ledger import Ledger
from mapper.engine.outcomes import Refuser, Several
from mapper.engine.program import labels_by_name
from mapper.engine.values import Choice
from mapper.findings.analysis.values import NoConversion, NoRowForValue, RequiredUnmapped
from mapper.findings.base import Issue
from mapper.findings.collector import Collector
from mapper.findings.encord import AmbiguousTitle, MissingTarget, TargetMismatch
from mapper.findings.mapping import EmptyTitle, ExpressionFailed, RuleIssue
from mapper.findings.mapping_values import UnlistedValue, UnmappedAttribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.encord.nodes import AttributeNode, OptionNode
    from mapper.engine.analysis.coverage import Coverage, Group, Member
    from mapper.engine.analysis.witness import Witness
    from mapper.engine.outcomes import Emitter
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.slots import Slot
    from mapper.spec.load import LoadedSpec

CERTAIN = (MissingTarget, TargetMismatch, AmbiguousTitle, EmptyTitle, ExpressionFailed)
"""Issues that every shape meets which comes so far, whatever its values."""


@dataclass(slots=True)
class _Taken:
    """Cells that a rule takes of one label and kind."""

    group: Group
    number: int
    cells: int
    member: Member

    def witness(self, name: str = "", value: str | None = None) -> Witness:
        """A shape of these cells, with a value of an attribute if one is given."""
        found = self.group.space.find(self.group.space.having(self.cells, name, value) if name else self.cells)
        cell = found.cell
        if cell is not None and name:
            cell = cell._replace(values=(*cell.values, (("attributes", name), value)))
        return witness(self.member.label, self.member.kind, cell)

    def meets(self, name: str, value: str) -> bool:
        """Whether shapes of these cells may have a value of an attribute."""
        return self.group.space.within(self.group.space.having(self.cells, name, value), {})


@dataclass(slots=True)
class Targets:
    """Compiles what rules make and notes what is wrong with it; ``answers`` gathers who writes which classification."""

    loaded: LoadedSpec
    labels: Sequence[LabelSpec]
    ontology: Mapping[str, Any] | None
    answers: Answers = field(default_factory=Answers)
    seen: set[tuple[object, ...]] = field(default_factory=set)

    def notes(self, found: Coverage) -> Iterator[Note]:
        """Notes on every rule that data of the schema reaches, then on the classifications that several write."""
        given = self.ontology if self.ontology is not None else self.loaded.ontology
        ontology = Ontology() if given is None else load_ontology(dict(given))
        context = Context(self.loaded.spec, labels_by_name(tuple(self.labels)), ontology, Collector(), self.loaded.place)
        compiler = RuleCompiler(context, Ledger(), lambda _: None)
        for group in found.groups:
            for number, cells in group.hits.items() if group.expected else ():
                rule = self.loaded.spec.rules[number]
                if rule.emit is None or not group.space.occurs(cells):
                    continue
                for member in group.expected:
                    taken = _Taken(group, number, cells, member)
                    emitter = compiler.emitter(rule, ("rules", number), member.label, member.kind)
                    yield from (note._replace(rule=rule.id, label=member.label.name) for note in self._emitter(emitter, taken))
        yield from self.answers.notes(self.loaded)

    def _emitter(self, emitter: Emitter, taken: _Taken) -> Iterator[Note]:
        if isinstance(emitter, Several):
            for part in emitter.parts:
                yield from self._emitter(part, taken)
        elif isinstance(emitter, Refuser):
            yield from self._refused(emitter, taken)
        elif isinstance(emitter, ObjectEmitter):
            yield from self._plan(emitter.plan, taken)
            yield from self._required(emitter.node.title, emitter.node.attributes, emitter.plan, taken)
            if emitter.otherwise is not None:
                yield from self._emitter(emitter.otherwise, taken)
        elif isinstance(emitter, ClassificationEmitter):
            self.answers.add(emitter, taken.number, taken.witness)
            for title, chosen in emitter.plans.items():
                if isinstance(chosen, Issue):
                    yield Note(chosen, emitter.origin.place, taken.witness())
                    continue
                _, options, plan = chosen
                yield from self._plan(plan, taken)
                nested = [node for option in options for node in option.attributes]
                yield from self._required(title, nested, plan, taken)

    def _refused(self, emitter: Refuser, taken: _Taken) -> Iterator[Note]:
        issue, member = emitter.issue, taken.member
        if isinstance(issue, RuleIssue):
            shown, rule = taken.witness(), self.loaded.spec.rules[taken.number].id
            what = described(member.label.name, [member.kind], "")
            yield Note(NoConversion(rule, what, issue.text, shown.line), emitter.origin.place, shown)
        elif isinstance(issue, Issue):
            yield Note(issue, emitter.origin.place, taken.witness(), emitter.severity)

    def _plan(self, plan: AnswerPlan, taken: _Taken) -> Iterator[Note]:
        for spec in taken.member.label.attributes:
            slot = plan.attributes.get(spec.name)
            listed = values_of(spec)
            for value in (usual(spec),) if listed is None else listed:
                if slot is not None:
                    yield from self._value(slot, value, taken, free=listed is None)
        for slot in (*plan.valued, *plan.fields.values()):
            if slot.fixed is None and slot.node is None and slot.source is not None:
                yield from self._value(slot, "1", taken, free=True)

    def _value(self, slot: Slot, value: str, taken: _Taken, *, free: bool) -> Iterator[Note]:
        """What a value meets in its slot; of a free value only what every other would meet too."""
        reply, read = slot.fixed, slot.source.read if slot.source is not None else None
        if reply is None and isinstance(read, Choice) and read.is_plain(value):
            return
        if reply is None and slot.source is not None and (slot.value is None or slot.node is None):
            reply = slot.source.reply(value)
        for issue, severity in reply.issues if reply is not None else ():
            known = slot.name if slot.space == "attribute" and slot.read else ""
            told = (issue, taken.number, taken.member.label.name, slot.spec)
            if told in self.seen or (known and not taken.meets(known, value)):
                continue
            self.seen.add(told)
            if isinstance(issue, UnlistedValue) and not free:
                shown = taken.witness(known, value)
                issue = NoRowForValue(issue.attribute, value, issue.outcome, shown.line)  # noqa: PLW2901 - the same, said before any data
                yield Note(issue, slot.spec, shown, severity, attribute=slot.name)
            elif isinstance(issue, (*CERTAIN, UnmappedAttribute)) and not (free and _of_option(issue)):
                yield Note(issue, slot.spec, taken.witness(known, value) if known else taken.witness(), severity, attribute=slot.name)

    def _required(self, target: str, nodes: Sequence[AttributeNode], plan: AnswerPlan, taken: _Taken) -> Iterator[Note]:
        slots = (*plan.attributes.values(), *plan.elements.values(), *plan.valued, *plan.fields.values())
        answered = {id(slot.node) for slot in slots if slot.node is not None and slot.fixed is None}
        for node in nodes:
            if node.required and id(node) not in answered and (taken.number, id(node)) not in self.seen:
                self.seen.add((taken.number, id(node)))
                shown = taken.witness()
                place = self.loaded.place(("rules", taken.number, "id"))
                yield Note(RequiredUnmapped(target, node.title, shown.line), place, shown, attribute=node.title)
            elif id(node) in answered:
                yield from self._nested(node.nesting(), plan, taken)

    def _nested(self, options: Sequence[OptionNode], plan: AnswerPlan, taken: _Taken) -> Iterator[Note]:
        for option in options:
            yield from self._required(option.title, option.attributes, plan, taken)


def _of_option(issue: Issue) -> bool:
    """Whether an issue is about one option, so that another value may do without it."""
    return getattr(issue, "what", "").startswith("option")
