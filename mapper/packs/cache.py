"""What was fetched, by its sha256: a file is believed only if its bytes have that digest."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

VARIABLE = "MAPPER_CACHE_DIR"


def cache_folder() -> Path:
    """Where fetched packs are kept: MAPPER_CACHE_DIR, else the user's cache folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "mapper"


def digest_of(data: bytes) -> str:
    """The sha256 of bytes, in hexadecimal digits."""
    return sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of files that are named by their digests."""

    folder: Path

    def get(self, digest: str) -> bytes | None:
        """The bytes with a digest; None if they are not there, or are no longer what they were."""
        try:
            data = self._file(digest).read_bytes()
        except OSError:
            return None
        return data if digest_of(data) == digest else None

    def put(self, data: bytes) -> str:
        """Keep bytes, written whole or not at all; their digest."""
        digest = digest_of(data)
        file = self._file(digest)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(dir=file.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).replace(file)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
        return digest

    def _file(self, digest: str) -> Path:
        return self.folder / "packs" / "sha256" / digest
