"""The difference of two specs: for people, and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.reports.style import paint, plural, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mapper.engine.analysis.changes import Change
    from mapper.engine.analysis.counting import Met
    from mapper.engine.analysis.difference import Compared, Difference
    from mapper.findings.base import Finding
    from mapper.reports.style import Style

SHOWN = 40
"""Differences that the text shows; the document has all."""
LOOKS = {"major": "red", "minor": "yellow", "patch": "blue", "none": "green"}


class Spec(NamedTuple):
    """A spec as the report names it."""

    file: str
    name: str
    version: str


class Report(NamedTuple):
    """Two specs, what differs, and what that means on data: ``shapes`` is None where no export was given."""

    before: Spec
    after: Spec
    compared: Compared
    met: Mapping[int, Met]
    shapes: int | None
    findings: Sequence[Finding]
    tracks: int = 0


def text(report: Report, style: Style) -> str:
    """The difference in words, the gravest first."""
    return "".join(f"{line}\n" for line in _lines(report, style))


def _lines(report: Report, style: Style) -> Iterator[str]:
    compared = report.compared
    yield f"{_spec(report.before)} -> {_spec(report.after)}"
    if compared.assumed:
        yield "no label schema is given: compared over the labels, attributes and values that the specs name"
    chosen = [
        (index, entry) for index, entry in enumerate(compared.differences) if entry.declared or compared.assumed or index in report.met
    ]
    for index, entry in chosen[:SHOWN]:
        yield ""
        yield from _entry(entry, report.met.get(index), report, style)
    more, strange = len(chosen[SHOWN:]), len(compared.differences) - len(chosen)
    if more or strange:
        words = [f"{more:,} more" if more else "", f"{strange:,} for data outside the label schema" if strange else ""]
        yield f"\n… and {' and '.join(filter(None, words))}; --output-format json has all"
    if compared.policy:
        yield ""
        yield from (f"{_bump(change, style)} {_change(change)}" for change in compared.policy)
    yield ""
    yield from _verdict(report, style)


def _spec(spec: Spec) -> str:
    return visible(f"{spec.name} {spec.version} ({spec.file})")


def _entry(entry: Difference, met: Met | None, report: Report, style: Style) -> Iterator[str]:
    word = entry.bump.word
    rules = [rule or "no rule" for rule in entry.rules]
    by = f"rule {rules[0]}" if rules[0] == rules[1] else f"rule {rules[0]} -> {rules[1]}"
    strange = "" if entry.declared else ", outside the label schema"
    yield f"{paint(word, style, LOOKS[word], 'bold')} {visible(entry.what)} ({visible(by)}{strange})"
    yield from (f"  {_change(change)}" for change in entry.changes)
    size = plural(entry.cells, "cell") if entry.cells else "no cell of the schema"
    if report.shapes is None:
        yield f"  {size}, such as {visible(entry.witness.line)}"
    elif met is None:
        yield f"  {size}, none of the {' and '.join(_held(report))}"
    else:
        yield f"  {size}, {_counted(met, report)}, first {visible(met.file)}{_first(met)}"


def _held(report: Report) -> list[str]:
    """What the exports hold."""
    shapes, tracks = plural(report.shapes or 0, "shape"), plural(report.tracks, "track")
    return ([shapes] if report.shapes or not report.tracks else []) + ([tracks] if report.tracks else [])


def _counted(met: Met, report: Report) -> str:
    counts = ([met.shapes] if report.shapes or not report.tracks else []) + ([met.tracks] if report.tracks else [])
    return " and ".join(f"{count:,} of {held}" for count, held in zip(counts, _held(report), strict=True))


def _first(met: Met) -> str:
    line = f":{met.line}" if met.line else ""
    return line + visible(f" image {met.image}" if met.shapes and met.image else f" track {met.track}" if met.track else "")


def _bump(change: Change, style: Style) -> str:
    return paint(change.bump.word, style, LOOKS[change.bump.word], "bold")


def _change(change: Change) -> str:
    return visible(f"{change.what}: {change.before} -> {change.after}")


def _verdict(report: Report, style: Style) -> Iterator[str]:
    word = report.compared.bump.word
    counts = {step: sum(entry.bump.word == step for entry in report.compared.differences) for step in ("major", "minor", "patch")}
    said = ", ".join(f"{count:,} {step}" for step, count in counts.items() if count)
    if report.compared.open and not said:
        yield f"{paint('Not everything could be decided', style, 'yellow')}; in what could, no cell differs"
    elif word == "none":
        yield paint("No difference", style, "green")
    elif not said and not report.compared.policy:
        yield f"{paint('No cell differs', style, 'green')}, only words, names or layout: a {paint(word, style, 'bold')} version will do"
    else:
        yield f"The changes call for a {paint(word, style, LOOKS[word], 'bold')} version" + (f" ({said})" if said else "")


def document(report: Report) -> dict[str, Any]:
    """The difference for programs; every difference, with its witness as XML."""
    compared = report.compared
    return {
        "before": report.before._asdict(),
        "after": report.after._asdict(),
        "bump": compared.bump.word,
        "schema_assumed": compared.assumed,
        "shapes": report.shapes,
        "tracks": report.tracks,
        "differences": [_record(entry, report.met.get(index), report.shapes) for index, entry in enumerate(compared.differences)],
        "policy": [_plain(change) for change in compared.policy],
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _record(entry: Difference, met: Met | None, shapes: int | None) -> dict[str, Any]:
    record = {
        "bump": entry.bump.word,
        "label": entry.label.name,
        "kinds": list(entry.kinds),
        "cells": entry.cells,
        "where": entry.words,
        "in_schema": entry.declared,
        "rule": {"before": entry.rules[0], "after": entry.rules[1]},
        "changes": [_plain(change) for change in entry.changes],
        "witness": entry.witness.xml,
    }
    if shapes is not None:
        record["count"] = met.shapes if met else 0
        record["tracks"] = met.tracks if met else 0
        place = {"track": met.track} if met and met.track else {"image": met.image} if met else {}
        record |= {"first": {"file": met.file, "line": met.line, **place}} if met else {}
    return record


def _plain(change: Change) -> dict[str, str]:
    return {"what": change.what, "before": change.before, "after": change.after, "bump": change.bump.word}
