"""The bundle on an object store: assembled on this machine, then put there with ``bundle.json`` last, which makes it one."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mapper.encord.writers.bundle import FILES, BundleWriter
from mapper.encord.writers.rows import CHUNK
from mapper.errors import MapperError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
        upload(self.folder, self._target, replace=self._taken)


def upload(folder: Path, target: RemotePlace, *, replace: bool) -> None:
    """Put the files of a bundle to a store, the mark last; ``replace``: there is one already, whose mark is removed first.

    Raises OutputError with its finding; then what was put is removed again, as far as the store lets us.
    """
    put: list[str] = []
    try:
        if replace:
            target.store.remove((target / MARK).path)
        for name in (*FILES[1:], MARK):
            put.append(name)
            target.store.put(folder / name, (target / name).path)
    except BaseException:
        withdraw(target, put)
        raise
    finally:
        target.store.forget()


def withdraw(target: RemotePlace, names: Sequence[str] = FILES[::-1]) -> None:
    """Remove files of a bundle, the mark first; what the store does not let go is no bundle without it."""
    for name in reversed(names):
        with suppress(MapperError):
            target.store.remove((target / name).path)
    target.store.forget()


@contextmanager
def fetched(bundle: RemotePlace) -> Iterator[Path]:
    """A copy of a bundle on this machine, as long as the context lasts; raises OutputError or OSError."""
    with TemporaryDirectory(prefix="mapper-") as above:
        folder = Path(above) / "bundle"
        folder.mkdir()
        for name in FILES:
            with (bundle / name).open() as source, (folder / name).open("wb") as copy:
                shutil.copyfileobj(source, copy, CHUNK)
        yield folder


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
