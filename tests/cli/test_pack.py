"""``mapper pack``: a group whose commands explain themselves, and whose table is complete."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from inspect import cleandoc
from typing import Any

import click
import pytest

import mapper.cli.pack as group
from mapper.cli.pack import COMMANDS


def test_every_command_is_listed() -> None:
    """A module of the group that has a command is in the table."""
    found = {name for _, name, _ in pkgutil.iter_modules(group.__path__) if hasattr(import_module(f"mapper.cli.pack.{name}"), "command")}
    assert found == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(mapper: Any, name: str) -> None:
    """The table has its first line of help, each option says what it does, examples are there."""
    found = import_module(COMMANDS[name][0]).command
    assert found.name == name
    assert cleandoc(found.help or "").splitlines()[0] == COMMANDS[name][1]
    options = [parameter for parameter in found.params if isinstance(parameter, click.Option)]
    assert all(option.help and (option.help.endswith(".") or "[env var" in option.help) for option in options)
    assert "Examples:" in (found.epilog or "")
    assert mapper.here("pack", name, "--help").code == 0


@pytest.mark.parametrize("name", ["build", "test", "docs"])
def test_what_needs_no_network_has_no_switch_for_it(name: str) -> None:
    """Only lock, sync, update and vendor can be allowed to ask a host."""
    found = import_module(COMMANDS[name][0]).command
    assert not {"hosts", "private_hosts"} & {parameter.name for parameter in found.params}


def test_an_unknown_command_is_usage(mapper: Any) -> None:
    """It exits with 2."""
    assert mapper.here("pack", "publish").code == 2
