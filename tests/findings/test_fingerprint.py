"""Fingerprints: what makes two findings the same over time, and what tells them apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mapper import validate
from mapper.findings.base import Finding, Location, Sample, Severity
from mapper.findings.fingerprint import file_of, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.specs import Node

from tests.support import specs

PLACE = Location(file="specs/a.yaml", line=5, column=3, end_line=5, end_column=9, pointer="/rules/car/match")
FINDING = Finding(
    code="MAP302", name="n", severity=Severity.ERROR, message="m", hint="h", count=3, samples=(Sample(message="m"),),
    rule="car", label="car", attribute="type", spec=PLACE,
)  # fmt: skip


def test_lines_counts_and_words_do_not_count() -> None:
    """A finding is the same when text is put in above it, when it occurs more often, and when its sentence is improved."""
    moved = replace(PLACE, line=50, end_line=50, column=1)
    other = replace(FINDING, spec=moved, count=99, message="other", hint="", severity=Severity.INFO, samples=(), evidence=(("a", 1),))
    assert fingerprint(other) == fingerprint(FINDING)
    assert len(fingerprint(FINDING)) == 64


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, code="MAP303"), replace(FINDING, rule="bus"), replace(FINDING, label="bus"), replace(FINDING, attribute="x"),
        replace(FINDING, spec=replace(PLACE, pointer="/rules/bus/match")), replace(FINDING, spec=replace(PLACE, file="specs/b.yaml")),
    ],
)  # fmt: skip
def test_what_tells_findings_apart(other: Finding) -> None:
    """Code, rule, label, attribute, the part of the spec, and the file."""
    assert fingerprint(other) != fingerprint(FINDING)


@pytest.mark.parametrize(
    ("file", "same"),
    [("./specs/a.yaml", "specs/a.yaml"), ("specs\\a.yaml", "specs/a.yaml"), ("/somewhere/a.yaml", "a.yaml"), ("C:\\x\\a.yaml", "a.yaml")]
)  # fmt: skip
def test_files_go_by_a_name_that_no_machine_has_alone(file: str, same: str) -> None:
    """Of an absolute path only the name counts; a relative one counts however it is spelt."""
    assert file_of(replace(FINDING, spec=Location(file=file))) == same


def test_rules_go_by_their_ids(tmp_path: Path) -> None:
    """A finding about a rule keeps its fingerprint when another rule is put in before it; one about another rule differs."""
    wrong: Node = {"id": "wrong", "match": {}, "drop": {}}
    first: Node = {"id": "first", "match": {"label": "car"}, "drop": {"reason": "r"}}
    prints = []
    for rules in ([wrong], [first, wrong], [first, wrong | {"id": "else"}]):
        specs.write(tmp_path, specs.spec(*rules))
        (found,) = validate(tmp_path / "spec.json").findings
        prints.append((found.code, fingerprint(found)))
    assert prints[0] == prints[1] != prints[2]
