"""Findings as JSON: documents that other programs read."""

from __future__ import annotations

import json
from typing import Any

from mapper.findings.base import Finding, Location, Sample, Severity
from mapper.findings.fingerprint import fingerprint
from mapper.reports import REPORTS
from mapper.reports.request import SCHEMA_VERSION, Request
from mapper.reports.style import Style
from mapper.version import __version__

FINDING = Finding(
    code="MAP301",
    name="unmatched-shape",
    severity=Severity.ERROR,
    message="no rule matches ellipse with label 'Пуля'",
    hint="add a rule",
    count=3,
    samples=(Sample(message="m", source=Location(file="annotations.xml", line=4, image="a.png")),),
    spec=Location(file="s.yaml", line=2, column=3, end_line=2, end_column=5),
    evidence=(("kind", "ellipse"), ("label", "Пуля")),
)


def parsed(**options: Any) -> Any:
    """The JSON form, read back."""
    return json.loads(REPORTS["json"](Request(findings=[FINDING], **options)))


def test_the_document_says_what_wrote_it() -> None:
    """schema_version and tool come first, the head next, findings last."""
    document = parsed(head={"ok": False, "counts": {"images": 1}})
    assert list(document) == ["schema_version", "tool", "ok", "counts", "findings"]
    assert document["schema_version"] == SCHEMA_VERSION
    assert document["tool"] == {"name": "mapper", "version": __version__}


def test_findings_are_those_of_the_bundle() -> None:
    """The same keys as findings.jsonl has, and the fingerprint, in one document or one a line."""
    expected = json.loads(json.dumps(FINDING.as_dict())) | {"fingerprint": fingerprint(FINDING)}
    assert parsed()["findings"] == [expected]
    lines = REPORTS["json-lines"](Request(findings=[FINDING, FINDING])).splitlines()
    assert [json.loads(line) for line in lines] == [expected, expected]


def test_compact_in_a_pipe_and_indented_on_a_terminal() -> None:
    """One line for programs, many for people; non-ASCII text is written as it is."""
    compact = REPORTS["json"](Request(findings=[FINDING]))
    assert compact.count("\n") == 1
    assert "Пуля" in compact
    assert REPORTS["json"](Request(findings=[FINDING], style=Style(width=80))).count("\n") > 10


def test_what_is_no_unicode_text_does_not_stop_the_report() -> None:
    """A file name of bytes that are no UTF-8 reaches Python as lone surrogates; JSON gets replacement characters."""
    document = parsed(head={"file": "caf\udce9.zip", "list": [("\udce9", 1)]})
    assert document["file"] == "caf?.zip"
    assert document["list"] == [["?", 1]]
