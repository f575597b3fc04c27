"""CVAT's boxes: turning one around whose sides are exchanged, refusing one without area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.findings.base import Issue
from mapper.findings.geometry import EmptyGeometry, InvertedBox
from mapper.geometry.shapes import Mended, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Frame


def repaired(rectangle: Rectangle, frame: Frame, run: Callable[[Rectangle, Frame], Any]) -> Any:
    """What ``run`` gives for the box with its sides in order, as Mended; an issue if it has no area.

    For boxes that fail xtl < xbr and ytl < ybr; ``run`` is called only with one that does not.
    """
    xtl, ytl, xbr, ybr, rotation = rectangle
    if not (abs(xbr - xtl) > 0 and abs(ybr - ytl) > 0):  # true for NaN as well
        return EmptyGeometry("rectangle")
    result = run(Rectangle(min(xtl, xbr), min(ytl, ybr), max(xtl, xbr), max(ytl, ybr), rotation), frame)
    return result if isinstance(result, Issue) else Mended(result, InvertedBox(xtl, ytl, xbr, ybr))
