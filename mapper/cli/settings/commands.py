"""The options that can be set, over all commands: read off the commands themselves, so that a new option needs nothing here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ONE_RUN = frozenset(
    {
        "accept_defaults", "check", "config", "diff", "dry_run", "everything", "force", "isolated", "output", "resume", "write",
        "write_baseline", "yes",
    }
)  # fmt: skip
"""Options that are said for one run, on the command line only."""

Words = tuple[str, ...]
"""The words of a command: ``("pack", "lock")``."""


def key_of(option: click.Parameter) -> str:
    """The name of an option in a file: that of its value, with hyphens."""
    return (option.name or "").replace("_", "-")


def variable_of(option: click.Parameter) -> str:
    """The environment variable of an option."""
    return f"MAPPER_{(option.name or '').upper()}"


def options_of(command: click.Command) -> list[click.Option]:
    """The options of a command that can be set in a file or by the environment."""
    return [
        option
        for option in command.params
        if isinstance(option, click.Option) and not option.is_eager and not option.hidden and option.name not in ONE_RUN
    ]


def leaves(table: Mapping[str, tuple[str, str]]) -> dict[Words, click.Command]:
    """All commands that do something, by their words; this imports the modules of the table."""
    return {words: leaf for name, (module, _) in table.items() for words, leaf in _below((name,), import_module(module).command)}


def _below(words: Words, command: click.Command) -> Iterator[tuple[Words, click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command, info_name=words[-1])
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from _below((*words, name), found)
