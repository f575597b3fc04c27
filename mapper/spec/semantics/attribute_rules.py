"""Attribute rules to which the earlier ones of their list leave nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from mapper.findings.spec_meaning.rules import EmptyCondition, NeverHolds, UnreachableAttributeRule
from mapper.spec.semantics.rules import named
from mapper.spec.semantics.walk import attribute_lists
from mapper.spec.targets import InputType, Selector
from mapper.spec.wording import where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer
    from mapper.spec.targets import AttributeRule


class Sort(NamedTuple):
    """Attributes that selectors can tell apart by anything but their names."""

    of: str
    input_type: str
    mutable: bool
    declared: bool


SORTS = [
    *(Sort(of, word, mutable, declared=True) for of in ("shape", "element") for word in get_args(InputType) for mutable in (False, True)),
    *(Sort(of, "text", mutable=False, declared=False) for of in ("shape", "element")),
]
"""Every sort; an attribute that no label declares is taken for an immutable text."""

Taken = dict[tuple[Sort, str | None], int]
"""Which rule takes the attributes of a sort: those of one name, or (None) all of them."""


def attribute_rules(spec: MappingSpec, located: Located) -> list[Found]:
    """The rules of each list that are never reached; the spec's own list is not held against those of its rules."""
    return [found for pointer, _, rules in attribute_lists(spec) for found in _in_list(rules, pointer, located)]


def _in_list(rules: Sequence[AttributeRule], pointer: Pointer, located: Located) -> list[Found]:
    found: list[Found] = []
    taken: Taken = {}
    for number, rule in enumerate(rules):
        if rule.from_ is None:
            continue
        at = (*pointer, number, "from")
        selector = Selector.model_validate({"name": rule.from_}) if isinstance(rule.from_, str) else rule.from_
        cells = [(sort, name) for sort in SORTS if _fits(selector, sort) for name in _names(selector)]
        takers = [taker for cell in cells if (taker := _taker(taken, *cell)) is not None]
        if selector.name == []:
            found.append((EmptyCondition(where((*at, "name"))), located.place((*at, "name"))))
        elif not cells:
            found.append((NeverHolds("an attribute that no label declares counts as an immutable text"), located.place(at)))
        elif len(takers) == len(cells) and _is_own(located, pointer, number, takers):
            places = ((f"entry {taker + 1}", (*pointer, taker)) for taker in sorted(set(takers)))
            place = located.place(at)
            found.append((UnreachableAttributeRule(named(places, located, place.file)), place))
        if selector.like is None:
            taken |= {cell: number for cell in cells if cell not in taken}
    return found


def _is_own(located: Located, pointer: Pointer, number: int, takers: list[int]) -> bool:
    """Whether a rule and what takes its attributes stand in one document: a child's list may well leave a parent's nothing."""
    home = located.home((*pointer, number)).document
    return all(located.home((*pointer, taker)).document is home for taker in takers)


def _names(selector: Selector) -> list[str] | list[None]:
    """The names that a selector asks for; None stands for any."""
    if selector.name is None:
        return [None]
    return [selector.name] if isinstance(selector.name, str) else selector.name


def _taker(taken: Taken, sort: Sort, name: str | None) -> int | None:
    """The rule that takes the attributes of a sort and name (None: of any name) before others can."""
    return taken.get((sort, None), taken.get((sort, name)))


def _fits(selector: Selector, sort: Sort) -> bool:
    return (
        selector.of in {"any", sort.of}
        and (selector.input_type is None or sort.input_type in selector.input_type)
        and selector.mutable in {None, sort.mutable}
        and selector.declared in {None, sort.declared}
    )
