"""The spec's version and the engine that it needs, read before anything else is judged."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mapper.findings.spec import EngineTooOld, UnsupportedApiVersion
from mapper.findings.spec_meaning.loading import BadEngineRange
from mapper.spec.migrations import STEPS
from mapper.spec.model import API_VERSION
from mapper.version import DISTRIBUTION, __version__, readable, satisfies

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located


_VERSION = re.compile(r"mapping/v(\d{1,9})(?:(alpha|beta)(\d{0,9}))?")
_STAGES = {"alpha": 0, "beta": 1, None: 2}


def check_version(located: Located) -> list[tuple[Issue, Location]]:
    """What makes the spec unreadable for this engine, if anything."""
    document = located.value
    version = document.get("apiVersion")
    if isinstance(version, str) and version != API_VERSION:
        return [(unsupported(document), located.place(("apiVersion",)))]
    wanted = _wanted(document)
    return [(issue, located.place(("requires", "engine"))) for issue in _unfit(wanted)]


def unsupported(document: dict[str, Any]) -> UnsupportedApiVersion:
    """The refusal of another version, which says what to install if it is a newer one."""
    version = str(document["apiVersion"])
    wanted = _wanted(document)
    install = ""
    if age(version) == "newer":
        fitting = isinstance(wanted, str) and readable(wanted) and not satisfies(__version__, wanted)
        install = f"pip install '{DISTRIBUTION}{wanted}'" if fitting else f"pip install --upgrade {DISTRIBUTION}"
    liftable = version in {step.before for step in STEPS}
    return UnsupportedApiVersion(found=version, supported=API_VERSION, install=install, liftable=liftable)


def age(version: str, current: str = API_VERSION) -> str:
    """Whether a version of the language is newer or older than another; "" if it is the same, or no version."""
    own, other = order(version), order(current)
    if not any(own) or own == other:
        return ""
    return "newer" if own > other else "older"


def order(version: str) -> tuple[int, int, int]:
    """What sorts versions of the language, as Kubernetes has them: v1alpha1, v1beta1, v1, v2; (0, 0, 0) is none."""
    found = _VERSION.fullmatch(version)
    return (int(found[1]) + 1, _STAGES[found[2]], int(found[3] or 0)) if found else (0, 0, 0)


def _wanted(document: dict[str, Any]) -> Any:
    requires = document.get("requires")
    return requires.get("engine") if isinstance(requires, dict) else None


def _unfit(wanted: Any) -> list[Issue]:
    if isinstance(wanted, dict):  # a parameter is filled in too late for this
        return [BadEngineRange(range=json.dumps(wanted))]
    if not isinstance(wanted, str):
        return []  # absent, or for the model to refuse
    if not readable(wanted):
        return [BadEngineRange(range=wanted)]
    return [] if satisfies(__version__, wanted) else [EngineTooOld(wanted=wanted, version=__version__)]
