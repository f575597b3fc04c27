"""Issues of what a mapping spec means, once its text and structure are right: SPC222, SPC250 to SPC294."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.spec_meaning import beside, drafting, extending, loading, media, rules, targets, tracks

if TYPE_CHECKING:
    from mapper.findings.base import Issue

ISSUES: tuple[type[Issue], ...] = (
    *drafting.ISSUES,
    *loading.ISSUES,
    *rules.ISSUES,
    *targets.ISSUES,
    *beside.ISSUES,
    *tracks.ISSUES,
    *media.ISSUES,
    *extending.ISSUES,
)
