"""Conditions compiled: what is known from label and kind is decided at once, the rest becomes small callables."""

from __future__ import annotations

from dataclasses import dataclass
from operator import eq
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS, Image
from mapper.engine import measures
from mapper.engine.checks import NUMBER_CHECKS, ORDERS, RELATIONS, literal, number_passes, relational, text_passes, value_passes
from mapper.engine.checks import to_number as _number
from mapper.engine.logic import every, negated, some
from mapper.engine.relations import Relates, SomeElement

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Shape
    from mapper.geometry.kinds import Kind
    from mapper.spec.matching import ElementMatch, Match, NumberTest, OtherField, TextTest, ValueTest

OCCLUDED, Z_ORDER, GROUP, SOURCE, TRACK, _, SCORE = range(len(FIELDS))


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
        several = [getattr(self.test, name) or () for name in ("in_", "not_in", "between", "not_between")]
        return (*(bound for bound in single if bound is not None), *(number for numbers in several for number in numbers))


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
        return value_passes(attribute(shape, self.name), self.test)


@dataclass(frozen=True, slots=True)
class FlagIs:
    """A flag has the wanted state."""

    get: Callable[[Shape, Image], bool]
    wanted: bool

    def __call__(self, shape: Shape, image: Image) -> bool:
        """Whether the flag is as wanted."""
        return self.get(shape, image) == self.wanted


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
    "score": lambda shape, _: _number(shape.fields[SCORE]),
    "frame": lambda _, image: image.frame,
}
FLAGS: dict[str, Callable[[Shape, Image], bool]] = {
    "occluded": lambda shape, _: shape.fields[OCCLUDED] == "1",
    "track": lambda shape, image: shape.fields[TRACK] is not None or not isinstance(image, Image),
}


def _number_test(get: Callable[[Shape, Image], float | None], test: Any) -> Compares | Bounded | NumberIs:
    if isinstance(test, int | float):
        return Compares(get, eq, test)
    if isinstance(test, list) or test.present is not None:
        return NumberIs(get, test)
    wanted = [(check, bound) for name, check in NUMBER_CHECKS if (bound := getattr(test, name)) is not None]
    if len(wanted) == 1:
        return Compares(get, *wanted[0])
    return Bounded(get, *wanted[0], *wanted[1]) if len(wanted) == 2 else NumberIs(get, test)  # noqa: PLR2004 - first and second


class Condition:
    """A match, read once: what no label or kind changes is compiled when first wanted, and shared by all of them."""

    __slots__ = ("_all", "_any", "_label", "_match", "_not", "_parts", "_tag")

    def __init__(self, match: Match) -> None:
        self._match = match
        self._label = None if match.label is None else literal(match.label)
        self._tag = match.tag if match.tag is None or isinstance(match.tag, bool) else literal(match.tag)
        self._parts: list[Any] | None = None
        self._all = [Condition(inner) for inner in match.all or ()]
        self._any = None if match.any is None else [Condition(inner) for inner in match.any]
        self._not = None if match.not_ is None else Condition(match.not_)

    def of(self, label: str, kind: Kind) -> Any:
        """True or False where label and kind decide it, else a callable ``(shape, image) -> bool``."""
        if not self._fits(label, kind):
            return False
        if self._parts is None:
            self._parts = _parts(self._match)
        parts = list(self._parts)
        if self._match.elements is not None:
            parts.append(kind == "skeleton" and element_condition(self._match.elements))
        parts += [inner.of(label, kind) for inner in self._all]
        if self._any is not None:
            parts.append(some([inner.of(label, kind) for inner in self._any]))
        if self._not is not None:
            parts.append(negated(self._not.of(label, kind)))
        return every(parts)

    def _fits(self, label: str, kind: Kind) -> bool:
        if self._label is not None and not text_passes(label, self._label):
            return False
        if self._match.shapes is not None and kind not in self._match.shapes:
            return False
        if self._tag is None:
            return True
        if isinstance(self._tag, bool):
            return self._tag == (kind == "tag")
        return kind == "tag" and text_passes(label, self._tag)


def compile_match(match: Match, label: str, kind: Kind) -> Any:
    """True or False where label and kind decide it, else a callable ``(shape, image) -> bool``."""
    return Condition(match).of(label, kind)


def _parts(match: Match) -> list[Any]:
    """What a match asks of the data, but for what is nested in it."""
    parts: list[Any] = [part for test in (match.label, match.tag) for part in relations(test, _label)]
    for name, get in TEXTS.items():
        parts += _text_parts(get, getattr(match, name))
    for name, measure in NUMBERS.items():
        parts += _number_parts(measure, getattr(match, name))
    parts += [FlagIs(get, wanted) for name, get in FLAGS.items() if (wanted := getattr(match, name)) is not None]
    return parts + _attribute_parts(match.attributes)


def _text_parts(get: Callable[[Shape, Image], str | None], test: Any) -> list[Any]:
    return [] if test is None else [TextIs(get, literal(test)), *relations(test, get)]


def _number_parts(get: Callable[[Shape, Image], float | None], test: Any) -> list[Any]:
    return [] if test is None else [_number_test(get, literal(test)), *relations(test, None, get)]


def _attribute_parts(tests: dict[str, Any] | None) -> list[Any]:
    return [
        part
        for name, test in (tests or {}).items()
        for part in (AttributeIs(name, literal(test)), *relations(test, _attribute_of(name)))
    ]  # fmt: skip


def element_condition(test: ElementMatch) -> SomeElement:
    """What some point of a skeleton must meet; a point is looked at as if it were a shape."""
    parts = [*_text_parts(_label, test.label), *_attribute_parts(test.attributes)]
    if test.occluded is not None:
        parts.append(FlagIs(FLAGS["occluded"], test.occluded))
    return SomeElement(every(parts), test.outside)


def relations(
    test: Any, text: Callable[[Shape, Image], str | None] | None, number: Callable[[Shape, Image], float | None] | None = None
) -> list[Relates]:
    """What a test says of other fields: texts are compared as texts, but with a number field, or in order, as numbers."""
    found: list[Relates] = []
    for name in relational(test):
        other = getattr(test, name)
        if text is None or name in ORDERS or other.field in NUMBERS:
            found.append(Relates(number or _read_as_number(text), RELATIONS[name], _number_of(other)))
        else:
            found.append(Relates(text, RELATIONS[name], _text_of(other)))
    return found


def other_value(other: OtherField, shape: Shape, image: Image) -> str | float | None:
    """What a test compares with."""
    measure = NUMBERS.get(other.field or "")
    return measure(shape, image) if measure else _text_of(other)(shape, image)


def attribute(shape: Shape, name: str) -> str | None:
    """The text of an attribute, None if the shape lacks it."""
    return next((text for known, text in shape.attributes if known == name), None)


def _attribute_of(name: str) -> Callable[[Shape, Image], str | None]:
    return lambda shape, _: attribute(shape, name)


def _label(shape: Shape, _: Image) -> str:
    return shape.label


def _read_as_number(text: Any) -> Callable[[Shape, Image], float | None]:
    return lambda shape, image: _number(text(shape, image))


def _number_of(other: OtherField) -> Callable[[Shape, Image], float | None]:
    return NUMBERS.get(other.field or "") or _read_as_number(_text_of(other))


def _text_of(other: OtherField) -> Callable[[Shape, Image], str | None]:
    if other.attribute is not None:
        return _attribute_of(other.attribute)
    if other.field in FLAGS:
        flag = FLAGS[other.field]
        return lambda shape, image: "true" if flag(shape, image) else "false"
    return TEXTS.get(other.field or "", _label)
