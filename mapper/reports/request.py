"""What a report of findings is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.findings.base import Severity
from mapper.reports.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.findings.base import Finding

SCHEMA_VERSION = 1
"""Version of the JSON forms of reports; grows when a key changes its meaning or goes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Findings and what a report may show beside them.

    ``texts``: lines of files by name, for excerpts. ``head``: keys of a JSON document besides its findings. ``file``:
    named where a finding has no place of its own. ``folder``: where the files of the data are, as the caller names it;
    the places of findings are relative to it. ``limit``: how many findings the full form shows, None for all.
    ``threshold``: the severity from which on a finding fails the run, None if none does.
    """

    findings: Sequence[Finding]
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    folder: str = ""
    limit: int | None = None
    threshold: Severity | None = Severity.ERROR
    style: Style = PLAIN

    def ordered(self) -> list[Finding]:
        """The findings, errors first, else in the order given."""
        return sorted(self.findings, key=lambda finding: -finding.severity)

    def fails(self, finding: Finding) -> bool:
        """Whether this finding fails the run."""
        return self.threshold is not None and finding.severity >= self.threshold
