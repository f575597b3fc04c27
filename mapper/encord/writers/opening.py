"""Which writer a bundle's place needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mapper.encord.writers.bundle import BundleWriter
from mapper.encord.writers.stored import StoredWriter
from mapper.places.remote import RemotePlace

if TYPE_CHECKING:
    from mapper.places.place import Place


def bundle_writer(out: Place, *, force: bool = False) -> BundleWriter:
    """The writer for a folder of this machine or of a store; raises OutputError if the place is taken or cannot be written."""
    if isinstance(out, RemotePlace):
        return StoredWriter(out, force=force)
    assert isinstance(out, Path)  # noqa: S101 - there are two kinds of places
    return BundleWriter(out, force=force)
