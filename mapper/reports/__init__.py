"""Reports: pure functions from results to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.reports import github, gitlab, jsonl, junit, sarif, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.reports.request import Request

REPORTS: dict[str, Callable[[Request], str]] = {
    "full": text.full,
    "concise": text.concise,
    "json": jsonl.document,
    "json-lines": jsonl.lines,
    "github": github.commands,
    "gitlab": gitlab.quality,
    "junit": junit.suites,
    "sarif": sarif.log,
}
"""Every form of findings, by the name that ``--output-format`` takes."""
