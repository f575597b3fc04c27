"""What a matched rule gives back for a shape, and the simple ends: drop it, refuse it, make several things of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mapper.findings.base import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image, Shape
    from mapper.engine.accounts import Account, AccountName, Books, Verdict
    from mapper.engine.context import Context
    from mapper.engine.ledger import Ledger
    from mapper.engine.row import ImageRow
    from mapper.findings.base import Location

REMEMBERED = 16384
"""How many signatures of values are remembered."""


class Outcome(NamedTuple):
    """What became of one shape, and of its values."""

    verdict: Verdict
    books: Books
    objects: int


class Emitter(Protocol):
    """What a rule does with shapes of one label and kind."""

    def emit(self, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        """Do it to one shape."""


@dataclass(slots=True, eq=False)
class Origin:
    """Which rule acts on which label and kind, and where it reports; ``remark`` stands in the ledger where nothing else does."""

    context: Context
    ledger: Ledger
    kind: str
    label: str
    rule: str
    place: Location | None
    remark: str = ""

    def verdict(self, account: AccountName, why: str = "", metric: str = "") -> Verdict:
        """The verdict of this rule on this label and kind."""
        return self.ledger.verdict(self.kind, self.label, self.rule, account, why or self.remark, metric)

    def report(
        self, issue: Issue, severity: Severity, shape: Shape, row: ImageRow, attribute: str = "", place: Location | None = None
    ) -> None:
        """Add a finding at the shape."""
        self.context.findings.add(
            issue,
            severity=severity,
            source=lambda: row.locate(shape),
            spec=place or self.place,
            rule=self.rule,
            label=self.label,
            attribute=attribute,
        )

    def refuse(self, issue: Issue, severity: Severity, shape: Shape, row: ImageRow) -> Outcome:
        """Refuse the whole shape with a finding."""
        self.report(issue, severity, shape, row)
        return self.refused(issue.code, shape)

    def refused(self, code: str, shape: Shape) -> Outcome:
        """Refuse the whole shape; the finding was made already."""
        return Outcome(self.verdict("refused", code), self.ledger.whole(shape, "refused", code), 0)


@dataclass(slots=True, eq=False)
class Dropper:
    """Leaves every shape out, with the rule's reason."""

    origin: Origin
    reason: str
    severity: Severity | None
    issue: Issue

    def emit(self, shape: Shape, _: Image, row: ImageRow) -> Outcome:
        """Drop the shape."""
        if self.severity is not None:
            self.origin.report(self.issue, self.severity, shape, row)
        return Outcome(self.origin.verdict("dropped", self.reason), self.origin.ledger.whole(shape, "dropped", self.reason), 0)


@dataclass(slots=True, eq=False)
class Refuser:
    """Refuses every shape with one issue, or with the text that a template gives."""

    origin: Origin
    issue: Issue | Callable[[Shape, Image, ImageRow], Issue]
    severity: Severity

    def emit(self, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        """Refuse the shape."""
        issue = self.issue if isinstance(self.issue, Issue) else self.issue(shape, image, row)
        return self.origin.refuse(issue, self.severity, shape, row)


@dataclass(slots=True, eq=False)
class Several:
    """Several things made of one shape: it is split if more than one came out."""

    origin: Origin
    parts: tuple[Emitter, ...]
    known: dict[tuple[Books, ...], Books] = field(default_factory=dict)

    def emit(self, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        """Make all of them; each value's account is the best that any part gave it."""
        outcomes = [part.emit(shape, image, row) for part in self.parts]
        made = [outcome for outcome in outcomes if outcome.verdict.account != "refused"]
        if len(made) <= 1:
            return made[0] if made else outcomes[0]
        key = tuple(outcome.books for outcome in made)
        books = self.known.get(key)
        if books is None:
            books = self.origin.context.shelf.of(_best(key))
            if len(self.known) < REMEMBERED:
                self.known[key] = books
        verdict = self.origin.verdict("split")
        for outcome in made:
            verdict.targets |= outcome.verdict.targets
        return Outcome(verdict, books, sum(outcome.objects for outcome in made))


_BEST = ("kept", "transformed", "split", "merged", "dropped", "refused")


def _best(parts: tuple[Books, ...]) -> tuple[Account, ...]:
    best: dict[tuple[str, str], Account] = {}
    for part in parts:
        for account in part.accounts:
            key = (account.space, account.name)
            if key not in best or _BEST.index(account.account) < _BEST.index(best[key].account):
                best[key] = account
    return tuple(best.values())
