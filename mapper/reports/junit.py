"""Findings as JUnit's XML, which every CI server shows: a suite for each file, a case for each finding.

What fails the run is a failure; what does not is a case that passed, with its text as output. A run without findings
is one case that passed, so that the report is never empty.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mapper.reports.places import primary
from mapper.reports.style import PLAIN, visible
from mapper.reports.text import full

if TYPE_CHECKING:
    from mapper.findings.base import Finding
    from mapper.reports.request import Request

_ILLEGAL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""What XML 1.0 cannot hold, not even as a reference."""


def suites(request: Request) -> str:
    """The document, with counts but without times: the same findings give the same bytes."""
    by_file: dict[str, list[Finding]] = {}
    for finding in request.ordered():
        by_file.setdefault(primary(finding, request).path or "mapper", []).append(finding)
    root = ET.Element("testsuites", name="mapper")
    if not by_file:
        suite = ET.SubElement(root, "testsuite", name=_clean(request.file or "mapper"))
        ET.SubElement(suite, "testcase", name="no findings", classname=_clean(request.file or "mapper"), time="0")
        _count(suite)
    for file in sorted(by_file):
        suite = ET.SubElement(root, "testsuite", name=_clean(file))
        for finding in by_file[file]:
            _case(suite, finding, file, request)
        _count(suite)
    _count(root)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, finding: Finding, file: str, request: Request) -> None:
    place = primary(finding, request)
    where = f"{place.line}:{place.column}" if place.column else str(place.line or "")
    about = " ".join(filter(None, (finding.code, finding.name, where, finding.label and f"label {finding.label}")))
    case = ET.SubElement(suite, "testcase", name=_clean(about), classname=_clean(file), time="0")
    text = _clean(full(replace(request, findings=[finding], limit=None, style=PLAIN)), lines=True)
    if request.fails(finding):
        failure = ET.SubElement(case, "failure", message=_clean(finding.message), type=finding.severity.word)
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = text


def _count(element: ET.Element) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    element.set("failures", str(sum(1 for _ in element.iter("failure"))))
    element.set("errors", "0")
    if element.tag == "testsuite":
        element.set("skipped", "0")
    element.set("time", "0")


def _clean(text: str, *, lines: bool = False) -> str:
    return _ILLEGAL.sub("\ufffd", text if lines else visible(text))
