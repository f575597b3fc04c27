"""Whether a bundle's numbers agree: ledger within itself, ledger with counts, counts with what the files hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from mapper.connect.records import Record, integer, listed, record, text
from mapper.engine.accounts import ACCOUNTS
from mapper.findings.verify import CountMismatch, UnbalancedLedger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def ledger_issues(ledger: Any) -> Iterator[UnbalancedLedger]:
    """Sums of a ledger that do not add up: in each entry, each entry's details, and the totals."""
    found = record(ledger)
    if found and found.get("balanced") is not True:
        yield UnbalancedLedger(what="the ledger does not call itself balanced, its sums", read=0, accounted=0)
    for part in ("elements", "fields"):
        for entry in map(record, listed(found.get(part))):
            yield from _entry(entry)
    totals = record(found.get("totals"))
    elements = [record(entry) for entry in listed(found.get("elements"))]
    for name in ("read", *ACCOUNTS) if totals else ():
        total = sum(integer(entry.get(name)) for entry in elements)
        if totals.get(name) != total:
            yield UnbalancedLedger(what=f"all elements, {name}", read=integer(totals.get(name)), accounted=total)


def _entry(entry: Record) -> Iterator[UnbalancedLedger]:
    named = " ".join(filter(None, (text(entry.get(key)) for key in ("kind", "label", "space", "name"))))
    read, accounted = integer(entry.get("read")), sum(integer(entry.get(name)) for name in ACCOUNTS)
    if read != accounted:
        yield UnbalancedLedger(what=named, read=read, accounted=accounted)
    details: Counter[str] = Counter()
    for detail in map(record, listed(entry.get("details"))):
        details[text(detail.get("account"))] += integer(detail.get("count"))
    for name in ACCOUNTS:
        if details[name] != integer(entry.get(name)):
            yield UnbalancedLedger(what=f"{named}, {name} in detail", read=integer(entry.get(name)), accounted=details[name])


def count_issues(head: Record, ledger: Any, found: Mapping[str, int], severities: Mapping[str, int]) -> Iterator[CountMismatch]:
    """Numbers of ``bundle.json`` and ``ledger.json`` that are not what was ``found`` in the other files.

    ``found``: label_rows, images, objects, ontology_objects, ontology_classifications; ``severities``: lines of
    ``findings.jsonl``. A file that could not be read has no number, and nothing is held against it.
    """
    counts = record(head.get("counts"))
    books = record(record(ledger).get("totals")) | record(record(ledger).get("images"))
    if head:
        for name, number in found.items():
            yield from _differs(f"counts.{name} of bundle.json", counts.get(name), number)
        said = record(counts.get("findings"))
        for name, number in severities.items():
            yield from _differs(f"counts.findings.{name} of bundle.json", said.get(name), number)
    if not books:
        return
    for name, number in found.items():
        if name in {"images", "objects"}:
            yield from _differs(f"{name} of ledger.json", books.get(name), number)
    for name, number in books.items() if head else ():
        yield from _differs(f"counts.{name} of bundle.json, by ledger.json", counts.get(name), integer(number))


def _differs(what: str, said: Any, number: int) -> Iterator[CountMismatch]:
    if type(said) is not int or said != number:
        yield CountMismatch(what=what, said=integer(said), found=number)
