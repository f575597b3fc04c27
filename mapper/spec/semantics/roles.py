"""What a template stands for decides which names it may use: those that are known, and not blank, at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.spec.names import NAMES, SCHEMA_NAMES
from mapper.spec.semantics.walk import attributes, classifications, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Pointer
    from mapper.spec.targets import AttributeTarget, ClassificationTarget, ObjectTarget

ATTRIBUTE_NAMES = frozenset(name for name in SCHEMA_NAMES if name.startswith(("attribute.", "element.")))
OBJECT_NAMES = SCHEMA_NAMES - ATTRIBUTE_NAMES
SHAPELESS_NAMES = OBJECT_NAMES - {"target.shape"}
OPTION_NAMES = SCHEMA_NAMES | {"value"}


class Role(NamedTuple):
    """What a text is for: how messages call it, the names it may use, and whether it is a title, which is never blank."""

    what: str
    names: frozenset[str]
    title: bool = False


OBJECT_TITLE = Role("the title of an object", OBJECT_NAMES, title=True)
COLOR = Role("a colour", OBJECT_NAMES)
CLASSIFICATION_TITLE = Role("the title of a classification", SHAPELESS_NAMES, title=True)
CLASSIFICATION_OPTION = Role("the option of a classification", SHAPELESS_NAMES | {"attributes.*"}, title=True)
CLASSIFICATION_VALUE = Role("the value of a classification", NAMES - ATTRIBUTE_NAMES - {"value", "target.shape"})
FIELD_TITLE = Role("the title of an implicit field", OBJECT_NAMES, title=True)
ATTRIBUTE_TITLE = Role("the title of an attribute", SCHEMA_NAMES, title=True)
PARENT_TITLE = Role("a title under which an attribute is nested", SCHEMA_NAMES, title=True)
OPTION_TITLE = Role("the title of an option", OPTION_NAMES, title=True)
VALUE = Role("the value of an attribute", NAMES)
RULE_MESSAGE = Role("the message of a rule", NAMES - ATTRIBUTE_NAMES - {"value", "target.shape"})
LOOKUP_MESSAGE = Role("the message of a lookup", OPTION_NAMES)
PLAIN_TITLE = Role("the title of an option for values that are not listed", frozenset(), title=True)
"""Plain text: it stands in the ontology before any value is seen."""


class Placed(NamedTuple):
    """A text of the spec, where it stands and what it is for."""

    pointer: Pointer
    text: str
    role: Role


def templates(spec: MappingSpec) -> Iterator[Placed]:
    """Every template of a spec."""
    for number, rule in enumerate(spec.rules):
        if rule.issue is not None:
            yield Placed(("rules", number, "issue", "message"), rule.issue.message, RULE_MESSAGE)
    for pointer, target in objects(spec):
        yield from _object(pointer, target)
    for pointer, classification in classifications(spec):
        yield from _classification(pointer, classification)
    for pointer, owner, attribute in attributes(spec):
        yield from _attribute(pointer, attribute, FIELD_TITLE if owner == "field" else ATTRIBUTE_TITLE)
    for name, lookup in spec.lookups.items():
        for value, title in lookup.rows.items():
            yield from _given(("lookups", name, "rows", value), title, OPTION_TITLE)
        if lookup.otherwise is not None:
            pointer = ("lookups", name, "otherwise")
            yield from _given((*pointer, "value"), lookup.otherwise.value, PLAIN_TITLE)
            if lookup.otherwise.issue is not None:
                yield Placed((*pointer, "issue", "message"), lookup.otherwise.issue.message, LOOKUP_MESSAGE)


def _given(pointer: Pointer, text: str | None, role: Role) -> Iterator[Placed]:
    if text is not None:
        yield Placed(pointer, text, role)


def _object(pointer: Pointer, target: ObjectTarget) -> Iterator[Placed]:
    yield from _given((*pointer, "name"), target.name, OBJECT_TITLE)
    yield from _given((*pointer, "title_if_several"), target.title_if_several, OBJECT_TITLE)
    yield from _given((*pointer, "color"), target.color, COLOR)


def _classification(pointer: Pointer, target: ClassificationTarget) -> Iterator[Placed]:
    yield from _given((*pointer, "name"), target.name, CLASSIFICATION_TITLE)
    yield from _given((*pointer, "option"), target.option, CLASSIFICATION_OPTION)
    yield from _given((*pointer, "value"), target.value, CLASSIFICATION_VALUE)


def _attribute(pointer: Pointer, attribute: AttributeTarget, title: Role) -> Iterator[Placed]:
    yield from _given((*pointer, "to"), attribute.to, title)
    yield from _given((*pointer, "value"), getattr(attribute, "value", None), VALUE)
    for value, option in (attribute.options or {}).items():
        yield from _given((*pointer, "options", value), option, OPTION_TITLE)
    if attribute.under is not None:
        yield Placed((*pointer, "under", "attribute"), attribute.under.attribute, PARENT_TITLE)
        yield Placed((*pointer, "under", "option"), attribute.under.option, PARENT_TITLE)
