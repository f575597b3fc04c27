"""Waivers: drops with a last day, which are reported when they are over and when nothing needs them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mapper import validate
from mapper.cli import app
from mapper.findings.waivers import ExpiredWaiver, UnusedWaiver
from tests.support import builders, specs
from tests.support.checkout import files
from tests.support.running import run

UNTIL = {"reason": "not annotated yet", "until": "2026-06-30"}
SPEC = specs.spec(
    {"id": "wheel", "match": {"label": "wheel"}, "drop": UNTIL},
    specs.rule(specs.thing({"from": "note", "drop": UNTIL}), name="rest"),
)
BEFORE, LAST, AFTER = date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1)


def export(*labels: str, note: bool = False) -> str:
    """A box for each label."""
    attributes = (("note", "x"),) if note else ()
    return builders.export(builders.image(0, *(builders.box(label, (1, 1, 20, 20), attributes) for label in labels)), meta=False)


def test_a_waiver_drops_as_long_as_it_stands(tmp_path: Path) -> None:
    """The day decides on a finding, never on what is dropped."""
    before, after = (run(tmp_path, export("wheel", "car", note=True), SPEC, today=day) for day in (LAST, AFTER))
    assert before.ledger == after.ledger
    assert before.books()["dropped"] == 1
    assert before.books("attribute", "note")["dropped"] == 2


@pytest.mark.parametrize(("day", "found"), [(BEFORE, 0), (LAST, 0), (AFTER, 2), (None, 0)])
def test_an_expired_waiver_is_a_warning(tmp_path: Path, day: date | None, found: int) -> None:
    """From the day after its last day on, at the day in the spec, for rules and attribute rules; never if no day is given."""
    bundle = run(tmp_path, export("wheel", "car", note=True), SPEC, today=day)
    over = [finding for finding in bundle.result.findings if finding.code == ExpiredWaiver.code]
    assert len(over) == found
    assert {finding.severity.word for finding in over} <= {"warning"}
    assert bundle.result.ok
    path = specs.write(tmp_path, SPEC)
    checked = [finding for finding in validate(path, today=day).findings if finding.code == "SPC219"]
    assert len(checked) == found
    if checked:
        line = path.read_text("utf-8").splitlines()[(checked[0].spec.line if checked[0].spec else 0) - 1]
        assert "2026-06-30" in line


def test_an_unused_waiver_is_a_warning(tmp_path: Path) -> None:
    """A waiver that left nothing out of an export is named, whatever the day; one that did is not."""
    none = run(tmp_path, export("car"), SPEC)
    assert none.codes[UnusedWaiver.code] == 2
    assert none.result.worst() is not None
    both = run(tmp_path, export("wheel", "car", note=True), SPEC)
    assert "MAP318" not in both.codes
    rule_only = run(tmp_path, export("wheel"), SPEC)
    assert [finding.message for finding in rule_only.result.findings if finding.code == "MAP318"] == [
        "the waiver of an attribute rule (until 2026-06-30) left nothing out: not annotated yet"
    ]


def test_the_bytes_do_not_depend_on_the_day_unless_a_waiver_ends(tmp_path: Path) -> None:
    """Two days before the end give one bundle, two days after it another one; they differ in the finding alone."""
    text = export("wheel", "car", note=True)
    days: list[Any] = [BEFORE, LAST, AFTER, date(2031, 1, 1)]
    early, last, after, late = (files(run(tmp_path, text, SPEC, today=day).folder) for day in days)
    assert _told(early) == _told(last)
    assert _told(after) == _told(late)
    assert _told(early)["label_rows.jsonl"] == _told(late)["label_rows.jsonl"]
    assert b"SPC219" in late["findings.jsonl"]
    assert b"2031" not in late["findings.jsonl"]


def _told(bundle: dict[str, bytes]) -> dict[str, bytes]:
    """A bundle without the folder that the spec lies in, which differs from run to run of this test."""
    return {name: data for name, data in bundle.items() if name != "findings.jsonl"}


@pytest.mark.parametrize("until", ["2026-02-30", "2026-6-1", "30.06.2026", 20260630, "soon", "2026-06-30T00:00:00"])
def test_the_last_day_is_a_day(tmp_path: Path, until: Any) -> None:
    """Anything but a day of the calendar is refused where it stands."""
    wrong = specs.spec({"id": "wheel", "match": {}, "drop": {"reason": "x", "until": until}})
    found = validate(specs.write(tmp_path, wrong))
    assert [finding.code for finding in found.findings] == ["SPC232"]
    assert "a date such as 2027-01-31" in found.findings[0].message


@pytest.mark.parametrize(("given", "epoch", "over"), [("2026-06-30", 1782863999, 0), ("2026-07-01", 1782864000, 1)])
def test_the_command_line_takes_the_day(tmp_path: Path, given: str, epoch: int, over: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--today` and SOURCE_DATE_EPOCH (in UTC) give the day to validate, test and convert."""
    spec = str(specs.write(tmp_path, SPEC))
    source = str(builders.write(tmp_path, export("wheel", "car", note=True)))
    calls = (["validate", spec], ["test", spec], ["convert", source, "--spec", spec, "--dry-run", "--output-format", "concise"])
    for call in calls:
        assert ("SPC219" in CliRunner().invoke(app, [*call, "--today", given]).stdout) == over, call
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
    for call in calls:
        assert ("SPC219" in CliRunner().invoke(app, call).stdout) == over, call


@pytest.mark.parametrize(("args", "epoch"), [(("--today", "tomorrow"), None), ((), "soon")])
def test_a_day_that_is_none_is_wrong_usage(args: tuple[str, ...], epoch: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the option nor the variable is passed over."""
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert CliRunner().invoke(app, ["validate", "standard", *args]).exit_code == 2
