"""What a conversion did, for people: inputs, accounts, fidelity, findings by code, what to do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from rich.text import Text

from mapper.findings.base import Severity
from mapper.reports.console import grid, heading, line, pairs, rendered
from mapper.reports.style import SEVERITY_COLORS, plural, visible
from mapper.reports.text import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from mapper.findings.base import Finding
    from mapper.places.place import Place
    from mapper.reports.style import Style

ROWS = 60
"""How many rows a table has at most; everything is in ledger.json."""
NAMES = 8
"""How many names stand in a cell."""
ACCOUNTS = ("kept", "transformed", "split", "merged", "dropped", "refused")
LOOKS = {"kept": "green", "dropped": "yellow", "refused": "red"}
SPACES = {"attribute": "attribute", "element": "attribute of a skeleton's point", "field": "field", "point": "skeleton's point"}


class Converted(Protocol):
    """What of a run's result is shown; ``pipeline.Result`` has it, which reports may not import."""

    @property
    def out(self) -> Place | None:
        """The bundle, if one was published."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What was found."""

    @property
    def ledger(self) -> dict[str, Any]:
        """The content of ledger.json."""

    @property
    def bundle(self) -> dict[str, Any]:
        """The content of bundle.json, without its media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """A finished run: paths as the user gave them; ``unpublished`` says why there is no bundle though one was asked for."""

    source: str
    out: str | None
    result: Converted
    dry_run: bool = False
    unpublished: str = ""

    @property
    def published(self) -> bool:
        """Whether there is a bundle."""
        return self.result.out is not None


def summary(conversion: Conversion, style: Style) -> str:
    """The whole summary as text."""
    return rendered(_parts(conversion), style)


def _parts(conversion: Conversion) -> Iterator[RenderableType]:
    result = conversion.result
    yield _title(conversion)
    yield pairs(_facts(result))
    yield from _table("Shapes and tags", _accounts(result.ledger), right=("Count",))
    yield from _table("Attributes and fields", _values(result.ledger), right=("Count",))
    yield from _table("Approximations", _fidelity(result.ledger), right=("Measured", "Worst", "Mean"))
    yield from _findings(result.findings)
    yield from _next(conversion)


def _title(conversion: Conversion) -> Text:
    source, out = visible(conversion.source), visible(conversion.out or "")
    if conversion.published:
        return Text("Converted ", style="bold green").append(f"{source} → {out}", style="bold")
    if conversion.dry_run:
        return Text("Dry run of ", style="bold").append(f"{source}; nothing was written", style="bold")
    return Text("Nothing was published: ", style="bold red").append(visible(conversion.unpublished))


def _facts(result: Converted) -> Iterator[tuple[str, object]]:
    source, spec, counts = result.bundle["source"], result.bundle["spec"], result.bundle["counts"]
    origin = "" if source["scope"] == "none" else f", {source['scope']} {source['id']} {source['name']!r}"
    yield "source", f"{source['file']}{origin}, {plural(source['bytes'], 'byte')}"
    yield "spec", f"{spec['name']} {spec['version']}"
    refused = f" ({counts['images_refused']:,} refused)" if counts["images_refused"] else ""
    made = [plural(counts["ontology_objects"], "ontology object"), plural(counts["ontology_classifications"], "classification")]
    yield "read", f"{plural(counts['images'], 'image')}{refused}, {plural(counts['read'], 'shape or tag', 'shapes and tags')}"
    yield "made", ", ".join([plural(counts["objects"], "label"), *made])
    yield "accounts", ", ".join(f"{counts[account]:,} {account}" for account in ACCOUNTS if counts[account]) or "nothing to account for"


Rows = tuple[tuple[str, ...], list[tuple[object, ...]]]
"""Headings and rows of a table."""


def _table(title: str, table: Rows, right: Sequence[str]) -> Iterator[RenderableType]:
    headings, rows = table
    if not rows:
        return
    yield heading(title)
    yield grid(headings, rows[:ROWS], right=right)
    if len(rows) > ROWS:
        yield line(f"… and {plural(len(rows) - ROWS, 'more row')} in ledger.json", "dim")


def _accounts(ledger: dict[str, Any]) -> Rows:
    """One row for each label, shape and outcome, and what it became where the ledger says it (``targets``)."""
    details = [(entry, detail) for entry in ledger["elements"] for detail in entry["details"]]
    details.sort(key=lambda pair: (pair[0]["label"], pair[0]["kind"]))
    headings: tuple[str, ...] = ("Label", "Shape", "Count", "Outcome", "Rule")
    rows: list[tuple[object, ...]] = [
        (entry["label"], entry["kind"], detail["count"], _outcome(detail), detail["rule"]) for entry, detail in details
    ]
    if any("targets" in detail for _, detail in details):
        headings = (*headings, "Encord")
        rows = [(*row, ", ".join(detail.get("targets", ()))) for row, (_, detail) in zip(rows, details, strict=True)]
    return headings, rows


def _values(ledger: dict[str, Any]) -> Rows:
    """One row for each outcome of attributes and of fields, over all labels, with the names that had it."""
    counts: Counter[tuple[str, str, str]] = Counter()
    names: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for entry in ledger["fields"]:
        for detail in entry["details"]:
            outcome = (entry["space"], detail["account"], "" if detail["account"] == "kept" else _why(detail))
            counts[outcome] += detail["count"]
            names[outcome].add(entry["name"])
    rows: list[tuple[object, ...]] = [
        (SPACES[space], count, _outcome({"account": account, "reason": why}), _some(names[space, account, why]))
        for (space, account, why), count in sorted(counts.items(), key=lambda item: (item[0][0], ACCOUNTS.index(item[0][1]), item[0][2]))
    ]
    return ("Of", "Count", "Outcome", "Names"), rows


def _some(names: set[str]) -> str:
    ordered = sorted(names)
    more = len(ordered) - NAMES
    return ", ".join(ordered[:NAMES]) + (f", and {more:,} others" if more > 0 else "")


def _outcome(detail: dict[str, Any]) -> Text:
    account, why = detail["account"], _why(detail)
    outcome = Text(account, style=LOOKS.get(account, ""))
    return outcome.append(f": {visible(why)}", style="default") if why else outcome


def _why(detail: dict[str, Any]) -> str:
    return str(detail.get("code") or detail.get("reason") or "")


def _fidelity(ledger: dict[str, Any]) -> Rows:
    rows: list[tuple[object, ...]] = []
    for entry in ledger["elements"]:
        for detail in entry["details"]:
            if fidelity := detail.get("fidelity"):
                numbers = (fidelity["measured"], f"{fidelity['worst']:.4f}", f"{fidelity['mean']:.4f}")
                rows.append((entry["label"], entry["kind"], detail["rule"], fidelity["metric"], *numbers))
    return ("Label", "Shape", "Rule", "Metric", "Measured", "Worst", "Mean"), rows


def _findings(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """One row a code: how severe, how many causes and places, what it is, and one hint."""
    if not findings:
        yield line("")
        yield line("No findings.", "green")
        return
    yield heading(f"Findings: {tally(findings)}")
    first: dict[str, Finding] = {}
    times: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda finding: (-finding.severity, finding.code)):
        first.setdefault(finding.code, finding)
        times[finding.code] += finding.count
        causes[finding.code] += 1
    rows = [
        (Text(code, style=SEVERITY_COLORS[finding.severity.word]), finding.severity.word, causes[code], times[code], _said(finding))
        for code, finding in first.items()
    ]
    yield grid(("Code", "Severity", "Causes", "Places", "What"), rows, right=("Causes", "Places"))


def _said(finding: Finding) -> Text:
    said = Text(finding.name.replace("-", " "))
    return said.append("\nhelp: ", style="cyan").append(visible(finding.hint)) if finding.hint else said


def _next(conversion: Conversion) -> Iterator[RenderableType]:
    result = conversion.result
    steps: list[str] = []
    if conversion.published:
        steps.append(f"mapper verify {_quoted(conversion.out or '')}")
    elif conversion.dry_run:
        target = _quoted(conversion.out or "OUT")
        steps.append(f"mapper convert {_quoted(conversion.source)} -o {target}")
    errors = [finding.code for finding in result.findings if finding.severity == Severity.ERROR]
    if errors:
        steps.append(f"mapper rule {errors[0]}")
    if steps:
        yield heading("Next")
        yield from (line(f"  {step}") for step in steps)


def _quoted(path: str) -> str:
    """A path as one can paste it into a shell."""
    return f'"{path}"' if set(path) & set(" '()&;") else path
