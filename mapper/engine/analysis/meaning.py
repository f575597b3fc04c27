"""What a rule does with a label and kind, as a plain document: templates rendered, lookups and parameters filled in.

Two rules mean the same for a label and kind if their documents are equal, however they are written. Words for people
(reasons, messages) stand apart, under keys that begin with ``~``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import AttributeSpec
from mapper.encord.ontology import Ontology
from mapper.engine.analysis.domains import values_of
from mapper.engine.context import Context
from mapper.engine.program import labels_by_name
from mapper.engine.scopes import attribute_scope, schema_scope
from mapper.engine.slots import takes
from mapper.findings.base import Issue
from mapper.findings.collector import Collector
from mapper.spec.names import SCHEMA_NAMES
from mapper.transforms import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.engine.scopes import Scope
    from mapper.geometry.kinds import Kind
    from mapper.spec.load import LoadedSpec
    from mapper.spec.targets import AttributeRule, AttributeTarget, ClassificationTarget, EmitItem, ObjectTarget

Document = dict[str, Any]
Outcome = Document
"""One key of ``unmatched``, ``undeclared``, ``drop``, ``refuse`` and ``emit``, and words."""


@dataclass(slots=True)
class Meaning:
    """The outcomes of one spec over a label schema."""

    loaded: LoadedSpec
    labels: Sequence[LabelSpec]
    context: Context = field(init=False)
    known: dict[tuple[int | None, str, Kind], Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels = labels_by_name(tuple(self.labels))
        self.context = Context(self.loaded.spec, labels, Ontology(), Collector(), self.loaded.place)

    def of(self, number: int | None, label: LabelSpec, kind: Kind) -> Outcome:
        """What a rule does with a label and kind; None is what happens to shapes that no rule matches."""
        key = (number, label.name, kind)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._outcome(number, label, kind)
            if number is not None and self.loaded.spec.rules[number].match.frames is not None:
                found["frames"] = self.loaded.spec.rules[number].match.frames
        return found

    def rule(self, number: int | None) -> str:
        """The id of a rule, "" for none."""
        return "" if number is None else self.loaded.spec.rules[number].id

    def _outcome(self, number: int | None, label: LabelSpec, kind: Kind) -> Outcome:
        spec = self.loaded.spec
        if not label.declared and spec.policy.undeclared_label.do == "refuse":
            return {"undeclared": True}
        if number is None:
            return {"unmatched": True}
        rule = spec.rules[number]
        if rule.drop is not None:
            return {"drop": {"severity": rule.drop.severity, "~reason": rule.drop.reason, "~until": str(rule.drop.until or "")}}
        if rule.issue is not None:
            return {"refuse": {"severity": rule.issue.severity, "code": rule.issue.code, "~message": rule.issue.message}}
        items = [self._item(item, label, kind) for item in rule.emit or ()]
        if all("impossible" in item for item in items):
            return {"refuse": {"severity": "error", "code": None, "~message": f"no conversion to {items[0]['impossible']}"}}
        return {"emit": items}

    def _item(self, item: EmitItem, label: LabelSpec, kind: Kind) -> Document:
        if item.object is not None:
            return self._object(item.object, label, kind)
        assert item.classification is not None  # noqa: S101 - the model says so
        return self._classification(item.classification, label, kind)

    def _object(self, target: ObjectTarget, label: LabelSpec, kind: Kind) -> Document:
        geometry = target.geometry
        if kind not in geometry.accepts:
            return {"impossible": geometry.kind}
        shape = geometry.target(kind)
        conversion = SUPPORT[kind, shape] if geometry.kind == "same" else None
        plain = geometry if conversion is None or isinstance(conversion, str) else conversion.model_validate({"kind": shape})
        scope = schema_scope(label, kind, shape)
        return {
            "object": target.feature_hash or self._text(target.name, scope),
            "shape": shape,
            "geometry": plain.model_dump(),
            "title_if_several": self._text(target.title_if_several, scope),
            "attributes": self._attributes(target.attributes, label, scope, inherit=target.inherit_attributes),
            "otherwise": None if target.otherwise is None else self._item(target.otherwise, label, kind),
            "~color": self._text(target.color, scope),
        }

    def _classification(self, target: ClassificationTarget, label: LabelSpec, kind: Kind) -> Document:
        scope = schema_scope(label, kind, "")
        return {
            "classification": target.feature_hash or self._text(target.name, scope),
            "type": target.type,
            "option": self._text(target.option, scope),
            "value": self._text(target.value, scope),
            "conflict": target.conflict.model_dump(),
            "required": target.required,
            "attributes": self._attributes(target.attributes, label, scope, inherit=target.inherit_attributes),
        }

    def _text(self, text: str | None, scope: Scope) -> str | None:
        """A template's text, rendered if only the schema is asked."""
        if text is None or not self.context.template(text).names <= SCHEMA_NAMES:
            return text
        value = self.context.render(text, scope)
        return f"(fails: {value.message()})" if isinstance(value, Issue) else str(value).strip()

    # -- attributes ------------------------------------------------------------------------------------------------

    def _attributes(self, own: Sequence[AttributeRule], label: LabelSpec, scope: Scope, *, inherit: bool) -> Document:
        rules = [*own, *(self.loaded.spec.attributes if inherit else ())]
        found: Document = {spec.name: self._way(rules, spec, None, scope) for spec in label.attributes}
        for element in label.elements if scope["shape"]["kind"] == "skeleton" else ():
            for spec in element.attributes:
                found[f"{element.name}.{spec.name}"] = self._way(rules, spec, element.name, scope)
        for rule in rules:
            if rule.from_ is None:
                made = AttributeSpec(name=rule.to or "", input_type="text", declared=False)
                found[f"= {self._text(rule.to, scope) or rule.feature_hash}"] = self._target(rule, made, scope, rule.value)
        strange = AttributeSpec(name="any undeclared attribute", input_type="text", declared=False)
        return found | {strange.name: self._way(rules, strange, None, scope)}

    def _way(self, rules: Sequence[AttributeRule], spec: AttributeSpec, element: str | None, scope: Scope) -> Document:
        rule = next((rule for rule in rules if takes(rule, spec, element)), None)
        if rule is None:
            return {"unmapped": True}
        if rule.drop is not None:
            return {"drop": {"severity": rule.drop.severity, "~reason": rule.drop.reason, "~until": str(rule.drop.until or "")}}
        return self._target(rule, spec, attribute_scope(scope, spec, element or ""), rule.value)

    def _target(self, rule: AttributeTarget, spec: AttributeSpec, scope: Scope, value: str | None) -> Document:
        under = rule.under and [self._text(rule.under.attribute, scope), self._text(rule.under.option, scope)]
        dynamic = not under and (spec.mutable if rule.dynamic == "mutable" else rule.dynamic)
        absent = rule.when_absent if isinstance(rule.when_absent, str) else rule.when_absent.value
        rows, others = self._rows(rule, spec, scope)
        return {
            "to": rule.feature_hash or self._text(rule.to, scope),
            "type": rule.type,
            "under": under,
            "dynamic": dynamic,
            "value": value,
            "rows": rows,
            "others": others,
            "when_absent": absent,
            "declare": rule.declare,
            "required": rule.required,
        }

    def _rows(self, rule: AttributeTarget, spec: AttributeSpec, scope: Scope) -> tuple[Document, Document]:
        """What each listed value answers, and what others do."""
        lookup = self.loaded.spec.lookups[rule.lookup] if rule.lookup is not None else None
        table: Mapping[str, str | None] | None = lookup.rows if lookup is not None else rule.options
        rows: Document = {} if table is None else {key: self._text(title, scope | {"value": key}) for key, title in table.items()}
        rows |= dict.fromkeys(rule.skip or (), "(skipped)") | dict.fromkeys(rule.unset or (), "(unset)")
        otherwise = lookup.otherwise if lookup is not None else None
        listed = values_of(spec) or ()
        free = table is None and (not listed or rule.type in {"text", "numeric"})
        unlisted = f"(unlisted: {self.loaded.spec.policy.unlisted_value.do})"
        rest = "(as it is)" if free else unlisted if otherwise is None else f"{otherwise.value}"
        given = {key: rows.get(key, key if table is None else rest) for key in listed}
        other: Document = {key: title for key, title in rows.items() if key not in given} | {"*": rest}
        issue = otherwise.issue if otherwise is not None else None
        return given, other | ({"~message": issue.message} if issue is not None else {})
