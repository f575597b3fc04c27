"""Tests of the tests that stand in specs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mapper import load_spec, run_tests
from mapper.cli import app
from mapper.resources import shipped_packs

PACKS = sorted(shipped_packs())


@pytest.mark.parametrize("pack", PACKS)
def test_every_shipped_pack_has_tests_that_pass(pack: str) -> None:
    """What a pack says of itself holds."""
    results = run_tests(pack)
    assert results
    assert all(result.passed for result in results), results


def test_a_wrong_expectation_fails_and_says_what_came_out(tmp_path: Path) -> None:
    """A failing test exits with 1 and shows expected and actual."""
    text = (
        shipped_packs()["standard"]
        .read_text()
        .replace("object: rain", "object: fog")
        .replace("classification: rain", "classification: fog")
    )
    spec = tmp_path / "spec.yaml"
    spec.write_text(text)
    result = CliRunner().invoke(app, ["test", str(spec)])
    assert result.exit_code == 1
    assert "expected rule: tag, classification: fog" in result.stdout
    assert "got      rule: tag, classification: rain" in result.stdout
    assert load_spec(spec).spec.tests[-1].name in result.stdout


def test_dropped_and_refused_can_be_expected() -> None:
    """The importer's pack expects that ellipses are refused."""
    [refused] = [result for result in run_tests("encord-importer") if "refused" in result.actual[0]]
    assert refused.actual == ({"rule": "ellipse", "refused": True},)
