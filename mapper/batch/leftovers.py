"""What a killed worker leaves behind: folders that hold half a bundle, or the former one, beside its place."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sweep(out: Path) -> None:
    """Remove them for one place; nobody may be writing there."""
    if not out.parent.is_dir():
        return
    pattern = re.compile(rf"\.{re.escape(out.name)}\.[a-z0-9_]{{8}}\.(partial|former)")
    for path in out.parent.glob(".*.*"):
        if pattern.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
