"""Where a reader puts its findings: a collector and the name of the file that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.errors import SourceError
from mapper.findings.base import Location

if TYPE_CHECKING:
    from mapper.findings.base import Issue
    from mapper.findings.collector import Collector


class Reporter:
    """Adds issues with a place in one file; ``file`` is a name, not a path, so that two machines say the same."""

    __slots__ = ("file", "findings")

    def __init__(self, findings: Collector, file: str) -> None:
        self.findings = findings
        self.file = file

    def add(
        self,
        issue: Issue,
        *,
        line: int = 0,
        column: int = 0,
        image: str = "",
        shape: str = "",
        label: str = "",
        attribute: str = "",
    ) -> None:
        """Count one more occurrence at a line (from 1; 0 is unknown)."""
        place = Location(file=self.file, line=line, column=column, image=image, shape=shape)
        self.findings.add(issue, source=place, label=label, attribute=attribute)

    def refuse(self, issue: Issue, *, line: int = 0, column: int = 0) -> SourceError:
        """The exception for an export that cannot be read; it carries all findings so far, this one included."""
        self.add(issue, line=line, column=column)
        return SourceError(issue.message(), self.findings.findings())


class Silent(Reporter):
    """Takes what was told before, when something is read a second time."""

    __slots__ = ()

    def add(self, issue: Issue, **_: object) -> None:
        """Say nothing."""
