"""``mapper test``: cases beside a spec, golden cases, coverage, and what a failure tells."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from mapper.cli import app
from mapper.resources import shipped_packs
from mapper.workbench.golden import differences

GOLDEN = Path(__file__).parents[1] / "golden" / "tags" / "source.xml"
HEAD = "apiVersion: mapping/v1\nkind: MappingTests\n"
SHAPE = (
    "  - name: the rest keeps its kind\n    given: {shape: polygon, label: c, points: [0, 0, 9, 0, 0, 9]}\n    expect: [{rule: shape}]\n"
)
CUBOID = (
    "  - name: a cuboid\n    given: {shape: cuboid, label: c, points: [0, 0, 0, 4, 8, 0, 8, 4, 10, 1, 10, 5, 2, 1, 2, 5]}\n"
    "    expect: [{rule: cuboid}]\n"
)
BOX = (
    "  - name: {name}\n    given: {{shape: rectangle, label: car, box: [0, 0, 4, 5], attributes: {{kind: van}}}}\n    expect: [{expect}]\n"
)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pack ``standard`` in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.yaml"
    path.write_text(shipped_packs()["standard"].read_text("utf-8"), "utf-8")
    return path


def run(*args: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["test", *args])


def beside(spec: Path, tests: str, name: str = "mine.test.yaml", more: str = "") -> None:
    """Write a file of tests beside the spec."""
    (spec.parent / name).write_text(f"{HEAD}{more}tests:\n{tests}", "utf-8")


def test_cases_beside_the_spec_are_run(spec: Path) -> None:
    """Files called after the spec count, also with a word between; others do not."""
    beside(spec, SHAPE)
    beside(spec, CUBOID, "mine.cuboids.test.yaml")
    beside(spec, "  - nonsense\n", "yours.test.yaml")
    done = run("mine.yaml")
    assert (done.exit_code, done.stdout) == (0, "All tests passed: 7 tests, 6 of 6 rules covered\n")


def test_a_file_may_set_parameters(spec: Path) -> None:
    """Its cases run under them, the spec's own do not."""
    beside(spec, BOX.format(name="box", expect="{rule: rectangle, shape: polygon}"), more="parameters: {upright_rectangle: polygon}\n")
    assert run("mine.yaml").exit_code == 0
    beside(spec, BOX.format(name="box", expect="{rule: rectangle}"), more="parameters: {upright_rectangle: heptagon}\n")
    done = run("mine.yaml")
    assert done.exit_code == 1
    assert "because  parameter 'upright_rectangle': 'heptagon' is not" in done.stdout


def test_a_failure_tells_which_rule_fired_instead_and_why(spec: Path) -> None:
    """Expected, actual, and the condition of the expected rule that did not hold; or that another rule comes first."""
    beside(
        spec, BOX.format(name="turned", expect="{rule: rectangle-rotated, object: car}") + BOX.format(name="late", expect="{rule: shape}")
    )
    done = run("mine.yaml")
    assert done.exit_code == 1
    assert "failed turned\n  --> " in done.stdout
    assert "  expected rule: rectangle-rotated, object: car\n  got      rule: rectangle, object: car, shape: bounding_box\n" in done.stdout
    assert "does not match: rotation is 0, wanted {ne: 0}\n" in done.stdout
    assert "matches too, but rule rectangle comes before it\n" in done.stdout
    assert done.stdout.endswith("Tests failed: 2 of 7 tests, 5 of 6 rules covered\n".replace("5 of 6", "4 of 6"))


def test_answers_can_be_expected(spec: Path) -> None:
    """Attributes by title, null for none; a classification's own answer."""
    beside(spec, BOX.format(name="right", expect="{rule: rectangle, attributes: {kind: van, speed: null}}")
        + "  - {name: rain, given: {tag: true, label: rain}, expect: [{classification: rain, answer: rain}]}\n")  # fmt: skip
    assert run("mine.yaml").exit_code == 0
    beside(spec, BOX.format(name="wrong", expect="{rule: rectangle, attributes: {kind: bus}}"))
    done = run("mine.yaml")
    assert done.exit_code == 1
    assert '  expected rule: rectangle, attributes: {"kind":"bus"}\n  got      rule: rectangle, object: car' in done.stdout
    assert '"kind":"van"' in done.stdout


@pytest.mark.parametrize(
    ("expect", "code"),
    [("{rule: rectangel}", "SPC262"), ("{}", "SPC263"), ("", "SPC232"), ("{ruel: rectangle}", "SPC230")],
)
def test_a_test_that_names_no_rule_or_expects_nothing_fails(spec: Path, expect: str, code: str) -> None:
    """A mistake in a test is shown at its place and fails, in a file beside the spec and in the spec itself."""
    beside(spec, BOX.format(name="box", expect=expect))
    done = run("mine.yaml")
    assert done.exit_code == 1
    assert f"{code} " in done.stdout
    assert "Tests failed: not all tests could be run" in done.stdout
    (spec.parent / "mine.test.yaml").unlink()
    spec.write_text(spec.read_text("utf-8") + BOX.format(name="box", expect=expect), "utf-8")
    inside = run("mine.yaml")
    assert inside.exit_code == 1
    assert f"{code} " in inside.stdout


def test_an_invalid_spec_is_no_failed_test(spec: Path) -> None:
    """What is wrong outside the tests exits with 2, with its place."""
    spec.write_text(spec.read_text("utf-8").replace("rules:", "rulez:"), "utf-8")
    done = run("mine.yaml")
    assert done.exit_code == 2
    assert "SPC230" in done.stderr
    assert "error: mine.yaml is not a valid mapping spec" in done.stderr
    assert run("nowhere.yaml").exit_code == 2


def test_coverage(spec: Path) -> None:
    """A rule counts when a case's shape ends in it; too few fail, and those that lack a test are named."""
    assert run("mine.yaml", "--min-coverage", "60").exit_code == 0
    done = run("mine.yaml", "--min-coverage", "90")
    assert done.exit_code == 1
    assert "mine.yaml: 66.67 % of rules covered, 90 % wanted; not covered: cuboid (line " in done.stdout
    assert "Coverage too low: 5 tests passed, 4 of 6 rules covered" in done.stdout
    beside(spec, SHAPE + CUBOID)
    assert run("mine.yaml", "--min-coverage", "100").exit_code == 0


def test_golden_cases(spec: Path) -> None:
    """Without expected files a case fails; --update writes them; what differs later is told by its place."""
    case = spec.parent / "mine.golden" / "tags"
    case.mkdir(parents=True)
    (case / "source.xml").write_bytes(GOLDEN.read_bytes())
    assert "it expects nothing" in run("mine.yaml").stdout
    done = run("mine.yaml", "--update")
    assert done.exit_code == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("written")] != []
    assert run("mine.yaml").exit_code == 0
    before = (case / "expected" / "label_rows.json").read_bytes()
    spec.write_text(
        spec.read_text("utf-8").replace('name: "{{ label }}"\n          type: radio', 'name: "{{ label }}!"\n          type: radio')
    )
    changed = run("mine.yaml")
    assert changed.exit_code == 1
    assert "ontology.json/classifications/0/attributes/0/name: expected " in changed.stdout
    assert (case / "expected" / "label_rows.json").read_bytes() == before
    for name in ("label_rows.json", "ontology.json", "ledger.json", "findings.json"):
        (case / "expected" / name).unlink()
    (case / "expected" / "ledger.json").write_text("{", "utf-8")
    assert "ledger.json: Expecting property name" in run("mine.yaml").stdout
    run("mine.yaml", "--update")
    assert sorted(path.name for path in (case / "expected").iterdir()) == ["ledger.json"], "only what is compared is written"


def test_golden_options(spec: Path) -> None:
    """A case may choose media and parameters, and nothing else."""
    case = spec.parent / "mine.golden" / "tags"
    case.mkdir(parents=True)
    (case / "source.xml").write_bytes(GOLDEN.read_bytes())
    (case / "options.json").write_text('{"media": "image_group", "parameters": {"upright_rectangle": "polygon"}}', "utf-8")
    assert run("mine.yaml", "--update").exit_code == 0
    rows = json.loads((case / "expected" / "label_rows.json").read_text("utf-8"))
    assert {row["data_type"] for row in rows} == {"img_group"}
    (case / "options.json").write_text('{"force": true}', "utf-8")
    assert "options.json may hold" in run("mine.yaml").stdout


def test_differences_name_the_place() -> None:
    """What is missing, what is new, and what has another value or type."""
    found = list(differences({"a": [1, 2], "b": True, "c": 1}, {"a": [1], "b": 1, "d": None}, "x"))
    assert found == [
        "x/a/1: expected 2, got nothing",
        "x/b: expected true, got 1",
        "x/c: expected 1, got nothing",
        "x/d: expected nothing, got null",
    ]


def test_forms_for_programs(spec: Path) -> None:
    """JSON and JUnit hold every test; the concise form one line a failure."""
    beside(spec, BOX.format(name="'a <b> & \"c\"'", expect="{rule: shape}"))
    document = json.loads(run("mine.yaml", "--output-format", "json").stdout)
    suite = document["specs"][0]
    assert (suite["file"], suite["ok"], len(suite["tests"])) == ("mine.yaml", False, 6)
    assert suite["tests"][-1]["reasons"]
    assert [entry["rule"] for entry in suite["coverage"]["missing"]] == ["cuboid", "shape"]
    done = run("mine.yaml", "--output-format", "junit", "--min-coverage", "99")
    assert done.exit_code == 1
    root = ET.fromstring(done.stdout)  # noqa: S314 - our own output
    assert (root.get("tests"), root.get("failures")) == ("7", "2")
    cases = [case for suite in root for case in suite]
    assert cases[5].get("name") == 'a <b> & "c"'
    assert [case.get("name") for case in cases if len(case)] == ['a <b> & "c"', "rule coverage"]
    concise = run("mine.yaml", "--output-format", "concise").stdout.splitlines()
    assert concise[0].endswith("expected rule: shape; got rule: rectangle, object: car, shape: bounding_box")


def test_several_specs_at_once(spec: Path) -> None:
    """Each runs, one failure fails all, and the sums are of all."""
    assert run("mine.yaml", "standard", "encord-importer").exit_code == 0
    beside(spec, BOX.format(name="wrong", expect="{rule: shape}"))
    done = run("mine.yaml", "standard")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "Tests failed: 1 of 16 tests, 10 of 12 rules covered"


def test_the_shipped_packs_cover_all_their_rules() -> None:
    """Every rule of a shipped pack has a test, and where the packs are installed does not show."""
    done = run(*sorted(shipped_packs()), "--min-coverage", "100", "--output-format", "json")
    assert done.exit_code == 0
    assert str(Path(__file__).parents[2]) not in done.stdout
