"""Walks a spec with pointers: what the rules make, and the attribute rules wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.findings.base import Issue, Location
    from mapper.spec.model import MappingSpec
    from mapper.spec.targets import AttributeRule, AttributeTarget, ClassificationTarget, EmitItem, ObjectTarget

Pointer = tuple[str | int, ...]
Found = tuple["Issue", "Location | None"]
Owner = Literal["shared", "object", "classification", "field"]

FIELDS = ("occluded", "z_order", "group_id", "source", "track_id", "score")


class AttributeList(NamedTuple):
    """The attribute rules of one object or classification, or those of the whole spec."""

    pointer: Pointer
    owner: Owner
    rules: Sequence[AttributeRule]


class Attribute(NamedTuple):
    """One attribute rule, or the ``as`` of an implicit field."""

    pointer: Pointer
    owner: Owner
    rule: AttributeTarget


def emitted(spec: MappingSpec) -> Iterator[tuple[Pointer, EmitItem]]:
    """Every item that a rule makes, those under ``otherwise`` after their own."""
    for number, rule in enumerate(spec.rules):
        for index, item in enumerate(rule.emit or ()):
            yield from _chain(("rules", number, "emit", index), item)


def _chain(pointer: Pointer, item: EmitItem) -> Iterator[tuple[Pointer, EmitItem]]:
    yield pointer, item
    if item.object is not None and item.object.otherwise is not None:
        yield from _chain((*pointer, "object", "otherwise"), item.object.otherwise)


def objects(spec: MappingSpec) -> Iterator[tuple[Pointer, ObjectTarget]]:
    """Every object that a rule makes."""
    for pointer, item in emitted(spec):
        if item.object is not None:
            yield (*pointer, "object"), item.object


def classifications(spec: MappingSpec) -> Iterator[tuple[Pointer, ClassificationTarget]]:
    """Every classification that a rule makes."""
    for pointer, item in emitted(spec):
        if item.classification is not None:
            yield (*pointer, "classification"), item.classification


def attribute_lists(spec: MappingSpec) -> Iterator[AttributeList]:
    """Every list of attribute rules."""
    yield AttributeList(("attributes",), "shared", spec.attributes)
    for pointer, target in objects(spec):
        yield AttributeList((*pointer, "attributes"), "object", target.attributes)
    for pointer, classification in classifications(spec):
        yield AttributeList((*pointer, "attributes"), "classification", classification.attributes)


def attributes(spec: MappingSpec) -> Iterator[Attribute]:
    """Every attribute rule, and the implicit fields that are kept as attributes."""
    for name in FIELDS:
        policy = getattr(spec.policy.fields, name)
        if policy is not None and policy.as_ is not None:
            yield Attribute(("policy", "fields", name, "as"), "field", policy.as_)
    for pointer, owner, rules in attribute_lists(spec):
        for index, rule in enumerate(rules):
            yield Attribute((*pointer, index), owner, rule)
