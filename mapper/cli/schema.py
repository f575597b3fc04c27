"""``mapper schema``: the published JSON Schemas."""

from __future__ import annotations

from pathlib import Path

import click

from mapper.cli.exit_codes import CLEAN
from mapper.cli.options import path

EPILOG = """\b
Examples:
  mapper schema
  mapper schema mapping-spec
  mapper schema mapping-spec -o mapping-spec.v1.json
  mapper schema -o schemas

\b
An editor with the YAML language server completes and explains a spec that begins with
  # yaml-language-server: $schema=mapping-spec.v1.json
"""


@click.command("schema", epilog=EPILOG)
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="DIR|FILE", type=path, help="Write there: into a folder, or with NAME to a file.")
@click.option("--list", "listing", is_flag=True, help="List the names; the default without NAME and -o.")
def command(*, name: str | None, output: str | None, listing: bool) -> int:
    """Print or write the JSON Schemas of what mapper reads and writes.

    NAME is one of those that are listed, with or without its version. Without NAME, -o writes them all into a folder. A
    schema of a version that was released never changes its meaning.
    """
    from mapper.resources import shipped_schemas  # noqa: PLC0415 - --help needs no files

    schemas = shipped_schemas()
    if listing and (name or output):
        raise click.UsageError("--list takes neither NAME nor -o")
    chosen = list(schemas.values()) if name is None else [_schema(schemas, name)]
    if output is not None:
        _written(chosen, Path(output), single=name is not None and not output.endswith("/"))
    elif name is None:
        click.echo("".join(f"{known:<16}{file.name}\n" for known, file in schemas.items()), nl=False)
    else:
        click.echo(chosen[0].read_text("utf-8"), nl=False)
    return CLEAN


def _schema(schemas: dict[str, Path], name: str) -> Path:
    from mapper.spec.suggest import near  # noqa: PLC0415 - only for a wrong name

    found = next((file for known, file in schemas.items() if name in {known, file.stem, file.name}), None)
    if found is None:
        close = near(name, schemas)
        raise click.UsageError(f"no such schema: {name}" + (f"; did you mean {close}?" if close else f"; there are {', '.join(schemas)}"))
    return found


def _written(files: list[Path], target: Path, *, single: bool) -> None:
    from mapper.errors import OutputError  # noqa: PLC0415 - only for what is written

    folder = target.parent if single and not target.is_dir() else target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            place = target if single and not target.is_dir() else target / file.name
            place.write_bytes(file.read_bytes())
            click.echo(f"written {place.as_posix()}")
    except OSError as error:
        raise OutputError(f"cannot write {target.as_posix()}: {error.strerror or error}") from error
