"""Writes a file as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from mapper.errors import OutputError


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in the place of another, with its mode; what goes wrong leaves the other as it was. Raises OutputError."""
    target = path.resolve()  # a link stays a link
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as stream:
            new = Path(stream.name)
            try:
                stream.write(data)
                stream.close()
                new.chmod(mode)
                new.replace(target)
            except BaseException:
                new.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"cannot write {path.as_posix()}: {error.strerror or error}") from error


def _umask() -> int:
    """The process's mask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
