"""Gathers findings of every stage: exact counts, few samples, an order that never varies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.base import Finding, Issue, Location, Sample, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SAMPLES = 5
"""How many places a finding keeps; the rest is only counted."""

type_key = tuple[str, str, str, str, Location | None]


class _Group:
    __slots__ = ("attribute", "count", "issue", "label", "rule", "samples", "severity", "spec")

    def __init__(self, issue: Issue, severity: Severity, key: type_key) -> None:
        self.issue = issue
        self.severity = severity
        _, self.rule, self.label, self.attribute, self.spec = key
        self.count = 0
        self.samples: list[Sample] = []

    def finding(self) -> Finding:
        return Finding(
            code=self.issue.code,
            name=self.issue.name,
            severity=self.severity,
            message=self.issue.message(),
            hint=self.issue.help(),
            count=self.count,
            samples=tuple(self.samples),
            rule=self.rule,
            label=self.label,
            attribute=self.attribute,
            spec=self.spec,
            evidence=tuple(self.issue.evidence().items()),
        )


class Collector:
    """Aggregates issues by (code, rule, label, attribute, spec place).

    The count is exact; the message and evidence are those of the first occurrence, the severity is the highest seen.
    """

    def __init__(self) -> None:
        self._groups: dict[type_key, _Group] = {}

    def add(
        self,
        issue: Issue,
        *,
        severity: Severity | None = None,
        source: Location | Callable[[], Location] | None = None,
        spec: Location | None = None,
        rule: str = "",
        label: str = "",
        attribute: str = "",
        count: int = 1,
    ) -> None:
        """Count one more occurrence, and keep it as a sample while there is room.

        ``source`` may be a function that makes the place: it is called only if the place is kept.
        """
        level = issue.severity if severity is None else severity
        key = (issue.code, rule, label, attribute, spec)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(issue, level, key)
        group.count += count
        group.severity = max(group.severity, level)
        if len(group.samples) < SAMPLES:
            sample = Sample(message=issue.message(), source=source() if callable(source) else source)
            if sample not in group.samples:
                group.samples.append(sample)

    def absorb(self, other: Collector) -> None:
        """Take over what another collector gathered after this one, as if it had come here."""
        for key, theirs in other._groups.items():
            group = self._groups.get(key)
            if group is None:
                group = self._groups[key] = _Group(theirs.issue, theirs.severity, key)
            group.count += theirs.count
            group.severity = max(group.severity, theirs.severity)
            for sample in theirs.samples:
                if len(group.samples) < SAMPLES and sample not in group.samples:
                    group.samples.append(sample)

    def meets(self, other: Collector) -> bool:
        """Whether both hold occurrences of the same cause."""
        return not self._groups.keys().isdisjoint(other._groups)

    def findings(self) -> list[Finding]:
        """All findings, by first place in the spec, then severity and code."""
        found = [group.finding() for group in self._groups.values()]
        return sorted(found, key=_order)

    def worst(self) -> Severity | None:
        """The highest severity so far."""
        return max((group.severity for group in self._groups.values()), default=None)

    def extend(self, findings: Iterable[tuple[Issue, Location | None]]) -> None:
        """Add issues that carry a spec place only."""
        for issue, spec in findings:
            self.add(issue, spec=spec)


def _order(finding: Finding) -> tuple[int, str, str, tuple[str, int, int], str, str, str]:
    spec = finding.spec
    place = (spec.file, spec.line, spec.column) if spec else ("", 0, 0)
    return (-finding.severity, finding.code, finding.rule, place, finding.label, finding.attribute, finding.message)
