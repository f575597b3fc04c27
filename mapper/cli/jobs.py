"""``--jobs``: how many processes share the work."""

from __future__ import annotations

import click

MOST = 1024


class JobsType(click.ParamType):  # type: ignore[type-arg]  # generic only since click 8.2
    """A number of processes; 0 and ``auto`` are one for each usable core."""

    name = "jobs"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, 0 for ``auto``."""
        text = str(value).strip()
        if text == "auto":
            return 0
        if not (text.isascii() and text.isdecimal()) or int(text) > MOST:
            self.fail(f"{value!r} is neither a number of processes up to {MOST} nor 'auto'", param, ctx)
        return int(text)


jobs = click.option(
    "-j", "--jobs", metavar="N|auto", type=JobsType(), default=1, show_default=True,
    help="Read one large XML of images by this many processes; 'auto' or 0 takes one for each usable core. The bundle is the same.",
)  # fmt: skip
