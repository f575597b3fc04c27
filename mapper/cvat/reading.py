"""What every reader of an export gives, whatever the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Export, Image, Task, Track
    from mapper.cvat.tally import Tally


class Reading(Protocol):
    """An open export.

    ``export`` is there at once; ``complete``, ``tally``, ``sha256``, ``bytes`` and ``lines`` hold when ``images()`` and
    ``tracks()`` have ended, each called once and in this order. A format without one of them gives an empty iterator.
    """

    file: str
    export: Export
    tally: Tally
    complete: bool

    @property
    def sha256(self) -> str:
        """Digest of what was read, in hexadecimal."""

    @property
    def bytes(self) -> int:
        """Length of what was read."""

    @property
    def lines(self) -> int:
        """Line breaks in it, 0 for formats without lines."""

    def listed(self, task: Task) -> Mapping[int, Medium]:
        """Frames of a task with tracks by their numbers, where the export itself does not list them but something beside it does."""

    def foretells_tracks(self) -> bool:
        """Whether tracks are to be expected, to be asked before anything is read; there may be some all the same."""

    def images(self) -> Iterator[Image]:
        """Frames with their shapes and tags, in document order; of a backup every frame that is not deleted."""

    def tracks(self) -> Iterator[Track]:
        """Tracks in document order."""

    def close(self) -> None:
        """Close the file without reading on."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
