"""Where findings are, for programs that open files: paths from where the command ran, and fingerprints that differ."""

from __future__ import annotations

import posixpath
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Location
from mapper.findings.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.findings.base import Finding
    from mapper.reports.request import Request

ARCHIVE = ".zip/"
"""What stands between an archive and a file in it."""


class Place(NamedTuple):
    """A file that one can open, and a span in it; 0 is unknown. ``inside`` names the file in an archive."""

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    inside: str = ""


def primary(finding: Finding, request: Request) -> Place:
    """The place that a finding is shown at: in the spec if a rule is involved, else in the data, else the file as a whole."""
    if finding.spec is not None:
        return spec_place(finding.spec)
    if finding.source is not None:
        return data_place(finding.source, request)
    if request.file == request.folder:
        return Place(_path(request.file))
    return data_place(Location(file=request.file), request) if request.file else Place("")


def spec_place(place: Location) -> Place:
    """A place in a spec: its file is named as the user did."""
    return Place(_path(place.file), place.line, place.column, place.end_line, place.end_column)


def data_place(place: Location, request: Request) -> Place:
    """A place in the data; lines of a file in an archive are no lines of the archive."""
    path = _path(posixpath.join(_path(request.folder), place.file))
    cut = path.lower().find(ARCHIVE)
    if cut >= 0:
        end = cut + len(ARCHIVE) - 1
        return Place(path[:end], inside=path[end + 1 :])
    return Place(path, place.line, place.column, place.end_line, place.end_column)


def described(place: Location) -> str:
    """A place in the data in words: file and line, image, shape."""
    return ", ".join(filter(None, (str(place), f"image {place.image}" if place.image else "", place.shape)))


def data_places(finding: Finding) -> list[Location]:
    """The places in the data that are known of a finding."""
    return [sample.source for sample in finding.samples if sample.source is not None]


def unique(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding with its fingerprint; of those with an equal one, the second and later get one of their own."""
    seen: Counter[str] = Counter()
    for finding in findings:
        key = fingerprint(finding)
        number = seen[key]
        seen[key] += 1
        yield finding, sha256(f"{key} {number}".encode()).hexdigest() if number else key


def _path(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")) if path else ""
