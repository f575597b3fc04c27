"""Conditions compiled: what is known from label and kind is decided at once, the rest becomes small callables."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any

from mapper.engine import measures

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image, Shape
    from mapper.geometry.kinds import Kind
    from mapper.spec.matching import Match, NumberTest, TextTest, ValueTest

OCCLUDED, Z_ORDER, GROUP, SOURCE, TRACK = range(5)


@dataclass(frozen=True, slots=True)
class TextIs:
    """A text meets a test; None stands for a value that is absent."""

    get: Callable[[Shape, Image], str | None]
    test: str | list[str] | TextTest

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the shape's text passes."""
        return text_passes(self.get(shape, image), self.test)


@dataclass(frozen=True, slots=True)
class NumberIs:
    """A number meets a test; None stands for a value that is absent or no number."""

    get: Callable[[Shape, Image], float | None]
    test: float | list[int | float] | NumberTest

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the shape's number passes."""
        return number_passes(self.get(shape, image), self.test)

    def holds(self, value: float | None) -> bool:
        """Whether a number passes."""
        return number_passes(value, self.test)

    def numbers(self) -> tuple[float, ...]:
        """The numbers at which the answer may change."""
        if isinstance(self.test, int | float):
            return (self.test,)
        if isinstance(self.test, list):
            return tuple(self.test)
        single = [getattr(self.test, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")]
        return (*(bound for bound in single if bound is not None), *(self.test.in_ or ()), *(self.test.not_in or ()))


@dataclass(frozen=True, slots=True)
class Compares:
    """A number stands in one relation to a bound: the frequent test, without the general one's loop over operators."""

    get: Callable[[Shape, Image], float | None]
    relation: Callable[[float, Any], bool]
    bound: Any

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the shape's number is there and in the relation."""
        value = self.get(shape, image)
        return value is not None and self.relation(value, self.bound)

    def holds(self, value: float | None) -> bool:
        """Whether a number is in the relation."""
        return value is not None and self.relation(value, self.bound)

    def numbers(self) -> tuple[float, ...]:
        """The numbers at which the answer may change."""
        return tuple(self.bound) if isinstance(self.bound, list) else (self.bound,)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number stands in two relations to two bounds: a range."""

    get: Callable[[Shape, Image], float | None]
    first: Callable[[float, Any], bool]
    low: Any
    second: Callable[[float, Any], bool]
    high: Any

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the shape's number is there and in both relations."""
        value = self.get(shape, image)
        return value is not None and self.first(value, self.low) and self.second(value, self.high)

    def holds(self, value: float | None) -> bool:
        """Whether a number is in both relations."""
        return value is not None and self.first(value, self.low) and self.second(value, self.high)

    def numbers(self) -> tuple[float, ...]:
        """The numbers at which the answer may change."""
        bounds = (self.low, self.high)
        return tuple(number for bound in bounds for number in (bound if isinstance(bound, list) else (bound,)))


@dataclass(frozen=True, slots=True)
class AttributeIs:
    """An attribute's text meets a test."""

    name: str
    test: str | list[str] | ValueTest

    def __call__(self, shape: Shape, _: Image) -> bool:
        """Whether the attribute's value passes."""
        value = next((text for name, text in shape.attributes if name == self.name), None)
        return value_passes(value, self.test)


@dataclass(frozen=True, slots=True)
class FlagIs:
    """A flag has the wanted state."""

    get: Callable[[Shape, Image], bool]
    wanted: bool

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the flag is as wanted."""
        return self.get(shape, image) == self.wanted


@dataclass(frozen=True, slots=True)
class Every:
    """All conditions hold."""

    conditions: tuple[Any, ...]

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether every condition holds."""
        return all(condition(shape, image) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one condition holds."""

    conditions: tuple[Any, ...]

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether some condition holds."""
        return any(condition(shape, image) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Any

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the condition fails."""
        return not self.condition(shape, image)


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in text else None


TEXTS: dict[str, Callable[[Shape, Image], str | None]] = {
    "source": lambda shape, _: shape.fields[SOURCE],
    "image": lambda _, image: image.name,
    "subset": lambda _, image: image.subset,
}
NUMBERS: dict[str, Callable[[Shape, Image], float | None]] = {
    "width": measures.width,
    "height": measures.height,
    "area": measures.area,
    "rotation": measures.rotation,
    "point_count": measures.point_count,
    "z_order": lambda shape, _: _number(shape.fields[Z_ORDER] or "0"),
    "group": lambda shape, _: _number(shape.fields[GROUP] or "0"),
    "frame": lambda _, image: image.frame,
}
FLAGS: dict[str, Callable[[Shape, Image], bool]] = {
    "occluded": lambda shape, _: shape.fields[OCCLUDED] == "1",
    "track": lambda shape, _: shape.fields[TRACK] is not None,
}


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
    ("starts", lambda value, wanted: value.startswith(wanted)),
    ("ends", lambda value, wanted: value.endswith(wanted)),
    ("empty", lambda value, wanted: (value == "") == wanted),
)
ORDER_CHECKS: tuple[tuple[str, Callable[[float, Any], bool]], ...] = (
    ("lt", lt),
    ("le", le),
    ("gt", gt),
    ("ge", ge),
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
    number = _number(value) if wanted else None
    return all(number is not None and check(number, bound) for check, bound in wanted)


def _number_test(get: Callable[[Shape, Image], float | None], test: Any) -> Compares | Bounded | NumberIs:
    if isinstance(test, int | float):
        return Compares(get, eq, test)
    if isinstance(test, list) or test.present is not None:
        return NumberIs(get, test)
    wanted = [(check, bound) for name, check in NUMBER_CHECKS if (bound := getattr(test, name)) is not None]
    if len(wanted) == 1:
        return Compares(get, *wanted[0])
    return Bounded(get, *wanted[0], *wanted[1]) if len(wanted) == 2 else NumberIs(get, test)  # noqa: PLR2004 - first and second


def compile_match(match: Match, label: str, kind: Kind) -> Any:
    """True or False where label and kind decide it, else a callable ``(shape, image) -> bool``."""
    parts: list[Any] = [_static(match, label, kind)]
    parts += [TextIs(get, test) for name, get in TEXTS.items() if (test := getattr(match, name)) is not None]
    parts += [_number_test(get, test) for name, get in NUMBERS.items() if (test := getattr(match, name)) is not None]
    parts += [FlagIs(get, wanted) for name, get in FLAGS.items() if (wanted := getattr(match, name)) is not None]
    parts += [AttributeIs(name, test) for name, test in (match.attributes or {}).items()]
    if match.all is not None:
        parts += [compile_match(inner, label, kind) for inner in match.all]
    if match.any is not None:
        parts.append(_some([compile_match(inner, label, kind) for inner in match.any]))
    if match.not_ is not None:
        parts.append(_negated(compile_match(match.not_, label, kind)))
    return _every(parts)


def _static(match: Match, label: str, kind: Kind) -> bool:
    if match.label is not None and not text_passes(label, match.label):
        return False
    if match.shapes is not None and kind not in match.shapes:
        return False
    if match.tag is None:
        return True
    if isinstance(match.tag, bool):
        return match.tag == (kind == "tag")
    return kind == "tag" and text_passes(label, match.tag)


def _every(parts: list[Any]) -> Any:
    if any(part is False for part in parts):
        return False
    open_parts = tuple(part for part in parts if part is not True)
    if len(open_parts) == 1:
        return open_parts[0]
    return Every(open_parts) if open_parts else True


def _some(parts: list[Any]) -> Any:
    if any(part is True for part in parts):
        return True
    open_parts = tuple(part for part in parts if part is not False)
    if len(open_parts) == 1:
        return open_parts[0]
    return Some(open_parts) if open_parts else False


def _negated(part: Any) -> Any:
    return (not part) if isinstance(part, bool) else Not(part)
