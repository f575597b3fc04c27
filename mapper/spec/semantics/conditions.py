"""Conditions: those without content, and those that contradict themselves."""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import isfinite
from typing import TYPE_CHECKING, Any

from mapper.findings.spec_meaning.rules import EmptyCondition, NeverHolds
from mapper.spec.matching import ElementMatch, Match, NumberTest, OtherField, TextTest
from mapper.spec.wording import shown, where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.findings.base import Issue
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.walk import Found, Pointer

Test = TextTest | NumberTest

TEXT_TESTS: dict[str, Callable[[str, Any], bool]] = {
    "like": fnmatchcase,
    "contains": lambda value, wanted: wanted in value,
    "starts": lambda value, wanted: value.startswith(wanted),
    "ends": lambda value, wanted: value.endswith(wanted),
    "empty": lambda value, wanted: (not value) == wanted,
}
EQUALITY_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: bool(value == wanted),
    "ne": lambda value, wanted: bool(value != wanted),
    "in_": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
}
ORDER_TESTS: dict[str, Callable[[float, Any], bool]] = {
    "lt": lambda value, wanted: value < wanted,
    "le": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "ge": lambda value, wanted: value >= wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "not_between": lambda value, wanted: not wanted[0] <= value <= wanted[1],
}


def conditions(spec: MappingSpec, located: Located) -> list[Found]:
    """What is empty, and what can never hold, at its own place."""
    return [
        (issue, located.place(pointer))
        for number, rule in enumerate(spec.rules)
        for pointer, issue in faults(rule.match, ("rules", number, "match"))
    ]


def faults(match: Match, pointer: Pointer) -> Iterator[tuple[Pointer, Issue]]:
    """What is wrong with the conditions of a match, each by itself."""
    for at, value in _conditions(match, pointer):
        if value in ([], {}) or (isinstance(value, Match | ElementMatch | Test) and not _given(value)):
            yield at, EmptyCondition(where(at))
        elif isinstance(value, Test) and (why := contradiction(value) or _against_itself(value, at)):
            yield at, NeverHolds(why)


def _conditions(match: Match | ElementMatch, pointer: Pointer) -> Iterator[tuple[Pointer, Any]]:
    """Every condition and every list in one, the match itself not counted."""
    for name, value in _given(match).items():
        at = (*pointer, _key(name))
        if name in {"any", "all"}:
            for index, inner in enumerate(value):
                yield from _nested(inner, (*at, index))
        elif name in {"not_", "elements"}:
            yield from _nested(value, at)
        elif name == "attributes" and value:
            for attribute, condition in value.items():
                yield from _tested(condition, (*at, attribute))
        else:
            yield from _tested(value, at)


def _nested(match: Match | ElementMatch, pointer: Pointer) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, match
    yield from _conditions(match, pointer)


def _tested(condition: Any, pointer: Pointer) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, condition
    if isinstance(condition, Test):
        for name in ("in_", "not_in"):
            if getattr(condition, name) is not None:
                yield (*pointer, _key(name)), getattr(condition, name)


def _key(name: str) -> str:
    return name.removesuffix("_")


def _given(node: Match | ElementMatch | Test) -> dict[str, Any]:
    return {name: value for name in type(node).model_fields if (value := getattr(node, name)) is not None}


def contradiction(test: Test) -> str:
    """Why no value passes a test, "" if one may; what it says of other fields may hold."""
    given = _given(test)
    present = given.pop("present", None)
    if present is False and given:
        return "what does not stand in the export at all meets no other test"
    given = {name: wanted for name, wanted in given.items() if not isinstance(wanted, OtherField)}
    if "eq" in given:
        candidates, what = [given["eq"]], f"{shown(given['eq'])} does not meet"
    elif given.get("in_"):
        candidates, what = given["in_"], "none of the values under `in` meets"
    elif given.get("empty"):
        candidates, what = [""], "the empty text does not meet"
    else:
        return _empty_range(given)
    return "" if any(_passes(candidate, given) for candidate in candidates) else f"{what} the other tests"


def _against_itself(test: Test, pointer: Pointer) -> str:
    """Why a comparison with the very same field never holds, "" if there is none."""
    *above, name = pointer
    space = "attribute" if above[-1:] == ["attributes"] else "field"
    others = [getattr(test, operator, None) for operator in ("ne", "lt", "gt")]
    itself = any(isinstance(other, OtherField) and getattr(other, space) == name for other in others)
    return f"`{name}` is compared with itself" if itself else ""


def _passes(value: Any, given: dict[str, Any]) -> bool:
    number = _number(value)
    return all(
        EQUALITY_TESTS[name](value, wanted)
        if name in EQUALITY_TESTS
        else TEXT_TESTS[name](value, wanted)
        if name in TEXT_TESTS
        else number is not None and ORDER_TESTS[name](number, wanted)
        for name, wanted in given.items()
    )


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and "_" not in str(value) else None


def _empty_range(given: dict[str, Any]) -> str:
    """Why no number lies between the bounds, "" if one does."""
    least_most = given.get("between", (None, None))
    bounds = [*given.items(), ("ge", least_most[0]), ("le", least_most[1])]
    lower = max(((bound, name == "gt") for name, bound in bounds if name in {"gt", "ge"} and bound is not None), default=None)
    upper = min(((bound, name == "le") for name, bound in bounds if name in {"lt", "le"} and bound is not None), default=None)
    if lower is None or upper is None or lower[0] < upper[0]:
        return ""
    if lower[0] == upper[0] and not lower[1] and upper[1]:
        return ""
    least = f"{'more than' if lower[1] else 'at least'} {shown(lower[0])}"
    most = f"{'at most' if upper[1] else 'less than'} {shown(upper[0])}"
    return f"no number is {least} and {most}"
