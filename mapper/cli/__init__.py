"""The command line: ``mapper COMMAND``. A command's module is imported when the command is called, not before."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mapper.cli.groups import Table, TableGroup
from mapper.cli.run import exit_code
from mapper.cli.terminal import use_utf8
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

RARELY = 200_000
"""After so many objects Python looks for reference cycles; its own number is some hundreds. A start makes half as many."""

COMMANDS: Table = {
    "convert": ("mapper.cli.convert", "Convert a CVAT export to an Encord bundle."),
    "batch": ("mapper.cli.batch", "Convert many CVAT exports to Encord bundles that share one ontology."),
    "validate": ("mapper.cli.validate", "Check mapping specs, without any data."),
    "check": ("mapper.cli.check", "Check a mapping spec against a label schema, before any data is read."),
    "diff": ("mapper.cli.diff", "Show what two mapping specs do differently, by meaning and not by text."),
    "test": ("mapper.cli.test", "Run the tests of mapping specs."),
    "explain": ("mapper.cli.explain", "Tell why each shape and each track went where it did."),
    "init": ("mapper.cli.init", "Draft a mapping spec from an export."),
    "migrate": ("mapper.cli.migrate", "Lift mapping specs to the version of the language that this mapper reads."),
    "inspect": ("mapper.cli.inspect", "Show what a CVAT export holds."),
    "verify": ("mapper.cli.verify", "Read a bundle back and check it."),
    "pack": ("mapper.cli.pack", "Share specs as packs, and pin the packs that specs extend."),
    "schema": ("mapper.cli.schema", "Print or write the JSON Schemas of what mapper reads and writes."),
    "rule": ("mapper.cli.rule", "Explain the code of a finding."),
    "config": ("mapper.cli.config", "Show the settings in force."),
}
"""Every command: the module whose ``command`` it is, and the first line of its help."""


class Commands(TableGroup):
    """All commands, and what becomes of what they raise."""

    table = COMMANDS

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a bug, a closed pipe or a refusal ends here with its exit code."""
        return exit_code(lambda: super(Commands, self).invoke(ctx))

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Parse, run and exit."""
        use_utf8()
        extra["standalone_mode"] = False
        sys.exit(exit_code(lambda: super(Commands, self).main(args, prog_name or "mapper", **extra)))


EPILOG = """\b
A first conversion:
  mapper inspect examples/street
  mapper convert examples/street -o out/street
  mapper verify out/street

\b
Data and findings go to stdout, progress and errors to stderr. Exit codes:
  0    clean
  1    findings at or above the threshold
  2    wrong usage, invalid spec, unreadable source, output that is taken
  3    internal error
  130  interrupted; 143  terminated
"""


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mapper", message="%(prog)s %(version)s")
def app() -> None:
    """Turn CVAT annotation exports into Encord projects by declarative mapping specs.

    Nothing is uploaded: mapper reads files and writes files. Each command explains itself with --help.
    """


def main() -> NoReturn:
    """The entry point of the command ``mapper``."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through all that is installed, for models of ours
    # Imports make a hundred thousand objects that all stay: looking among them for what does not costs a fifth of the start.
    gc.set_threshold(RARELY, *gc.get_threshold()[1:])
    try:
        app.main()
    finally:
        gc.freeze()  # Python would look through all objects for cycles as it ends; they go with the process, a tenth of a second sooner


__all__ = ["COMMANDS", "app", "main"]
