"""The workers that a process has started, as Linux tells them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def workers_of(pid: int | None = None) -> list[int]:
    """The ids of the processes that are workers of one, which is this one if none is given; ended ones do not count."""
    parent, found = str(os.getpid() if pid is None else pid), []
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if fields[1] == parent and fields[0] != "Z" and b"mapper.batch.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return sorted(found)
