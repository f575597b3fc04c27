"""From a spec to callables: for one label and kind, the rules that can match, in order, each with what it emits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.encord.shapes import SHAPES
from mapper.encord.skeletons import fitted, template_document, vertex_writer
from mapper.engine.classify import ClassificationEmitter
from mapper.engine.emit import ObjectEmitter
from mapper.engine.outcomes import Dropper, Origin, Refuser, Several
from mapper.engine.planning import build_plan
from mapper.engine.rule_index import RuleIndex
from mapper.engine.scopes import Scope, schema_scope, shape_scope
from mapper.engine.slots import Placed
from mapper.findings.base import Issue, Severity
from mapper.findings.encord import MissingTarget
from mapper.findings.mapping import Dropped, RuleIssue, UndeclaredLabel, UnmatchedShape
from mapper.spec.names import SCHEMA_NAMES
from mapper.transforms import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import Image, LabelSpec, Shape
    from mapper.encord.nodes import ClassificationNode, ObjectNode, OptionNode
    from mapper.engine.context import Context
    from mapper.engine.ledger import Ledger
    from mapper.engine.outcomes import Emitter, Outcome
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.row import ImageRow
    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Template
    from mapper.spec.model import IssueOutcome, Rule
    from mapper.spec.targets import AttributeRule, ClassificationTarget, EmitItem, ObjectTarget

Pointer = tuple[str | int, ...]


class Way(NamedTuple):
    """A rule that can match one label and kind: ``condition`` is True where nothing else is asked."""

    condition: Any
    emit: Callable[[Shape, Image, ImageRow], Outcome]
    emitter: Emitter


def _way(condition: Any, emitter: Emitter) -> Way:
    return Way(condition, emitter.emit, emitter)


@dataclass(slots=True)
class RuleCompiler:
    """Compiles rules for a label and kind on demand, and keeps the ontology and ledger that they write to."""

    context: Context
    ledger: Ledger
    first_use: Callable[[ObjectNode], None]
    several: list[str] = field(default_factory=list)
    index: RuleIndex = field(init=False)
    _attributes: dict[tuple[Pointer, bool], list[Placed]] = field(default_factory=dict)
    _plans: dict[tuple[str, ...], AnswerPlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index = RuleIndex(self.context.spec.rules)

    def ways(self, label: LabelSpec, kind: Kind) -> list[Way]:
        """The rules that can match, in the order of the spec; the last one always matches."""
        ways: list[Way] = []
        if not label.declared:
            policy = self.context.spec.policy.undeclared_label
            if policy.do == "refuse":
                return [self._undeclared(label, kind, Severity.parse(policy.severity))]
        for number, condition in self.index.conditions(label.name, kind):
            rule = self.context.spec.rules[number]
            ways.append(_way(condition, self.emitter(rule, ("rules", number), label, kind)))
            if condition is True:
                return ways
        severity = Severity.parse(self.context.spec.policy.unmatched.severity)
        origin = self._origin("", label, kind, ("policy", "unmatched"))
        ways.append(_way(condition=True, emitter=Refuser(origin, UnmatchedShape(kind=kind, label=label.name), severity)))
        return ways

    def _undeclared(self, label: LabelSpec, kind: Kind, severity: Severity) -> Way:
        origin = self._origin("", label, kind, ("policy", "undeclared_label"))
        return _way(condition=True, emitter=Refuser(origin, UndeclaredLabel(label=label.name, outcome="refused"), severity))

    def _origin(self, rule: str, label: LabelSpec, kind: Kind, pointer: Pointer) -> Origin:
        return Origin(self.context, self.ledger, kind, label.name, rule, self.context.place(pointer))

    def emitter(self, rule: Rule, pointer: Pointer, label: LabelSpec, kind: Kind) -> Emitter:
        """What a rule, which stands at the pointer, does with one label and kind."""
        origin = self._origin(rule.id, label, kind, pointer)
        if rule.drop is not None:
            severity = Severity.parse(rule.drop.severity) if rule.drop.severity else None
            return Dropper(origin, rule.drop.reason, severity, Dropped(reason=rule.drop.reason))
        if rule.issue is not None:
            return self._issue(origin, rule.issue, label, kind)
        items = rule.emit or []
        parts = [self._item(origin, item, (*pointer, "emit", number), label, kind, number) for number, item in enumerate(items)]
        return parts[0] if len(parts) == 1 else Several(origin, tuple(parts))

    def _issue(self, origin: Origin, outcome: IssueOutcome, label: LabelSpec, kind: Kind) -> Refuser:
        base = schema_scope(label, kind, "")
        own = f" ({outcome.code})" if outcome.code else ""

        def issue(shape: Shape, image: Image, row: ImageRow) -> Issue:
            scope = shape_scope(base, shape, image, row.object_hash(shape).decode())
            text = self.context.render(outcome.message, scope)
            return text if isinstance(text, Issue) else RuleIssue(text=str(text), own=own)

        return Refuser(origin, issue, Severity.parse(outcome.severity))

    def _item(self, origin: Origin, item: EmitItem, pointer: Pointer, label: LabelSpec, kind: Kind, number: int) -> Emitter:
        if item.object is not None:
            return self._object(origin, item.object, (*pointer, "object"), label, kind, number)
        assert item.classification is not None  # noqa: S101 - the model says so
        return self._classification(origin, item.classification, (*pointer, "classification"), label, kind)

    # -- objects -------------------------------------------------------------------------------------------------

    def _object(self, origin: Origin, target: ObjectTarget, pointer: Pointer, label: LabelSpec, kind: Kind, number: int) -> Emitter:
        geometry = target.geometry
        if kind not in geometry.accepts:
            return Refuser(origin, self._impossible(kind, geometry.kind), Severity.ERROR)
        shape = geometry.target(kind)
        scope = schema_scope(label, kind, shape)
        node = self._object_node(target, label, scope, shape)
        if isinstance(node, Issue):
            self._missing(node, origin, target, (*pointer, "name"))
            return Refuser(origin, node, node.severity)
        template = self._template(node, label) if shape == "skeleton" else label.template
        if isinstance(template, Issue):
            self._missing(template, origin, target, (*pointer, "name"))
            return Refuser(origin, template, template.severity)
        writer = vertex_writer(node.template or {}) if shape == "skeleton" else SHAPES[shape]
        conversion = geometry.compile(kind, template)
        plan = self._plan(target, pointer, node, scope, label, conversion.rotation)
        otherwise = None
        if target.otherwise is not None:
            instead = replace(origin, remark="otherwise")
            otherwise = self._item(instead, target.otherwise, (*pointer, "otherwise"), label, kind, number)
        return ObjectEmitter(
            origin=origin,
            node=node,
            conversion=conversion,
            writer=writer,
            plan=plan,
            first_use=self.first_use,
            part=b"/%d" % number if number else b"",
            otherwise=otherwise,
            tied=self.context.spec.policy.fields.track_id.keep,
        )

    def _template(self, node: ObjectNode, label: LabelSpec) -> Template | Issue | None:
        """The label's drawing in the order of the object's vertices, which are the label's own unless they stand already."""
        drawing = label.template
        if drawing is None:
            return None
        if node.template is None:
            if self.context.ontology.given is not None:
                return MissingTarget(what="skeleton template of object", title=node.title)
            node.template = template_document(node, drawing)
        return fitted(node, drawing)

    def _missing(self, issue: Issue, origin: Origin, target: ObjectTarget | ClassificationTarget, pointer: Pointer) -> None:
        """A target that a rule names and an existing ontology lacks is said before any data is read.

        One that a template names may never be wanted; then the first shape that wants it says so.
        """
        named = target.name is None or self.context.template(target.name).is_constant
        if self.context.ontology.given is not None and named:
            self.context.findings.add(issue, spec=self.context.place(pointer), rule=origin.rule, label=origin.label)

    def _impossible(self, kind: Kind, wanted: str) -> Issue:
        why = next((why for (source, target), why in SUPPORT.items() if (source, target) == (kind, wanted)), "")
        return RuleIssue(text=f"a {kind} cannot become {wanted}" + (f": {why}" if isinstance(why, str) and why else ""))

    def _object_node(self, target: ObjectTarget, label: LabelSpec, scope: Scope, shape: Any) -> ObjectNode | Issue:
        context = self.context
        name: str | Issue | None = None
        if target.name is not None:
            name = context.title(target.name, scope, f"object for label {label.name!r}")
        several = context.title(target.title_if_several, scope, "object") if target.title_if_several else None
        color = context.render(target.color, scope) if target.color else ""
        for value in (name, several, color):
            if isinstance(value, Issue):
                return value
        wanted = color if isinstance(color, str) and _is_color(color) else ""
        return context.ontology.object(
            name if isinstance(name, str) else None,
            shape,
            several=several if isinstance(several, str) else None,
            color=wanted,
            hash_=target.feature_hash,
        )

    def _plan(self, target: ObjectTarget, pointer: Pointer, node: ObjectNode, scope: Scope, label: LabelSpec, rotation: str) -> AnswerPlan:
        """The answers of a target; rules of one label that only inherit and make the same object share what they remember."""
        key = (node.hash, label.name, scope["shape"]["kind"], rotation)
        # With a given ontology each rule is told of what that lacks.
        shared = target.inherit_attributes and not target.attributes and self.context.ontology.given is None
        found = self._plans.get(key) if shared else None
        if found is None:
            rules = self._placed(target.attributes, (*pointer, "attributes"), inherit=target.inherit_attributes)
            found = build_plan(self.context, node, rules, scope, label, rotation)
            if shared:
                self._plans[key] = found
        return found

    def _placed(self, own: Sequence[AttributeRule], pointer: Pointer, *, inherit: bool) -> list[Placed]:
        found = self._attributes.get((pointer, inherit))
        if found is None:
            place = self.context.place
            found = [Placed(rule, place((*pointer, number))) for number, rule in enumerate(own)]
            if inherit:
                shared = self.context.spec.attributes
                found += [Placed(rule, place(("attributes", number))) for number, rule in enumerate(shared)]
            self._attributes[pointer, inherit] = found
        return found

    # -- classifications -----------------------------------------------------------------------------------------

    def _classification(self, origin: Origin, target: ClassificationTarget, pointer: Pointer, label: LabelSpec, kind: Kind) -> Emitter:
        context = self.context
        scope = schema_scope(label, kind, "")
        name: str | Issue | None = None
        if target.name is not None:
            name = context.title(target.name, scope, f"classification for label {label.name!r}")
        node: ClassificationNode | Issue = (
            name if isinstance(name, Issue) else context.ontology.classification(name, target.type, hash_=target.feature_hash)
        )
        if isinstance(node, Issue):
            self._missing(node, origin, target, (*pointer, "name"))
            return Refuser(origin, node, node.severity)
        node.root.required = node.root.required or target.required
        rules = self._placed(target.attributes, (*pointer, "attributes"), inherit=target.inherit_attributes)

        text = target.option if target.option is not None else target.value or ""
        names = context.template(text).names
        used = frozenset(name.removeprefix("attributes.") for name in names if name.startswith("attributes."))

        def plan_of(option: OptionNode | None) -> AnswerPlan:
            return build_plan(context, option, rules, scope, label, used=used)

        emitter = ClassificationEmitter(
            origin=origin,
            node=node,
            text=text,
            scope=scope,
            plan_of=plan_of,
            conflict=Severity.parse(target.conflict.severity),
            constant=names <= SCHEMA_NAMES,
        )
        emitter.prepare()
        return emitter


def _is_color(text: str) -> bool:
    return len(text) == len("#RRGGBB") and text[0] == "#" and all(letter in "0123456789abcdefABCDEF" for letter in text[1:])
