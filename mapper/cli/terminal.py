"""Streams: UTF-8 always, and whether a stream takes colours and how wide it is."""

from __future__ import annotations

import os
import shutil
import sys
from typing import IO, TYPE_CHECKING, Any

from mapper.places.urls import shown
from mapper.reports.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

NARROWEST = 60
"""Columns below which tables would be all folds."""


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; a file name that is no text is shown with escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def wants_color(choice: str, *, terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to use colours: the option decides, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return terminal and environ.get("TERM") != "dumb"


def style_of(choice: str, stream: IO[Any] | None = None) -> Style:
    """The style for a stream, stdout if none is given."""
    target = sys.stdout if stream is None else stream
    terminal = target.isatty()
    width = max(shutil.get_terminal_size().columns, NARROWEST) if terminal else 0
    return Style(wants_color(choice, terminal=terminal, environ=os.environ), width)


def shown_path(path: str) -> str:
    """A path as the user gave it, with forward slashes; of a URL without what is secret in it."""
    return shown(path) if "://" in path else path.replace(os.sep, "/")
