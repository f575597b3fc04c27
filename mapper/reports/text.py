"""Findings for people: the full form with excerpts, and the concise form of one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.findings.base import Severity
from mapper.reports.style import paint, plural, severity_look, visible
from mapper.spec.excerpt import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.findings.base import Finding, Location, Sample
    from mapper.reports.request import Request
    from mapper.reports.style import Style

PLACES = 3
"""How many places in the data the full form shows of one finding."""


def full(request: Request) -> str:
    """Each finding as ruff shows it: code and message, arrow, excerpt with carets, places in the data, help."""
    ordered = request.ordered()
    shown = ordered if request.limit is None else ordered[: request.limit]
    return "\n".join("".join(f"{line}\n" for line in _full(finding, request)) for finding in shown)


def concise(request: Request) -> str:
    """One line a finding: ``traffic.yaml:52:59: MAP302 message``."""
    return "".join(f"{_concise(finding, request)}\n" for finding in request.ordered())


def headline(finding: Finding, style: Style) -> str:
    """Code and message; a finding that is no error says so."""
    word = "" if finding.severity == Severity.ERROR else f"{finding.severity.word}: "
    look = severity_look(finding.severity)
    return f"{paint(finding.code, style, look, 'bold')} {paint(word, style, look)}{visible(finding.message)}"


def _concise(finding: Finding, request: Request) -> str:
    place = finding.spec or finding.source
    where = str(place) if place else request.file
    label = f"label {finding.label}" if finding.label and finding.label not in finding.message else ""
    times = f"{finding.count:,} times" if finding.count > 1 else ""
    more = ", ".join(filter(None, (label, times)))
    return f"{visible(where)}{': ' if where else ''}{headline(finding, request.style)}{visible(f' ({more})') if more else ''}"


def _full(finding: Finding, request: Request) -> Iterator[str]:
    style = request.style
    yield headline(finding, style)
    if finding.spec:
        yield from _spec_place(finding, finding.spec, request)
    elif request.file and not finding.source:
        yield f"  {paint('-->', style, 'blue')} {visible(request.file)}"
    yield from _sources(finding, style)
    if finding.hint:
        yield f"{paint('help:', style, 'cyan', 'bold')} {visible(finding.hint)}"


def _spec_place(finding: Finding, place: Location, request: Request) -> Iterator[str]:
    indent = " " * max(2, len(str(place.line)))
    rule = f"  rule {visible(finding.rule)}" if finding.rule else ""
    yield f"{indent}{paint('-->', request.style, 'blue')} {visible(str(place))}{rule}"
    marked = excerpt(request.texts.get(place.file, ()), place)
    if marked:
        lines = marked.split("\n")
        pad = " " * (len(indent) - len(str(place.line)))
        yield from (pad + _colored(line, index, finding, request.style) for index, line in enumerate(lines))


def _colored(line: str, index: int, finding: Finding, style: Style) -> str:
    """One of the excerpt's three lines: only the gutter is coloured, and the carets."""
    gutter, bar, rest = line.partition("|")
    carets = paint(rest, style, severity_look(finding.severity), "bold") if index == 2 else rest  # noqa: PLR2004 - the third line
    return f"{paint(gutter + bar, style, 'blue')}{carets}"


def _sources(finding: Finding, style: Style) -> Iterator[str]:
    """The places in the data: the first stands behind an arrow if there is no place in the spec."""
    placed = [sample for sample in finding.samples if sample.source]
    for index, sample in enumerate(placed[:PLACES]):
        mark = "-->" if not index and not finding.spec else ":::"
        yield f"  {paint(mark, style, 'blue')} {_source(sample, finding)}"
    if finding.count > max(1, min(len(placed), PLACES)):
        yield f"  {paint('=', style, 'blue')} {plural(finding.count, 'time')} in all"


def _source(sample: Sample, finding: Finding) -> str:
    place = sample.source
    assert place is not None  # noqa: S101 - the caller asked
    label = f"label {finding.label}" if finding.label else ""
    about = [f"image {place.image}" if place.image else "", place.shape, "" if label in place.shape else label]
    own = "" if sample.message == finding.message else f": {sample.message}"
    return visible(f"{place}  {', '.join(part for part in about if part)}".rstrip() + own)


def tally(findings: Sequence[Finding]) -> str:
    """How many findings of each severity there are: ``2 errors, 1 warning``; "" if there are none."""
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in reversed(Severity)}
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
    return ", ".join(plural(count, words[severity]) for severity, count in counts.items() if count)
