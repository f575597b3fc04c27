"""Runs the command line, in this process and in one of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mapper.cli import app

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("NO_COLOR", "FORCE_COLOR", "MAPPER_OUTPUT_FORMAT", "COLUMNS", "CI")


@dataclass(frozen=True, slots=True)
class Run:
    """What a run gave."""

    code: int
    out: str
    err: str


class Commands:
    """Runs ``mapper`` in a folder that holds ``examples/street``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def here(self, *args: str) -> Run:
        """In this process."""
        result = CliRunner().invoke(app, args)
        return Run(result.exit_code, result.stdout, result.stderr)

    def apart(self, *args: str, **variables: str) -> Run:
        """In a process of its own, with these environment variables and none of the tester's."""
        done = subprocess.run(
            [sys.executable, "-m", "mapper", *args],
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=self.environment(**variables),
            timeout=120,
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    def environment(self, **variables: str) -> dict[str, str]:
        """The tester's environment without what would change the output."""
        kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        return kept | {"PYTHONPATH": str(ROOT)} | variables

    def file(self, name: str, text: str) -> str:
        """Write a file into the folder; its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def mapper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line in a fresh folder, which is the current one."""
    shutil.copytree(ROOT / "examples" / "street", tmp_path / "examples" / "street")
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return Commands(tmp_path)
