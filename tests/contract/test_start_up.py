"""Start-up: help and imports stay quick, because heavy libraries are loaded by the commands that need them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mapper.cli import COMMANDS
from tests.support.checkout import ROOT, environment

HEAVY = frozenset({"encord", "httpx", "jinja2", "jsonschema", "lxml", "numpy", "pydantic", "rich", "shapely", "yaml"})

HELP = """
import sys
from mapper.cli import app
sys.argv = ["mapper", *sys.argv[1:]]
try:
    app.main()
finally:
    print("loaded:", *sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""
CHECK = HELP.replace("*sys.argv[1:]", "'validate', *sys.argv[1:]").replace('if "." not in name', "")
UNNEEDED = HEAVY - {"jinja2", "pydantic", "yaml"} | {
    "mapper.connect", "mapper.cvat.readers", "mapper.encord.writers", "mapper.engine",
    "mapper.packs.fetch", "mapper.pipeline", "mapper.workbench",
}  # fmt: skip
IMPORT = "import sys; import mapper; print('loaded:', *sys.modules, file=sys.stderr)"


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level modules that a program has loaded when it ends."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(), cwd=ROOT)
    return set(done.stderr.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """`--help` and `--version` answer without the libraries that only a conversion needs."""
    names = loaded(HELP, *arguments)
    assert "click" in names
    assert not names & HEAVY


def test_importing_the_package_loads_nothing() -> None:
    """`import mapper` costs next to nothing: its public names are loaded when they are used."""
    assert not loaded(IMPORT) & (HEAVY | {"click"})


@pytest.mark.parametrize("form", ["full", "json"])
def test_a_check_of_a_spec_loads_no_engine(form: str) -> None:
    """`mapper validate` answers at once: it reads specs, so it loads what reads specs."""
    names = loaded(CHECK, "standard", "--output-format", form)
    assert {"mapper.spec.load", "pydantic"} <= names
    assert not names & UNNEEDED
    assert not [name for name in names if name.startswith(("mapper.engine.", "mapper.cvat.readers.", "mapper.workbench."))]
