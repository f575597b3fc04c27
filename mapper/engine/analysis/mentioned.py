"""A label schema made of what specs mention: for comparing them when nobody gives the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from mapper.cvat.model import AttributeSpec, InputType, LabelSpec
from mapper.engine.analysis.formulas import matches
from mapper.spec.semantics.static import mentioned_labels
from mapper.spec.semantics.walk import attribute_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.spec.model import MappingSpec

INPUT_TYPES: tuple[InputType, ...] = get_args(InputType)


def mentioned(specs: Sequence[MappingSpec]) -> tuple[LabelSpec, ...]:
    """Every label that a condition names, each with every attribute that is named, and one for each type of attribute."""
    labels = dict.fromkeys(name for spec in specs for rule in spec.rules for name in mentioned_labels(rule.match))
    attributes = {name: AttributeSpec(name=name, input_type="text") for name in _attributes(specs)}
    for kind in INPUT_TYPES:
        for mutable in (False, True):
            name = f"any {'mutable ' if mutable else ''}{kind}"
            attributes.setdefault(name, AttributeSpec(name=name, input_type=kind, mutable=mutable))
    return tuple(LabelSpec(name=name, attributes=tuple(attributes.values())) for name in labels)


def _attributes(specs: Sequence[MappingSpec]) -> dict[str, None]:
    found: dict[str, None] = {}
    for spec in specs:
        for rule in spec.rules:
            for match in matches(rule.match):
                found |= dict.fromkeys(match.attributes or ())
        for _, _, rules in attribute_lists(spec):
            for attribute in rules:
                source = attribute.from_
                named = source if isinstance(source, str) or source is None else source.name
                found |= dict.fromkeys([named] if isinstance(named, str) else named or ())
    return found
