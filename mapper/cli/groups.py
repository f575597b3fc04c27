"""Groups of commands that are known from a table, so that ``--help`` imports none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

import click

from mapper.cli.settings.use import configurable

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = dict[str, tuple[str, str]]
"""Name of a command to the module whose ``command`` it is, and the first line of its help."""


class TableGroup(click.Group):
    """A group that knows its commands from ``table`` and imports them one by one."""

    table: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def every(self) -> Table:
        """The table of all commands of the program, by which settings are known."""
        from mapper.cli import COMMANDS  # noqa: PLC0415 - that table names the modules of groups

        return COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the table: as one uses them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        command = import_module(entry[0]).command
        assert isinstance(command, click.Command)  # noqa: S101 - a line of the table, not data
        return configurable(command, self.every())

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for one that does not exist, name the nearest."""
        name = args[0]
        if name not in self.table and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415 - only needed for a wrong name

            close = get_close_matches(name, self.table, n=1)
            ctx.fail(f"no such command: {name}" + (f"; did you mean {close[0]}?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in self.table.items()])
