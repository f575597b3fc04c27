"""Findings as SARIF 2.1.0, the OASIS standard that code hosts and editors read; with rules, both places and fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mapper import findings as table
from mapper.findings.base import Severity
from mapper.findings.fingerprint import FORM
from mapper.findings.page import page_of
from mapper.reports.jsonl import compact
from mapper.reports.places import Place, data_place, primary, unique
from mapper.version import __version__

if TYPE_CHECKING:
    from mapper.findings.base import Finding, Location
    from mapper.reports.request import Request

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""What paths are relative to: the checkout, for whoever reads the log."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

Json = dict[str, Any]


def log(request: Request) -> str:
    """One run with the rules that it needs; results in the order of the other reports."""
    findings = request.ordered()
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "mapper", "version": __version__, "semanticVersion": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder where the command ran."}}},
        "results": [_result(finding, key, codes, request) for finding, key in unique(findings)],
    }
    return compact({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, request.style)


def _rule(code: str) -> Json:
    issue = table.issue_by_code(code)  # an attribute, because the table is loaded on first use
    if issue is None:  # a finding of a newer bundle
        return {"id": code}
    page = page_of(issue)
    parts = (("Why it matters", page.why), ("Example", page.example), ("What to do", page.advice))
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in issue.name.split("-")),
        "shortDescription": {"text": page.summary},
        "help": {
            "text": "\n\n".join(f"{heading}: {text}" for heading, text in parts),
            "markdown": "\n\n".join(f"**{heading}**: {text}" for heading, text in parts),
        },
        "defaultConfiguration": {"level": LEVELS[issue.severity]},
    }


def _result(finding: Finding, key: str, codes: list[str], request: Request) -> Json:
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": message},
        "occurrenceCount": finding.count,
        "partialFingerprints": {FORM: key},
    }
    place = primary(finding, request)
    if place.path:
        result["locations"] = [_location(place, None if finding.spec else finding.source)]
    if related := _related(finding, request):
        result["relatedLocations"] = related
    properties = {name: value for name in ("rule", "label", "attribute") if (value := getattr(finding, name))}
    return result | ({"properties": properties} if properties else {})


def _related(finding: Finding, request: Request) -> list[Json]:
    """The places in the data; the first is the primary one if the finding has none in the spec."""
    placed = [sample for sample in finding.samples if sample.source is not None]
    found = []
    for number, sample in enumerate(placed if finding.spec else placed[1:], 1):
        source = sample.source
        assert source is not None  # noqa: S101 - chosen so
        found.append({"id": number, **_location(data_place(source, request), source), "message": {"text": sample.message}})
    return found


def _location(place: Place, source: Location | None) -> Json:
    region = _region(place)
    physical: Json = {"artifactLocation": _artifact(place.path)} | ({"region": region} if region else {})
    parts = [("file", place.inside), ("image", source.image if source else ""), ("shape", source.shape if source else "")]
    logical = [{"kind": kind, "name": name} for kind, name in parts if name]
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def _artifact(path: str) -> Json:
    """A relative path as a relative reference; an absolute one as a file URI."""
    text = path.encode("utf-8", "replace").decode()
    if text.startswith("/"):
        return {"uri": f"file://{quote(text)}"}
    if text[1:2] == ":":
        return {"uri": f"file:///{quote(text, safe='/:')}"}
    return {"uri": quote(text), "uriBaseId": ROOT}


def _region(place: Place) -> Json:
    parts = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column}
    return {name: number for name, number in parts.items() if number} if place.line else {}
