"""The identity of a finding: the same in every run, though lines move and counts change."""

from __future__ import annotations

import json
import posixpath
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapper.findings.base import Finding

FORM = "mapper/v1"
"""What is hashed; another name when that changes."""


def fingerprint(finding: Finding) -> str:
    """64 hexadecimal digits made of code, rule, label, attribute, the part of the spec, and the file.

    Neither lines nor counts nor the message belong to it: a finding keeps its fingerprint while the spec and the export
    around it change. Two findings that differ in nothing else have one fingerprint.
    """
    pointer = finding.spec.pointer if finding.spec else ""
    parts = (FORM, finding.code, finding.rule, finding.label, finding.attribute, pointer, file_of(finding))
    return sha256(json.dumps(parts).encode()).hexdigest()


def file_of(finding: Finding) -> str:
    """The file that a finding is about, the same on every machine: a relative path as given, of an absolute one the name."""
    place = finding.spec or finding.source
    if place is None:
        return ""
    path = posixpath.normpath(place.file.replace("\\", "/"))
    absolute = path.startswith("/") or path[1:2] == ":"
    return posixpath.basename(path) if absolute else path
