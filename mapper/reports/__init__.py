"""Reports: pure functions from results to text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.reports import jsonl, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.reports.request import Request

REPORTS: dict[str, Callable[[Request], str]] = {
    "full": text.full,
    "concise": text.concise,
    "json": jsonl.document,
    "json-lines": jsonl.lines,
}
"""Every form of findings, by the name that ``--output-format`` takes."""
