"""Finds and reads the file with the settings: the nearest ``mapper.toml``, or ``pyproject.toml`` with ``[tool.mapper]``."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cli.settings.toml_places import key_places
from mapper.errors import ConfigError
from mapper.findings.base import Finding, Location
from mapper.findings.config import ConfigSyntax, ConfigUnreadable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mapper.cli.settings.toml_places import Path as Keys
    from mapper.cli.settings.toml_places import TomlSpan
    from mapper.findings.base import Issue

OWN = "mapper.toml"
SHARED = "pyproject.toml"
TABLE = ("tool", "mapper")
"""Where the settings stand in a file that other tools share."""
LARGEST = 4 * 1024 * 1024
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file's settings, ``values``, with the place of each; ``name`` is the file as messages show it."""

    name: str
    folder: Path
    values: Mapping[str, Any]
    places: Mapping[Keys, TomlSpan] = field(repr=False)
    prefix: Keys
    lines: tuple[str, ...] = field(repr=False)

    def place(self, *keys: str | int) -> Location:
        """Where a setting stands, or the nearest table around it."""
        path = (*self.prefix, *keys)
        while path and path not in self.places:
            path = path[:-1]
        span = self.places.get(path)
        if span is None:
            return Location(file=self.name)
        return Location(file=self.name, line=span.line, column=span.column, end_line=span.line, end_column=span.end_column)


def find(start: Path) -> SettingsFile | None:
    """The nearest file with settings, from a folder upwards; of two in one folder, ``mapper.toml``."""
    for folder in (start, *start.parents):
        for name in (OWN, SHARED):
            path = folder / name
            if path.is_file() and (found := read(path, start, required=False)):
                return found
    return None


def read(path: Path, start: Path, *, required: bool) -> SettingsFile | None:
    """Read a file; None if it is a shared one without our table and is not ``required``.

    Raises ConfigError if it cannot be read, or is not valid TOML.
    """
    name = os.path.relpath(path, start).replace(os.sep, "/")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise failure(ConfigUnreadable(error.strerror or str(error)), Location(file=name)) from error
    if len(data) > LARGEST:
        raise failure(ConfigUnreadable(f"it has more than {LARGEST >> 20} MiB"), Location(file=name))
    shared = path.name == SHARED
    if shared and not required and b"mapper" not in data:
        return None  # whatever it holds, and however broken it is
    return _parsed(data, name, path.parent, TABLE if shared else (), required=required)


def _parsed(data: bytes, name: str, folder: Path, prefix: Keys, *, required: bool) -> SettingsFile | None:
    try:
        text = data.decode("utf-8")
        document: Any = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise failure(ConfigSyntax(f"byte 0x{data[error.start]:02x} is not UTF-8"), Location(file=name, line=line)) from error
    except tomllib.TOMLDecodeError as error:
        raise _broken(str(error), name, text) from error
    except RecursionError as error:
        raise failure(ConfigSyntax("it is nested too deeply"), Location(file=name)) from error
    values = document
    for key in prefix:
        values = values.get(key) if isinstance(values, dict) else None
    lines = tuple(text.splitlines())
    if values is None and not required:
        return None
    places = key_places(text)
    if not isinstance(values, dict):
        at = places.get(prefix)
        where = (
            Location(file=name, line=at.line, column=at.column, end_line=at.line, end_column=at.end_column) if at else Location(file=name)
        )
        raise failure(ConfigUnreadable("it has no table [tool.mapper]"), where, lines)
    return SettingsFile(name, folder, values, places, prefix, lines)


def _broken(message: str, name: str, text: str) -> ConfigError:
    found = _AT.search(message)
    lines = tuple(text.splitlines())
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (max(len(lines), 1), 0)
    problem = message[: found.start()] if found else message
    end = column + 1 if column else 0
    return failure(ConfigSyntax(problem), Location(file=name, line=line, column=column, end_line=line, end_column=end), lines)


def finding_of(issue: Issue, place: Location) -> Finding:
    """An issue of the configuration with its place."""
    return Finding(
        code=issue.code, name=issue.name, severity=issue.severity, message=issue.message(), hint=issue.help(),
        count=1, samples=(), spec=place, evidence=tuple(issue.evidence().items()),
    )  # fmt: skip


def failure(issue: Issue, place: Location, lines: tuple[str, ...] = (), what: str = "the configuration") -> ConfigError:
    """The exception for one issue."""
    return ConfigError(f"{what} cannot be used", (finding_of(issue, place),), {place.file: lines})
