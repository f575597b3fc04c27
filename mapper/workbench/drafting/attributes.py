"""Attribute rules of a draft: one for each attribute, by its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.model import AttributeSpec
from mapper.cvat.values import Values
from mapper.engine.scopes import attribute_scope
from mapper.engine.slots import takes
from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.words import counted, known
from mapper.workbench.yaml_text import Noted, comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.cvat.inspection import LabelUse
    from mapper.workbench.drafting.survey import Survey

FEW = 12
"""A free text with so many values at most may be meant as a choice."""
_NAMES = frozenset({"attribute.name", "attribute.input_type", "attribute.default", "attribute.mutable", "element.label"})
_LABELS = 4


class Key(NamedTuple):
    """Attributes that one rule is written for."""

    element: bool
    name: str
    input_type: str
    declared: bool


@dataclass(slots=True)
class Group:
    """Attributes of one key over all labels: the places of the pack's rules for them, and the values."""

    spec: AttributeSpec
    labels: list[str] = field(default_factory=list)
    mutable: set[bool] = field(default_factory=set)
    values: Values = field(default_factory=Values)


def attribute_rules(survey: Survey) -> list[Noted]:
    """The rules, in the order in which the export names the attributes; none for what the pack has no rule for."""
    groups = _groups(survey)
    variants = Counter((key.element, key.name) for key in groups)
    found = []
    for key, group in groups.items():
        alone = variants[key.element, key.name] == 1
        for mutable in sorted(group.mutable):
            entry = _entry(survey, key, group, mutable, alone=alone)
            if entry is not None:
                found.append(entry)
    return found


def labelled(survey: Survey) -> Iterator[tuple[str, LabelUse, bool]]:
    """The labels that rules are written for, and the elements of their skeletons."""
    for label, use in survey.labels():
        if survey.kinds(label, use):
            yield label.name, use, False
            for name, element in use.elements.items():
                yield f"{label.name}/{name}", element, True


def attributes_of(use: LabelUse) -> dict[str, AttributeSpec]:
    """The attributes of a label: those that are declared, then those that are only used."""
    declared = {spec.name: spec for spec in (use.spec.attributes if use.spec else ())}
    return declared | {name: AttributeSpec(name=name, input_type="text", declared=False) for name in use.attributes if name not in declared}


def _groups(survey: Survey) -> dict[Key, Group]:
    groups: dict[Key, Group] = {}
    for label, use, element in labelled(survey):
        for name, spec in attributes_of(use).items():
            key = Key(element, name, spec.input_type, spec.declared)
            group = groups.setdefault(key, Group(spec))
            group.labels.append(label)
            group.mutable.add(spec.mutable)
            values = use.attributes.get(name)
            for value, count in values.counts.items() if values else ():
                group.values.counts[value] += count
            group.values.total += values.total if values else 0
    return groups


def _entry(survey: Survey, key: Key, group: Group, mutable: bool, *, alone: bool) -> Noted | None:  # noqa: FBT001 - CVAT's flag
    spec = AttributeSpec(
        name=key.name, input_type=group.spec.input_type, mutable=mutable, default=group.spec.default, declared=key.declared
    )
    raw = pack_rule(survey, spec, "*" if key.element else None)
    if raw is None:
        return None
    both = len(group.mutable) > 1
    chosen: str | dict[str, Any] = key.name
    if key.element or not alone or both:
        chosen = {"of": "element"} if key.element else {}
        chosen |= {"name": key.name, "input_type": [key.input_type]}
        chosen |= {"mutable": mutable} if both else {}
        chosen |= {} if key.declared and alone else {"declared": key.declared}
    value = {"from": chosen} | written(raw, spec, element=key.element)
    shown = comment(", ".join(group.labels[:_LABELS]) + (", …" if len(group.labels) > _LABELS else ""))
    kind = key.input_type if key.declared else "not declared"
    return Noted(_free(value, group), (f"{comment(key.name)} ({kind}) of {shown}: {counted(group.values)}",))


def pack_rule(survey: Survey, spec: AttributeSpec, element: str | None) -> dict[str, Any] | None:
    """The pack's rule for an attribute, as written."""
    for number, rule in enumerate(survey.pack.spec.attributes):
        if takes(rule, spec, element):
            raw: dict[str, Any] = survey.pack.located.value["attributes"][number]
            return raw
    return None


def written(raw: Mapping[str, Any], spec: AttributeSpec, *, element: bool) -> dict[str, Any]:
    """A rule of the pack without its `from`, titles filled in where they depend on the attribute alone."""
    found = {key: item for key, item in raw.items() if key != "from"}
    if found.get("dynamic") == "mutable":
        found["dynamic"] = spec.mutable
    if found.get("dynamic") is False:
        del found["dynamic"]
    if element:
        return found
    scope = attribute_scope({}, spec)
    if isinstance(found.get("to"), str):
        found["to"] = known(found["to"], scope, _NAMES)
    if isinstance(options := found.get("options"), dict):
        found["options"] = {value: title and known(title, scope, _NAMES) for value, title in options.items()}
    return found


def _free(value: dict[str, Any], group: Group) -> Any:
    """A free text of few values, each used again and again, may be a choice that was not declared as one."""
    values = group.values
    texts = [text for text in sorted(values.counts) if text.strip()]
    again = values.complete and sum(values.counts[text] for text in texts) >= 2 * len(texts)
    if value.get("type") != "text" or not 1 < len(texts) <= FEW or not again or any("{" in text for text in texts):
        return value
    choice = value | {"type": "radio", "options": {text: text.strip() for text in texts}}
    return Decide((value, choice), "free text of few values")
