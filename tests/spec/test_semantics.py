"""Specs that are valid, and specs whose header says what must be found in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mapper.findings import ISSUES
from mapper.resources import shipped_packs
from mapper.spec.load import read_spec
from mapper.spec.semantics import CHECKS
from mapper.version import __version__

SPECS = Path(__file__).parent.parent / "specs"
VALID = sorted(path for path in (SPECS / "valid").iterdir() if path.is_file())
INVALID = sorted((SPECS / "invalid").glob("*.yaml"))
EXPECTED = re.compile(r"^# expect: (.*)$", re.MULTILINE)

ELSEWHERE = {
    "SPC201": "a file of more than 4 MiB: test_located",
    "SPC219": "a matter of the day: test_waivers",
    "SPC216": "a file of more than 100 000 values: test_located",
    "SPC234": "a file of more than 1000 problems: hostile/test_hostile",
    "SPC250": "a file that is not there: test_semantics_load",
    "SPC289": "two packs: tests/packs",
}
"""Codes that no committed file can show."""


def _expected(path: Path) -> list[str]:
    return EXPECTED.findall(path.read_bytes().decode("utf-8", errors="replace"))


@pytest.mark.parametrize("path", [*VALID, *shipped_packs().values()], ids=lambda path: path.name)
def test_valid(path: Path) -> None:
    """A valid spec loads, and nothing is found in it."""
    loaded, found, _ = read_spec(path, {})
    assert [(issue.code, issue.message()) for issue, _ in found] == []
    assert loaded is not None


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path) -> None:
    """Exactly what the header of an invalid spec says is found, at exactly those places."""
    _, found, _ = read_spec(path, {})
    shown = [(place.line, place.column, f"{issue.code} {issue.message()}") for issue, place in found if place is not None]
    assert len(shown) == len(found)
    expected = [line.replace("{version}", __version__) for line in _expected(path)]
    assert [f"{line}:{column} {message}" for line, column, message in sorted(shown)] == expected


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_the_name_of_an_invalid_spec_is_a_code_found_in_it(path: Path) -> None:
    """The file's name begins with a code that its header expects."""
    assert any(f" {path.stem[:6]} " in line for line in _expected(path))


def test_each_code_has_an_invalid_spec() -> None:
    """Every issue of a spec is shown by a file, but for those that no file can show."""
    codes = {issue.code for issue in ISSUES if issue.code.startswith("SPC")}
    assert {path.stem[:6] for path in INVALID} | set(ELSEWHERE) == codes


def test_each_check_is_listed_once() -> None:
    """The table of checks names every check once."""
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)


def test_a_twin_in_json_means_the_same() -> None:
    """A spec and its JSON twin have one meaning and two digests."""
    yaml, _, _ = read_spec(SPECS / "valid" / "minimal.yaml", {})
    json, _, _ = read_spec(SPECS / "valid" / "minimal.json", {})
    assert yaml is not None
    assert json is not None
    assert yaml.meaning == json.meaning
    assert yaml.sha256 != json.sha256
