"""From what a user gives to a place: a path of this machine or a URL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mapper.errors import OutputError, SourceError
from mapper.places.place import Entry
from mapper.places.remote import RemotePlace, remote_place
from mapper.places.urls import is_url, local_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.places.place import Place


def place_of(given: str | Path) -> Place:
    """The place to read that a text names: an URL, or a path of this machine.

    Raises SourceError with its finding (SRC169 to SRC172) if the URL cannot be used.
    """
    found = _local(given)
    return remote_place(str(given), SourceError) if found is None else found


def folder_of(given: str | Path) -> Place:
    """The folder of media that a text names; raises SourceError if it is none."""
    folder = place_of(given)
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder of media")
    return folder


def target_of(given: str | Path) -> Place:
    """The place of a bundle that a text names, as `place_of`; raises OutputError with its finding."""
    found = _local(given)
    return remote_place(str(given), OutputError) if found is None else found


def _local(given: str | Path) -> Path | None:
    if isinstance(given, Path) or not is_url(given):
        return Path(given)
    return local_path(given)


def entries(folder: Place) -> Iterator[Entry]:
    """What is right below a folder, by name; raises OSError if it cannot be listed."""
    if isinstance(folder, RemotePlace):
        yield from folder.entries()
        return
    assert isinstance(folder, Path)  # noqa: S101 - there are two kinds of places
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda entry: entry.name):
            yield Entry(entry.name, entry.is_file(), entry.is_dir())
