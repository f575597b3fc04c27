"""The operators of conditions: whether one value, a text or a number, meets a test."""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from mapper.spec.matching import NumberTest, OtherField, TextTest

if TYPE_CHECKING:
    from collections.abc import Callable


def to_number(text: str | None) -> float | None:
    """The finite number that a text spells, None if there is none."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None


def text_passes(value: str | None, test: Any) -> bool:
    """Whether a text (None: absent) meets a condition."""
    if isinstance(test, str):
        return value == test
    if isinstance(test, list):
        return value in test
    if test.present is not None and test.present != (value is not None):
        return False
    if value is None:
        return test.present is False
    return all(
        check(value, wanted) for name, check in TEXT_CHECKS if (wanted := getattr(test, name)) is not None
    )  # fmt: skip


TEXT_CHECKS: tuple[tuple[str, Callable[[str, Any], bool]], ...] = (
    ("eq", eq),
    ("ne", ne),
    ("in_", lambda value, wanted: value in wanted),
    ("not_in", lambda value, wanted: value not in wanted),
    ("like", fnmatchcase),
    ("contains", lambda value, wanted: wanted in value),
    ("starts", lambda value, wanted: value.startswith(wanted)),
    ("ends", lambda value, wanted: value.endswith(wanted)),
    ("empty", lambda value, wanted: (value == "") == wanted),
)
ORDER_CHECKS: tuple[tuple[str, Callable[[float, Any], bool]], ...] = (
    ("lt", lt),
    ("le", le),
    ("gt", gt),
    ("ge", ge),
    ("between", lambda value, wanted: wanted[0] <= value <= wanted[1]),
    ("not_between", lambda value, wanted: not wanted[0] <= value <= wanted[1]),
)
NUMBER_CHECKS: tuple[tuple[str, Callable[[float, Any], bool]], ...] = (
    ("eq", eq),
    ("ne", ne),
    ("in_", lambda value, wanted: value in wanted),
    ("not_in", lambda value, wanted: value not in wanted),
    *ORDER_CHECKS,
)


def number_passes(value: float | None, test: Any) -> bool:
    """Whether a number (None: absent) meets a condition."""
    if isinstance(test, int | float):
        return value == test
    if isinstance(test, list):
        return value in test
    if test.present is not None and test.present != (value is not None):
        return False
    if value is None:
        return test.present is False
    return all(check(value, wanted) for name, check in NUMBER_CHECKS if (wanted := getattr(test, name)) is not None)


def value_passes(value: str | None, test: Any) -> bool:
    """Whether an attribute's text meets a condition; the orderings read it as a number."""
    if not text_passes(value, test):
        return False
    if isinstance(test, str | list):
        return True
    wanted = [(check, bound) for name, check in ORDER_CHECKS if (bound := getattr(test, name)) is not None]
    number = to_number(value) if wanted else None
    return all(number is not None and check(number, bound) for check, bound in wanted)


RELATIONS: dict[str, Callable[[Any, Any], bool]] = dict((*TEXT_CHECKS, *ORDER_CHECKS))
"""What may stand between two fields of a shape."""
ORDERS = frozenset(name for name, _ in ORDER_CHECKS)


def literal(test: Any) -> Any:
    """A test without what it says of other fields."""
    others = dict.fromkeys(relational(test))
    return test.model_copy(update=others) if others else test


def relational(test: Any) -> list[str]:
    """The operators under which a test names another field."""
    if isinstance(test, TextTest | NumberTest):
        return [name for name in RELATIONS if isinstance(getattr(test, name, None), OtherField)]
    return []
