"""``mapper check`` and ``mapper diff``: where the label schema comes from, exit codes, forms of output, witnesses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.builders import Attribute, Label, box, export, image
from tests.support.builders import write as write_export
from tests.support.specs import answer, rule, spec, thing, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

LABELS = [
    {
        "name": "car",
        "type": "rectangle",
        "attributes": [{"name": "type", "input_type": "select", "mutable": False, "default_value": "van", "values": ["van", "sedan"]}],
    }
]
LINES = [answer({}, "{{ attribute.name }}", "text")]
VANS = spec(rule(thing(name="Van"), name="van", label="car", attributes={"type": "van"}), attributes=LINES)
ALL = spec(rule(thing(name="Car", kind="bounding_box"), name="car", shapes=["rectangle"]), attributes=LINES)


@pytest.fixture
def run(mapper: Any) -> Run:
    """Runs a command in this process."""
    return lambda *arguments: mapper.here(*map(str, arguments))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A label schema as CVAT's editor shows it."""
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(LABELS), "utf-8")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An export of two cars."""
    label = Label("car", "rectangle", (Attribute("type", "select", ("van", "sedan")),))
    cars = [box("car", [1, 1, 9, 9], {"type": kind}) for kind in ("van", "sedan")]
    return write_export(tmp_path / "export", export(image(0, *cars), labels=[label]))


def test_a_gap_fails_and_a_total_spec_passes(run: Run, tmp_path: Path, labels: Path) -> None:
    """Exit 1 with the gap and its example on stdout; 0 where every shape of the schema has a rule."""
    found = run("check", write(tmp_path, VANS), "--labels", labels)
    assert found.code == 1
    assert "CHK801 no rule matches label 'car' as rectangle with type=sedan" in found.out
    assert found.out.endswith("Checks failed: 1 rule, 1 label, 2 cells (1 error, 1 info)\n")
    total = run("check", write(tmp_path, ALL), "--labels", labels)
    assert (total.code, total.out.splitlines()[-1]) == (0, "All checks passed: 1 rule, 1 label, 1 cell (1 info)")


def test_fail_on_decides(run: Run, tmp_path: Path, labels: Path) -> None:
    """--fail-on never lets a gap pass, --fail-on info fails for a hint."""
    assert run("check", write(tmp_path, VANS), "--labels", labels, "--fail-on", "never").code == 0
    assert run("check", write(tmp_path, ALL), "--labels", labels, "--fail-on", "info").code == 1


def test_the_schema_of_an_export_or_of_the_spec(run: Run, tmp_path: Path, labels: Path, source: Path) -> None:
    """--source takes the export's own labels, and without options the spec's file is taken."""
    assert "type=sedan" in run("check", write(tmp_path, VANS), "--source", source).out
    named = write(tmp_path, VANS | {"source": {"labels": labels.name}})
    assert "type=sedan" in run("check", named).out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "no label schema"),
        (["--labels", "{labels}", "--source", "{source}"], "exclude one another"),
        (["--labels", "missing.json"], "there is no such file"),
        (["--labels", "{source}"], "is not valid JSON"),
        (["--labels", "{labels}", "--ontology", "{labels}"], "no Encord ontology"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, tmp_path: Path, labels: Path, source: Path, arguments: list[str], text: str) -> None:
    """No schema, two schemas, a file that is none: said on stderr, with exit code 2."""
    given = [argument.format(labels=labels, source=source) for argument in arguments]
    found = run("check", write(tmp_path, ALL), *given)
    assert found.code == 2
    assert text in found.err


def test_an_invalid_spec_exits_with_2(run: Run, tmp_path: Path, labels: Path) -> None:
    """What is wrong with the spec stands on stderr, or in the JSON document."""
    broken = write(tmp_path, ALL | {"rulez": []})
    found = run("check", broken, "--labels", labels)
    assert (found.code, found.out) == (2, "")
    assert "SPC230" in found.err


def test_the_json_document_holds_the_witness(run: Run, tmp_path: Path, labels: Path) -> None:
    """Programs get each finding with an export that shows it."""
    document = json.loads(run("check", write(tmp_path, VANS), "--labels", labels, "--output-format", "json").out)
    assert document["ok"] is False
    assert document["counts"] == {"rules": 1, "labels": 1, "cells": 2}
    assert document["findings"][0]["code"] == "CHK801"
    assert "<annotations>" in document["findings"][0]["witness"]


def test_the_witness_is_written_and_shows_the_finding(run: Run, tmp_path: Path, labels: Path) -> None:
    """--write-witness saves an export which the spec refuses for the reason that was found; DIR/ saves one for each finding."""
    written = write(tmp_path, VANS)
    found = run("check", written, "--labels", labels, "--write-witness", tmp_path / "gap.xml")
    assert found.err == f"wrote 1 witness to {(tmp_path / 'gap.xml').as_posix()}\n"
    assert "MAP301" in run("convert", tmp_path / "gap.xml", "--spec", written, "--dry-run").out
    run("check", written, "--labels", labels, "--write-witness", f"{tmp_path}/all/")
    assert [path.name for path in sorted((tmp_path / "all").iterdir())] == ["CHK801-1.xml", "CHK802-2.xml"]
    none = run("check", write(tmp_path, ALL), "--labels", labels, "--write-witness", tmp_path / "no" / "gap.xml")
    assert none.code == 2
    assert "cannot write" in none.err


def two(tmp_path: Path, before: Any, after: Any) -> list[Path]:
    """Two specs side by side."""
    return [write(tmp_path, before, "a.json"), write(tmp_path, after, "b.json")]


def test_a_difference_is_no_failure_by_itself(run: Run, tmp_path: Path, labels: Path) -> None:
    """Diff shows what goes elsewhere and exits with 0; --check-version exits with 1 when the version did not rise."""
    specs = two(tmp_path, ALL, VANS)
    found = run("diff", *specs, "--labels", labels)
    assert found.code == 0
    assert "major label 'car' as rectangle with type=sedan (rule car -> no rule)" in found.out
    assert "outcome: object Car [bounding_box] -> matched by no rule" in found.out
    strict = run("diff", *specs, "--labels", labels, "--check-version")
    assert strict.code == 1
    assert "DIF841 the changes call for a major version, at least 2.0.0; metadata.version is 1.0.0 after 1.0.0" in strict.out
    assert run("diff", specs[0], specs[0], "--check-version").code == 0


def test_counts_on_an_export(run: Run, tmp_path: Path, source: Path) -> None:
    """With --source each difference says how many shapes it concerns, and where the first stands."""
    found = run("diff", *two(tmp_path, ALL, VANS), "--source", source)
    assert "1 of 2 shapes, first source.xml:" in found.out
    document = json.loads(run("diff", *two(tmp_path, ALL, VANS), "--source", source, "--output-format", "json").out)
    counted = {entry["where"]: entry["count"] for entry in document["differences"] if entry["in_schema"]}
    assert counted == {"type=van": 1, "type=sedan": 1}
    assert document["bump"] == "major"


def test_without_labels_what_is_mentioned_is_compared(run: Run, tmp_path: Path) -> None:
    """The report says that no schema was given."""
    found = run("diff", *two(tmp_path, ALL, VANS))
    assert "no label schema is given" in found.out
    assert found.code == 0


def test_diff_of_an_invalid_spec_exits_with_2(run: Run, tmp_path: Path) -> None:
    """A spec that cannot be used is named with what is wrong."""
    found = run("diff", *two(tmp_path, ALL, ALL | {"rulez": []}))
    assert found.code == 2
    assert "b.json cannot be used" in found.err
