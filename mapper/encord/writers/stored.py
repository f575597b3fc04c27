"""The bundle on an object store: assembled on this machine, then put there with ``bundle.json`` last, which makes it one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mapper.encord.writers.bundle import FILES, BundleWriter
from mapper.errors import MapperError, OutputError

if TYPE_CHECKING:
    from types import TracebackType

    from mapper.places.remote import RemotePlace

MARK = FILES[0]
"""The file that says that a bundle is whole."""


class StoredWriter(BundleWriter):
    """Collects a bundle in a temporary folder of this machine, since rows may have to be renamed; ``publish`` uploads it.

    Files of a bundle without the mark are what is left of an upload that was killed, and are replaced. A bundle with it is only
    replaced with ``force``: its mark is removed first and the new one put last, so that nobody ever reads a mixture.
    Raises OutputError if the place is taken, or the store refuses.
    """

    def __init__(self, out: RemotePlace, *, force: bool = False) -> None:
        self._target = out
        self._taken = _taken(out, force=force)
        try:
            self._temporary = TemporaryDirectory(prefix="mapper-")
        except OSError as error:
            raise OutputError(f"cannot write to the folder for temporary files: {error.strerror}") from error
        super().__init__(Path(self._temporary.name) / "bundle")
        self.out = out

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        super().__exit__(kind, error, trace)
        with suppress(OSError):
            self._temporary.cleanup()

    def _move(self) -> None:
        store, put = self._target.store, []
        try:
            if self._taken:
                store.remove((self._target / MARK).path)
            for name in (*FILES[1:], MARK):
                put.append(name)
                store.put(self.folder / name, (self._target / name).path)
        except BaseException:
            self._withdraw(put)
            raise
        finally:
            store.forget()

    def _withdraw(self, names: list[str]) -> None:
        """Take back what was put, the mark first; what the store does not let go is no bundle without it."""
        for name in reversed(names):
            with suppress(MapperError):
                self._target.store.remove((self._target / name).path)


def _taken(out: RemotePlace, *, force: bool) -> bool:
    """Whether there is a bundle at a place, which may be replaced."""
    if not out.exists():
        return False
    if not out.is_dir():
        raise OutputError(f"{out} exists and is no folder")
    names = {entry.name for entry in out.entries()}
    if names - set(FILES):
        raise OutputError(f"{out} exists and holds more than a bundle; choose another place")
    if MARK in names and not force:
        raise OutputError(f"{out} exists; use --force to replace the bundle")
    return MARK in names
