"""Whole conversions against expected files: each folder here is a case, about one thing.

A case has a ``source.xml``, its own ``spec.yaml`` or the name of a pack, and ``options.json`` where anything else is asked
for. ``pytest tests/golden --update-golden`` writes what comes out as the expected files; read their difference before keeping it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapper import convert, load_spec
from tests.support import sdk
from tests.support.running import load

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/source.xml"))
FILES = ("ontology.json", "label_rows.json", "findings.json", "ledger.json")


def run(case: Path, out: Path) -> dict[str, Any]:
    """What comes out of a case, by the name of the expected file."""
    options_file = case / "options.json"
    options = json.loads(options_file.read_text("utf-8")) if options_file.exists() else {}
    own = case / "spec.yaml"
    spec = load_spec(own if own.exists() else options.pop("spec", "standard"), options.pop("parameters", None))
    if "ontology" in options:
        options["ontology"] = case / options["ontology"]
    found = load(convert(case / "source.xml", out, spec=spec, **options))
    sdk.check(found.ontology, found.rows)
    findings = [placed(finding.as_dict(), own) for finding in found.result.findings]
    return dict(zip(FILES, (found.ontology, found.rows, findings, found.ledger), strict=True))


def placed(finding: dict[str, Any], own: Path) -> dict[str, Any]:
    """A finding whose place in the spec does not depend on where the case lies, nor on the lines of a shipped pack."""
    place = finding.get("spec")
    if place is None:
        return finding
    return finding | {"spec": place | {"file": own.name} if place["file"] == str(own) else {"file": place["file"]}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What comes out of a case is what a person has read and kept, and Encord's SDK loads all of it."""
    found = run(case, tmp_path / "bundle")
    expected = case / "expected"
    for name, value in found.items():
        file = expected / name
        if request.config.getoption("--update-golden"):
            expected.mkdir(exist_ok=True)
            file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
        assert json.loads(file.read_text("utf-8")) == value, f"{case.name}/{name}"


def test_every_case_says_what_it_is_about() -> None:
    """Each case opens with a comment that says what it shows."""
    assert CASES
    silent = [case.name for case in CASES if "<!--" not in (case / "source.xml").read_text("utf-8").partition("<annotations")[0]]
    assert not silent
