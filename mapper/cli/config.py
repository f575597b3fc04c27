"""``mapper config``: the settings in force, and where each comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN
from mapper.cli.options import color, document_format
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from mapper.cli.settings.values import Settings
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper config show
  mapper config show validate
  mapper config show --output-format json
"""


@click.group("config", epilog=EPILOG)
def command() -> None:
    """Show the settings in force.

    Settings stand in the nearest mapper.toml, or pyproject.toml with a table [tool.mapper], from the current folder
    upwards. An option on the command line goes before its environment variable, that before the file, and that before
    the default.
    """


@command.command("show", epilog=EPILOG)
@click.argument("name", metavar="[COMMAND]...", nargs=-1)
@document_format
@color
@click.pass_context
def show(context: click.Context, *, name: tuple[str, ...], output_format: str, color: str) -> int:
    """Show each setting with its value and where that comes from.

    COMMAND limits it to one command, or to those of a group. Exits with 2 if the configuration cannot be used.
    """
    from mapper.cli import COMMANDS  # noqa: PLC0415 - the table names this module
    from mapper.cli.settings.commands import leaves  # noqa: PLC0415 - --help needs no settings
    from mapper.cli.settings.use import configurable, settings_of  # noqa: PLC0415 - as above

    settings = settings_of(context)
    chosen = {words: found for words, found in leaves(COMMANDS).items() if words[: len(name)] == name}
    if not chosen:
        raise click.UsageError(f"no such command: {' '.join(name)}")
    rows = [row for words, found in chosen.items() for row in _rows(words, configurable(found, COMMANDS), settings)]
    style = style_of(color)
    text = _document(rows, settings, style) if output_format == "json" else _table(rows, settings, style)
    click.echo(text, nl=False, color=style.color)
    return CLEAN


def _rows(words: tuple[str, ...], found: click.Command, settings: Settings) -> list[dict[str, Any]]:
    """Each option of a command: its name, its value, and what gives it."""
    from mapper.cli.settings.commands import key_of, options_of, variable_of  # noqa: PLC0415 - as above

    rows = []
    context = click.Context(found, info_name=words[-1])
    for option in options_of(found):
        variable = option.envvar if isinstance(option.envvar, str) else variable_of(option)
        origin = settings.commands.get(words, {}).get(str(option.name))
        row: dict[str, Any] = {"command": " ".join(words), "setting": key_of(option)}
        if os.environ.get(variable):
            row |= {"value": os.environ[variable], "from": "environment", "variable": variable}
        elif origin is not None:
            row |= {"value": origin.value, "from": "file", "file": origin.place.file, "line": origin.place.line}
        else:
            row |= {"value": _plain(option.get_default(context)), "from": "default"}
        rows.append(row)
    return rows


def _plain(value: Any) -> Any:
    """A default as JSON can hold it; an option without one has None."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value] or None
    return value if isinstance(value, str | int | float | bool) else None


def _document(rows: list[dict[str, Any]], settings: Settings, style: Style) -> str:
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    hosts = {"allowed-hosts": list(settings.allowed_hosts), "private-hosts": list(settings.private_hosts)}
    head = {"file": settings.file or None, "required-version": settings.required_version or None, "packs": hosts}
    return dump(head | {"settings": rows}, style)


def _table(rows: list[dict[str, Any]], settings: Settings, style: Style) -> str:
    from mapper.reports.console import grid, line, rendered  # noqa: PLC0415 - brings rich

    facts = [f"file: {settings.file or 'none'}"]
    if settings.required_version:
        facts.append(f"required-version: {settings.required_version}")
    for name, hosts in (("allowed-hosts", settings.allowed_hosts), ("private-hosts", settings.private_hosts)):
        if hosts:
            facts.append(f"packs.{name}: {', '.join(hosts)}")
    cells = [(row["command"], row["setting"], _shown(row["value"]), _source(row)) for row in rows]
    return rendered([*map(line, facts), line(""), grid(("Command", "Setting", "Value", "From"), cells)], style)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _source(row: dict[str, Any]) -> str:
    if row["from"] == "environment":
        return f"environment: {row['variable']}"
    return f"{row['file']}:{row['line']}" if row["from"] == "file" else "default"
