"""Attributes of a draft onto an ontology that exists: title by title, option by option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.engine.scopes import attribute_scope
from mapper.spec.names import SCHEMA_NAMES
from mapper.spec.suggest import near
from mapper.workbench.drafting.attributes import attributes_of, pack_rule
from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.onto import is_title, plain
from mapper.workbench.drafting.words import counted, known
from mapper.workbench.yaml_text import Noted, comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.inspection import LabelUse
    from mapper.cvat.model import AttributeSpec
    from mapper.cvat.values import Values
    from mapper.encord.nodes import AttributeNode
    from mapper.workbench.drafting.survey import Survey

TYPES: dict[str, tuple[str, ...]] = {
    "select": ("radio", "checklist", "text"),
    "radio": ("radio", "checklist", "text"),
    "checkbox": ("checklist", "radio", "text"),
    "number": ("numeric", "text"),
    "text": ("text", "radio", "checklist"),
}
"""The Encord types that can hold an input type, the best first."""
WORDS = {"true": {"true", "yes"}, "false": {"false", "no"}}
"""What options call the values of a checkbox."""
MISSING = {"reason": "the ontology has no attribute for it", "severity": "warning"}
FEW = 5


@dataclass(frozen=True, slots=True)
class Placing:
    """The attributes of one label, onto those of one object or option."""

    survey: Survey
    use: LabelUse
    nodes: Sequence[AttributeNode]

    def entries(self) -> Iterator[Noted]:
        """A rule for each attribute of the label, then for those of a skeleton's points."""
        for name, spec in attributes_of(self.use).items():
            yield self._entry(name, spec, self.use.attributes.get(name))
        seen = set()
        for element, part in self.use.elements.items():
            for name, spec in attributes_of(part).items():
                if name not in seen:
                    seen.add(name)
                    yield self._element(element, name, spec)

    def _entry(self, chosen: Any, spec: AttributeSpec, values: Values | None) -> Noted:
        raw = pack_rule(self.survey, spec, None) or {}
        about = (f"{comment(spec.name)} ({spec.input_type}): {counted(values) if values else 'never used'}",)
        if "drop" in raw:
            return Noted({"from": chosen, "drop": raw["drop"]}, about)
        title = known(str(raw.get("to", "")), attribute_scope({}, spec), SCHEMA_NAMES)
        wanted = {plain(spec.name), plain(title)}
        same = [node for node in self.nodes if plain(node.title) in wanted and node.type in TYPES[spec.input_type]]
        same.sort(key=lambda node: TYPES[spec.input_type].index(node.type))
        dropped = {"from": chosen, "drop": MISSING}
        if len(same) == 1 and same[0].type in TYPES[spec.input_type][:2]:
            return Noted(self._onto(chosen, spec, same[0], raw, values), about)
        if not same and (below := list(self._below(spec, wanted))):
            entries = [self._onto(chosen, spec, node, raw, values) | {"under": under} for node, under in below]
            first = below[0][1]
            why = f"it stands below the option {comment(first['option'])} of {comment(first['attribute'])}"
            return Noted(Decide((*entries, dropped), why), about)
        if same:
            return Noted(Decide((*(self._onto(chosen, spec, node, raw, values) for node in same), dropped)), about)
        able = [node for node in self.nodes if node.type in TYPES[spec.input_type]]
        close = near(spec.name, (node.title for node in able))
        others = [self._onto(chosen, spec, node, raw, values) for node in able if node.title == close]
        return Noted(Decide((dropped, *others), "the ontology has nothing of that name"), about)

    def _below(self, spec: AttributeSpec, wanted: set[str]) -> Iterator[tuple[AttributeNode, dict[str, str]]]:
        """The attributes of these names below options of the radios at hand: such an answer holds only with its option."""
        for parent in self.nodes:
            alone = sum(one.title == parent.title for one in self.nodes) == 1 and is_title(parent.title)
            for option in parent.options if alone and parent.type == "radio" else ():
                for node in option.attributes if is_title(option.title) else ():
                    if plain(node.title) in wanted and node.type in TYPES[spec.input_type] and is_title(node.title):
                        yield node, {"attribute": parent.title, "option": option.title}

    def _onto(self, chosen: Any, spec: AttributeSpec, node: AttributeNode, raw: dict[str, Any], values: Values | None) -> dict[str, Any]:
        twins = sum(one.title == node.title for one in self.nodes if one is not node)
        entry: dict[str, Any] = {"from": chosen}
        entry |= {"to": node.title} if not twins and is_title(node.title) else {"feature_hash": node.hash}
        entry["type"] = node.type
        silent = [*(raw.get("unset") or ()), *(raw.get("skip") or ())]
        if node.type in {"radio", "checklist"}:
            texts = dict.fromkeys(("true", "false") if spec.input_type == "checkbox" else spec.values)
            if values is not None and spec.input_type != "checkbox":
                texts |= dict.fromkeys(text for text, _ in values.top(len(values.counts)))
            options = {text: self._option(text, spec, node) for text in texts if text not in silent and text.strip()}
            entry |= {"options": options} if options else {}
        return entry | {key: raw[key] for key in ("unset", "skip") if raw.get(key)}

    def _option(self, text: str, spec: AttributeSpec, node: AttributeNode) -> Any:
        wanted = {plain(text)}
        if spec.input_type == "checkbox":
            wanted = WORDS[text] | ({plain(spec.name)} if text == "true" else set())
        same = [option.title for option in node.options if plain(option.title) in wanted and is_title(option.title)]
        if len(same) == 1:
            return same[0]
        if spec.input_type == "checkbox" and node.type == "checklist":
            only = [option.title for option in node.options if is_title(option.title)]
            if text == "false":
                return None
            if len(only) == 1:
                return only[0]
        titles = [option.title for option in node.options if is_title(option.title)]
        close = near(text, titles)
        return Decide((None, *([close] if close else titles[:FEW])))

    def _element(self, element: str, name: str, spec: AttributeSpec) -> Noted:
        """Points have one rule for an attribute; it is the pack's if the ontology has what that names."""
        chosen = {"of": "element", "name": name}
        raw = pack_rule(self.survey, spec, element) or {"drop": MISSING}
        title = known(str(raw.get("to", "")), attribute_scope({}, spec, element), SCHEMA_NAMES)
        own = {"from": chosen} | {key: item for key, item in raw.items() if key not in {"from", "dynamic", "declare"}}
        about = (f"{comment(name)} of the skeleton's points",)
        if "drop" in raw or any(node.title == title and node.type == raw.get("type") for node in self.nodes):
            return Noted(own, about)
        return Noted(Decide(({"from": chosen, "drop": MISSING}, own), f"the ontology has no {comment(title)}"), about)
