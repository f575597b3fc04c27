"""``mapper migrate``: lifts specs to the present version of the spec language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, path
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.reports.style import Style
    from mapper.spec.migrating import Migration

EPILOG = """\b
Examples:
  mapper migrate street.yaml
  mapper migrate street.yaml --check
  mapper migrate street.yaml importer.yaml --diff
  mapper migrate street.yaml --write
"""


@click.command("migrate", epilog=EPILOG)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=path)
@click.option("--write", is_flag=True, help="Write the new text into the file.")
@click.option("--diff", is_flag=True, help="Show what changes.")
@click.option("--check", is_flag=True, help="Exit with 1 if a spec is not in the present version.")
@color
def command(*, specs: Sequence[str], write: bool, diff: bool, check: bool, color: str) -> int:
    """Lift mapping specs to the version of the language that this mapper reads.

    SPEC is the file of a spec, or of tests beside one. Only what must change is changed: comments and layout stay. Without
    --write nothing is written. A spec that is newer than this mapper is refused, with what to install.

    Exits with 0; with --check, 1 if a spec is not in the present version; with 2 if one cannot be lifted.
    """
    from mapper.workbench.migrating import difference, migrate_file  # noqa: PLC0415 - --help needs no spec

    if write and check:
        raise click.UsageError("--check writes nothing: take it or --write")
    style = style_of(color)
    made = [migrate_file(shown_path(spec), write=write) for spec in dict.fromkeys(specs)]
    for one in made:
        if one.found:
            click.echo(_findings(one, style), nl=False, err=True)
            click.echo(f"error: {one.file} cannot be migrated", err=True)
            continue
        if diff and one.steps:
            click.echo(difference(one), nl=False)
        click.echo(_said(one, written=write))
    if any(one.found for one in made):
        return USAGE
    return FINDINGS if check and any(one.steps for one in made) else CLEAN


def _said(made: Migration, *, written: bool) -> str:
    from mapper.spec.model import API_VERSION  # noqa: PLC0415 - --help needs no spec

    if not made.steps:
        return f"{made.file}: current ({API_VERSION})"
    verb = "migrated" if written else "would be migrated"
    steps = "".join(f"\n  {step.before} -> {step.after}: {step.summary}" for step in made.steps)
    return f"{made.file}: {verb} to {API_VERSION}{steps}"


def _findings(made: Migration, style: Style) -> str:
    from mapper.findings.collector import Collector  # noqa: PLC0415 - --help needs no report
    from mapper.reports import REPORTS  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    collector = Collector()
    collector.extend(list(made.found))
    return REPORTS["full"](Request(findings=collector.findings(), texts={made.file: made.lines}, file=made.file, style=style))
