"""Sets of cells as numbers with a bit for each cell: for spaces of few cells about which many rules ask.

A set of a few thousand cells is a few kilobytes, and joining two takes no longer than looking one up; a diagram of it may
have hundreds of nodes, and hundreds of rules would each walk through them.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from mapper.engine.analysis.diagram import Diagram, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST = 2**14
"""Cells beyond which a diagram is smaller."""
MANY = 24
"""So many rules make it worth while."""

UNBOUNDED = 2**60


class Grid:
    """What `Diagram` does, on bits. A cell's place counts its atoms, those of the last dimension fastest."""

    def __init__(self, full: Sequence[int], steps: Steps) -> None:
        self.full = full
        self.steps = steps
        self.radix = [mask.bit_length() for mask in full]
        self.stride = [prod(self.radix[place + 1 :]) for place in range(len(full))]
        self.all = (1 << prod(self.radix)) - 1
        self._atoms: dict[tuple[int, int], int] = {}
        self._shape = Diagram(full, Steps(UNBOUNDED))
        self._nodes: dict[tuple[int, int], int] = {}

    def atoms(self, variable: int, mask: int) -> int:
        """The cells whose atom on one dimension is in the mask."""
        found = self._atoms.get((variable, mask))
        if found is None:
            stride, radix = self.stride[variable], self.radix[variable]
            run = sum(((1 << stride) - 1) << bit * stride for bit in range(radix) if mask >> bit & 1)
            size = stride * radix
            while size < self.all.bit_length():
                run, size = run | run << size, 2 * size
            found = self._atoms[variable, mask] = run & self.all
        return found

    def both(self, first: int, second: int) -> int:
        """The cells in both sets."""
        self.steps.spend(1)
        return first & second

    def minus(self, first: int, second: int) -> int:
        """The cells in the first set and not in the second."""
        self.steps.spend(1)
        return first & ~second

    def either(self, first: int, second: int) -> int:
        """The cells in one of the sets or in both."""
        self.steps.spend(1)
        return first | second

    # -- reading a set -------------------------------------------------------------------------------------------

    def paths(self, cells: int, allowed: Sequence[int]) -> Iterator[dict[int, int]]:
        """Boxes of cells that together are the set within ``allowed``: masks by dimension, as a diagram gives them."""
        return self._shape.paths(self._node(cells, 0), allowed)

    def count(self, cells: int, allowed: Sequence[int]) -> int:
        """How many cells of the set are within ``allowed``."""
        for variable, mask in enumerate(allowed):
            if mask != self.full[variable]:
                cells &= self.atoms(variable, mask)
        return cells.bit_count()

    def support(self, cells: int) -> frozenset[int]:
        """The dimensions that a set asks about."""
        return self._shape.support(self._node(cells, 0))

    def _node(self, cells: int, variable: int) -> int:
        """The same set as a diagram, from one dimension on."""
        if not cells or variable == len(self.full):
            return 1 if cells else 0
        found = self._nodes.get((variable, cells))
        if found is None:
            stride = self.stride[variable]
            block = (1 << stride) - 1
            leads: dict[int, int] = {}
            for bit in range(self.radix[variable]):
                child = self._node(cells >> bit * stride & block, variable + 1)
                leads[child] = leads.get(child, 0) | 1 << bit
            found = self._nodes[variable, cells] = self._shape.node(variable, leads)
        return found
