"""Issues that the analysis of a spec finds before any data is read: CHK801 to CHK829 and DIF841 to DIF849."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.analysis import coverage, difference, values

if TYPE_CHECKING:
    from mapper.findings.base import Issue

ISSUES: tuple[type[Issue], ...] = (*coverage.ISSUES, *values.ISSUES, *difference.ISSUES)
"""Every issue of the analysis."""
