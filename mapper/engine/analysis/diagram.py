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


class Diagram:
    """Makes and combines sets over dimensions whose atoms are the bits of ``full[i]``; earlier dimensions stand on top.

    Raises BudgetError from any operation once more than ``budget`` nodes and steps were needed.
    """

    def __init__(self, full: Sequence[int], budget: int) -> None:
        self.full = full
        self.budget = budget
        self.nodes: list[tuple[int, Edges]] = [(len(full), ()), (len(full), ())]
        self._known: dict[tuple[int, Edges], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._minus: dict[tuple[int, int], int] = {}

    def atoms(self, variable: int, mask: int) -> int:
        """The cells whose atom on one dimension is in the mask."""
        return self._node(variable, {ALL: mask & self.full[variable]})

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
        variable = min(self.nodes[first][0], self.nodes[second][0])
        leads: dict[int, int] = {}
        others = self._edges(second, variable)
        for mask, child in self._edges(first, variable):
            for other_mask, other in others:
                shared = mask & other_mask
                if shared:
                    self._spend()
                    target = operation(child, other)
                    leads[target] = leads.get(target, 0) | shared
        return self._node(variable, leads)

    def _edges(self, node: int, variable: int) -> Edges:
        """The edges at a dimension, with one to EMPTY for what is left out."""
        own, edges = self.nodes[node]
        if own != variable:
            return ((self.full[variable], node),)
        rest = self.full[variable]
        for mask, _ in edges:
            rest &= ~mask
        return (*edges, (rest, EMPTY)) if rest else edges

    def _node(self, variable: int, leads: dict[int, int]) -> int:
        leads.pop(EMPTY, None)
        if not leads:
            return EMPTY
        edges = tuple(sorted((mask, child) for child, mask in leads.items() if mask))
        if not edges or (len(edges) == 1 and edges[0][0] == self.full[variable]):
            return edges[0][1] if edges else EMPTY
        key = (variable, edges)
        found = self._known.get(key)
        if found is None:
            self._spend()
            found = self._known[key] = len(self.nodes)
            self.nodes.append(key)
        return found

    def _spend(self) -> None:
        self.budget -= 1
        if self.budget < 0:
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
