"""Shows that work goes on: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mapper.reports.style import visible

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def working(what: str, *, quiet: bool = False, still: bool = False) -> Iterator[None]:
    """A spinner with the time that has passed, while the block runs; ``still`` is a line that needs no thread, for blocks that fork."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - rich takes a tenth of a second, and most runs are not watched
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    text = TextColumn("{task.description}", markup=False)
    columns = (text,) if still else (SpinnerColumn(), text, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4, auto_refresh=not still) as progress:
        progress.add_task(visible(what), total=None)
        progress.refresh()
        yield
