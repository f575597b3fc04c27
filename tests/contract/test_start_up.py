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
EVERY = HELP.replace('if "." not in name', "")
CHECK = EVERY.replace("*sys.argv[1:]", "'validate', *sys.argv[1:]")
UNNEEDED = HEAVY - {"jinja2", "pydantic", "yaml"} | {
    "mapper.connect", "mapper.cvat.readers", "mapper.encord.writers", "mapper.engine",
    "mapper.packs.fetch", "mapper.pipeline", "mapper.workbench",
}  # fmt: skip
OTHERS = frozenset({
    "multiprocessing", "numpy", "httpx", "shapely", "tarfile", "xml.etree.ElementTree",
    "mapper.batch", "mapper.connect", "mapper.cvat.readers.api_json", "mapper.cvat.readers.backup", "mapper.engine.parts",
    "mapper.packs.lock", "mapper.packs.resolver", "mapper.pipeline.pool", "mapper.pipeline.split", "mapper.reports.github",
    "mapper.reports.junit", "mapper.reports.sarif", "mapper.workbench",
})  # fmt: skip
"""What other commands, other formats, other reports and several processes need."""
CODES = """
import dataclasses
made, real = [], dataclasses.dataclass
dataclasses.dataclass = lambda *values, **named: made.append(1) or real(*values, **named)
from mapper.findings import ISSUES
print(len(ISSUES), len(made))
"""
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


def test_a_conversion_loads_what_it_runs() -> None:
    """`mapper convert` of XML in one process loads neither other formats, nor other reports, nor what several processes need."""
    names = loaded(EVERY, "convert", "examples/street", "--dry-run")
    assert {"mapper.engine.program", "mapper.cvat.readers.native_xml", "mapper.reports.text"} <= names
    assert not names & OTHERS


def test_the_codes_of_findings_are_made_without_compiling() -> None:
    """Hundreds of issue classes are loaded by nearly every command: none may cost what a dataclass costs, which compiles its methods."""
    done = subprocess.run([sys.executable, "-c", CODES], check=True, capture_output=True, text=True, env=environment(), cwd=ROOT)
    classes, compiled = map(int, done.stdout.split())
    assert classes > 300
    assert compiled <= 10  # Finding, Location and their like
