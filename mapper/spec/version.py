"""The spec's version and the engine that it needs, read before anything else is judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mapper.findings.spec import EngineTooOld, UnsupportedApiVersion
from mapper.findings.spec_meaning.loading import BadEngineRange
from mapper.spec.model import API_VERSION
from mapper.version import __version__, readable, satisfies

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located


def check_version(located: Located) -> list[tuple[Issue, Location]]:
    """What makes the spec unreadable for this engine, if anything."""
    document = located.value
    version = document.get("apiVersion")
    if isinstance(version, str) and version != API_VERSION:
        issue = UnsupportedApiVersion(found=version, supported=API_VERSION)
        return [(issue, located.place(("apiVersion",)))]
    requires = document.get("requires")
    wanted = requires.get("engine") if isinstance(requires, dict) else None
    return [(issue, located.place(("requires", "engine"))) for issue in _unfit(wanted)]


def _unfit(wanted: Any) -> list[Issue]:
    if isinstance(wanted, dict):  # a parameter is filled in too late for this
        return [BadEngineRange(range=json.dumps(wanted))]
    if not isinstance(wanted, str):
        return []  # absent, or for the model to refuse
    if not readable(wanted):
        return [BadEngineRange(range=wanted)]
    return [] if satisfies(__version__, wanted) else [EngineTooOld(wanted=wanted, version=__version__)]
