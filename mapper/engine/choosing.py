"""Among many rules for one label and kind, the few that one shape can meet, by a single number or attribute.

A grown spec asks the same thing in many rules (is it 4 to 8 pixels wide, is ``type`` a truck). Looking the answer up once
saves asking rule by rule: five hundred rules then cost a shape about as much as five.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from mapper.engine.conditions import AttributeIs, Bounded, Compares, NumberIs
from mapper.engine.logic import Every

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mapper.cvat.model import Image, Shape
    from mapper.engine.compile import Way

FEW = 8
"""Up to so many rules are asked one after the other."""

EXACT = 2**50
"""Between numbers up to here there is room for one in the middle."""

Numeric = (Compares, NumberIs, Bounded)


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Ways by a number: ``buckets`` belong to the places before, at and between ``bounds``, in turn."""

    get: Callable[[Shape, Image], float | None]
    bounds: tuple[float, ...]
    buckets: tuple[tuple[Way, ...], ...]
    absent: tuple[Way, ...]

    def __call__(self, shape: Shape, image: Image) -> Sequence[Way]:
        """The ways that the shape's number leaves open, in the order of the spec."""
        value = self.get(shape, image)
        if value is None:
            return self.absent
        place = bisect_left(self.bounds, value)
        at = place < len(self.bounds) and self.bounds[place] == value
        return self.buckets[2 * place + at]


@dataclass(frozen=True, slots=True)
class ByAttribute:
    """Ways by the text of an attribute; ``others`` for a text that no rule names, and for none."""

    name: str
    known: dict[str, tuple[Way, ...]]
    others: tuple[Way, ...]

    def __call__(self, shape: Shape, _: Image) -> Sequence[Way]:
        """The ways that the shape's attribute leaves open, in the order of the spec."""
        text = next((text for name, text in shape.attributes if name == self.name), None)
        return self.others if text is None else self.known.get(text, self.others)


Chooser = ByNumber | ByAttribute


def chooser(ways: Sequence[Way], *, first: bool = True) -> Chooser | None:
    """What narrows the ways down by the question that most of them ask; None if they are few or ask different things.

    ``first``: whoever asks wants the first way that a shape can take, so that those behind a certain one may be left out.
    """
    if len(ways) <= FEW:
        return None
    asked = Counter(axis for way in ways for axis in dict.fromkeys(map(_axis, _parts(way.condition))) if axis is not None)
    if not asked:
        return None
    axis, count = max(asked.items(), key=lambda item: item[1])  # of equal ones, that which a rule asks first
    if count <= FEW:
        return None
    return _by_attribute(axis, ways) if isinstance(axis, str) else _by_number(axis, ways, first=first)


def _parts(condition: Any) -> tuple[Any, ...]:
    return condition.conditions if isinstance(condition, Every) else (condition,)


def _axis(part: Any) -> Any:
    """What a condition asks for: the getter of a number, the name of an attribute, or None."""
    if isinstance(part, Numeric):
        return part.get
    if isinstance(part, AttributeIs) and _texts(part) is not None:
        return part.name
    return None


# -- numbers -----------------------------------------------------------------------------------------------------


def _by_number(get: Callable[[Shape, Image], float | None], ways: Sequence[Way], *, first: bool) -> ByNumber | None:
    questions = [[part for part in _parts(way.condition) if _axis(part) is get] for way in ways]
    bounds = sorted({number for parts in questions for part in parts for number in part.numbers()})
    if any(abs(number) > EXACT for number in bounds):
        return None
    places = {number: 2 * index + 1 for index, number in enumerate(bounds)}
    buckets: list[list[Way]] = [[] for _ in range(2 * len(bounds) + 1)]
    decided = [False] * len(buckets)
    absent: list[Way] = []
    for way, parts in zip(ways, questions, strict=True):
        certain = len(parts) == len(_parts(way.condition)) or way.condition is True
        for index in _open(parts, places, len(buckets)):
            if not decided[index]:
                buckets[index].append(way)
                decided[index] = certain and first
        if all(part.holds(None) for part in parts):
            absent.append(way)
    return ByNumber(get, tuple(bounds), tuple(map(tuple, buckets)), tuple(absent))


def _open(parts: Sequence[Any], places: dict[float, int], count: int) -> Iterator[int]:
    """The buckets in which all parts hold: each part is asked once at, before and after every number of the parts' own."""
    own = sorted({number for part in parts for number in part.numbers()})
    start = 0
    for index, number in enumerate(own):
        before = (own[index - 1] + number) / 2 if index else -inf
        if all(part.holds(before) for part in parts):
            yield from range(start, places[number])
        if all(part.holds(number) for part in parts):
            yield places[number]
        start = places[number] + 1
    if all(part.holds(inf) for part in parts):
        yield from range(start, count)


# -- attributes --------------------------------------------------------------------------------------------------


def _by_attribute(name: str, ways: Sequence[Way]) -> ByAttribute:
    wanted = [_wanted(way, name) for way in ways]
    texts = list(dict.fromkeys(text for found in wanted if found is not None for text in found))
    known: dict[str, list[Way]] = {text: [] for text in texts}
    others: list[Way] = []
    for way, found in zip(ways, wanted, strict=True):
        for text in texts if found is None else found:
            known[text].append(way)
        if found is None:
            others.append(way)
    return ByAttribute(name, {text: tuple(found) for text, found in known.items()}, tuple(others))


def _wanted(way: Way, name: str) -> frozenset[str] | None:
    """The texts of which a way wants one, None if it would take any."""
    found = [_texts(part) for part in _parts(way.condition) if isinstance(part, AttributeIs) and part.name == name]
    sets = [texts for texts in found if texts is not None]
    return frozenset.intersection(*sets) if sets else None


def _texts(part: AttributeIs) -> frozenset[str] | None:
    """The texts that a condition names one by one; None if it is of another form."""
    test = part.test
    if isinstance(test, str):
        return frozenset((test,))
    if isinstance(test, list):
        return frozenset(test)
    if isinstance(test.eq, str):
        return frozenset((test.eq,))
    return frozenset(test.in_) if test.in_ is not None else None
