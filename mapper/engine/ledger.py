"""The books: what every shape, field and attribute became; both sides must add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS
from mapper.engine.accounts import ACCOUNTS, Account, AccountName, Books, Verdict
from mapper.engine.points import Points
from mapper.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.model import Shape, Track
    from mapper.cvat.tally import Tally

Key = tuple[str, str, str, str]
"""Kind, label, space ("" for the element itself), name."""


Extras = dict[tuple[str, str, str], dict[str, Any]]
"""By (account, rule, why)."""


@dataclass(slots=True)
class Ledger:
    """Verdicts by signature while a run goes on; expanded to fields only at its end.

    ``flags``: what became of the entries of tracks that are keyframes, or outside, by kind, label, flag, account, rule and
    why. ``again``: classifications that went into an instance of another frame, and so are no objects of their own.
    """

    verdicts: dict[tuple[str, ...], Verdict] = field(default_factory=dict)
    wholes: dict[Any, Books] = field(default_factory=dict)
    points: Points = field(default_factory=Points)
    flags: Counter[tuple[str, str, str, AccountName, str, str]] = field(default_factory=Counter)
    again: int = 0

    def verdict(self, kind: str, label: str, rule: str, account: AccountName, why: str = "", metric: str = "") -> Verdict:
        """The one verdict of that signature."""
        key = (kind, label, rule, account, why, metric)
        found = self.verdicts.get(key)
        if found is None:
            found = self.verdicts[key] = Verdict(kind, label, rule, account, why, metric)
        return found

    def whole(self, shape: Shape, account: AccountName, why: str) -> Books:
        """A shape whose fields and attributes all go the way of the shape itself."""
        names = tuple(name for name, _ in shape.attributes)
        present = tuple(text is not None for text in shape.fields)
        parts = element_pairs(shape) if shape.kind == "skeleton" else ()
        inner = tuple((element, name) for element, pairs in parts for name, _ in pairs)
        key = (account, why, names, present, inner)
        found = self.wholes.get(key)
        if found is None:
            accounts = [Account("attribute", name, account, why) for name in names]
            accounts += [Account("element", f"{element}.{name}", account, why) for element, name in inner]
            accounts += [Account("field", name, account, why) for name, here in zip(FIELDS, present, strict=True) if here]
            found = self.wholes[key] = Books(tuple(accounts))
        return found

    def flag(self, track: Track, name: str, account: AccountName, rule: str, why: str, count: int) -> None:
        """Count flags of a track's entries."""
        if count:
            self.flags[track.kind, track.label, name, account, rule, why] += count

    def refused_by_reader(self, refused: Mapping[tuple[str, str, str], int]) -> None:
        """Elements that the reader could not read, by XML name, label and the code of their finding."""
        for (kind, label, code), count in refused.items():
            verdict = self.verdict(kind, label, "", "refused", code)
            verdict.counts[UNREAD] = verdict.counts.get(UNREAD, 0) + count

    # -- the other side of the books -----------------------------------------------------------------------------

    def totals(self) -> dict[Key, Counter[tuple[str, str, str]]]:
        """For every key, how many went to each (account, rule, why)."""
        totals: dict[Key, Counter[tuple[str, str, str]]] = {}
        for verdict in self.verdicts.values():
            for books, count in verdict.counts.items():
                _add(totals, (verdict.kind, verdict.label, "", ""), (verdict.account, verdict.rule, verdict.why), count)
                for account in books.accounts:
                    key = (verdict.kind, verdict.label, account.space, account.name)
                    _add(totals, key, (account.account, verdict.rule, account.why), count)
        for (label, name, account_name, rule, why), count in self.points.counts.items():
            _add(totals, ("skeleton", label, "point", name), (account_name, rule, why), count)
        for (kind, label, name, account_name, rule, why), count in self.flags.items():
            _add(totals, (kind, label, "field", name), (account_name, rule, why), count)
        return totals

    def balance(self, read: Mapping[Key, int]) -> None:
        """Compare with what the reader counted; LedgerError if any sum differs."""
        totals = {key: sum(counts.values()) for key, counts in self.totals().items()}
        wrong = [key for key in sorted(set(totals) | set(read)) if totals.get(key, 0) != read.get(key, 0)]
        if wrong:
            lines = [f"{'/'.join(filter(None, key))}: read {read.get(key, 0)}, accounted {totals.get(key, 0)}" for key in wrong[:10]]
            raise LedgerError("the ledger does not balance: " + "; ".join(lines))

    def document(self, images: Mapping[str, int]) -> dict[str, Any]:
        """The form of ``ledger.json``."""
        totals = self.totals()
        elements = [_entry(key, totals[key], self._extras(key)) for key in sorted(totals) if not key[2]]
        fields = [_entry(key, totals[key], {}) for key in sorted(totals) if key[2]]
        grand = Counter({name: sum(entry[name] for entry in elements) for name in ACCOUNTS})
        return {
            "format": "ledger/v1",
            "balanced": True,
            "images": dict(images),
            "totals": {"read": sum(grand.values()), **{name: grand[name] for name in ACCOUNTS}, "objects": self.objects()},
            "elements": elements,
            "fields": fields,
        }

    def objects(self) -> int:
        """How many Encord objects and classifications were made."""
        return sum(verdict.objects for verdict in self.verdicts.values()) - self.again

    def _extras(self, key: Key) -> Extras:
        """What an element's details say beside the count: the targets' titles and the fidelity."""
        found: Extras = {}
        for verdict in self.verdicts.values():
            if (verdict.kind, verdict.label) != key[:2]:
                continue
            extra = found.setdefault((verdict.account, verdict.rule, verdict.why), {})
            if verdict.targets:
                extra["targets"] = sorted({*extra.get("targets", ()), *verdict.titles()})
            if verdict.measured:
                extra["fidelity"] = {
                    "metric": verdict.metric,
                    "worst": round(verdict.worst or 0.0, 6),
                    "mean": round(verdict.mean, 6),
                    "measured": verdict.measured,
                }
        return found


UNREAD = Books()
"""Stands for an element whose fields and attributes were never read."""


def element_pairs(shape: Shape) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The attributes of a skeleton's points, by element label."""
    return tuple([(element.label, element.attributes) for element in shape.geometry])


def _add(totals: dict[Key, Counter[tuple[str, str, str]]], key: Key, account: tuple[str, str, str], count: int) -> None:
    counts = totals.get(key)
    if counts is None:
        counts = totals[key] = Counter()
    counts[account] += count


def _entry(key: Key, counts: Counter[tuple[str, str, str]], extras: Extras) -> dict[str, Any]:
    kind, label, space, name = key
    entry: dict[str, Any] = {"kind": kind, "label": label}
    if space:
        entry |= {"space": space, "name": name}
    entry["read"] = sum(counts.values())
    entry |= {account: _sum(counts, account) for account in ACCOUNTS}
    entry["details"] = [_detail(account, count, extras.get(account, {})) for account, count in sorted(counts.items())]
    return entry


def _detail(account: tuple[str, str, str], count: int, extra: dict[str, Any]) -> dict[str, Any]:
    name, rule, why = account
    detail: dict[str, Any] = {"account": name, "rule": rule, "count": count}
    if why:
        detail["code" if name == "refused" else "reason"] = why
    return detail | extra


def _sum(counts: Counter[tuple[str, str, str]], account: str) -> int:
    return sum(count for (name, _, _), count in counts.items() if name == account)


def read_totals(tally: Tally) -> dict[Key, int]:
    """The reader's counts by ledger key."""
    read: Counter[Key] = Counter()
    for (kind, label, presence, names), count in tally.shapes.items():
        read[kind, label, "", ""] += count
        for bit, name in enumerate(FIELDS):
            if presence >> bit & 1:
                read[kind, label, "field", name] += count
        for name in names:
            read[kind, label, "attribute", name] += count
    for (skeleton, element, flag), count in tally.flags.items():
        read["skeleton", skeleton, "point", f"{element}.{flag}"] += count
    for (skeleton, element, names), count in tally.elements.items():
        read["skeleton", skeleton, "point", element] += count
        for name in names:
            read["skeleton", skeleton, "element", f"{element}.{name}"] += count
    read.update({(kind, label, "field", "outside"): count for (kind, label), count in tally.outside.items()})
    read.update({(kind, label, "field", "keyframe"): count for (kind, label), count in tally.keyframes.items()})
    for (tag, label), count in tally.refused.items():
        read[tag, label, "", ""] += count
    return dict(read)
