"""Sets of cells, as bits and as diagrams, against sets of tuples."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.engine.analysis.diagram import BudgetError, Diagram, Steps
from mapper.engine.analysis.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (2, 3, 1, 4)
FULL = [(1 << size) - 1 for size in SIZES]
CELLS = frozenset(product(*(range(size) for size in SIZES)))

leaf = st.integers(0, len(SIZES) - 1).flatmap(lambda at: st.tuples(st.just("atoms"), st.just(at), st.integers(0, FULL[at])))
formula = st.recursive(leaf, lambda inner: st.tuples(st.sampled_from(["both", "minus", "either"]), inner, inner), max_leaves=8)


def plain(asked: Any) -> frozenset[tuple[int, ...]]:
    """The cells of a formula, one by one."""
    if asked[0] == "atoms":
        return frozenset(cell for cell in CELLS if asked[2] >> cell[asked[1]] & 1)
    first, second = plain(asked[1]), plain(asked[2])
    return {"both": first & second, "minus": first - second, "either": first | second}[asked[0]]


def made(sets: Diagram | Grid, asked: Any) -> int:
    """The same made of sets."""
    if asked[0] == "atoms":
        return sets.atoms(asked[1], asked[2])
    return int(getattr(sets, asked[0])(made(sets, asked[1]), made(sets, asked[2])))


def within(sets: Diagram | Grid, cells: int, allowed: list[int]) -> Iterator[tuple[int, ...]]:
    """The cells of the boxes that sets give."""
    for box in sets.paths(cells, allowed):
        masks = [box.get(at, allowed[at]) for at in range(len(SIZES))]
        yield from product(*([bit for bit in range(size) if mask >> bit & 1] for size, mask in zip(SIZES, masks, strict=True)))


@pytest.mark.parametrize("kind", [Grid, Diagram])
@given(asked=formula, allowed=st.tuples(*(st.integers(0, mask) for mask in FULL)))
def test_sets_are_what_their_formulas_say(kind: Any, asked: Any, allowed: tuple[int, ...]) -> None:
    """Every operation gives the cells that it should, each in one box; counts agree, and all cells are ``all``."""
    sets = kind(FULL, Steps(10**6))
    cells, wanted = made(sets, asked), plain(asked)
    inside = sorted(cell for cell in wanted if all(mask >> atom & 1 for atom, mask in zip(cell, allowed, strict=True)))
    assert sorted(within(sets, cells, list(allowed))) == inside
    assert sets.count(cells, list(allowed)) == len(inside)
    assert (cells == sets.all) == (wanted == CELLS)
    assert (cells == 0) == (not wanted)


@given(asked=formula)
def test_bits_and_diagrams_give_the_same_boxes(asked: Any) -> None:
    """A witness does not depend on how a set is held: boxes come in the same order, and ask about the same dimensions."""
    grid, diagram = Grid(FULL, Steps(10**6)), Diagram(FULL, Steps(10**6))
    first, second = made(grid, asked), made(diagram, asked)
    assert list(grid.paths(first, FULL)) == list(diagram.paths(second, FULL))
    assert grid.support(first) == diagram.support(second)


@pytest.mark.parametrize("kind", [Grid, Diagram])
def test_without_steps_nothing_is_answered(kind: Any) -> None:
    """What costs more than is allowed raises, and so does everything after it."""
    sets = kind(FULL, Steps(3))
    asked = ("both", ("atoms", 1, 3), ("minus", ("atoms", 3, 7), ("either", ("atoms", 0, 1), ("minus", ("atoms", 2, 1), ("atoms", 1, 5)))))
    for _ in range(2):
        with pytest.raises(BudgetError):
            made(sets, asked)
