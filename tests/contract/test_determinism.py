"""The same input gives the same bytes: over processes, hash seeds, folders and ways to name the source."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import STREET, files, mapper

if TYPE_CHECKING:
    from pathlib import Path

RUNS = {
    "standard": [],
    "standard, one group": ["--media", "image_group"],
    "encord-importer": ["--spec", "encord-importer"],
    "standard with a parameter": ["--set", "upright_rectangle=polygon"],
}


def bundle(out: Path, source: object, *options: str, cwd: Path, seed: str) -> dict[str, bytes]:
    """The files of a bundle that a process of its own has made."""
    done = mapper("convert", source, "-o", out, "--fail-on", "never", *options, cwd=cwd, env={"PYTHONHASHSEED": seed, "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    return files(out)


@pytest.mark.parametrize("run", RUNS)
def test_two_runs_give_the_same_bytes(run: str, tmp_path: Path) -> None:
    """Hash seed, working folder and how the source is named leave no trace in any file of the bundle."""
    elsewhere = tmp_path / "elsewhere" / "deep"
    elsewhere.mkdir(parents=True)
    first = bundle(tmp_path / "a", STREET, *RUNS[run], cwd=tmp_path, seed="0")
    second = bundle(elsewhere / "b", os.path.relpath(STREET, elsewhere), *RUNS[run], cwd=elsewhere, seed="4711")
    assert sorted(first) == ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]
    assert {name: first[name] == second[name] for name in first} == dict.fromkeys(first, True)


def test_a_copy_elsewhere_is_the_same_export(tmp_path: Path) -> None:
    """The folder in which an export lies is no part of it."""
    shutil.copytree(STREET, tmp_path / "moved" / "street")
    first = bundle(tmp_path / "a", STREET, cwd=tmp_path, seed="1")
    assert first == bundle(tmp_path / "b", tmp_path / "moved" / "street", cwd=tmp_path, seed="2")


def test_a_dry_run_reports_the_same(tmp_path: Path) -> None:
    """`--dry-run` prints what the run prints, but for where the bundle is."""
    wet = mapper("convert", STREET, "-o", "out", "--output-format", "json-lines", cwd=tmp_path)
    dry = mapper("convert", STREET, "--dry-run", "--output-format", "json-lines", cwd=tmp_path)
    assert (wet.stdout, wet.returncode) == (dry.stdout, dry.returncode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
