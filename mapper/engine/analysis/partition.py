"""Values in classes: two values are alike if no test at hand tells them apart."""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise, product
from math import ceil, floor, inf, nextafter
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.analysis.globs import Search
from mapper.engine.analysis.leaves import ORDERS, cuts, globs, named, number_of, passes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 4096
"""Combinations of patterns and numbers beyond which the classes of a text are not told apart."""
LARGEST = 1e300


class World(IntEnum):
    """Where a value may occur: in data that follows the label schema, in other data, or perhaps nowhere."""

    DECLARED = 0
    FOREIGN = 1
    DOUBTFUL = 2


class Piece(NamedTuple):
    """The numbers from ``low`` to ``high``, both included."""

    low: float
    high: float


class Atom(NamedTuple):
    """Values that all tests at hand treat alike: ``holds`` has a bit for each test; ``values`` are texts, numbers, pieces or None."""

    holds: int
    world: World
    values: tuple[Any, ...]


Candidate = tuple[Any, Any, World]
"""A value as tests see it, what stands for it in an atom, and its world."""


def atoms(candidates: Iterable[Candidate], tests: Sequence[Any]) -> list[Atom]:
    """The atoms of candidates, in the order in which they come; those of the schema first."""
    found: dict[tuple[int, World], list[Any]] = {}
    for seen, value, world in candidates:
        holds = sum(1 << bit for bit, test in enumerate(tests) if passes(seen, test))
        found.setdefault((holds, world), []).append(value)
    return [Atom(holds, world, tuple(values)) for (holds, world), values in sorted(found.items(), key=lambda item: item[0][1])]


# -- texts --------------------------------------------------------------------------------------------------------------


def other_texts(tests: Sequence[Any], taken: Iterable[str] = ()) -> Iterator[Atom | str]:
    """Texts for every class that an unbounded text can be in, those in ``taken`` not among them.

    An Atom without values stands for a class of which no text was found, though there may be one.
    """
    words = dict.fromkeys(text for test in tests for text in named(test) if isinstance(text, str))
    reserved = {*words, *taken}
    yield from (word for word in words if word not in set(taken))
    patterns = list(dict.fromkeys(pattern for test in tests for pattern in globs(test)))
    numbers = sorted({float(cut) for test in tests for cut in cuts(test)})
    search = Search(patterns)
    spelled = list(_spellings(numbers)) if numbers else []
    tried = ["other", *search.found.values(), *spelled]
    tried += [variant for text in search.found.values() for variant in _variants(text, search.letters)]
    kinds: dict[int, str] = {}
    for text in dict.fromkeys((*tried, "")):
        if text not in reserved:
            kinds.setdefault(_class(text, tests), text)
    yield from kinds.values()
    if not search.complete or len(search.found) * (2 * len(numbers) + 2) > MOST:
        every = 1 << len(tests)
        yield from (Atom(holds, World.DOUBTFUL, ()) for holds in range(min(every, MOST)) if holds not in kinds)
        return
    for holds in sorted(_imagined(tests, patterns, search, numbers) - kinds.keys()):
        yield Atom(holds, World.DOUBTFUL, ())


def _class(text: str, tests: Sequence[Any]) -> int:
    return sum(1 << bit for bit, test in enumerate(tests) if passes(text, test))


def _variants(text: str, letters: Sequence[str]) -> Iterator[str]:
    """Texts a little longer, or with one character changed."""
    for letter in letters[:40]:
        for position in range(len(text) + 1):
            yield text[:position] + letter + text[position:]
            yield text[:position] + letter + text[position + 1 :]
            yield text[:position] + letter * 4 + text[position:]


def _spellings(numbers: Sequence[float]) -> Iterator[str]:
    for number in (*numbers, *_between(numbers)):
        short = f"{number:g}" if float(f"{number:g}") == number else repr(number)
        yield from (short, repr(float(number)), f"{number:.3f}", f"0{short}", f" {short}", f"+{short}", f"{short}e0")


def _between(numbers: Sequence[float]) -> Iterator[float]:
    """A number below all, one above all, and one or two between each and the next."""
    if numbers:
        yield from (floor(numbers[0]) - 1.0, ceil(numbers[-1]) + 1.0)
    for low, high in pairwise(numbers):
        yield low + (high - low) / 2
        whole = floor(low) + 1.0
        if whole < high:
            yield whole


def _imagined(tests: Sequence[Any], patterns: Sequence[str], search: Search, numbers: Sequence[float]) -> set[int]:
    """Every class that a text outside those named may be in, if each pattern and each number could meet any other."""
    samples = [None, *numbers, *_between(numbers)] if numbers else [None]
    return {
        sum(1 << bit for bit, test in enumerate(tests) if _would_pass(dict(zip(patterns, matches, strict=True)), number, test))
        for matches, number in product(search.found, samples)
    }


def _would_pass(matches: dict[str, bool], number: float | None, test: Any) -> bool:
    """Whether a text that nobody names passes, given what it matches and which number it spells."""
    if isinstance(test, str | list) or test.present is False:
        return False
    if test.eq is not None or test.in_ is not None or test.empty:
        return False
    ordered = all(
        number is not None and check(number, bound) for name, check in ORDERS.items() if (bound := getattr(test, name, None)) is not None
    )
    return ordered and all(matches[pattern] for pattern in globs(test))


# -- numbers ------------------------------------------------------------------------------------------------------------


def pieces(tests: Iterable[Any], low: float, borders: Iterable[float] = (), *, whole: bool = False) -> list[Piece]:
    """The numbers from ``low`` on in pieces that no test divides, also cut at ``borders``; of whole numbers only those with one."""
    points = sorted({float(point) for point in (*(cut for test in tests for cut in cuts(test)), *borders) if low <= point <= LARGEST})
    found: list[Piece] = []
    start = low
    for point in points:
        if start < point:
            found.append(Piece(start, nextafter(point, -inf)))
        found.append(Piece(point, point))
        start = nextafter(point, inf)
    found.append(Piece(start, LARGEST))
    return [piece for piece in found if ceil(piece.low) <= floor(piece.high)] if whole else found


def inside(piece: Piece) -> float:
    """A plain number of a piece."""
    low, high = piece
    if low <= 0 <= high:
        return 0.0
    bottom = low if low > -LARGEST else min(high - 1, -1.0)
    top = high if high < LARGEST else max(bottom * 2, bottom + 8)
    for digits in (-1, 0, 1, 2, 4, 8):
        rounded = round(bottom + (top - bottom) / 2, digits)
        if low <= rounded <= high:
            return rounded
    return low


def integers(tests: Sequence[Any]) -> Iterator[float]:
    """Numbers for every class that whole and other numbers can be in: the former first."""
    points = sorted({float(cut) for test in tests for cut in cuts(test)} | {0.0})
    whole = {0.0}
    for point in points:
        whole |= {float(floor(point)), float(ceil(point)), floor(point) - 1.0, ceil(point) + 1.0}
    yield from sorted(whole, key=abs)
    yield from (point for point in (*points, *_between(points), *(point + 0.5 for point in points)) if point != int(point))


def spelled(number: float) -> str:
    """A number as CVAT writes it: whole ones without a fraction."""
    text = str(int(number)) if number == int(number) else repr(number)
    return text if number_of(text) == number else repr(number)
