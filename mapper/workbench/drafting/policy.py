"""The policy of a draft: each entry of the pack's, with what the export holds of it, open where it matters there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.spec.policy import OutsideImage, UndeclaredAttribute, UndeclaredLabel, UnlistedValue
from mapper.workbench.drafting.decide import Decide
from mapper.workbench.drafting.words import counted, many
from mapper.workbench.yaml_text import Block, Noted

if TYPE_CHECKING:
    from mapper.spec.node import Node
    from mapper.workbench.drafting.survey import Survey

MODELS: dict[str, type[Node]] = {
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

UNUSED = "not used in this export"
NOT_NEEDED = "not needed"
FIELDS = ("occluded", "z_order", "group_id", "source", "track_id", "score")


def policy(survey: Survey) -> Block:
    """The whole policy."""
    raw = survey.pack.located.value["policy"]
    found = {name: _entry(survey, name, item) for name, item in raw.items() if name != "fields"}
    fields = {name: _field(survey, name, item) for name, item in raw["fields"].items()}
    return Block(found | {"fields": Block(fields)})


def _entry(survey: Survey, name: str, raw: dict[str, Any]) -> Any:
    odd = [(cause, anomaly) for cause, anomaly in survey.inspection.odd() if cause.name in CAUSES.get(name, ())]
    if not odd:
        return raw
    words = "; ".join(f"{cause.name} {anomaly.count:,}" for cause, anomaly in _summed(odd))
    if name not in MODELS:
        return Noted(raw, beside=words)
    others = [word for word in MODELS[name].model_fields["do"].annotation.__args__ if word != raw["do"]]  # type: ignore[union-attr]
    return Noted(raw | {"do": Decide((raw["do"], *others))}, beside=words)


def _summed(odd: list[Any]) -> list[Any]:
    """The same by name alone."""
    found: dict[str, Any] = {}
    for cause, anomaly in odd:
        first = found.setdefault(cause.name, (cause, type(anomaly)()))
        first[1].count += anomaly.count
    return [found[name] for name in sorted(found)]


def _field(survey: Survey, name: str, raw: dict[str, Any]) -> Any:
    values = survey.inspection.fields[name]
    if not values.total:
        return Noted(raw, beside=UNUSED)
    beside = f"{many(values.total, 'time')}: {counted(values)}"
    silent = set((raw.get("as") or {}).get("skip", ()))
    if not raw.get("keep") or set(values.counts) <= silent:
        return Noted(raw, beside=beside)
    return Noted(Decide((raw, {"keep": False, "reason": NOT_NEEDED})), above=(beside,))
