"""Issues of packs: pinned sources, what a pack holds, fetching; PCK601 to PCK639."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.packs import content, lock, network

if TYPE_CHECKING:
    from mapper.findings.base import Issue

ISSUES: tuple[type[Issue], ...] = (*lock.ISSUES, *content.ISSUES, *network.ISSUES)
