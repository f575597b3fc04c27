"""The policy of a draft: each entry of the pack's, with what the export holds of it, open where it matters there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.spec.policy import ChangedValue, OutsideImage, UndeclaredAttribute, UndeclaredLabel, UnlistedValue
from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.words import counted, many
from mapper.workbench.yaml_text import Block, Noted

if TYPE_CHECKING:
    from mapper.spec.node import Node
    from mapper.workbench.drafting.onto import Onto
    from mapper.workbench.drafting.survey import Survey

MODELS: dict[str, type[Node]] = {
    "changed_value": ChangedValue,
    "undeclared_label": UndeclaredLabel,
    "undeclared_attribute": UndeclaredAttribute,
    "unlisted_value": UnlistedValue,
    "outside_image": OutsideImage,
}
"""Entries with a choice, by their keys."""

CAUSES: dict[str, tuple[str, ...]] = {
    "undeclared_label": ("undeclared-label",),
    "undeclared_attribute": ("undeclared-attribute",),
    "unlisted_value": ("unlisted-value",),
    "outside_image": ("partly-outside", "beyond-image"),
    "repaired_geometry": ("inverted",),
    "invalid_geometry": ("zero-area",),
}
"""What `mapper inspect` finds odd, by the entry that decides on it."""

CHANGED = {"do": "first", "severity": "warning"}
"""What becomes of a value that changes within a track, where the pack does not say."""
UNUSED = "not used in this export"
NOT_NEEDED = "not needed"
NO_PLACE = "the ontology has no place for it"
FIELDS = ("occluded", "z_order", "group_id", "source", "track_id", "score")


def policy(survey: Survey, onto: Onto | None) -> Block:
    """The whole policy; an ontology that exists takes no new options, and may have no place for a field."""
    raw = survey.pack.located.value["policy"]
    if onto is not None and raw["unlisted_value"]["do"] == "add_option":
        raw = raw | {"unlisted_value": raw["unlisted_value"] | {"do": "drop"}}
    if survey.inspection.tracks and not raw.get("changed_value"):
        raw = raw | {"changed_value": CHANGED}
    found = {name: _entry(survey, name, item) for name, item in raw.items() if name != "fields"}
    fields = {name: _field(survey, name, _onto(name, item, onto), item) for name, item in raw["fields"].items()}
    return Block(found | {"fields": Block(fields)})


def _entry(survey: Survey, name: str, raw: dict[str, Any]) -> Any:
    if name == "changed_value" and survey.inspection.tracks:
        return _open(
            name, raw, f"{many(survey.inspection.tracks, 'track')}; which value stands where one that holds for all frames changes"
        )
    odd = [(cause, anomaly) for cause, anomaly in survey.inspection.odd() if cause.name in CAUSES.get(name, ())]
    if not odd:
        return raw
    words = "; ".join(f"{cause.name} {anomaly.count:,}" for cause, anomaly in _summed(odd))
    if name not in MODELS:
        return Noted(raw, beside=words)
    return _open(name, raw, words)


def _open(name: str, raw: dict[str, Any], words: str) -> Noted:
    """An entry whose choice is left to a person."""
    others = [word for word in MODELS[name].model_fields["do"].annotation.__args__ if word != raw["do"]]  # type: ignore[union-attr]
    return Noted(raw | {"do": Decide((raw["do"], *others))}, beside=words)


def _summed(odd: list[Any]) -> list[Any]:
    """The same by name alone."""
    found: dict[str, Any] = {}
    for cause, anomaly in odd:
        first = found.setdefault(cause.name, (cause, type(anomaly)()))
        first[1].count += anomaly.count
    return [found[name] for name in sorted(found)]


def _onto(name: str, raw: dict[str, Any], onto: Onto | None) -> dict[str, Any]:
    """What an ontology that exists can hold of a field: its attribute there, or nothing."""
    if onto is None or "as" not in raw:
        return raw
    node = onto.holding((raw["as"].get("to", ""), name))
    if node is None or node.type != raw["as"].get("type"):
        return {key: item for key, item in raw.items() if key == "confidence"} | {"keep": False, "reason": NO_PLACE}
    kept = {key: item for key, item in raw["as"].items() if key in {"options", "skip"}} | {"to": node.title, "type": node.type}
    return raw | {"as": kept}


def _field(survey: Survey, name: str, raw: dict[str, Any], pack: dict[str, Any]) -> Any:
    values = survey.inspection.fields.get(name)
    if values is None:  # keyframe: no field of a shape, and there is nothing to choose
        return raw
    if not values.total:
        return Noted(raw, beside=UNUSED)
    beside = f"{many(values.total, 'time')}: {counted(values)}"
    silent = set((pack.get("as") or {}).get("skip", ()))
    if set(values.counts) <= silent or (not raw.get("keep") and raw == pack):
        return Noted(raw, beside=beside)
    choices = (raw, {"keep": False, "reason": NOT_NEEDED}) if raw.get("keep") else (raw,)
    return Noted(Decide(choices), above=(beside,))
