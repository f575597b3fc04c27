"""``mapper pack``: build, test and document packs, and pin, fetch and copy those that specs extend."""

from __future__ import annotations

import click

from mapper.cli.groups import Table, TableGroup

COMMANDS: Table = {
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


class PackCommands(TableGroup):
    """The commands of packs."""

    table = COMMANDS


@click.group("pack", cls=PackCommands, epilog=EPILOG)
def command() -> None:
    """Share specs as packs, and pin the packs that specs extend.

    A pack is a folder with a pack.yaml. A spec names it under `extends`, mapper.lock pins its bytes and its meaning. Of all
    commands, only lock, sync, update and vendor use the network: https alone, and only to hosts that --allow-host names.
    """
