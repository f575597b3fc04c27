"""Findings as GitLab reads them for its code quality widget: a subset of the Code Climate form.

Form: "Code Quality report format" in GitLab's documentation; fingerprints must differ from one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.findings.base import Severity
from mapper.reports.jsonl import compact
from mapper.reports.places import data_places, described, primary, unique
from mapper.reports.style import visible

if TYPE_CHECKING:
    from mapper.findings.base import Finding
    from mapper.reports.request import Request

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def quality(request: Request) -> str:
    """A list of one entry a finding."""
    return compact([_entry(finding, key, request) for finding, key in unique(request.ordered())], request.style)


def _entry(finding: Finding, key: str, request: Request) -> dict[str, Any]:
    place = primary(finding, request)
    return {
        "description": f"{finding.code} {visible(finding.message)}{_elsewhere(finding)}",
        "check_name": finding.name,
        "fingerprint": key,
        "severity": SEVERITIES[finding.severity],
        "location": {"path": place.path, "lines": {"begin": max(place.line, 1)}},
    }


def _elsewhere(finding: Finding) -> str:
    """The first place in the data, and how often there is one."""
    place = next((f"at {visible(described(place))}" for place in data_places(finding)), "")
    more = "; ".join(filter(None, (place, f"{finding.count:,} times" if finding.count > 1 else "")))
    return f" ({more})" if more else ""
