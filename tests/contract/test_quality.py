"""Lint, format, types and import contracts: part of the suite, so that one command says whether a change may go in."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.checkout import ROOT

IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def output_of(*arguments: str) -> str:
    """What a tool prints, followed by its exit code if that is not 0."""
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True, cwd=ROOT)
    return f"{done.stdout}{done.stderr}" + (f"\nexit {done.returncode}" if done.returncode else "")


def test_lint() -> None:
    """Ruff finds nothing; what a line is exempt from is named on it."""
    assert output_of("-m", "ruff", "check", "--output-format", "concise", ".") == "All checks passed!\n"


def test_format() -> None:
    """Every file is formatted as ruff does it."""
    assert "exit" not in (found := output_of("-m", "ruff", "format", "--check", ".")), found


@pytest.mark.slow
def test_types() -> None:
    """Mypy --strict finds nothing in the product, the tests and the scripts."""
    assert "Success" in (found := output_of("-m", "mypy")), found


def test_import_direction() -> None:
    """Data flows one way, and each library has one owner: the contracts in pyproject.toml hold."""
    assert "0 broken" in (found := output_of("-c", IMPORTS)), found
