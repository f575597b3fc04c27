"""``mapper convert``: what is published, what is printed, and what the exit code says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

BUNDLE = ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]


def issue_spec(severity: str) -> str:
    """A spec that drops everything and reports it with this severity; its policies are those of the standard pack."""
    standard = (Path(__file__).resolve().parents[2] / "rules/standard/standard.yaml").read_text("utf-8")
    policy = standard.partition("\npolicy:\n")[2].partition("\nattributes:\n")[0]
    head = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: drops, version: 1.0.0, owners: [tests], description: Drops all.}\n"
    rule = f"rules:\n  - id: everything\n    match: {{}}\n    drop: {{reason: not wanted here, severity: {severity}}}\n"
    return f"{head}policy:\n{policy}\n{rule}"


def with_findings(mapper: Any, severity: str) -> str:
    """The name of a spec file under which every shape gives a finding of this severity."""
    name: str = mapper.file(f"{severity}.yaml", issue_spec(severity))
    return name


def converted(mapper: Any, *args: str) -> Any:
    """Convert the bundled example to ``out``."""
    return mapper.here("convert", "examples/street", "-o", "out", *args)


def published() -> list[Any]:
    """The findings of the bundle."""
    return [json.loads(line) for line in Path("out/findings.jsonl").read_text("utf-8").splitlines()]


def without_fingerprints(findings: list[Any]) -> list[Any]:
    """Findings as a report has them, less what it adds; no two have one fingerprint."""
    prints = [finding.pop("fingerprint") for finding in findings]
    assert len(set(prints)) == len(prints)
    return findings


def test_a_clean_run_publishes_and_says_what_next(mapper: Any) -> None:
    """The bundle is whole, the summary names source, spec, accounts and the next command."""
    run = converted(mapper)
    assert (run.code, run.err) == (0, "")
    assert sorted(path.name for path in Path("out").iterdir()) == BUNDLE
    for text in ("Converted examples/street → out", "standard 1.0.0", "4 images", "Shapes and tags", "mapper verify out"):
        assert text in run.out
    assert not [line for line in run.out.splitlines() if line != line.rstrip()]


def test_the_table_of_shapes_adds_up(mapper: Any) -> None:
    """Its counts are those of the ledger."""
    run = converted(mapper)
    table = run.out.partition("Shapes and tags")[2].partition("\n\n")[0].splitlines()[3:]
    counts = sum(int(re.split(r"\s{2,}", line)[2]) for line in table)
    assert counts == json.loads(Path("out/ledger.json").read_text("utf-8"))["totals"]["read"]


def test_output_is_taken_unless_forced(mapper: Any) -> None:
    """A bundle is replaced with --force only; anything else is never replaced."""
    assert converted(mapper).code == 0
    again = converted(mapper)
    assert again.code == 2
    assert "--force" in again.err
    assert converted(mapper, "--force").code == 0
    refused = mapper.here("convert", "examples/street", "-o", "examples/street", "--force")
    assert refused.code == 2
    assert Path("examples/street/annotations.xml").is_file()


def test_a_dry_run_reports_the_same_and_writes_nothing(mapper: Any) -> None:
    """The tables of a dry run are those of the run."""
    dry = mapper.here("convert", "examples/street", "--dry-run")
    assert dry.code == 0
    assert sorted(path.name for path in mapper.folder.iterdir()) == ["examples"]
    real = converted(mapper)
    cut = [text.partition("Shapes and tags")[2].partition("Next")[0] for text in (dry.out, real.out)]
    assert cut[0] == cut[1] != ""
    assert "mapper convert examples/street -o OUT" in dry.out


@pytest.mark.parametrize(
    ("severity", "options", "code", "published"),
    [
        ("error", [], 1, True),
        ("warning", [], 0, True),
        ("warning", ["--fail-on", "warning"], 1, True),
        ("info", ["--fail-on", "info"], 1, True),
        ("error", ["--fail-on", "never"], 0, True),
        ("warning", ["--strict"], 1, False),
        ("info", ["--strict"], 0, True),
        ("info", ["--strict", "--fail-on", "info"], 1, True),
    ],
)
def test_findings_publish_and_fail_as_told(mapper: Any, severity: str, options: list[str], code: int, *, published: bool) -> None:
    """Findings leave a bundle and decide on the code by --fail-on; --strict counts warnings and publishes nothing then."""
    run = converted(mapper, "--spec", with_findings(mapper, severity), *options)
    assert (run.code, Path("out").exists()) == (code, published)
    assert ("Nothing was published: --strict" in run.out) is not published


def test_a_broken_export_publishes_nothing_unless_told(mapper: Any) -> None:
    """What could be read is published with --keep-partial only; the code is 1 either way."""
    whole = Path("examples/street/annotations.xml").read_text("utf-8")
    mapper.file("cut.xml", whole[: whole.rindex("<image")])
    run = mapper.here("convert", "cut.xml", "-o", "out", "--fail-on", "never")
    assert (run.code, Path("out").exists()) == (1, False)
    assert "Nothing was published: the export breaks off" in run.out
    assert "SRC113" in run.out
    kept = mapper.here("convert", "cut.xml", "-o", "out", "--keep-partial")
    assert (kept.code, Path("out").exists()) == (1, True)


def test_the_json_document(mapper: Any) -> None:
    """One line with schema version, source, spec, counts, ledger totals and findings; nothing else on stdout."""
    run = converted(mapper, "--output-format", "json")
    assert run.out.count("\n") == 1
    document = json.loads(run.out)
    bundle = json.loads(Path("out/bundle.json").read_text("utf-8"))
    assert document["schema_version"] == 1
    assert (document["ok"], document["out"]) == (True, "out")
    assert {key: document[key] for key in ("tool", "source", "spec", "counts")} == {
        key: bundle[key] for key in ("tool", "source", "spec", "counts")
    }
    assert document["ledger"]["balanced"] is True
    assert without_fingerprints(document["findings"]) == published()


def test_json_lines_are_the_findings(mapper: Any) -> None:
    """Those of findings.jsonl with their fingerprints, and nothing besides."""
    run = converted(mapper, "--spec", with_findings(mapper, "warning"), "--output-format", "json-lines")
    assert without_fingerprints([json.loads(line) for line in run.out.splitlines()]) == published() != []


def test_the_variable_is_the_options_twin(mapper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAPPER_OUTPUT_FORMAT sets the form; the option goes before it."""
    monkeypatch.setenv("MAPPER_OUTPUT_FORMAT", "json")
    assert converted(mapper).out.startswith('{"schema_version"')
    assert converted(mapper, "--force", "--output-format", "full").out.startswith("Converted")


def test_quiet_prints_findings_only(mapper: Any) -> None:
    """No summary; with nothing found, nothing at all."""
    run = converted(mapper, "--spec", with_findings(mapper, "warning"), "--quiet", "--output-format", "concise")
    assert run.out.splitlines()
    assert all(re.match(r"warning\.yaml:\d+:\d+: MAP315 warning: ", line) for line in run.out.splitlines())


def test_at_most_twenty_findings_are_shown_and_the_rest_named(mapper: Any) -> None:
    """The full form stops at twenty and says where the others are."""
    labels = "".join(f"<label><name>l{number}</name><attributes></attributes></label>" for number in range(30))
    shapes = "".join(f'<box label="l{number}" xtl="1" ytl="1" xbr="2" ybr="2" occluded="0" z_order="0"/>' for number in range(30))
    image = f'<image id="0" name="a.png" width="9" height="9">{shapes}</image>'
    mapper.file("many.xml", f"<annotations><meta><task><id>1</id><labels>{labels}</labels></task></meta>{image}</annotations>")
    spec = with_findings(mapper, "warning")
    run = mapper.here("convert", "many.xml", "-o", "out", "--spec", spec)
    assert run.out.count("\nMAP315 warning: ") == 20
    total = len(Path("out/findings.jsonl").read_text("utf-8").splitlines())
    assert f"… and {total - 20} more findings, in out/findings.jsonl" in run.out
    dry = mapper.here("convert", "many.xml", "--dry-run", "--spec", spec)
    assert f"… and {total - 20} more findings, shown by --output-format concise" in dry.out


def test_a_spec_that_is_wrong_is_shown_with_its_place(mapper: Any) -> None:
    """Findings for people go to stderr, with an excerpt; nothing is written."""
    name = mapper.file("wrong.yaml", issue_spec("info").replace("    drop:", "    drpo:"))
    run = converted(mapper, "--spec", name)
    assert (run.code, run.out, Path("out").exists()) == (2, "", False)
    assert "--> wrong.yaml:" in run.err
    assert "did you mean `drop`?" in run.err
    assert run.err.splitlines()[-1] == "error: the spec wrong.yaml cannot be used"


@pytest.mark.parametrize("args", [["nowhere.zip"], ["examples/street", "--spec", "wrong.yaml"]])
def test_programs_get_a_document_when_nothing_could_be_converted(mapper: Any, args: list[str]) -> None:
    """The JSON form stays JSON: the findings with the message, exit code 2."""
    mapper.file("wrong.yaml", "apiVersion: mapping/v1\n")
    run = mapper.here("convert", *args, "-o", "out", "--output-format", "json")
    document = json.loads(run.out)
    assert (run.code, document["ok"]) == (2, False)
    assert document["error"]
    assert document["findings"]


def test_options_reach_the_bundle(mapper: Any) -> None:
    """Titles, parameters and media mode."""
    options = ["--dataset-title", "D", "--project-title", "P", "--media", "image_group", "--set", "upright_rectangle=polygon"]
    assert converted(mapper, *options).code == 0
    bundle = json.loads(Path("out/bundle.json").read_text("utf-8"))
    assert (bundle["dataset"]["title"], bundle["project"]["title"], bundle["media_mode"]) == ("D", "P", "image_group")
    assert bundle["spec"]["parameters"]["upright_rectangle"] == "polygon"


def test_media_of_another_folder_are_matched_as_told(mapper: Any) -> None:
    """--media-dir says where, --map-filename how names go together."""
    for path in sorted(Path("examples/street/images").iterdir()):
        mapper.file(f"pictures/{path.stem}.jpg", "")
    run = converted(mapper, "--media-dir", "pictures", "--map-filename", "stem", "--output-format", "json")
    assert run.code == 0
    media = json.loads(Path("out/bundle.json").read_text("utf-8"))["media"]
    assert len(media) == 4


def test_media_are_checked_unless_told_otherwise(mapper: Any) -> None:
    """A picture that cannot be read is an error; `--no-check-media` looks into none, and the bundle is the same but for that."""
    Path("examples/street/images/01_crossing.png").write_bytes(b"")
    checked = converted(mapper, "--output-format", "concise")
    assert checked.code == 1
    assert "MED714 '01_crossing.png' cannot be read: it is empty" in checked.out
    unchecked = converted(mapper, "--force", "--no-check-media", "--output-format", "concise")
    assert (unchecked.code, "MED7" in unchecked.out) == (0, False)
    missing = converted(mapper, "--force", "--media-dir", "nowhere")
    assert (missing.code, missing.err) == (2, "error: nowhere is no folder of media\n")
