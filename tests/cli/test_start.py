"""The command line as a whole: fast to start, complete help, one table of commands."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from importlib import import_module
from typing import Any

import click
import pytest

from mapper.cli import COMMANDS, EPILOG, app
from mapper.cli.options import FORMATS
from mapper.media.naming import MAPPINGS
from mapper.reports import REPORTS
from mapper.version import __version__

HEAVY = ("numpy", "shapely", "pydantic", "encord", "lxml", "rich", "httpx", "jinja2", "yaml")
NAMES = list(COMMANDS)


def command(name: str) -> click.Command:
    """A command of the table."""
    found: click.Command = import_module(COMMANDS[name][0]).command
    return found


@pytest.mark.parametrize("args", [["--help"], ["--version"], *([name, "--help"] for name in NAMES)], ids=" ".join)
def test_help_imports_nothing_heavy(mapper: Any, args: list[str]) -> None:
    """Help and version are there at once: no library is imported that only work needs."""
    code = (
        "import sys\nfrom mapper.cli import app\n"
        f"try:\n    app.main({args!r})\nexcept SystemExit as left:\n    assert left.code == 0, left.code\n"
        f"heavy = sorted(set({HEAVY!r}) & set(sys.modules))\nsys.stderr.write(' '.join(heavy))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=mapper.environment(), timeout=60)
    assert done.stderr.decode() == ""
    assert done.stdout


def test_the_groups_help_imports_no_command() -> None:
    """Listing the commands reads the table only."""
    code = "import sys, mapper.cli\ntry:\n    mapper.cli.app.main(['--help'])\nexcept SystemExit:\n    pass\n"
    code += f"assert not [name for name in {[module for module, _ in COMMANDS.values()]!r} if name in sys.modules]"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_what_the_command_says(name: str) -> None:
    """The short help in the table is the first line of the command's help, and the command has that name."""
    found = command(name)
    assert found.name == name
    assert inspect.cleandoc(found.help or "").splitlines()[0] == COMMANDS[name][1]
    assert f"  {name}" in app.get_help(click.Context(app, info_name="mapper"))


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_explained(name: str) -> None:
    """Help that leaves an option unexplained is none; it ends with examples."""
    found = command(name)
    options = [parameter for parameter in found.params if isinstance(parameter, click.Option)]
    assert all((option.help and option.help.endswith(".")) or "[env var" in (option.help or "") for option in options)
    assert "Examples:" in (found.epilog or "")


def test_names_of_choices_are_those_of_the_tables() -> None:
    """Choices are stated where help is made; they must not drift from what they choose."""
    assert tuple(REPORTS) == FORMATS
    (option,) = (parameter for parameter in command("convert").params if parameter.name == "map_filename")
    assert isinstance(option.type, click.Choice)
    assert set(option.type.choices) == set(MAPPINGS)


def test_version(mapper: Any) -> None:
    """One line with name and version."""
    assert mapper.here("--version").out == f"mapper {__version__}\n"


@pytest.mark.parametrize(("wrong", "right"), [("vlidate", "validate"), ("Convert", "convert")])
def test_a_wrong_command_names_the_nearest(mapper: Any, wrong: str, right: str) -> None:
    """A typing error is usage (2), and the message helps."""
    run = mapper.here(wrong)
    assert run.code == 2
    assert f"did you mean {right}?" in run.err


def examples() -> list[str]:
    """The commands of all epilogs, in the order of a first use: conversion before what reads its bundle."""
    texts = [EPILOG, *(command(name).epilog or "" for name in NAMES)]
    return [line.strip() for text in texts for line in text.splitlines() if re.match(r"  mapper \w", line)]


@pytest.mark.slow
def test_the_examples_of_the_help_run(mapper: Any) -> None:
    """What help shows works as it stands, next to the bundled example."""
    found = examples()
    assert {shlex.split(line)[1] for line in found} == set(NAMES)
    done = set()
    for line in found:
        args = shlex.split(line)[1:]
        if line in done:
            args += ["--force"] if args[0] == "convert" else []
        run = mapper.here(*args)
        assert (line, run.code, run.err) == (line, 0, "")
        done.add(line)
