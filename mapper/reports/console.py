"""Renders rich tables and lines to text, alike on every machine."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mapper.reports.style import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from mapper.reports.style import Style

UNBOUND = 160
"""Columns where the text does not go to a terminal; tables take what they need, lines are not broken."""


def rendered(parts: Iterable[RenderableType], style: Style) -> str:
    """The parts one below the other, without blanks at the ends of lines."""
    file = StringIO()
    console = Console(
        file=file,
        force_terminal=style.color,
        force_jupyter=False,
        force_interactive=False,
        color_system="standard" if style.color else None,
        no_color=not style.color,
        width=style.width or UNBOUND,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},  # NO_COLOR and COLUMNS are heeded in the command line, once
    )
    for part in parts:
        console.print(part, soft_wrap=not style.width and isinstance(part, Text))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def grid(headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = (), looks: Sequence[str] = ()) -> Table:
    """A table with a rule below its headings; ``right`` names the columns of numbers, ``looks`` a style for each column.

    Nothing is cut: what is too long is folded.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for index, heading in enumerate(headings):
        look = looks[index] if index < len(looks) else ""
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold", style=look)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def pairs(rows: Iterable[tuple[str, object]]) -> Table:
    """Names and what they are, in two columns."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, _cell(value))
    return table


def line(text: str, look: str = "") -> Text:
    """One line of text, safe for a terminal."""
    return Text(visible(text), style=look)


def heading(text: str) -> Text:
    """A heading with an empty line above."""
    return Text("\n").append(visible(text), style="bold")


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text(f"{value:,}" if isinstance(value, int) else visible(str(value)))
