"""Tracks that have to wait on disk: those of an export that holds images as well."""

from __future__ import annotations

import pickle
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.cvat.model import Track


class Spool:
    """Takes tracks, and gives them back once, one at a time; the file has no name that others could open."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - open until close()
        self._count = 0

    def add(self, tracks: Iterable[Track]) -> None:
        """Put tracks behind the others."""
        for track in tracks:
            pickle.dump(track, self._file, pickle.HIGHEST_PROTOCOL)
            self._count += 1

    def drain(self) -> Iterator[Track]:
        """The tracks in the order in which they came."""
        if self._count:
            self._file.seek(0)
        while self._count:
            self._count -= 1
            yield pickle.load(self._file)  # noqa: S301 - written by ourselves

    def close(self) -> None:
        """Give up what was not taken."""
        self._file.close()
        self._count = 0
