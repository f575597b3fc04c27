"""Whether a spec's version rose as much as its changes call for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapper.engine.analysis.changes import Bump
from mapper.engine.analysis.notes import Note
from mapper.findings.analysis.difference import DifferenceUndecided, VersionTooLow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.engine.analysis.difference import Compared
    from mapper.spec.load import LoadedSpec

Version = tuple[int, int, int]


def version_notes(before: LoadedSpec, after: LoadedSpec, found: Compared) -> Iterator[Note]:
    """Notes on a version that rose by too little, and on what could not be decided."""
    for what, why in found.open:
        yield Note(DifferenceUndecided(what, why), None)
    first, then = before.spec.metadata.version, after.spec.metadata.version
    wanted = raised(first, found.bump)
    if numbers(then) < numbers(wanted):
        yield Note(VersionTooLow(found.bump.word, wanted, then, first), after.place(("metadata", "version")))


def raised(version: str, bump: Bump) -> str:
    """The lowest version that a step leads to; without a step, the same version."""
    major, minor, patch = numbers(version)
    steps = {
        Bump.MAJOR: (major + 1, 0, 0),
        Bump.MINOR: (major, minor + 1, 0),
        Bump.PATCH: (major, minor, patch + 1),
        Bump.NONE: (major, minor, patch),
    }
    return ".".join(map(str, steps[bump]))


def numbers(version: str) -> Version:
    """The three numbers of a version; what comes before a release counts as the release."""
    found = [int(number) for number in re.findall(r"\d+", version)[:3]]
    return found[0], found[1], found[2]
