"""Which pairs of two groups belong together, so that the sum of their similarities is as large as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = tuple[int, int]


def best_pairs(similar: Mapping[Pair, float]) -> list[Pair]:
    """The pairs (row, column) of the best assignment among those with a similarity above 0, in order.

    Pairs that are not similar at all add nothing, so the groups that similar pairs connect are solved one by one.
    """
    pairs: list[Pair] = []
    for rows, columns in _connected(similar):
        costs = [[1 - similar.get((row, column), 0.0) for column in columns] for row in rows]
        for i, j in _assigned(costs):
            if similar.get((rows[i], columns[j]), 0.0) > 0:
                pairs.append((rows[i], columns[j]))
    return sorted(pairs)


def _connected(similar: Mapping[Pair, float]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that are joined by pairs, group by group."""
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for (row, column), value in similar.items():
        if value > 0:
            by_row.setdefault(row, []).append(column)
            by_column.setdefault(column, []).append(row)
    found: list[tuple[list[int], list[int]]] = []
    seen: set[int] = set()
    for start in sorted(by_row):
        if start in seen:
            continue
        seen.add(start)
        rows: list[int] = []
        columns: set[int] = set()
        queue = [start]
        while queue:
            row = queue.pop()
            rows.append(row)
            for column in by_row[row]:
                if column not in columns:
                    columns.add(column)
                    queue += [other for other in by_column[column] if other not in seen]
                    seen.update(by_column[column])
        found.append((sorted(rows), sorted(columns)))
    return found


def _assigned(costs: list[list[float]]) -> list[Pair]:
    """The pairs of an assignment of least cost, each row to one column or the other way round (Hungarian method)."""
    if len(costs) > len(costs[0]):
        turned = [list(column) for column in zip(*costs, strict=True)]
        return [(row, column) for column, row in _assigned(turned)]
    search = _Search(costs)
    for row in range(1, len(costs) + 1):
        search.enter(row)
    return [(row - 1, column - 1) for column, row in enumerate(search.row_of) if column and row]


class _Search:
    """Rows enter one by one, and each pushes others aside along the cheapest way to a free column.

    Rows and columns count from 1. Row 0 is none, and column 0 is where the new row stands until it has a place.
    """

    def __init__(self, costs: list[list[float]]) -> None:
        self.costs = costs
        self.row_price = [0.0] * (len(costs) + 1)
        self.column_price = [0.0] * (len(costs[0]) + 1)
        self.row_of = [0] * len(self.column_price)

    def enter(self, row: int) -> None:
        """Give one more row a column."""
        width = len(self.row_of)
        self.row_of[0] = row
        least, before, used = [float("inf")] * width, [0] * width, [False] * width
        column = 0
        while self.row_of[column]:
            used[column] = True
            column = self._next(column, least, before, used)
        while column:
            self.row_of[column] = self.row_of[before[column]]
            column = before[column]

    def _next(self, column: int, least: list[float], before: list[int], used: list[bool]) -> int:
        """The column that is cheapest to reach; all prices are changed so that it costs nothing more."""
        row, step, following = self.row_of[column], float("inf"), 0
        for other in range(1, len(used)):
            if used[other]:
                continue
            reduced = self.costs[row - 1][other - 1] - self.row_price[row] - self.column_price[other]
            if reduced < least[other]:
                least[other], before[other] = reduced, column
            if least[other] < step:
                step, following = least[other], other
        for other, taken in enumerate(used):
            if taken:
                self.row_price[self.row_of[other]] += step
                self.column_price[other] -= step
            else:
                least[other] -= step
        return following
