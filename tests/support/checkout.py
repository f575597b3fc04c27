"""Where the checkout is, what it holds, and how to run ``mapper`` from it in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
STREET = ROOT / "examples" / "street"
HIDDEN = {"__pycache__", "out", "dist", "build"}
TEXT = {"", ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".jsonl", ".xml", ".txt", ".cfg"}


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's variables, with the checkout importable and nothing that changes what commands print."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAPPER_") and name not in {"NO_COLOR", "FORCE_COLOR", "CI"}
    }
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | dict(changes or {})


def mapper(
    *arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, prefix: tuple[str, ...] = ("-m", "mapper")
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``prefix`` is what the interpreter is given to start it."""
    command = [sys.executable, *prefix, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment(env))


def own_files() -> list[Path]:
    """The text files that belong to the project: what git tracks or would track; without git, what is not generated."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        command = [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = list(_walk(ROOT))
    return sorted(path for path in paths if path.suffix in TEXT and path.is_file())


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in HIDDEN or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def modules(folder: str) -> list[Path]:
    """The Python files below a folder of the checkout."""
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
