"""Issues of two versions of a spec: DIF841 and DIF842."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class VersionTooLow(Issue):
    """The version of a spec rose by less than its changes call for.

    Why it matters: whoever reads the version believes that nothing else changed.
    Example: version 1.4.0 became 1.4.1, and cars are now Vehicles.
    What to do: raise `metadata.version` to what the message says.
    """

    code = "DIF841"
    name = "version-too-low"
    template = "the changes call for a {bump} version, at least {wanted}; metadata.version is {found} after {before}"
    hint = "set metadata.version to {wanted}"

    bump: str
    wanted: str
    found: str
    before: str


class DifferenceUndecided(Issue):
    """The analysis cannot say whether two specs treat some shapes alike.

    Why it matters: there may be changes that are not listed.
    Example: so many conditions on one label that their combinations exceed the budget, or a condition that is not analysed.
    What to do: raise `--budget`, compare on real exports with `--source`, or simplify the conditions.
    """

    code = "DIF842"
    name = "difference-undecided"
    severity = Severity.WARNING
    template = "unknown whether {what} is treated alike: {why}"
    hint = "raise --budget, compare on real exports with --source, or simplify the conditions"

    what: str
    why: str


ISSUES: tuple[type[Issue], ...] = (VersionTooLow, DifferenceUndecided)
