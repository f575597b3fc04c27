"""Conversions that cannot be: kinds of shape that a rule sends to a geometry that is not made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.targets import ImpossibleConversion
from mapper.geometry.kinds import KINDS
from mapper.spec.semantics.static import named_kinds, possible_kinds
from mapper.spec.wording import either
from mapper.transforms import SUPPORT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.findings.base import Issue
    from mapper.geometry.kinds import Kind
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer
    from mapper.spec.targets import EmitItem, ObjectTarget


def conversions(spec: MappingSpec, located: Located) -> list[Found]:
    """Kinds that a rule names must all convert; of those that it merely does not rule out, at least one must."""
    found: list[Found] = []
    for number, rule in enumerate(spec.rules):
        kinds = possible_kinds(rule.match)
        named = named_kinds(rule.match) is not None
        for index, item in enumerate(rule.emit or ()):
            found += _item(item, ("rules", number, "emit", index), kinds, named=named, located=located)
    return found


def _item(item: EmitItem, pointer: Pointer, kinds: Sequence[Kind], *, named: bool, located: Located) -> list[Found]:
    if item.object is None:
        return []
    place = located.place((*pointer, "object", "geometry", "kind"))
    found: list[Found] = [(issue, place) for issue in _impossible(item.object, kinds, named=named)]
    if item.object.otherwise is not None:  # only what was accepted can then be refused
        rest = [kind for kind in kinds if kind in item.object.geometry.accepts]
        found += _item(item.object.otherwise, (*pointer, "object", "otherwise"), rest, named=named, located=located)
    return found


def _impossible(target: ObjectTarget, kinds: Sequence[Kind], *, named: bool) -> list[Issue]:
    geometry = target.geometry
    refused = [kind for kind in kinds if kind not in geometry.accepts]
    if named:
        return [ImpossibleConversion(kind, "an object" if kind == "tag" else geometry.kind, _why(kind, geometry.kind)) for kind in refused]
    if not refused or len(refused) < len(kinds):
        return []
    made_of = either([kind for kind in KINDS if kind in geometry.accepts])
    return [ImpossibleConversion(either(refused), geometry.kind, f"only {made_of} can")]


def _why(kind: Kind, wanted: str) -> str:
    """The reason in the table of conversions; ``same`` refuses only what every shape refuses."""
    reasons: dict[str, str] = {target: why for (source, target), why in SUPPORT.items() if source == kind and isinstance(why, str)}
    return reasons.get(wanted) or next(iter(reasons.values()), "")
