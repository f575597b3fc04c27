"""The table of all issue classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings import (
    analysis,
    batch,
    batch_cluster,
    config,
    encord,
    encord_rows,
    geometry,
    mapping,
    mapping_tracks,
    media,
    media_facts,
    source,
    spec,
    spec_meaning,
    verify,
    waivers,
)
from mapper.findings.packs import content, lock, network

if TYPE_CHECKING:
    from mapper.findings.base import Issue

_STAGES = (
    source, spec, spec_meaning, mapping, mapping_tracks, geometry, encord, encord_rows, lock, content, network, media, media_facts, verify,
    analysis, config, waivers, batch, batch_cluster,
)  # fmt: skip

ISSUES: tuple[type[Issue], ...] = tuple(sorted({issue for stage in _STAGES for issue in stage.ISSUES}, key=lambda issue: issue.code))
"""Every issue class of every stage, by code."""

_BY_WORD = {word.casefold(): issue for issue in ISSUES for word in (issue.name, issue.code)}


def issue_by_code(code: str) -> type[Issue] | None:
    """The issue class of a code, or of a name such as ``unlisted-value``; case does not count; None if there is none."""
    return _BY_WORD.get(code.casefold())
