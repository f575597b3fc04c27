"""The spec's version and the engine that it needs, read before anything else is judged."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mapper.findings.spec import EngineTooOld, UnsupportedApiVersion
from mapper.findings.spec_meaning.loading import BadEngineRange
from mapper.spec.model import API_VERSION
from mapper.version import __version__

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located

COMPARISON = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+){0,2})\s*")


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
    if not all(COMPARISON.fullmatch(part) for part in wanted.split(",")):
        return [BadEngineRange(range=wanted)]
    return [] if satisfies(__version__, wanted) else [EngineTooOld(wanted=wanted, version=__version__)]


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version lies in a range such as ``>=1.2,<2``; False for a range that cannot be read."""
    have = _numbers(version)
    for part in wanted.split(","):
        found = COMPARISON.fullmatch(part)
        if found is None:
            return False
        limit = _numbers(found[2])
        held = {
            ">=": have >= limit, "<=": have <= limit, ">": have > limit, "<": have < limit, "==": have == limit, "!=": have != limit,
        }[found[1]]  # fmt: skip
        if not held:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version.split("-", maxsplit=1)[0].split("+", maxsplit=1)[0])]
    return tuple([*numbers, 0, 0][:3])
