"""Examples of codes: each code has one that was run, and `mapper rule` shows what came out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mapper.findings import ISSUES
from mapper.findings.page import EXAMPLES, example_of
from tests.support.rule_examples import ELSEWHERE, as_json, examples, shown

if TYPE_CHECKING:
    from pathlib import Path

TABLE = examples()


def test_every_code_has_an_example() -> None:
    """A code without one is named with the place where it is raised, and one with an example is not."""
    codes = {issue.code for issue in ISSUES}
    assert codes - set(TABLE) == set(ELSEWHERE)
    assert set(TABLE) <= codes


def test_examples_give_their_codes(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Each example is run, gives the code that it is for, and what is shipped is what came out; `--update-golden` writes it."""
    found = {code: shown(code, example, tmp_path / code) for code, example in TABLE.items()}
    assert [code for code, text in found.items() if not text] == []
    if pytestconfig.getoption("--update-golden"):
        EXAMPLES.write_text(as_json(found), "utf-8")
    assert json.loads(EXAMPLES.read_text("utf-8")) == found


def test_examples_are_shown() -> None:
    """What is shipped can be had by code; a code without an example has none."""
    assert example_of("MAP301").startswith("MAP301 ")
    assert example_of("SPC201") == ""
