"""Counts of values that never take more memory than a set number of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable

MOST = 1000
"""Different values that are counted one by one; a text attribute can have a new one on every shape."""


@dataclass(slots=True)
class Values:
    """How often each value occurs: exact for the first ``MOST`` different values, the others are only counted in ``total``."""

    counts: Counter[Any] = field(default_factory=Counter)
    total: int = 0

    def add(self, value: Hashable) -> None:
        """One more occurrence."""
        self.total += 1
        if value in self.counts or len(self.counts) < MOST:
            self.counts[value] += 1

    @property
    def distinct(self) -> int:
        """How many different values are counted one by one."""
        return len(self.counts)

    @property
    def complete(self) -> bool:
        """Whether every value is counted one by one, so that ``distinct`` is exact."""
        return self.counts.total() == self.total

    def top(self, number: int) -> list[tuple[Any, int]]:
        """The most frequent values, those of equal count in their own order."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))[:number]
