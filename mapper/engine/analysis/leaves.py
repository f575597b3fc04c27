"""The single tests of conditions: what they ask about, and whether a value passes. Says also which it does not know.

This is a second statement of what `mapper.engine.conditions` does, on purpose: a test holds one against the other.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.spec.matching import NumberTest, TextTest, ValueTest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Dimension = tuple[str, str]
"""What a test asks about: ``("attributes", name)``, or the key of a match and ""."""

Key = tuple[Any, ...]

TEXTS = ("source", "image", "subset")
MEASURES = ("width", "height", "area", "rotation", "point_count")
NUMBERS = (*MEASURES, "z_order", "group", "frame")
FLAGS = ("occluded", "track")
STATIC = ("label", "shapes", "tag")
NESTED = ("attributes", "any", "all", "not_")
KNOWN = frozenset({*TEXTS, *NUMBERS, *FLAGS, *STATIC, *NESTED})
"""The keys of a match that are analysed; a match with another one stays open."""


def _between(value: float, limits: Any) -> bool:
    return bool(limits[0] <= value <= limits[1])


def _not_between(value: float, limits: Any) -> bool:
    return not _between(value, limits)


EQUALITIES: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "in_": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
}
PATTERNS: dict[str, Callable[[str, Any], bool]] = {
    "like": fnmatchcase,
    "contains": lambda value, wanted: wanted in value,
    "starts": lambda value, wanted: value.startswith(wanted),
    "ends": lambda value, wanted: value.endswith(wanted),
    "empty": lambda value, wanted: (value == "") == wanted,
}
ORDERS: dict[str, Callable[[float, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge, "between": _between, "not_between": _not_between}
OPERATORS = frozenset({*EQUALITIES, *PATTERNS, *ORDERS, "present"})


class Leaf(NamedTuple):
    """One test on one dimension; ``test`` is None if the analysis does not know it: then it may hold or not, freely."""

    dimension: Dimension
    key: Key
    test: Any


def given(test: TextTest | NumberTest) -> dict[str, Any]:
    """The operators of a test and what they compare with."""
    return {name: value for name in type(test).model_fields if (value := getattr(test, name)) is not None}


def leaf(dimension: Dimension, test: Any) -> Leaf:
    """A leaf; equal tests have equal keys."""
    if isinstance(test, TextTest | NumberTest):
        operators = given(test)
        known = operators.keys() <= OPERATORS and all(map(_plain, operators.values()))
        key: Key = ("test", *((name, _key(value)) for name, value in sorted(operators.items())))
    else:
        known, key = _plain(test), ("is", _key(test))
    return Leaf(dimension, key, test) if known else open_leaf(dimension, repr(test))


def open_leaf(dimension: Dimension, text: str) -> Leaf:
    """A leaf that is not analysed, on a dimension of its own: it may hold or not, whatever all others do."""
    return Leaf(("open", f"{':'.join(dimension)} {text}"), (), None)


def _plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str | int | float) for item in value)
    return isinstance(value, str | int | float)


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else (type(value).__name__, value)


def number_of(text: str | None) -> float | None:
    """The finite number that a text spells, as conditions read it."""
    if text is None or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def passes(value: Any, test: Any) -> bool:
    """Whether a value (a text, a number, a flag; None: absent) passes a known test."""
    if isinstance(test, list):
        return value in test
    if not isinstance(test, TextTest | NumberTest):
        return bool(value == test)
    operators = given(test)
    present = operators.pop("present", None)
    if present is not None and present != (value is not None):
        return False
    if value is None:
        return present is False and not (isinstance(test, ValueTest) and operators.keys() & ORDERS)
    return all(_operator(value, name, wanted) for name, wanted in operators.items())


def _operator(value: Any, name: str, wanted: Any) -> bool:
    if name in EQUALITIES:
        return EQUALITIES[name](value, wanted)
    if name in PATTERNS:
        return PATTERNS[name](value, wanted)
    number = number_of(value) if isinstance(value, str) else value
    return number is not None and ORDERS[name](number, wanted)


def named(test: Any) -> Iterator[Any]:
    """The texts or numbers that a test compares for equality."""
    if isinstance(test, list):
        yield from test
    elif isinstance(test, TextTest | NumberTest):
        operators = given(test)
        yield from (operators[name] for name in ("eq", "ne") if name in operators)
        yield from (value for name in ("in_", "not_in") for value in operators.get(name, ()))
    elif not isinstance(test, bool):
        yield test


def cuts(test: Any) -> Iterator[float]:
    """The numbers at which a test may change its answer."""
    if isinstance(test, NumberTest):
        yield from named(test)
    elif isinstance(test, int | float | list):
        yield from (value for value in named(test) if not isinstance(value, str))
    if isinstance(test, TextTest | NumberTest):
        for name, value in given(test).items():
            if name in ORDERS:
                yield from value if isinstance(value, list) else (value,)


def globs(test: Any) -> Iterator[str]:
    """The patterns of a test, all as globs."""
    if isinstance(test, TextTest):
        if test.like is not None:
            yield test.like
        if test.contains is not None:
            yield f"*{escaped(str(test.contains))}*"
        if test.starts is not None:
            yield f"{escaped(str(test.starts))}*"
        if test.ends is not None:
            yield f"*{escaped(str(test.ends))}"


def escaped(text: str) -> str:
    """A glob that matches one text only."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)
