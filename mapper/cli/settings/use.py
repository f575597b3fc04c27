"""Puts settings to use: ``--config`` and ``--isolated`` of every command, environment variables of every option."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.settings.commands import options_of, variable_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mapper.cli.settings.commands import Words
    from mapper.cli.settings.values import Settings

CHOICE = "mapper.cli.settings.choice"
"""Under this key a context keeps what ``--config`` and ``--isolated`` said."""
LOADED = "mapper.cli.settings"
"""Under this key a context keeps the settings in force."""

Table = dict[str, tuple[str, str]]


def configurable(command: click.Command, table: Mapping[str, tuple[str, str]]) -> click.Command:
    """Let a command, or all commands of a group, take its defaults from the configuration and the environment."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            configurable(child, table)
        return command
    if any(parameter.name == "isolated" for parameter in command.params):
        return command
    for option in options_of(command):
        if option.envvar is None:
            option.envvar = variable_of(option)
            option.show_envvar = True
    command.params += [_config(_callback(table)), _isolated(_callback(table))]
    return command


def _config(callback: Callable[..., Any]) -> click.Option:
    return click.Option(
        ["--config"], metavar="FILE", is_eager=True, expose_value=False, callback=callback,
        help="Take settings from this TOML file instead of the nearest mapper.toml or pyproject.toml.",
    )  # fmt: skip


def _isolated(callback: Callable[..., Any]) -> click.Option:
    return click.Option(
        ["--isolated"], is_flag=True, is_eager=True, expose_value=False, callback=callback, help="Ignore all configuration files.",
    )  # fmt: skip


def _callback(table: Mapping[str, tuple[str, str]]) -> Callable[..., Any]:
    def said(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        """Note what one of the two says; once both are known, load the settings before any other option is looked at."""
        choice = context.meta.setdefault(CHOICE, {})
        choice[parameter.name] = value
        if len(choice) == 2 and not context.resilient_parsing:  # noqa: PLR2004 - the two of them
            _load(context, table, choice["config"], isolated=choice["isolated"])
        return value

    return said


def _load(context: click.Context, table: Mapping[str, tuple[str, str]], config: str | None, *, isolated: bool) -> None:
    if config is not None and isolated:
        raise click.UsageError("--config and --isolated contradict each other")
    settings = load(table, config, isolated=isolated)
    context.meta[LOADED] = settings
    context.default_map = settings.defaults(words_of(context)) | dict(context.default_map or {})


def load(table: Mapping[str, tuple[str, str]], config: str | None = None, *, isolated: bool = False) -> Settings:
    """The settings in force in the current folder; raises ConfigError."""
    from mapper.cli.settings.values import Settings, settings_from  # noqa: PLC0415 - --help needs no settings

    if isolated:
        return Settings()
    from mapper.cli.settings.commands import leaves  # noqa: PLC0415 - as above
    from mapper.cli.settings.files import find, read  # noqa: PLC0415 - as above

    start = Path.cwd()
    file = find(start) if config is None else read(start / config, start, required=True)
    return Settings() if file is None else settings_from(file, leaves(table), start)


def words_of(context: click.Context) -> Words:
    """The words of the command that a context belongs to, without the program's name."""
    words: list[str] = []
    here: click.Context | None = context
    while here is not None and here.parent is not None:
        words.insert(0, here.info_name or "")
        here = here.parent
    return tuple(words)


def settings_of(context: click.Context) -> Settings:
    """The settings that a command runs under: for what no option says, such as the hosts that packs may come from."""
    from mapper.cli.settings.values import Settings  # noqa: PLC0415 - --help needs no settings

    found = context.meta.get(LOADED)
    return found if isinstance(found, Settings) else Settings()
