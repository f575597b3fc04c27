"""Issues of the reading side: SRC1xx, one module for each part of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.source import backups, beside, entries, header, images, opening, parts, remote, shapes, skeletons, stored, tracks

if TYPE_CHECKING:
    from mapper.findings.base import Issue

ISSUES: tuple[type[Issue], ...] = (
    *opening.ISSUES,
    *header.ISSUES,
    *images.ISSUES,
    *shapes.ISSUES,
    *skeletons.ISSUES,
    *beside.ISSUES,
    *tracks.ISSUES,
    *entries.ISSUES,
    *remote.ISSUES,
    *backups.ISSUES,
    *stored.ISSUES,
    *parts.ISSUES,
)
