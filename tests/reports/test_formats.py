"""The formats for CI servers: each is read back by a parser that is not ours, or by one written from its definition."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from junitparser import Failure, JUnitXml
from lxml import etree

from mapper.findings.base import Finding, Location, Sample, Severity
from mapper.findings.fingerprint import fingerprint
from mapper.reports import REPORTS
from mapper.reports.request import Request

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif" / "sarif-schema-2.1.0.json").read_text("utf-8"))
SARIF = Draft4Validator(SCHEMA)
CI = ("github", "gitlab", "junit", "sarif")

LINES = ("rules:", "  - id: car", "    emit: [{from: type, to: Body, type: radio, lookup: body}]")
IN_SPEC = Location(file="specs/traffic.yaml", line=3, column=52, end_line=3, end_column=56, pointer="/rules/car/emit/0/lookup")
IN_DATA = Location(file="export.zip/annotations.xml", line=1482, column=5, image="street/0017.jpg", shape="rectangle 4")


def finding(code: str = "MAP302", severity: Severity = Severity.ERROR, message: str = "value 'van' is not listed", **more: Any) -> Finding:
    """A finding; ``sources`` are its places in the data, a message of its own for each."""
    sources = more.pop("sources", (IN_DATA,))
    samples = tuple(Sample(message=f"{message} ({number})", source=source) for number, source in enumerate(sources, 1))
    given_: dict[str, Any] = {"name": "some-name", "hint": "add it", "count": len(samples) or 1, "spec": IN_SPEC} | more
    return Finding(code=code, severity=severity, message=message, samples=samples, **given_)


FINDINGS = (
    finding(rule="car", label="car", attribute="type", count=12, sources=(IN_DATA, Location(file="export.zip/annotations.xml", line=9))),
    finding("SRC133", Severity.WARNING, 'a box, odd: 100% <empty> & "quoted"', spec=None, label="a,b:c"),
    finding("MED703", Severity.INFO, "media file 'Thumbs.db' belongs to no image", spec=None, sources=()),
    finding("MED703", Severity.INFO, "media file 'x.db' belongs to no image", spec=None, sources=()),
)  # fmt: skip


def request(*findings: Finding, **more: Any) -> Request:
    """A request as `mapper convert exports/export.zip` makes it."""
    given_: dict[str, Any] = {"texts": {"specs/traffic.yaml": LINES}, "file": "export.zip/annotations.xml", "folder": "exports"} | more
    return Request(findings=findings, **given_)


@pytest.mark.parametrize("form", list(REPORTS))
def test_golden(form: str, request: pytest.FixtureRequest) -> None:
    """Each form gives the text that was reviewed; `--update-golden` writes it anew."""
    text = REPORTS[form](
        Request(findings=FINDINGS, texts={"specs/traffic.yaml": LINES}, file="export.zip/annotations.xml", folder="exports")
    )
    path = GOLDEN / f"{form}.txt"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("form", CI)
def test_nothing_found_is_a_document_too(form: str) -> None:
    """A clean run gives what the server takes as clean: an empty list, one case that passed, no result."""
    text = REPORTS[form](request())
    assert {"github": text == "", "gitlab": text == "[]\n", "junit": "no findings" in text, "sarif": '"results":[]' in text}[form]


# -- GitHub: read back as its toolkit's runner does -------------------------------------------------------------------------

_COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^\r\n]*?)::(?P<message>[^\r\n]*)")


def unescaped(text: str, *, value: bool) -> str:
    """A message, or the value of a property, without escapes; the sign of percent comes last, as the runner has it."""
    table = [("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] if value else []), ("%25", "%")]
    for escape, character in table:
        text = text.replace(escape, character)
    return text


def command(line: str) -> tuple[str, dict[str, str], str]:
    """Name, properties and message of a workflow command; fails if it is none."""
    found = _COMMAND.fullmatch(line)
    assert found is not None, line
    pairs = [item.split("=", 1) for item in found["properties"].split(",")]
    return found["name"], {name: unescaped(text, value=True) for name, text in pairs}, unescaped(found["message"], value=False)


def test_github_commands_are_read_back() -> None:
    """Severity, place in the repository and every line of the message survive; lines of a file in a zip are not claimed."""
    first, second, *_ = map(command, REPORTS["github"](request(*FINDINGS)).splitlines())
    place = {"file": "specs/traffic.yaml", "line": "3", "endLine": "3", "col": "52", "endColumn": "56"}
    assert first[:2] == ("error", {"title": "MAP302 some-name"} | place)
    assert first[2].splitlines() == [
        "value 'van' is not listed",
        "at export.zip/annotations.xml:1482:5, image street/0017.jpg, rectangle 4",
        "at export.zip/annotations.xml:9",
        "12 times in all",
        "help: add it",
    ]
    assert second[:2] == ("warning", {"title": "SRC133 some-name", "file": "exports/export.zip"})
    assert second[2].startswith('a box, odd: 100% <empty> & "quoted"\n')


@given(st.text(), st.text(), st.integers(0, 3))
def test_github_commands_cannot_be_forged(message: str, file: str, line: int) -> None:
    """Whatever a message or a file name holds, one finding is one command of one line, and no other."""
    text = REPORTS["github"](request(finding(message=message, spec=Location(file=file or "x", line=line), sources=())))
    assert len(text.splitlines()) == 1
    assert command(text.removesuffix("\n"))[0] == "error"


# -- GitLab: the rules of its documentation -------------------------------------------------------------------------------


def test_gitlab_entries_follow_its_documentation() -> None:
    """Required keys, its five severities, a relative path without ./, a line from 1, fingerprints that differ."""
    entries = json.loads(REPORTS["gitlab"](request(*FINDINGS, finding(spec=Location(file="./a.yaml")))))
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert entry["location"]["lines"]["begin"] >= 1
        assert not entry["location"]["path"].startswith(("./", "/"))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert entries[0]["fingerprint"] == fingerprint(FINDINGS[0])
    assert [entry["severity"] for entry in entries] == ["major", "major", "minor", "info", "info"]


# -- JUnit ------------------------------------------------------------------------------------------------------------------


def test_junit_is_read_by_a_library() -> None:
    """A library of others sees a suite for each file, a failure for what fails the run, and counts that agree."""
    text = REPORTS["junit"](request(*FINDINGS))
    suites = list(JUnitXml.fromstring(text.encode()))
    assert {suite.name for suite in suites} == {"specs/traffic.yaml", "exports/export.zip"}
    failed = [(case.name, case.classname) for suite in suites for case in suite if any(isinstance(one, Failure) for one in case.result)]
    assert failed == [("MAP302 some-name 3:52 label car", "specs/traffic.yaml")]
    counted = [(suite.tests, suite.failures, len(list(suite))) for suite in suites]
    assert sorted(counted) == [(1, 1, 1), (3, 0, 3)]


def test_junit_fails_what_fails_the_run() -> None:
    """With `--fail-on warning` warnings are failures, with `never` nothing is."""
    for threshold, failures in ((Severity.INFO, 4), (Severity.WARNING, 2), (Severity.ERROR, 1), (None, 0)):
        root = etree.fromstring(REPORTS["junit"](request(*FINDINGS, threshold=threshold)).encode())
        assert root.get("failures") == str(failures) == str(len(root.findall(".//failure")))


def test_junit_shows_the_excerpt() -> None:
    """A failure's text is what the full form prints."""
    root = etree.fromstring(REPORTS["junit"](request(FINDINGS[0])).encode())
    assert root.findtext(".//failure") == REPORTS["full"](request(FINDINGS[0]))


@given(st.text(), st.text())
def test_junit_is_xml_whatever_a_label_holds(message: str, label: str) -> None:
    """Control characters, surrogates and markup in names from an export leave a document that lxml reads."""
    text = REPORTS["junit"](request(finding(message=message, label=label, spec=None)))
    assert len(etree.fromstring(text.encode("utf-8")).findall(".//testcase")) == 1


# -- SARIF ------------------------------------------------------------------------------------------------------------------


def sarif(*findings: Finding) -> Any:
    """The only run of a log that the official schema accepts."""
    log = json.loads(REPORTS["sarif"](request(*findings)))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    return log["runs"][0]


def test_the_validator_finds_what_is_wrong() -> None:
    """The official schema refuses a log without version, and a result with a key of our own."""
    assert list(SARIF.iter_errors({"runs": []}))
    assert list(SARIF.iter_errors({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"mine": 1}]}]}))


def test_sarif_holds_both_places() -> None:
    """The spec is the location, the data are related locations with image and shape; rules are listed once and referred to."""
    run = sarif(*FINDINGS)
    first, second, *_ = run["results"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["MAP302", "MED703", "SRC133"]
    assert all(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    (place,) = first["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "specs/traffic.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 52, "endLine": 3, "endColumn": 56},
    }
    related = first["relatedLocations"]
    assert [item["message"]["text"] for item in related] == ["value 'van' is not listed (1)", "value 'van' is not listed (2)"]
    assert {item["kind"]: item["name"] for item in related[0]["logicalLocations"]} == {
        "file": "annotations.xml", "image": "street/0017.jpg", "shape": "rectangle 4",
    }  # fmt: skip
    assert (first["level"], first["occurrenceCount"]) == ("error", 12)
    assert first["partialFingerprints"] == {"mapper/v1": fingerprint(FINDINGS[0])}
    assert second["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "exports/export.zip", "uriBaseId": "%SRCROOT%"}}
    assert "region" not in second["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("path", "uri"), [("a b/ü#1%.yaml", "a%20b/%C3%BC%231%25.yaml"), ("./x.yaml", "x.yaml"), ("a\\b.yaml", "a/b.yaml")]
)
def test_sarif_paths_are_uris(path: str, uri: str) -> None:
    """What a URI cannot hold is escaped, and comes back."""
    artifact = sarif(finding(spec=Location(file=path)))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == uri
    assert unquote(uri) in {path.replace("\\", "/"), path.removeprefix("./")}


def test_sarif_of_an_absolute_path() -> None:
    """It is a file URI, and is not taken as relative to the checkout."""
    artifact = sarif(finding(spec=Location(file="/specs/x.yaml")))["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///specs/x.yaml"}


@given(st.text(), st.text(min_size=1), st.integers(0, 9), st.integers(0, 9))
def test_sarif_is_valid_whatever_a_name_holds(message: str, file: str, line: int, column: int) -> None:
    """The schema accepts a log of any finding."""
    assert sarif(finding(message=message, spec=Location(file=file, line=line, column=column, end_line=line, end_column=column)))["results"]
