"""``mapper pack``: build, test and document packs, and pin, fetch and copy those that specs extend."""

from __future__ import annotations

from importlib import import_module

import click

from mapper.cli.settings.use import configurable

COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("mapper.cli.pack.build", "Write a pack's archive."),
    "test": ("mapper.cli.pack.test", "Run the tests of a pack."),
    "docs": ("mapper.cli.pack.docs", "Write a readable page of a pack or spec."),
    "lock": ("mapper.cli.pack.lock", "Pin what specs extend, in mapper.lock."),
    "sync": ("mapper.cli.pack.sync", "Fetch what mapper.lock pins."),
    "update": ("mapper.cli.pack.update", "Pin anew what specs extend, and show what changes."),
    "vendor": ("mapper.cli.pack.vendor", "Copy what mapper.lock pins into the tree."),
}
"""Every command of the group: the module whose ``command`` it is, and the first line of its help."""

EPILOG = """\b
Examples:
  mapper pack docs standard
  mapper pack docs standard --format html -o standard.html
"""


class PackCommands(click.Group):
    """A group that knows its commands from the table and imports them one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        found = import_module(entry[0]).command
        assert isinstance(found, click.Command)  # noqa: S101 - a line of the table, not data
        from mapper.cli import COMMANDS as ALL  # noqa: PLC0415 - that table names this module

        return configurable(found, ALL)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])


@click.group("pack", cls=PackCommands, epilog=EPILOG)
def command() -> None:
    """Share specs as packs, and pin the packs that specs extend.

    A pack is a folder with a pack.yaml. A spec names it under `extends`, mapper.lock pins its bytes and its meaning. Of all
    commands, only lock, sync, update and vendor use the network: https alone, and only to hosts that --allow-host names.
    """
