"""``--report`` and ``--baseline``: several reports of one run, and only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapper.reports import REPORTS

WRONG = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: x, version: 1.0.0}\nrulez: []\n"
FORMS = [form for form in REPORTS if form not in {"full", "concise"}]


def odd(mapper: Any, boxes: int = 1, label: str = "ghost") -> str:
    """An export whose boxes have a label that nobody declared: a warning for each."""
    shapes = "".join(f'<box label="{label}" xtl="{n}" ytl="1" xbr="9" ybr="9" occluded="0" z_order="0"/>' for n in range(boxes))
    labels = "<labels><label><name>car</name><attributes></attributes></label></labels>"
    image = f'<image id="0" name="a.png" width="9" height="9">{shapes}</image>'
    text = f"<annotations><meta><task><id>1</id>{labels}</task></meta>{image}</annotations>"
    name: str = mapper.file("odd.xml", text)
    return name


def run_all(mapper: Any, *args: str) -> dict[str, str]:
    """Run a command with a report in every form; their texts."""
    mapper.here(*args, *(f"--report={form}=reports/{form}.out" for form in REPORTS))
    return {form: Path(f"reports/{form}.out").read_text("utf-8") for form in REPORTS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["validate", "convert", "verify"])
def test_a_report_is_what_the_format_prints(mapper: Any, command: str, form: str) -> None:
    """One run writes every form at once, each the same as --output-format prints it."""
    mapper.file("wrong.yaml", WRONG)
    mapper.here("convert", odd(mapper), "-o", "out", "--isolated")
    args = {
        "validate": ["validate", "wrong.yaml", "standard"],
        "convert": ["convert", "odd.xml", "--dry-run"],
        "verify": ["verify", "out", "--no-sdk"],
    }[command]
    printed = mapper.here(*args, "--output-format", form, *(["--quiet"] if command == "convert" else [])).out
    text = run_all(mapper, *args)[form]
    assert printed == text


def test_reports_are_written_when_the_run_cannot_begin(mapper: Any) -> None:
    """A CI server finds its files after an invalid spec and an unreadable export too."""
    mapper.file("wrong.yaml", WRONG)
    for args, code in ((["--spec", "wrong.yaml"], "SPC230"), ([], "SRC101")):
        run = mapper.here("convert", "nowhere.zip", "-o", "out", "--report", "sarif=x.sarif", *args)
        assert run.code == 2
        assert code in [result["ruleId"] for result in json.loads(Path("x.sarif").read_text("utf-8"))["runs"][0]["results"]]


@pytest.mark.parametrize("report", ["sarif", "pdf=x", "sarif=", "sarif=-", "=x"])
def test_what_is_no_report_is_usage(mapper: Any, report: str) -> None:
    """Format and file are both needed; a report does not go to stdout, where --output-format decides."""
    assert mapper.here("validate", "standard", "--report", report).code == 2


def test_a_report_that_cannot_be_written_is_told(mapper: Any) -> None:
    """Exit code 2, and nothing half-written is left; two reports in one file are refused."""
    run = mapper.here("validate", "standard", "--report", "sarif=examples")
    assert (run.code, run.err[:20]) == (2, "error: cannot write ")
    assert not list(mapper.folder.rglob("*.partial"))
    assert mapper.here("validate", "standard", "--report", "sarif=x", "--report", "json=./x").code == 2


def test_a_report_replaces_the_former_one(mapper: Any) -> None:
    """A file is replaced as a whole, and folders are made."""
    mapper.file("a/b/r.xml", "old " * 10_000)
    assert mapper.here("validate", "standard", "--report", "junit=a/b/r.xml").code == 0
    assert Path("a/b/r.xml").read_text("utf-8").startswith("<?xml")


def test_a_baseline_lets_known_findings_pass(mapper: Any) -> None:
    """The first run writes it, the next is clean; a new finding, or one more of the known, fails again."""
    args = ["convert", odd(mapper, 2), "--dry-run", "--fail-on", "warning", "--quiet", "--output-format", "concise"]
    assert mapper.here(*args).code == 1
    written = mapper.here(*args, "--write-baseline", "known.json")
    assert (written.code, written.out) == (0, "")
    assert (mapper.here(*args, "--baseline", "known.json").out, mapper.here(*args, "--baseline", "known.json").code) == ("", 0)
    odd(mapper, 3)
    more = mapper.here(*args, "--baseline", "known.json")
    assert more.code == 1
    assert "ghost" in more.out
    odd(mapper, 2, "other")
    gone = mapper.here(*args, "--baseline", "known.json")
    assert gone.code == 1
    assert {"MAP303", "CFG908"} <= {line.split()[1] for line in gone.out.splitlines()}


def test_a_known_warning_does_not_keep_a_strict_run_from_publishing(mapper: Any) -> None:
    """With --strict, what counts is what is new."""
    args = ["convert", odd(mapper), "-o", "out", "--strict"]
    assert mapper.here(*args).code == 1
    mapper.here("convert", "odd.xml", "--dry-run", "--write-baseline", "known.json")
    run = mapper.here(*args, "--baseline", "known.json")
    assert (run.code, Path("out/bundle.json").is_file()) == (0, True)
    assert "known.json: " in run.out
    assert json.loads(Path("out/bundle.json").read_text("utf-8"))["counts"]["findings"]["warning"] > 0


def test_baselines_of_validate_and_verify(mapper: Any) -> None:
    """Known errors of a spec pass, too, and so do those of a bundle; the JSON form says how many are known."""
    mapper.file("wrong.yaml", WRONG)
    assert mapper.here("validate", "wrong.yaml").code == 1
    assert mapper.here("validate", "wrong.yaml", "--write-baseline", "b.json").code == 0
    run = mapper.here("validate", "wrong.yaml", "--baseline", "b.json", "--output-format", "json")
    assert (run.code, json.loads(run.out)["baseline"]) == (0, {"file": "b.json", "known": 2})
    assert json.loads(run.out)["specs"][0]["findings"] == []
    clean = mapper.here("validate", "standard", "--baseline", "b.json")
    assert clean.code == 0
    assert clean.out.count("CFG908 warning: ") == 2
    assert mapper.here("convert", "examples/street", "-o", "out").code == 0
    Path("out/label_rows.jsonl").write_text("", "utf-8")
    assert mapper.here("verify", "out", "--no-sdk").code == 1
    assert mapper.here("verify", "out", "--no-sdk", "--write-baseline", "v.json").code == 0
    assert mapper.here("verify", "out", "--no-sdk", "--baseline", "v.json").code == 0


def test_a_bad_baseline_stops_the_run_before_it_begins(mapper: Any) -> None:
    """Nothing is converted; the code says what is wrong. A configured baseline may be written anew."""
    mapper.file("bad.json", "{}")
    for name in ("bad.json", "none.json"):
        run = mapper.here("convert", "examples/street", "-o", "out", "--baseline", name)
        assert (run.code, run.err[:6], Path("out").exists()) == (2, "CFG907", False)
    assert mapper.here("validate", "standard", "--baseline", "a", "--write-baseline", "b").code == 2
    mapper.file("mapper.toml", 'baseline = "new.json"\n')
    assert mapper.here("validate", "standard").code == 2
    assert mapper.here("validate", "standard", "--write-baseline", "new.json").code == 0
    assert mapper.here("validate", "standard").code == 0
