"""Sets of cells as decision diagrams: one variable a dimension, one edge for each group of its atoms that lead alike.

A set is a number: ``EMPTY``, ``ALL``, or a node. Equal sets are the same number, so that equality, emptiness and
inclusion cost nothing to read. Dimensions that a set does not ask about do not occur in it, so free ones multiply nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

EMPTY, ALL = 0, 1

Edges = tuple[tuple[int, int], ...]
"""(mask of atoms, where they lead), by mask; atoms that no edge names lead to EMPTY."""


class BudgetError(Exception):
    """The diagrams grew beyond what was allowed: the question stays open."""


class Steps:
    """How many steps may still be spent; several diagrams may share them."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Take some; BudgetError if there are too few."""
        self.left -= count
        if self.left < 0:
            raise BudgetError


class Diagram:
    """Makes and combines sets over dimensions whose atoms are the bits of ``full[i]``; earlier dimensions stand on top.

    Raises BudgetError from any operation once no ``steps`` are left; every node and every pair of edges costs one.
    """

    def __init__(self, full: Sequence[int], steps: Steps) -> None:
        self.full = full
        self.steps = steps
        self.all = ALL
        self.nodes: list[tuple[int, Edges]] = [(len(full), ()), (len(full), ())]
        self._whole: list[Edges] = [(), ()]
        self._known: dict[tuple[int, Edges], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._minus: dict[tuple[int, int], int] = {}

    def atoms(self, variable: int, mask: int) -> int:
        """The cells whose atom on one dimension is in the mask."""
        inside = mask & self.full[variable]
        return self.node(variable, {ALL: inside, EMPTY: self.full[variable] & ~inside})

    def both(self, first: int, second: int) -> int:
        """The cells in both sets."""
        if second in {first, ALL}:
            return first
        if first == ALL:
            return second
        if EMPTY in (first, second):
            return EMPTY
        key = (first, second) if first < second else (second, first)
        found = self._both.get(key)
        if found is None:
            found = self._both[key] = self._apply(self.both, *key)
        return found

    def minus(self, first: int, second: int) -> int:
        """The cells in the first set and not in the second."""
        if first in {second, EMPTY} or second == ALL:
            return EMPTY
        if second == EMPTY:
            return first
        key = (first, second)
        found = self._minus.get(key)
        if found is None:
            found = self._minus[key] = self._apply(self.minus, first, second)
        return found

    def either(self, first: int, second: int) -> int:
        """The cells in one of the sets or in both."""
        return self.minus(ALL, self.both(self.minus(ALL, first), self.minus(ALL, second)))

    def _apply(self, operation: Callable[[int, int], int], first: int, second: int) -> int:
        own, other = self.nodes[first][0], self.nodes[second][0]
        variable = min(own, other)
        free = self.full[variable]
        others = self._whole[second] if other == variable else ((free, second),)
        leads: dict[int, int] = {}
        for mask, child in self._whole[first] if own == variable else ((free, first),):
            for other_mask, to in others:
                shared = mask & other_mask
                if shared:
                    self._spend()
                    target = operation(child, to)
                    leads[target] = leads.get(target, 0) | shared
        return self.node(variable, leads)

    def node(self, variable: int, leads: dict[int, int]) -> int:
        """The set whose cells are, by their atoms on a dimension (masks), in other sets."""
        nothing = leads.pop(EMPTY, 0)
        if not leads:
            return EMPTY
        edges = tuple(sorted([(mask, child) for child, mask in leads.items() if mask]))
        if not edges or (len(edges) == 1 and edges[0][0] == self.full[variable]):
            return edges[0][1] if edges else EMPTY
        key = (variable, edges)
        found = self._known.get(key)
        if found is None:
            self._spend()
            found = self._known[key] = len(self.nodes)
            self.nodes.append(key)
            self._whole.append((*edges, (nothing, EMPTY)) if nothing else edges)
        return found

    def _spend(self) -> None:
        self.steps.left -= 1
        if self.steps.left < 0:
            raise BudgetError

    # -- reading a set -------------------------------------------------------------------------------------------

    def paths(self, node: int, allowed: Sequence[int]) -> Iterator[dict[int, int]]:
        """Boxes of cells that together are the set within ``allowed`` (a mask for each dimension): masks by dimension."""
        if node == ALL:
            yield {}
        if node in (EMPTY, ALL):
            return
        variable, edges = self.nodes[node]
        for mask, child in edges:
            inside = mask & allowed[variable]
            if inside:
                for rest in self.paths(child, allowed):
                    yield {variable: inside} | rest

    def count(self, node: int, allowed: Sequence[int]) -> int:
        """How many cells of the set are within ``allowed``, over the dimensions of the whole diagram."""
        known: dict[int, int] = {EMPTY: 0}
        return self._count(node, 0, allowed, known)

    def _count(self, node: int, variable: int, allowed: Sequence[int], known: dict[int, int]) -> int:
        own, edges = self.nodes[node]
        skipped = 1
        for free in range(variable, own):
            skipped *= allowed[free].bit_count()
        if node == ALL or not skipped:
            return skipped
        found = known.get(node)
        if found is None:
            parts = ((mask & allowed[own]).bit_count() * self._count(child, own + 1, allowed, known) for mask, child in edges)
            found = known[node] = sum(parts)
        return skipped * found

    def support(self, node: int) -> frozenset[int]:
        """The dimensions that a set asks about."""
        seen: set[int] = set()
        found: set[int] = set()
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if at > ALL and at not in seen:
                seen.add(at)
                found.add(self.nodes[at][0])
                waiting += [child for _, child in self.nodes[at][1]]
        return frozenset(found)


def restricted(masks: Sequence[int], given: Mapping[int, int]) -> list[int]:
    """The masks with some of them narrowed."""
    return [mask & given.get(variable, mask) for variable, mask in enumerate(masks)]
