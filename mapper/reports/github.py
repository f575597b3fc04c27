"""Findings as workflow commands of GitHub Actions, which become annotations of the changed files.

Form and escapes: "Workflow commands for GitHub Actions" in GitHub's documentation, and ``command.ts`` of its toolkit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.base import Severity
from mapper.reports.places import data_places, described, primary
from mapper.reports.style import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.findings.base import Finding
    from mapper.reports.request import Request

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def commands(request: Request) -> str:
    """One command a line: ``::error title=…,file=…,line=…,col=…::message``."""
    return "".join(f"{_command(finding, request)}\n" for finding in request.ordered())


def _command(finding: Finding, request: Request) -> str:
    properties = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in _properties(finding, request) if value)
    return f"::{COMMANDS[finding.severity]} {properties}::{_escaped(chr(10).join(_message(finding)), _DATA)}"


def _properties(finding: Finding, request: Request) -> Iterator[tuple[str, str]]:
    place = primary(finding, request)
    yield "title", f"{finding.code} {finding.name}"
    yield "file", visible(place.path)
    if place.path and place.line:
        yield "line", str(place.line)
        yield "endLine", str(place.end_line or "")
        if place.column:  # columns count only within one line
            yield "col", str(place.column)
            yield "endColumn", str(place.end_column) if place.end_column and place.end_line == place.line else ""


def _message(finding: Finding) -> Iterator[str]:
    yield visible(finding.message)
    yield from (f"at {visible(described(place))}" for place in data_places(finding))
    if finding.count > 1:
        yield f"{finding.count:,} times in all"
    if finding.hint:
        yield f"help: {visible(finding.hint)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
