"""Shows that work goes on: on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mapper.reports.style import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.batch.setting import News


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


@contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[Callable[[News], None]]:
    """A bar over many exports with their rate and the time that is left; the function takes each piece of news."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    rate = TextColumn("{task.fields[rate]}", markup=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4, speed_estimate_period=120) as progress:
        task, step = progress.add_task(visible(what), total=None, rate=""), what

        def hear(news: News) -> None:
            nonlocal task, step
            if news.step != step:
                progress.remove_task(task)
                task, step = progress.add_task(visible(news.step), total=news.total, rate=""), news.step
            speed = progress.tasks[0].speed
            progress.update(task, completed=news.number, total=news.total, rate=f"{speed:.1f}/s" if speed else "")
            if news.row.status != "converted":
                said = visible(f"{news.export.shown}: {news.row.status}: {news.row.message}")
                progress.console.print(said, markup=False, highlight=False)

        yield hear
