"""Results of the tests of specs, for people and for CI; what they are made from is the JSON form of the same."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import orjson

from mapper.reports.style import paint, plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.reports.style import Style

Record = dict[str, Any]
"""A suite: file, ok, findings, tests, coverage; with ``least``, the coverage that is wanted, None for any."""


def full(suites: Sequence[Record], style: Style) -> str:
    """Every failure with what was expected, what came out and why; then one line for the whole."""
    failures = "".join(f"{line}\n" for suite in suites for line in _failures(suite, style))
    return failures + "".join(f"{line}\n" for line in _closing(suites, style))


def concise(suites: Sequence[Record], style: Style) -> str:
    """One line a failure, and the closing lines."""
    lines = [
        f"{test['file']}: {test['name']}: expected {' | '.join(map(said, test['expected']))}; got {' | '.join(map(said, test['actual']))}"
        if test["kind"] == "case" and test["expected"]
        else f"{test['file']}: {'; '.join((*test.get('reasons', ()), *test.get('differences', ())))}"
        for suite in suites
        for test in suite["tests"]
        if not test["passed"]
    ]
    return "".join(f"{visible(line)}\n" for line in lines) + "".join(f"{line}\n" for line in _closing(suites, style))


def junit(suites: Sequence[Record]) -> str:
    """JUnit XML: a suite for each spec, a case for each test, and one for the coverage that is wanted."""
    counts = [_counts(suite) for suite in suites]
    total = f'tests="{sum(tests for tests, _ in counts)}" failures="{sum(failures for _, failures in counts)}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="mapper test" {total}>']
    for suite, (tests, failures) in zip(suites, counts, strict=True):
        lines.append(f'  <testsuite name="{_xml(suite["file"])}" tests="{tests}" failures="{failures}">')
        lines += _cases(suite)
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _counts(suite: Record) -> tuple[int, int]:
    cases = list(_outcomes(suite))
    return len(cases), sum(failure is not None for _, _, failure in cases)


def _outcomes(suite: Record) -> Iterator[tuple[str, str, str | None]]:
    """Class, name and failure of each case."""
    for finding in suite["findings"]:
        if finding["severity"] == "error":
            yield suite["file"], f"{finding['code']} {finding['name']}", finding["message"]
    for test in suite["tests"]:
        yield test["file"], test["name"], None if test["passed"] else "\n".join(_detail(test))
    if suite["least"] is not None:
        yield suite["file"], "rule coverage", _shortfall(suite) or None


def _cases(suite: Record) -> Iterator[str]:
    for where, name, failure in _outcomes(suite):
        head = f'    <testcase classname="{_xml(where)}" name="{_xml(name)}"'
        if failure is None:
            yield f"{head}/>"
        else:
            first = failure.partition("\n")[0]
            yield f'{head}>\n      <failure message="{_xml(first)}">{_text(failure)}</failure>\n    </testcase>'


def _xml(text: str) -> str:
    return escape(visible(text))


def _text(text: str) -> str:
    return "\n".join(_xml(line) for line in text.split("\n"))


def _failures(suite: Record, style: Style) -> Iterator[str]:
    for test in suite["tests"]:
        if not test["passed"]:
            yield f"{paint('failed', style, 'red', 'bold')} {visible(test['name'])}"
            yield f"  --> {visible(test['file'])}"
            yield from (f"  {visible(line)}" for line in _detail(test))
            yield ""
    for test in suite["tests"]:
        for name in test.get("updated", ()):
            yield f"written {visible(test['file'])}/expected/{name}"


def _detail(test: Record) -> Iterator[str]:
    yield from (f"expected {said(item)}" for item in test.get("expected", ()))
    yield from (f"got      {said(item)}" for item in test.get("actual", ()))
    yield from (f"because  {reason}" for reason in test.get("reasons", ()))
    yield from test.get("differences", ())


def said(outcome: Record) -> str:
    """An outcome on one line: ``rule: truck, object: Truck``."""
    return ", ".join(f"{key}: {_value(value)}" for key, value in outcome.items())


def _value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _closing(suites: Sequence[Record], style: Style) -> Iterator[str]:
    tests = [test for suite in suites for test in suite["tests"]]
    failed = sum(not test["passed"] for test in tests)
    yield from (visible(short) for suite in suites if (short := _shortfall(suite)))
    rules, covered = (sum(suite["coverage"][key] for suite in suites) for key in ("rules", "covered"))
    reached = f", {covered:,} of {plural(rules, 'rule')} covered" if tests else ""
    if failed or not all(suite["ok"] for suite in suites):
        what = f"{failed:,} of {plural(len(tests), 'test')}" if failed else "not all tests could be run"
        yield f"{paint('Tests failed', style, 'red', 'bold')}: {what}{reached}"
    elif any(_shortfall(suite) for suite in suites):
        yield f"{paint('Coverage too low', style, 'red', 'bold')}: {plural(len(tests), 'test')} passed{reached}"
    else:
        yield f"{paint('All tests passed', style, 'green')}: {plural(len(tests), 'test')}{reached}"


def _shortfall(suite: Record) -> str:
    """What is wrong with a suite's coverage, "" if enough rules are covered."""
    percent, least = suite["coverage"]["percent"], suite["least"]
    if least is None or percent >= least:
        return ""
    missing = [f"{entry['rule']} (line {entry['spec'].get('line', 0)})" for entry in suite["coverage"]["missing"]]
    return f"{suite['file']}: {percent:g} % of rules covered, {least:g} % wanted; not covered: {', '.join(missing)}"
