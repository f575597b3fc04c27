"""The accounts that everything read ends in, and what was decided about one signature of attribute and field values."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal, NamedTuple

from mapper.encord.nodes import ObjectNode

if TYPE_CHECKING:
    from collections.abc import Collection

    from mapper.encord.nodes import ClassificationNode
    from mapper.findings.base import Issue, Location, Severity

AccountName = Literal["kept", "transformed", "split", "merged", "dropped", "refused"]

ACCOUNTS: tuple[AccountName, ...] = ("kept", "transformed", "split", "merged", "dropped", "refused")

LOST = frozenset({"dropped", "refused"})
"""The accounts of what Encord does not get."""

UNIT = 1 << 60
"""Fidelities are summed in parts of one over this many: exactly what a float between 1/128 and 1 holds."""

Space = Literal["field", "attribute", "element"]


class Account(NamedTuple):
    """Where one value went; ``why`` is a reason (dropped), a code (refused) or a remark."""

    space: Space
    name: str
    account: AccountName
    why: str = ""


class Remark(NamedTuple):
    """An issue that every shape with these values raises; ``spec`` is the attribute rule's place."""

    issue: Issue
    severity: Severity
    attribute: str
    spec: Location | None


@dataclass(frozen=True, slots=True, eq=False)
class Books:
    """The accounts of all values of a shape; equal ones are one object, so that shapes can be counted by it."""

    accounts: tuple[Account, ...] = ()


@dataclass(slots=True)
class Bookshelf:
    """Hands out the one ``Books`` of given accounts."""

    known: dict[tuple[Account, ...], Books] = field(default_factory=dict)
    pairs: dict[tuple[Books, Books], Books] = field(default_factory=dict)

    def joined(self, first: Books, then: Books) -> Books:
        """The books of both; pairs are few where signatures are many, so accounts are rarely compared."""
        found = self.pairs.get((first, then))
        if found is None:
            found = self.pairs[first, then] = self.of(first.accounts + then.accounts) if then.accounts else first
        return found

    def without(self, books: Books, places: Collection[tuple[str, str]], code: str) -> Books:
        """The books with the values of some places (space, name) refused for a finding's code."""
        if not places:
            return books
        refused = (
            account._replace(account="refused", why=code) if (account.space, account.name) in places else account
            for account in books.accounts
        )
        return self.of(tuple(refused))

    def of(self, accounts: tuple[Account, ...]) -> Books:
        """The books of these accounts."""
        found = self.known.get(accounts)
        if found is None:
            found = self.known[accounts] = Books(accounts)
        return found


@dataclass(slots=True, eq=False)
class Answered:
    """The answers of one signature of values: JSON bytes, books and remarks, shared by all shapes that have it.

    Nothing changes one; it is not frozen because many are made, and a frozen one takes three times as long to make.

    ``confidence`` is Encord's, 0 to 1; ``refused`` is the code of an issue that refuses the whole shape.
    """

    books: Books
    answers: bytes = b""
    actions: bytes = b""
    manual: bool = True
    confidence: float = 1
    remarks: tuple[Remark, ...] = ()
    refused: str = ""


@dataclass(slots=True, eq=False)
class Verdict:
    """What becomes of shapes themselves under one rule: one per (label, kind, rule, account, reason), with its fidelity.

    ``targets``: the ontology items that they became, by hash; their titles are settled when the run ends. ``total``: the sum of
    the fidelities in parts of ``UNIT``, a whole number so that it does not depend on their order; ``boundless``: one had no end.
    """

    kind: str
    label: str
    rule: str
    account: AccountName
    why: str = ""
    metric: str = ""
    worst: float | None = None
    total: int = 0
    boundless: bool = False
    measured: int = 0
    objects: int = 0
    targets: dict[str, ObjectNode | ClassificationNode] = field(default_factory=dict)
    counts: dict[Books, int] = field(default_factory=dict)

    def titles(self) -> list[str]:
        """What the targets are called."""
        nodes = self.targets.values()
        return sorted({node.title if isinstance(node, ObjectNode) else node.root.title for node in nodes})

    def measure(self, value: float) -> None:
        """One more fidelity: the worst is the lowest IoU or the largest residual."""
        parts = value * UNIT
        if isfinite(parts):
            self.total += int(parts)
        else:
            self.boundless = True
        self.measured += 1
        self._worse(value)

    def _worse(self, value: float) -> None:
        if self.worst is None:
            self.worst = value
        else:
            self.worst = max(self.worst, value) if self.metric == "residual_px" else min(self.worst, value)

    @property
    def mean(self) -> float:
        """The mean of the fidelities."""
        return inf if self.boundless else self.total / (UNIT * self.measured)

    def add(self, other: Verdict) -> None:
        """Add what another part of the run counted under the same signature, but for ``targets`` and ``counts``."""
        self.total += other.total
        self.boundless |= other.boundless
        self.measured += other.measured
        self.objects += other.objects
        if other.worst is not None:
            self._worse(other.worst)
