"""What a batch did, for people and programs: the exports that need a look, findings by code, totals, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from rich.text import Text

from mapper.findings.base import Severity
from mapper.findings.table import issue_by_code
from mapper.reports.console import grid, heading, line, pairs, rendered
from mapper.reports.request import Request
from mapper.reports.style import SEVERITY_COLORS, paint, plural, visible
from mapper.reports.text import full as findings_in_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import RenderableType

    from mapper.findings.base import Finding
    from mapper.reports.style import Style

ROWS = 60
"""How many rows a table has at most; everything is in index.jsonl."""
SHOWN = 20
"""How many findings over several exports stand below the tables."""
HEAD = "batch.json"
_LOOKS = {"converted": "", "unpublished": "yellow", "refused": "red", "failed": "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A batch that has run: its place as the user gave it, the lines of its index, its head, and what concerns several exports."""

    out: str | None
    entries: Sequence[dict[str, Any]]
    head: dict[str, Any]
    findings: Sequence[Finding]
    stopped: bool = False
    quiet: bool = False

    @property
    def ok(self) -> bool:
        """Whether all were converted, without an error."""
        return not self.stopped and all(record["status"] == "converted" and record["worst"] != "error" for record in self.entries)


def full(many: Many, style: Style) -> str:
    """Tables and totals; with ``--quiet`` only what concerns several exports."""
    found = findings_in_full(Request(findings=many.findings[:SHOWN], style=style)) if many.findings else ""
    if len(many.findings) > SHOWN:
        found += f"\n… and {plural(len(many.findings) - SHOWN, 'more finding')} over several exports, in {HEAD}\n"
    if many.quiet:
        return found
    return rendered(_parts(many), style) + (f"\n{found}" if found else "")


def concise(many: Many, style: Style) -> str:
    """A line for each export that needs a look, then one for each finding that concerns several, then the totals."""
    lines = [f"{record['source']}: {record['status']}: {_why(record)}" for record in many.entries if _needs_look(record)]
    lines += [f"{finding.label}: {finding.code} {finding.message}" for finding in many.findings]
    total = "" if many.quiet else paint(f"{_title(many)[0]}: {_numbers(many)}", style, "bold") + "\n"
    return "".join(f"{visible(text)}\n" for text in lines) + total


def document(many: Many, style: Style) -> str:
    """One JSON document: the head, and the lines of the index."""
    record = {"ok": many.ok, "out": many.out, "stopped": many.stopped, **many.head, "index": list(many.entries)}
    return orjson.dumps(record, option=orjson.OPT_INDENT_2 if style.width else 0).decode() + "\n"


def _parts(many: Many) -> Iterator[RenderableType]:
    words, look = _title(many)
    yield Text(visible(words), style=look)
    yield pairs(_facts(many))
    trouble = [record for record in many.entries if _needs_look(record)]
    if trouble:
        yield heading("Exports that need a look")
        yield grid(("Export", "Status", "Why"), [_row(record) for record in trouble[:ROWS]])
        if len(trouble) > ROWS:
            yield line(f"… and {plural(len(trouble) - ROWS, 'more export')} in index.jsonl", "dim")
    if codes := _codes(many.entries):
        yield heading("Findings")
        yield grid(("Code", "Severity", "Name", "Count", "Exports"), codes, right=("Count", "Exports"))
    yield from _next(many)


def _title(many: Many) -> tuple[str, str]:
    exports = many.head["exports"]
    if many.stopped:
        return "Ended by the first failure", "bold red"
    if many.out is None:
        return f"Dry run of {plural(exports['all'], 'export')}; nothing was written", "bold"
    whole = exports["converted"] == exports["all"]
    return f"Converted {exports['converted']:,} of {plural(exports['all'], 'export')} → {many.out}", "bold green" if whole else "bold red"


def _facts(many: Many) -> Iterator[tuple[str, object]]:
    spec, ontology, counts = many.head["spec"], many.head["ontology"], many.head["counts"]
    yield "spec", f"{spec['name']} {spec['version']}"
    modes = {"shared": "one, shared by all", "per-export": "one for each export", "given": "the given one"}
    yield "ontology", modes[ontology["mode"]]
    yield "exports", _numbers(many)
    if counts:
        yield "read", f"{plural(counts['images'], 'image')}, {plural(counts['read'], 'shape or tag', 'shapes and tags')}"
        yield "made", f"{plural(counts['label_rows'], 'label row')}, {plural(counts['objects'], 'label')}"


def _numbers(many: Many) -> str:
    exports = many.head["exports"]
    return ", ".join(f"{exports[status]:,} {status}" for status in _LOOKS if exports[status]) or "none"


def _needs_look(record: dict[str, Any]) -> bool:
    return bool(record["status"] != "converted" or record["worst"] == "error" or record.get("attempts", 1) > 1)


def _row(record: dict[str, Any]) -> tuple[object, ...]:
    return record["source"], Text(record["status"], style=_LOOKS[record["status"]]), _why(record)


def _why(record: dict[str, Any]) -> str:
    codes = ", ".join(f"{found['count']:,} {code}" for code, found in record["findings"].items() if found["severity"] == "error")
    if record["status"] == "converted":
        return codes or f"converted at attempt {record['attempts']}"
    return str(record["message"]) + (f" ({codes})" if codes and record["status"] == "unpublished" else "")


def _codes(entries: Sequence[dict[str, Any]]) -> list[tuple[object, ...]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for record in entries:
        for code, item in record["findings"].items():
            found.setdefault(code, []).append(item)
    return [(*_named(code, items), sum(item["count"] for item in items), len(items)) for code, items in sorted(found.items())]


def _named(code: str, items: Sequence[dict[str, Any]]) -> tuple[Text, str, str]:
    worst = max((item["severity"] for item in items), key=Severity.parse)
    return Text(visible(code), style=SEVERITY_COLORS[worst]), worst, getattr(issue_by_code(code), "name", "")


def _next(many: Many) -> Iterator[RenderableType]:
    exports = many.head["exports"]
    if many.out is None:
        return
    if many.stopped or exports["converted"] < exports["all"]:
        yield Text()
        yield line("Next: put right what the table says, then the same command with --resume", "dim")
    else:
        yield Text()
        yield line(f"Next: mapper verify {many.out}/<name>; everything is in {many.out}/index.jsonl", "dim")


BATCH_REPORTS: dict[str, Callable[[Many, Style], str]] = {"full": full, "concise": concise, "json": document}
"""Every form of a batch, by the name that ``--output-format`` takes."""
