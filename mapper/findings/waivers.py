"""Issues of waivers, which are drops with a last day: one that is over (SPC219), one that nothing needs (MAP318)."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class UnusedWaiver(Issue):
    """A drop with a last day that left nothing out of this export.

    Why it matters: an exception that nobody needs any more hides the next thing that it would leave out.
    Example: `drop: {reason: labelled by mistake, until: 2026-12-31}` for a label that the export no longer holds.
    What to do: remove the rule, or let it stand if other exports need it.
    """

    code = "MAP318"
    name = "unused-waiver"
    severity = Severity.WARNING
    template = "the waiver of {what} (until {until}) left nothing out: {reason}"
    hint = "remove it, unless other exports need it"

    what: str
    until: str
    reason: str


class ExpiredWaiver(Issue):
    """A drop whose last day is over; it still leaves out what it says.

    Why it matters: somebody allowed the loss for a time, and that time has passed.
    Example: `drop: {reason: not annotated yet, until: 2025-06-30}` in July 2025.
    What to do: map what it drops, or decide anew and give another day.
    """

    code = "SPC219"
    name = "expired-waiver"
    severity = Severity.WARNING
    template = "the waiver of {what} ended on {until}: {reason}"
    hint = "map what it drops, or decide anew and give another day"

    what: str
    until: str
    reason: str


ISSUES: tuple[type[Issue], ...] = (UnusedWaiver, ExpiredWaiver)
