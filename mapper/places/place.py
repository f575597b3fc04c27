"""What the rest of the package needs of a place: as much of a path as is needed to read from it, on this machine or elsewhere."""

from __future__ import annotations

from typing import IO, Literal, NamedTuple, Protocol


class Size(Protocol):
    """The part of ``os.stat_result`` that is asked for."""

    @property
    def st_size(self) -> int:
        """Length in bytes."""


class Place(Protocol):
    """A file or a folder to read from; a `pathlib.Path` is one, and a `RemotePlace` is one."""

    @property
    def name(self) -> str:
        """The last part of it."""

    @property
    def stem(self) -> str:
        """The name without its last ending."""

    @property
    def parent(self) -> Place:
        """The folder that it is in."""

    def __truediv__(self, name: str, /) -> Place:
        """Something in this folder."""

    def exists(self) -> bool:
        """Whether there is such a file or folder."""

    def is_dir(self) -> bool:
        """Whether it is a folder."""

    def is_file(self) -> bool:
        """Whether it is a file."""

    def stat(self) -> Size:
        """The size of a file."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """The bytes of a file, seekable."""

    def read_bytes(self) -> bytes:
        """All bytes of a file."""

    def as_posix(self) -> str:
        """It as text, with forward slashes, and without anything secret."""


class Entry(NamedTuple):
    """Something right below a folder; what is neither a file nor a folder leads nowhere."""

    name: str
    is_file: bool
    is_dir: bool
