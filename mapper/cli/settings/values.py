"""Checks what a file says against the options of all commands, and gives each command its defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mapper.cli.settings.commands import ONE_RUN, key_of, options_of
from mapper.cli.settings.files import finding_of
from mapper.errors import ConfigError
from mapper.findings.config import AnotherVersionRequired, OneRunOnly, UnknownSetting, WrongSetting
from mapper.version import __version__, readable, satisfies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cli.settings.commands import Words
    from mapper.cli.settings.files import SettingsFile
    from mapper.findings.base import Issue, Location

VERSION = "required-version"
PACKS = "packs"
HOSTS = ("allowed-hosts", "private-hosts")


class Origin(NamedTuple):
    """The value of an option that a file gives, as click takes it, and where it stands."""

    value: Any
    place: Location


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a run: defaults by command and option, and what no option says. ``file`` is "" without a file."""

    file: str = ""
    required_version: str = ""
    allowed_hosts: tuple[str, ...] = ()
    private_hosts: tuple[str, ...] = ()
    commands: Mapping[Words, Mapping[str, Origin]] = field(default_factory=dict)

    def defaults(self, words: Words) -> dict[str, Any]:
        """The defaults of a command, as click's ``default_map`` has them."""
        return {name: origin.value for name, origin in self.commands.get(words, {}).items()}


def settings_from(file: SettingsFile, commands: Mapping[Words, click.Command], start: Path) -> Settings:
    """Check a file; ``commands`` are all commands that do something, ``start`` is the current folder.

    Raises ConfigError with all findings.
    """
    reading = _Reading(file, commands, start)
    reading.table((), file.values)
    if reading.found:
        findings = [finding_of(issue, place) for issue, place in reading.found]
        raise ConfigError("the configuration cannot be used", findings, {file.name: file.lines})
    nearest_last = sorted(reading.given, key=len)  # what stands in a command's own table goes before what stands further out
    merged: dict[Words, dict[str, Origin]] = {words: {} for words in commands}
    for table in nearest_last:
        for (words, name), origin in reading.given[table].items():
            merged[words][name] = origin
    allowed, private = (tuple(reading.hosts.get(name, ())) for name in HOSTS)
    return Settings(file.name, reading.version, allowed, private, merged)


class _Reading:
    """Goes through the tables; collects what they give, and what is wrong."""

    def __init__(self, file: SettingsFile, commands: Mapping[Words, click.Command], start: Path) -> None:
        self.file, self.commands, self.start = file, commands, start
        self.found: list[tuple[Issue, Location]] = []
        self.given: dict[Words, dict[tuple[Words, str], Origin]] = {}
        self.hosts: dict[str, list[str]] = {}
        self.version = ""

    def table(self, words: Words, values: Mapping[str, Any]) -> None:
        """Take the keys of a table: settings of all commands below ``words``, tables of commands, and a few of our own."""
        for key, value in values.items():
            if not words and key == VERSION:
                self._version(value)
            elif not words and key == PACKS:
                self._packs(value)
            elif isinstance(value, dict) and any(known[: len(words) + 1] == (*words, key) for known in self.commands):
                self.table((*words, key), value)
            else:
                self._setting(words, key, value)

    def _wrong(self, issue: Issue, *keys: str | int) -> None:
        self.found.append((issue, self.file.place(*keys)))

    def _version(self, value: Any) -> None:
        if not isinstance(value, str) or not readable(value):
            self._wrong(WrongSetting(VERSION, 'a range such as ">=1.2,<2" is expected'), VERSION)
        elif not satisfies(__version__, value):
            self._wrong(AnotherVersionRequired(value, __version__), VERSION)
        else:
            self.version = value

    def _packs(self, value: Any) -> None:
        if not isinstance(value, dict):
            self._wrong(WrongSetting(PACKS, "a table is expected"), PACKS)
            return
        for key, hosts in value.items():
            if key not in HOSTS:
                self._unknown((PACKS,), key, HOSTS)
            elif not isinstance(hosts, list) or not all(isinstance(host, str) and host for host in hosts):
                self._wrong(WrongSetting(f"{PACKS}.{key}", "a list of host names is expected"), PACKS, key)
            else:
                self.hosts[key] = hosts

    def _unknown(self, words: Words, key: str, known: Any) -> None:
        from mapper.spec.suggest import near  # noqa: PLC0415 - only needed for a mistake

        where = f" in [{'.'.join(words)}]" if words else ""
        self._wrong(UnknownSetting(key, where, near(key, known)), *words, key)

    def _setting(self, words: Words, key: str, value: Any) -> None:
        """A setting of one command, or of all that have it; one that takes the value is enough."""
        below = {path: command for path, command in self.commands.items() if path[: len(words)] == words}
        options = {path: option for path, command in below.items() for option in options_of(command) if key_of(option) == key}
        if not options:
            if key.replace("-", "_") in ONE_RUN and any(key_of(option) == key for each in below.values() for option in each.params):
                self._wrong(OneRunOnly(key), *words, key)
                return
            names = {key_of(option) for command in below.values() for option in options_of(command)}
            tables = {path[len(words)] for path in below if len(path) > len(words)}
            self._unknown(words, key, names | tables | ({VERSION, PACKS} if not words else set()))
            return
        problems = []
        for path, option in options.items():
            try:
                taken = self._taken(option, value, below[path])
            except click.BadParameter as error:
                problems.append(error.message)
            else:
                self.given.setdefault(words, {})[path, str(option.name)] = Origin(taken, self.file.place(*words, key))
        if len(problems) == len(options):
            self._wrong(WrongSetting(".".join((*words, key)), problems[0].rstrip(".")), *words, key)

    def _taken(self, option: click.Option, value: Any, command: click.Command) -> Any:
        """The value as click takes it, checked by the option itself; raises BadParameter."""
        if option.is_flag:
            if not isinstance(value, bool):
                raise click.BadParameter("true or false is expected")
            return value
        plain = self._many(option, value) if option.multiple or option.nargs != 1 else self._one(option, value)
        option.process_value(click.Context(command, info_name=command.name), plain)
        return plain

    def _many(self, option: click.Option, value: Any) -> list[str]:
        if isinstance(value, dict):
            return [f"{name}={self._one(option, item)}" for name, item in value.items()]
        if isinstance(value, list):
            return [self._one(option, item) for item in value]
        raise click.BadParameter("a list is expected, or a table of names and values")

    def _one(self, option: click.Option, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        if not isinstance(value, str):
            raise click.BadParameter("text or a number is expected")
        rebase = getattr(option.type, "rebase", None)
        return value if rebase is None else str(rebase(value, self._moved, pack="PACK" in (option.metavar or "")))

    def _moved(self, path: str, *, only_if_there: bool) -> str:
        """A path of the file, which is relative to the file's folder, as seen from the current folder."""
        whole = self.file.folder / path
        if Path(path).is_absolute() or "://" in path or (only_if_there and not whole.exists()):
            return path
        return os.path.relpath(whole, self.start).replace(os.sep, "/")
