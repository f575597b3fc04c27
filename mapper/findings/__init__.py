"""Findings: issue classes, one module a stage; ``ISSUES`` holds them all.

The table is loaded on first use: making a hundred classes takes a tenth of a second, and most importers want one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper.findings.table import ISSUES, issue_by_code

__all__ = ["ISSUES", "issue_by_code"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("mapper.findings.table"), name)
    raise AttributeError(f"module 'mapper.findings' has no attribute {name!r}")
