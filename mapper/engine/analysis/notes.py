"""What the analysis found: an issue, where in the spec it stands, and a witness that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Finding, Issue, Sample, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.engine.analysis.witness import Witness
    from mapper.findings.base import Location


class Note(NamedTuple):
    """One thing found; ``severity`` None is the issue's own."""

    issue: Issue
    place: Location | None
    witness: Witness | None = None
    severity: Severity | None = None
    rule: str = ""
    label: str = ""
    attribute: str = ""
    times: int = 1

    def finding(self) -> Finding:
        """The note as reports show it."""
        issue = self.issue
        return Finding(
            code=issue.code,
            name=issue.name,
            severity=issue.severity if self.severity is None else self.severity,
            message=issue.message(),
            hint=issue.help(),
            count=self.times,
            samples=(Sample(message=issue.message()),),
            rule=self.rule,
            label=self.label,
            attribute=self.attribute,
            spec=self.place,
            evidence=tuple(issue.evidence().items()),
        )


def ordered(notes: Iterable[Note]) -> list[Note]:
    """The notes without repetitions: errors first, then by place in the spec."""
    known: dict[tuple[str, str, Location | None, str], Note] = {}
    for note in notes:
        known.setdefault((note.issue.code, note.rule, note.place, note.issue.message()), note)
    return sorted(known.values(), key=_order)


def _order(note: Note) -> tuple[int, str, tuple[str, int, int], str, str]:
    place = (note.place.file, note.place.line, note.place.column) if note.place else ("", 0, 0)
    severity = note.issue.severity if note.severity is None else note.severity
    return (-severity, note.issue.code, place, note.label, note.issue.message())
