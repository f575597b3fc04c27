"""Findings that are known and accepted, by fingerprint and up to a number: what is beyond them is new."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.findings.base import Finding, Location, Sample, Severity
from mapper.findings.config import BadBaseline, StaleBaseline
from mapper.findings.fingerprint import file_of, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper.findings.base import Issue

VERSION = 1
"""Of the file's form."""
LARGEST = 64 * 1024 * 1024
"""Bytes beyond which a file is no baseline."""
_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Known:
    """An accepted finding: up to ``count`` occurrences that are at most so severe; ``line`` is where it stands."""

    fingerprint: str
    code: str
    severity: Severity
    count: int
    line: int


class Judged(NamedTuple):
    """Findings sorted by a baseline: ``new`` includes those about the baseline itself; ``known`` are not reported."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...] = ()


def document(findings: Iterable[Finding]) -> str:
    """The baseline that accepts these findings, as text: sorted, an entry a line, to be read in a review."""
    counts: Counter[str] = Counter()
    first: dict[str, Finding] = {}
    for finding in findings:
        key = fingerprint(finding)
        counts[key] += finding.count
        if key not in first or finding.severity > first[key].severity:
            first[key] = finding
    entries = sorted((file_of(finding), finding.code, key) for key, finding in first.items())
    lines = [json.dumps(_entry(key, first[key], counts[key]), ensure_ascii=False) for _, _, key in entries]
    inner = "".join(f"\n    {line}," for line in lines).rstrip(",")
    return f'{{\n  "schema_version": {VERSION},\n  "findings": [{inner}{chr(10) + "  " if lines else ""}]\n}}\n'


def _entry(key: str, finding: Finding, count: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"fingerprint": key, "code": finding.code, "severity": finding.severity.word, "count": count}
    shown = {"file": file_of(finding), "rule": finding.rule, "label": finding.label, "attribute": finding.attribute}
    return entry | {name: value for name, value in shown.items() if value} | {"message": finding.message}


def read(data: bytes) -> list[Known] | Issue:
    """The entries of a file, or what is wrong with it."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text)
        if not isinstance(found, dict) or found.get("schema_version") != VERSION:
            return BadBaseline(f"it has no schema_version {VERSION}")
        lines = text.splitlines()
        known = [_known(entry, lines) for entry in found["findings"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return BadBaseline(f"{type(error).__name__}: {error}")
    return known if len({entry.fingerprint for entry in known}) == len(known) else BadBaseline("a fingerprint occurs twice")


def _known(entry: dict[str, Any], lines: Sequence[str]) -> Known:
    key, code, count = entry["fingerprint"], entry["code"], entry["count"]
    if not isinstance(key, str) or len(key) != _DIGITS or not isinstance(code, str) or type(count) is not int or count < 1:
        raise ValueError(f"an entry needs a fingerprint of {_DIGITS} digits, a code and a count: {json.dumps(entry)[:80]}")
    line = next((number for number, text in enumerate(lines, 1) if key in text), 0)
    return Known(key, code, Severity.parse(entry["severity"]), count, line)


def judge(findings: Sequence[Finding], known: Sequence[Known], file: str) -> Judged:
    """Sort findings by a baseline that stands in ``file``.

    Known is a finding whose fingerprint is listed, no more severe and no more frequent than listed. An entry that is
    not met, or met less often, is a finding itself: what it still accepts would hide what comes next.
    """
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[fingerprint(finding)].append(finding)
    listed = {entry.fingerprint: entry for entry in known}
    new: list[Finding] = []
    accepted: list[Finding] = []
    for key, group in groups.items():
        entry = listed.get(key)
        total = sum(finding.count for finding in group)
        if entry is None:
            new += group
        elif total > entry.count or any(finding.severity > entry.severity for finding in group):
            new += [_grown(finding, entry, total) for finding in group]
        else:
            accepted += group
    totals = {key: sum(finding.count for finding in group) for key, group in groups.items()}
    stale = [_stale(entry, totals.get(entry.fingerprint, 0), file) for entry in known if totals.get(entry.fingerprint, 0) < entry.count]
    return Judged((*new, *stale), tuple(accepted))


def _grown(finding: Finding, entry: Known, total: int) -> Finding:
    """The finding with a word about what was known of it."""
    said = f"{entry.count:,} of {total:,} known" if total > entry.count else f"known as {entry.severity.word}"
    return replace(finding, hint=f"{finding.hint} (baseline: {said})".lstrip())


def _stale(entry: Known, found: int, file: str) -> Finding:
    issue = StaleBaseline(code_=entry.code, known=entry.count, found=found)
    place = Location(file=file, line=entry.line)
    return Finding(
        code=issue.code, name=issue.name, severity=issue.severity, message=issue.message(), hint=issue.help(), count=1,
        samples=(Sample(message=issue.message(), source=place),), evidence=tuple(issue.evidence().items()),
    )  # fmt: skip
