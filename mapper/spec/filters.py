"""What expressions may do with values: text, numbers, filters and tests, each bounded in time and size.

Every function takes and gives plain values (text, int, float, bool, None, list) and raises EvaluationError where the
data does not fit. Text is at most 4 096 characters before and after each step, a number at most 1e15 either way.
"""

from __future__ import annotations

import math
import operator
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT_LIMIT = 4096
NUMBER_LIMIT = 10**15
MAX_DIGITS = 12

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NUMBER_LENGTH = 64
_INTEGER_BITS = 64
_WORD = re.compile(r"[^\s\-({\[<]+")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_NOT_GIVEN = object()


class EvaluationError(Exception):
    """The data does not fit the expression. It never leaves `mapper.spec.expressions`, which returns a problem."""


class MissingError(EvaluationError):
    """There is no value: a name that the scope lacks, or (without a name) a conditional without else."""

    def __init__(self, name: str = "") -> None:
        super().__init__(f"'{name}' has no value here" if name else "the condition does not hold, and there is no else")
        self.name = name


def text(value: Any) -> str:
    """A value as text: booleans as YAML writes them, numbers as Python does; null and lists are refused."""
    if isinstance(value, str):
        return bounded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(finite(value))
    raise EvaluationError(f"{_kind(value)} cannot be part of a text")


def finite(value: Any) -> int | float:
    """The same number, if it is not infinite or NaN, nor an integer beyond 64 bits."""
    checked: int | float = value
    if math.isfinite(value) if isinstance(value, float) else value.bit_length() <= _INTEGER_BITS:
        return checked
    raise EvaluationError("a number is not finite or has too many digits")


def bounded(value: str) -> str:
    """The same text, if it is not too long."""
    if len(value) > TEXT_LIMIT:
        raise EvaluationError(f"a text has more than {TEXT_LIMIT} characters")
    return value


def number(value: Any) -> int | float:
    """The same number, if it is one (a boolean is not), finite and at most 1e15 either way."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvaluationError(f"{_kind(value)} is not a number")
    if not -NUMBER_LIMIT <= value <= NUMBER_LIMIT:  # also refuses NaN
        raise EvaluationError("a number is not finite or exceeds 1e15")
    return value


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else "a list" if isinstance(value, list | tuple) else f"{value}"


def _divide(left: float, right: float) -> float:
    if right == 0:
        raise EvaluationError("division by zero")
    return left / right


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
}


def calculate(sign: str, left: Any, right: Any) -> int | float:
    """``+ - * /`` of two numbers; text is joined with ``~`` instead."""
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        raise EvaluationError("text is joined with ~, not with +")
    return number(_ARITHMETIC[sign](number(left), number(right)))


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same: a boolean equals no number, a text no number."""
    if isinstance(left, list | tuple) or isinstance(right, list | tuple):
        raise EvaluationError("lists cannot be compared")
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def contains(item: Any, container: Any) -> bool:
    """Whether a list holds a value, or a text another text."""
    if isinstance(container, list | tuple):
        return any(equal(item, entry) for entry in container)
    if isinstance(container, str) and isinstance(item, str):
        return bounded(item) in bounded(container)
    raise EvaluationError(f"{_kind(container)} cannot hold {_kind(item)}")


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


def compare(name: str, left: Any, right: Any) -> bool:
    """One comparison by its name in jinja's syntax tree."""
    if name in ("in", "notin"):
        return contains(left, right) == (name == "in")
    if name in ("eq", "ne"):
        return equal(left, right) == (name == "eq")
    if not (isinstance(left, str) and isinstance(right, str)):
        left, right = number(left), number(right)
    return _ORDER[name](left, right)


def _title(value: Any) -> str:
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text(value))


def _trim(value: Any, characters: Any = None) -> str:
    return text(value).strip(None if characters is None else text(characters))


def _replace(value: Any, old: Any, new: Any) -> str:
    """The length is known before anything is replaced: thirty chained replacements could describe 10^31 bytes."""
    whole, part, other = text(value), text(old), text(new)
    if len(whole) + whole.count(part) * (len(other) - len(part)) > TEXT_LIMIT:
        raise EvaluationError(f"a text has more than {TEXT_LIMIT} characters")
    return whole.replace(part, other)


def _round(value: Any, digits: Any = 0, method: Any = "common") -> int | float:
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= MAX_DIGITS:
        raise EvaluationError(f"digits to round to are a whole number from 0 to {MAX_DIGITS}")
    if method == "common":
        return round(number(value), digits)
    if method not in ("ceil", "floor"):
        raise EvaluationError("the method of rounding is 'common', 'ceil' or 'floor'")
    scale: int = 10**digits
    return float((math.ceil if method == "ceil" else math.floor)(number(value) * scale) / scale)


def _parsed(value: Any) -> int | float:
    """A number, or a text that spells one in decimal digits."""
    if not isinstance(value, str):
        return number(value)
    spelled = value.strip()
    if len(spelled) > _NUMBER_LENGTH or not _NUMBER.fullmatch(spelled):
        raise EvaluationError(f"{_kind(value)} is not a number")
    return number(int(spelled) if spelled.lstrip("+-").isdigit() else float(spelled))


def _int(value: Any, default: Any = _NOT_GIVEN) -> Any:
    try:
        return int(_parsed(value))
    except EvaluationError:
        if default is _NOT_GIVEN:
            raise
        return default


def _float(value: Any, default: Any = _NOT_GIVEN) -> Any:
    try:
        return float(_parsed(value))
    except EvaluationError:
        if default is _NOT_GIVEN:
            raise
        return default


def _default(value: Any, fallback: Any, *, if_empty: Any = False) -> Any:
    return fallback if value is None or (if_empty and not value) else value


def _slug(value: Any) -> str:
    return _NOT_A_LETTER.sub("-", unicodedata.normalize("NFKC", text(value)).casefold()).strip("-")


class Function(NamedTuple):
    """A filter or test: what runs, and how many values it takes besides the one before the ``|`` or ``is``."""

    run: Callable[..., Any]
    least: int = 0
    most: int = 0


FILTERS: dict[str, Function] = {
    "default": Function(lambda value, fallback, empty=False: _default(value, fallback, if_empty=empty), 1, 2),
    "float": Function(_float, 0, 1),
    "int": Function(_int, 0, 1),
    "lower": Function(lambda value: text(value).lower()),
    "replace": Function(_replace, 2, 2),
    "round": Function(_round, 0, 2),
    "slug": Function(_slug),
    "title": Function(_title),
    "trim": Function(_trim, 0, 1),
    "upper": Function(lambda value: text(value).upper()),
}

TESTS: dict[str, Function] = {
    "boolean": Function(lambda value: isinstance(value, bool)),
    "defined": Function(lambda _: True),
    "even": Function(lambda value: number(value) % 2 == 0),
    "in": Function(contains, 1, 1),
    "none": Function(lambda value: value is None),
    "number": Function(lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "odd": Function(lambda value: number(value) % 2 == 1),
    "string": Function(lambda value: isinstance(value, str)),
    "undefined": Function(lambda _: False),
}
