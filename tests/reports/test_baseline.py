"""Baselines: known findings are left out, new ones and more of the known ones are not, and what is gone is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.findings.base import Finding, Location, Severity
from mapper.findings.config import BadBaseline, StaleBaseline
from mapper.findings.fingerprint import fingerprint
from mapper.reports.baseline import Known, document, judge, read


def finding(label: str, count: int = 2, severity: Severity = Severity.WARNING, **more: Any) -> Finding:
    """A finding of a label."""
    return Finding(
        code="MAP301", name="n", severity=severity, message=f"about {label}", hint="look", count=count, samples=(), label=label, **more
    )


A, B = finding("a"), finding("b")


def known(*findings: Finding) -> list[Known]:
    """The entries of a baseline of these findings, written and read back."""
    entries = read(document(findings).encode())
    assert isinstance(entries, list)
    return entries


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Code and label of each finding."""
    return [(found.code, found.label) for found in findings]


def test_known_findings_are_left_out() -> None:
    """All that the baseline accepts, as long as it is neither more nor worse."""
    judged = judge([A, B], known(A, B), "b.json")
    assert (judged.new, judged.known) == ((), (A, B))


def test_new_findings_stay() -> None:
    """What is not in the baseline is reported as it is."""
    assert judge([A, B], known(A), "b.json").new == (B,)


@pytest.mark.parametrize("grown", [finding("a", 3), finding("a", severity=Severity.ERROR)])
def test_more_or_worse_than_known_is_new(grown: Finding) -> None:
    """One occurrence more, or a higher severity, is reported; the hint tells what was known."""
    (new,) = judge([grown], known(A), "b.json").new
    assert (new.label, new.count) == ("a", grown.count)
    assert new.hint in {"look (baseline: 2 of 3 known)", "look (baseline: known as warning)"}


def test_findings_of_one_fingerprint_share_the_ceiling() -> None:
    """Two places of one finding are counted together, so that one cannot grow in the shade of another."""
    here, there = (finding("a", spec=Location(file="s.yaml", line=line)) for line in (1, 9))
    assert fingerprint(here) == fingerprint(there)
    assert judge([here, there], known(here, there), "b.json").known == (here, there)
    assert len(judge([here, replace(there, count=3)], known(here, there), "b.json").new) == 2


@pytest.mark.parametrize("left", [[], [finding("a", 1)]])
def test_what_is_gone_is_told_with_its_line(left: list[Finding]) -> None:
    """An entry that accepts more than there is, is a warning at its line of the file."""
    (stale,) = judge([*left, B], known(A, B), "b.json").new
    assert (stale.code, stale.severity) == (StaleBaseline.code, Severity.WARNING)
    assert stale.source is not None
    lines = document([A, B]).splitlines()
    assert fingerprint(A) in lines[stale.source.line - 1]


@given(st.lists(st.tuples(st.sampled_from("abcdé"), st.integers(1, 5), st.sampled_from(Severity))))
def test_a_baseline_accepts_what_it_was_made_of(parts: list[tuple[str, int, Severity]]) -> None:
    """Whatever was found, a run over the same is clean, and the text is the same in any order."""
    findings = [finding(label, count, severity) for label, count, severity in parts]
    assert judge(findings, known(*findings), "b.json").new == ()
    assert json.loads(document(findings))["schema_version"] == 1


ENTRY = json.loads(document([A]))["findings"][0]
BROKEN = [[ENTRY | {name: value}] for name, value in (("count", 0), ("count", True), ("fingerprint", "x"), ("severity", "bad"))]
BROKEN.append([ENTRY, ENTRY])


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "<<<<<<< HEAD", "\udcff", "[" * 100_000,
        '{"schema_version": 2, "findings": []}', '{"schema_version": 1}', '{"schema_version": 1, "findings": [7]}',
        '{"schema_version": 1, "findings": {"a": 1}}',
        *(json.dumps({"schema_version": 1, "findings": entries}) for entries in BROKEN),
    ],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str) -> None:
    """Never taken as an empty one."""
    assert isinstance(read(text.encode("utf-8", "surrogateescape")), BadBaseline)
