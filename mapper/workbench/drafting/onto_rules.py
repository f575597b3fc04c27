"""Rules of a draft onto an ontology that exists: each rule of the pack with the object or classification that it means there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.onto import is_title, plain
from mapper.workbench.drafting.onto_attributes import Placing
from mapper.workbench.yaml_text import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.cvat.inspection import LabelUse
    from mapper.encord.nodes import AttributeNode, ClassificationNode, ObjectNode
    from mapper.geometry.kinds import Kind
    from mapper.workbench.drafting.onto import Onto
    from mapper.workbench.drafting.survey import Survey

NOTHING = {"reason": "the ontology has nothing for it", "severity": "warning"}

UNMET = {"severity": "error", "message": "there was none when this spec was drafted; decide what becomes of it"}


class Targets(NamedTuple):
    """What a part of a rule may become: ``sure`` if the first needs no decision; a doubtful one only offers what it lists."""

    choices: list[dict[str, Any]]
    sure: bool
    found: bool = True


@dataclass(frozen=True, slots=True)
class OntoRules:
    """Places what rules make, for one label and kind after the other."""

    survey: Survey
    onto: Onto

    def placed(self, value: dict[str, Any], name: str, use: LabelUse, kind: Kind, *, used: bool) -> Any:
        """A rule as it is written for the ontology, or the decision between several.

        Where there is a doubt about what no shape of the export is (not ``used``), nobody is asked: the rule refuses it.
        """
        if "emit" not in value:
            return Block(value)
        head = {key: value[key] for key in ("id", "match")}
        parts = [self._item(item, name, use, kind) for item in value["emit"]]
        if all(part.sure for part in parts):
            return Block(head | {"emit": [part.choices[0] for part in parts]})
        if not used:
            return Block(head | {"issue": UNMET})
        dropped = head | {"drop": NOTHING}
        if not all(part.choices for part in parts):
            return Decide((dropped,), "the ontology has nothing of that name")
        doubt = next(index for index, part in enumerate(parts) if not part.sure)
        emits = [
            head | {"emit": [choice if index == doubt else part.choices[0] for index, part in enumerate(parts)]}
            for choice in parts[doubt].choices
        ]
        if parts[doubt].found:
            return Decide((*map(Block, emits), dropped))
        return Decide((dropped, *map(Block, emits)), "the ontology has nothing of that name")

    def _item(self, raw: dict[str, Any], name: str, use: LabelUse, kind: Kind) -> Targets:
        if "object" in raw:
            return self._object(raw["object"], name, use, kind)
        return self._classification(raw["classification"], name, use)

    # -- objects -------------------------------------------------------------------------------------------------

    def _object(self, raw: dict[str, Any], name: str, use: LabelUse, kind: Kind) -> Targets:
        word = raw["geometry"]["kind"]
        preferred = list(word.choices) if isinstance(word, Decide) else [word]
        nodes = self.onto.objects(name, kind)
        found = bool(nodes)
        if not found:
            nodes = self.onto.like(name, kind)
        nodes = sorted(nodes, key=lambda node: preferred.index(node.shape) if node.shape in preferred else len(preferred))
        first = [node for node in nodes if node.shape in preferred]
        sure = found and len(first) == 1
        choices = [self._written(raw, node, use, kind, name, kept=node.shape in preferred) for node in (first if sure else nodes)]
        return Targets(choices, sure, found)

    def _written(self, raw: dict[str, Any], node: ObjectNode, use: LabelUse, kind: Kind, name: str, *, kept: bool) -> dict[str, Any]:
        value: dict[str, Any] = dict(self.onto.named(node))
        value["geometry"] = (raw["geometry"] if kept else {}) | {"kind": node.shape}
        own = [entry for entry in raw.get("attributes", ()) if _stands(entry, node.attributes)]
        entries = [*own, *Placing(self.survey, use, node.attributes).entries()]
        if entries:
            value["attributes"] = entries
        if "otherwise" in raw and kept:
            instead = self._item(raw["otherwise"], name, use, kind)
            if instead.sure:
                value["otherwise"] = instead.choices[0]
        return {"object": value}

    # -- classifications -----------------------------------------------------------------------------------------

    def _classification(self, raw: dict[str, Any], name: str, use: LabelUse) -> Targets:
        nodes = [node for node in self.onto.ontology.classifications if node.root.type in {"radio", "checklist"}]
        found = [(node, title) for node in nodes for title in _options(node, name)]
        chosen = [self._answer(raw, node, title, use) for node, title in found]
        if found:
            return Targets(chosen, len(found) == 1)
        named = [node for node in nodes if plain(node.root.title) == plain(name)]
        offered = [self._answer(raw, node, option.title, use) for node in named for option in node.root.options if is_title(option.title)]
        return Targets(offered, sure=False, found=False)

    def _answer(self, raw: dict[str, Any], node: ClassificationNode, title: str, use: LabelUse) -> dict[str, Any]:
        twins = sum(one.root.title == node.root.title for one in self.onto.ontology.classifications)
        value: dict[str, Any] = {"name": node.root.title}
        if twins > 1 or not is_title(node.root.title):
            value = {"feature_hash": node.hash}
        value |= {"type": node.root.type, "option": title}
        option = node.root.option(title)
        entries = list(Placing(self.survey, use, option.attributes if option else ()).entries())
        if entries:
            value["attributes"] = entries
        return {"classification": value | {key: raw[key] for key in ("conflict",) if key in raw}}


def _options(node: ClassificationNode, name: str) -> list[str]:
    """The options that are called like a label."""
    return [option.title for option in node.root.options if plain(option.title) == plain(name) and is_title(option.title)]


def _stands(entry: dict[str, Any], nodes: Sequence[AttributeNode]) -> bool:
    """Whether the ontology has the attribute that a rule of the pack makes up."""
    return any((node.title, node.type) == (entry.get("to"), entry.get("type")) for node in nodes)
