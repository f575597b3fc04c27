"""What the exit codes mean, and which one findings give."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.findings.base import Severity

CLEAN = 0
"""Nothing at or above the threshold was found."""
FINDINGS = 1
"""A finding at or above ``--fail-on``, or no bundle was published because of one."""
USAGE = 2
"""Wrong usage, an invalid spec, a source that cannot be read, a place that is taken."""
INTERNAL = 3
"""A bug: an unexpected exception, or books that do not balance."""
INTERRUPTED = 130
"""Ctrl-C, as shells have it: 128 + SIGINT."""
CLOSED = 141
"""Whoever read the output went away, as shells have it: 128 + SIGPIPE."""
TERMINATED = 143
"""SIGTERM, as shells have it: 128 + SIGTERM."""

EXPLAINED = (
    "0 clean; 1 a finding at or above --fail-on; 2 wrong usage, invalid spec, unreadable source or output that is taken; "
    "3 internal error; 130 interrupted; 143 terminated."
)


def of_findings(worst: Severity | None, fail_on: str) -> int:
    """The code for the worst severity under ``--fail-on`` (a severity's word, or ``never``)."""
    if worst is None or fail_on == "never":
        return CLEAN
    return FINDINGS if worst >= type(worst).parse(fail_on) else CLEAN
