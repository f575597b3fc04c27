"""Rules of a draft: those of the pack, said again for each label and shape of the export."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.engine.scopes import schema_scope
from mapper.spec.names import SCHEMA_NAMES
from mapper.transforms import TRANSFORMS
from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.onto_rules import OntoRules
from mapper.workbench.drafting.words import Identifiers, identifier, known, many
from mapper.workbench.yaml_text import Block, Noted, comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.cvat.inspection import LabelUse
    from mapper.cvat.model import LabelSpec
    from mapper.geometry.kinds import Kind
    from mapper.workbench.drafting.onto import Onto
    from mapper.workbench.drafting.survey import Hit, Survey

_DECIDED = ("label", "shapes", "tag")
"""Conditions of the pack that a label and kind answer."""
_TITLES = ("name", "title_if_several", "option", "color")
"""Templates over the label schema, which a draft writes out."""
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class DraftRule:
    """A rule of a draft: ``value`` as it is written, for which label and kind, from which rule of the pack."""

    id: str
    label: LabelSpec
    kind: Kind
    value: Any
    above: tuple[str, ...]


@dataclass(slots=True)
class RuleDrafter:
    """Says the rules of the pack for one label and kind after the other."""

    survey: Survey
    onto: Onto | None = None
    ids: Identifiers = field(default_factory=Identifiers)

    def rules(self) -> Iterator[DraftRule]:
        """All rules, label by label."""
        for number, (label, use) in enumerate(self.survey.labels(), 1):
            for kind in self.survey.kinds(label, use):
                hits = self.survey.rules(label.name, kind)
                for hit in hits:
                    yield self._rule(label, use, kind, hit, f"label-{number}")

    def _rule(self, label: LabelSpec, use: LabelUse, kind: Kind, hit: Hit, fallback: str) -> DraftRule:
        raw = self.survey.pack.located.value["rules"][hit.rule]
        name = self.ids.new(_id(identifier(label.name, fallback), kind, raw["id"], last=hit.condition is True))
        value: dict[str, Any] = {"id": name, "match": _match(raw.get("match") or {}, label, kind, certain=hit.condition is True)}
        for key in ("emit", "drop", "issue"):
            if key in raw:
                value[key] = self.written(raw[key], label, kind)
        whole: Any = Block(value)
        if self.onto is not None:
            whole = OntoRules(self.survey, self.onto).placed(
                value, label.name, use, kind, used=self.survey.hits[label.name, kind, hit.rule] > 0
            )
        return DraftRule(name, label, kind, whole, (self._count(label, use, kind, hit),))

    def _count(self, label: LabelSpec, use: LabelUse, kind: Kind, hit: Hit) -> str:
        total, own = use.kinds.get(kind, 0), self.survey.hits[label.name, kind, hit.rule]
        what = many(total, kind) if total else f"no {kind}"
        counts = f"{own:,} of {what}" if total and own != total else what
        tracks = f" in {many(use.tracks[kind].tracks, 'track')}" if kind in use.tracks else ""
        declared = "" if label.declared else "; the export does not declare this label"
        return f"{comment(label.name)}: {counts}{tracks}{declared}"

    def written(self, raw: Any, label: LabelSpec, kind: Kind) -> Any:
        """A part of the pack for a label and kind: titles filled in, parameters as decisions or with their values."""
        if isinstance(raw, list):
            return [self.written(item, label, kind) for item in raw]
        if not isinstance(raw, dict):
            return raw
        if set(raw) == {"param"}:
            return parameter(self.survey, raw["param"])
        geometry = raw.get("geometry")
        found = {key: self.written(item, label, kind) for key, item in raw.items()}
        target = ""
        if isinstance(geometry, dict):
            found["geometry"], target = _concrete(found["geometry"], kind)
        scope = schema_scope(label, kind, target)
        names = SCHEMA_NAMES if target else SCHEMA_NAMES - {"target.shape"}
        titled = {key: known(text, scope, names) for key in _TITLES if isinstance(text := found.get(key), str)}
        if "color" in titled and not _COLOR.fullmatch(titled["color"]):  # then the object gets one of the palette
            del found["color"], titled["color"]
        return found | titled


def _id(label: str, kind: Kind, rule: str, *, last: bool) -> str:
    if last or rule == kind:
        return f"{label}-{kind}"
    return f"{label}-{rule}" if rule.startswith(kind) else f"{label}-{kind}-{rule}"[:90]


def _match(raw: Mapping[str, Any], label: LabelSpec, kind: Kind, *, certain: bool) -> dict[str, Any]:
    about: dict[str, Any] = {"tag": True} if kind == "tag" else {"shapes": [kind]}
    asked = {} if certain else {key: item for key, item in raw.items() if key not in _DECIDED}
    own = raw.get("label")
    if not certain and isinstance(own, dict) and any(isinstance(item, dict) for item in own.values()):
        asked["all"] = [*asked.get("all", ()), {"label": own}]  # it is compared with something of the shape
    return {"label": label.name, **about, **asked}


def _concrete(geometry: Any, kind: Kind) -> tuple[Any, str]:
    """A conversion with its shape by name, and the shape; "" if a person decides on it."""
    word = geometry["kind"]
    if not isinstance(word, str):
        return geometry, ""
    transform = next(one for one in TRANSFORMS if one.model_fields["kind"].annotation.__args__[0] == word)  # type: ignore[union-attr]
    if kind not in transform.accepts:
        return geometry, ""
    if word != "same":
        return geometry, transform.shape
    shape = transform.model_validate(geometry).target(kind)
    return {"kind": shape}, shape


def rule_entry(rule: DraftRule) -> Noted:
    """A rule as it stands in the list."""
    return Noted(rule.value, rule.above)


def pack_rules(survey: Survey) -> list[Block]:
    """The rules of the pack as they are, for an export that holds nothing to say them again for; parameters are decisions."""
    return [Block(_filled(raw, survey)) for raw in survey.pack.located.value["rules"]]


def _filled(raw: Any, survey: Survey) -> Any:
    if isinstance(raw, list):
        return [_filled(item, survey) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return parameter(survey, raw["param"]) if set(raw) == {"param"} else {key: _filled(item, survey) for key, item in raw.items()}


def parameter(survey: Survey, name: str) -> Any:
    """A parameter of the pack: a decision if it has choices, else its value."""
    chosen = survey.pack.parameters[name]
    declared = survey.pack.spec.parameters[name]
    about = comment(declared.description.partition(". ")[0]).rstrip(".")
    if not declared.choices:
        return Noted(chosen, beside=about)
    return Decide((chosen, *(choice for choice in declared.choices if choice != chosen)), about)
