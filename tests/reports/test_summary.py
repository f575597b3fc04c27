"""The summary of a conversion: everything that was read is in its tables, and it says what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mapper.findings.base import Finding, Severity
from mapper.reports.style import Style
from mapper.reports.summary import ROWS, Conversion, summary

COUNTS = {"images": 2, "images_refused": 0, "read": 3, "objects": 2, "ontology_objects": 1, "ontology_classifications": 0}
ACCOUNTS = {"kept": 2, "transformed": 0, "split": 0, "merged": 0, "dropped": 1, "refused": 0}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gives."""

    out: Path | None = Path("out")
    findings: tuple[Finding, ...] = ()
    ledger: dict[str, Any] = field(default_factory=lambda: ledger(kept(count=2), dropped()))
    bundle: dict[str, Any] = field(
        default_factory=lambda: {
            "source": {"file": "annotations.xml", "bytes": 1234, "scope": "task", "id": "7", "name": "street"},
            "spec": {"name": "standard", "version": "1.0.0"},
            "counts": COUNTS | ACCOUNTS,
        }
    )


def kept(label: str = "car", count: int = 1, **more: Any) -> dict[str, Any]:
    """A row of the ledger."""
    return {"label": label, "kind": "rectangle", "details": [{"account": "kept", "rule": "box", "count": count} | more]}


def dropped() -> dict[str, Any]:
    """A row with a reason."""
    detail = {"account": "dropped", "rule": "tiny", "count": 1, "reason": "too small to label"}
    return {"label": "dog", "kind": "polygon", "details": [detail]}


def ledger(*elements: dict[str, Any], fields: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A ledger of these rows."""
    return {"elements": list(elements), "fields": list(fields)}


def finding(code: str, severity: Severity, hint: str = "look at it") -> Finding:
    """A finding of three places."""
    return Finding(code=code, name="some-name", severity=severity, message="a message", hint=hint, count=3, samples=())


def shown(result: Result, style: Style = Style(), **more: Any) -> str:  # noqa: B008 - frozen
    """The text for a result."""
    return summary(Conversion(source="a b.zip", out="out", result=result, **more), style)


def test_a_published_run() -> None:
    """Source, spec, accounts, reasons, and the command that checks the bundle."""
    text = shown(Result())
    for part in (
        "Converted a b.zip → out",
        "task 7 'street', 1,234 bytes",
        "2 kept, 1 dropped",
        "dropped: too small to label",
        "mapper verify out",
    ):
        assert part in text
    assert "No findings." in text
    assert "Approximations" not in text


def test_a_run_that_published_nothing_says_why() -> None:
    """The reason stands in the first line, and no next command reads a bundle that is not there."""
    text = shown(Result(out=None), unpublished="the export breaks off")
    assert text.startswith("Nothing was published: the export breaks off\n")
    assert "mapper verify" not in text


def test_a_dry_run_tells_the_command_that_writes() -> None:
    """Paths with blanks are quoted."""
    assert 'mapper convert "a b.zip" -o out' in shown(Result(out=None), dry_run=True)


def test_targets_are_shown_where_the_ledger_names_them() -> None:
    """What a shape became in Encord."""
    assert "Encord" not in shown(Result())
    text = shown(Result(ledger=ledger(kept(targets=["Car", "Vehicle"]), dropped())))
    assert "Car, Vehicle" in text


def test_fidelity_is_told_by_rule() -> None:
    """Worst and mean of every approximation."""
    text = shown(Result(ledger=ledger(kept(fidelity={"metric": "iou", "worst": 0.91, "mean": 0.987654, "measured": 12}))))
    assert "0.9100   0.9877" in text


def test_values_are_told_by_outcome() -> None:
    """Names that share an outcome share a row, over all labels; long lists are cut with their number."""
    details = [{"account": "dropped", "rule": "r", "count": 2, "reason": "not needed"}]
    fields = tuple(
        {"label": "car", "kind": "rectangle", "space": "attribute", "name": f"a{number}", "details": details} for number in range(11)
    )
    text = shown(Result(ledger=ledger(kept(), fields=fields)))
    assert "22   dropped: not needed   a0, a1, a10, a2, a3, a4, a5, a6, and 3 others" in text


def test_findings_by_code() -> None:
    """One row a code, errors first, with causes, places and one hint; the worst code's page is the next step."""
    found = (finding("MAP303", Severity.WARNING), finding("MAP301", Severity.ERROR), finding("MAP301", Severity.ERROR, hint="other"))
    text = shown(Result(findings=found))
    rows = [line.split()[:4] for line in text.splitlines() if line.startswith("MAP")]
    assert rows == [["MAP301", "error", "2", "6"], ["MAP303", "warning", "1", "3"]]
    assert text.count("help: look at it") == 2
    assert text.rstrip().endswith("mapper rule MAP301")


def test_many_labels_are_cut_with_their_number() -> None:
    """Nothing is cut in silence."""
    text = shown(Result(ledger=ledger(*(kept(f"label{number:03}") for number in range(ROWS + 5)))))
    assert "… and 5 more rows in ledger.json" in text


def test_names_cannot_act_on_the_terminal() -> None:
    """Neither escape sequences nor rich's markup in a label are obeyed."""
    text = shown(Result(ledger=ledger(kept("[red]\x1b[31mcar"))))
    assert "\x1b" not in text
    assert "[red]\ufffd[31mcar" in text


def test_on_a_narrow_terminal_nothing_is_lost() -> None:
    """Cells are folded to the width, not cut."""
    long = "a-label-of-some-length-" * 8
    text = shown(Result(ledger=ledger(kept(long))), Style(width=70))
    assert max(map(len, text.splitlines())) <= 70
    cells = [line[: line.find("  ")] if "  " in line else line for line in text.splitlines()]
    assert long in "".join(cells)
