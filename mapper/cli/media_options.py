"""Options that say what a task's data become: images, image groups or videos."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

MODES = ("auto", "video", "image_group", "image")
LARGEST = 65_535
"""Pixels of a side beyond which no codec goes."""

_SIZE = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})")


def media_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--media``, ``--fps``, ``--frame-size``, ``--group-size``."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _size(_: click.Context, param: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _SIZE.fullmatch(text)
    if found is None or max(map(int, found.groups())) > LARGEST:
        raise click.BadParameter(f"{text!r} is not WIDTHxHEIGHT in pixels, such as 1920x1080", param=param)
    return int(found[1]), int(found[2])


def _rate(_: click.Context, param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (isfinite(value) and value > 0):
        raise click.BadParameter("a frame rate is a number above 0", param=param)
    return value


_OPTIONS = (
    click.option(
        "--media", type=click.Choice(MODES), default="auto", show_default=True,
        help="What a task becomes: one video, one image group, or a data unit for each image. auto: a video if its data are one and "
        "the export does not hold its frames as images, single images otherwise.",
    ),
    click.option("--fps", type=float, callback=_rate, metavar="N", help="Frames a second of videos; no export holds it."),
    click.option(
        "--frame-size", callback=_size, metavar="WIDTHxHEIGHT",
        help="Size in pixels of frames for which the export gives none.",
    ),
    click.option(
        "--group-size", type=click.IntRange(min=1), default=None, metavar="N",
        help="Split image groups into label rows of at most N images.",
    ),
)  # fmt: skip
