"""The numbers by which CVAT stores a shape (backups, API), and the geometry that they mean.

rectangle [x1, y1, x2, y2] · ellipse [cx, cy, cx + rx, cy - ry] · polygon, polyline, points flat · cuboid sixteen numbers ·
mask [runs…, left, top, right, bottom], right and bottom inclusive · skeleton []. Facts: CVAT's exporter and importer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.source.shapes import NumberUnreadable, PointsTooFew, PointsUneven, RunsMismatch
from mapper.geometry.shapes import Ellipse, Mask, Rectangle

if TYPE_CHECKING:
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import Kind
    from mapper.geometry.shapes import Path

COUNTS: dict[str, int] = {"rectangle": 4, "ellipse": 4, "cuboid": 16, "skeleton": 0}
"""How many numbers a kind has, if always as many."""

NEEDED: dict[str, int] = {"polygon": 3, "polyline": 2, "points": 1}
"""How many points a path needs."""

CORNERS = 4
"""The numbers of a mask's box, behind its runs."""

SHOWN = 60


def points_issue(kind: Kind, points: Path) -> Issue | None:
    """What keeps the numbers from being a shape of that kind; masks are looked at when they are read."""
    count = COUNTS.get(kind)
    if count is not None and len(points) != count:
        return NumberUnreadable(kind, "points", f"{len(points)} numbers, not {count}")
    needed = NEEDED.get(kind)
    if needed is not None and len(points) % 2:
        return PointsUneven(kind, _text(points)[:SHOWN])
    return PointsTooFew(kind, len(points) // 2, needed) if needed is not None and len(points) < 2 * needed else None


def geometry_of(kind: Kind, points: Path, rotation: float) -> Any | Issue:
    """The geometry that sound numbers mean; None for tags and skeletons, whose geometry is their elements.

    Gives the issue for which a mask is refused: no whole numbers, or runs that do not fill its box.
    """
    if kind == "rectangle":
        return Rectangle._make((*points, rotation % 360))
    if kind == "ellipse":
        cx, cy, right, top = points
        return Ellipse(cx, cy, right - cx, cy - top, rotation % 360)
    if kind == "mask":
        return _mask(points)
    return None if kind in ("tag", "skeleton") else points


def _mask(points: Path) -> Mask | Issue:
    if len(points) < CORNERS + 1 or any(number != int(number) for number in points):
        return NumberUnreadable("mask", "points", _text(points)[:SHOWN])
    *runs, left, top, right, bottom = map(int, points)
    width, height = right - left + 1, bottom - top + 1
    if min(runs) < 0:
        return NumberUnreadable("mask", "points", _text(points)[:SHOWN])
    if width <= 0 or height <= 0 or sum(runs) != width * height:
        return RunsMismatch(sum(runs), width, height, width * height)
    return Mask(runs, left, top, width, height)


def geometry_key(kind: str, geometry: Any) -> str:
    """The text by which a shape is told from others of its label: its numbers, in full."""
    if geometry is None:
        return ""
    if kind == "skeleton":
        return ";".join(sorted(f"{element.label}:{element.x!r},{element.y!r}" for element in geometry))
    if kind == "mask":
        return _text([*geometry.runs, *geometry[1:]])
    return _text(list(geometry))


def _text(numbers: list[Any]) -> str:
    return orjson.dumps(numbers).decode()[1:-1]
