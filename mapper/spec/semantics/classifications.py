"""What Encord cannot hold: attributes below anything but a radio's options, dynamic answers in what is nested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.targets import NeverDynamic, NothingNests
from mapper.spec.semantics import walk

if TYPE_CHECKING:
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found


def nesting(spec: MappingSpec, located: Located) -> list[Found]:
    """Attributes of classifications whose root is not a radio."""
    return [
        (NothingNests(target.type), located.key_place((*pointer, "attributes")))
        for pointer, target in walk.classifications(spec)
        if target.type != "radio" and target.attributes
    ]


def dynamic(spec: MappingSpec, located: Located) -> list[Found]:
    """``dynamic: true`` on an attribute of a classification, or on a nested one."""
    found: list[Found] = []
    for pointer, owner, rule in walk.attributes(spec):
        where = "an attribute of a classification" if owner == "classification" else "a nested attribute" if rule.under else ""
        if rule.dynamic is True and where:
            found.append((NeverDynamic(where), located.place((*pointer, "dynamic"))))
    return found
