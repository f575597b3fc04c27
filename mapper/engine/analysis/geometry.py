"""Shapes of given sizes: whether a kind of shape can have this width, height, area, rotation and number of points, and one that does.

The measures of a shape depend on each other, so a combination is real only if a shape was made that has it (and
`mapper.engine.measures` says so), and impossible only if its bounds prove that. Else it is open.
"""

from __future__ import annotations

from functools import partial
from itertools import islice, product
from math import ceil, floor, pi
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.model import FIELDS, Image, Shape, Task
from mapper.engine import measures
from mapper.engine.analysis.partition import LARGEST, Piece, inside
from mapper.geometry.shapes import Element, Ellipse, Mask, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.geometry.kinds import Kind

COMBINATIONS = 200
"""Combinations of pieces that are tried."""
ATTEMPTS = 400
"""Shapes that are made for one combination."""
POINTS = 4096
"""Points of a shape beyond which it is not made."""
USUAL = {"width": 20.0, "height": 10.0, "area": 200.0, "rotation": 0.0, "point_count": 4.0}
MARGIN = 10.0
ANY = Piece(-LARGEST, LARGEST)

Wanted = dict[str, Piece]


class Solution(NamedTuple):
    """A geometry, or None; then ``impossible`` says whether there is none or none was found. ``usual``: CVAT could have drawn it."""

    geometry: Any = None
    impossible: bool = False
    usual: bool = True


def solve(kind: Kind, label: LabelSpec, wanted: Mapping[str, Sequence[Piece]]) -> Solution:
    """A shape of a kind that has one of the wanted pieces of each measure."""
    if kind == "tag":
        return Solution()
    names = list(wanted)
    choices = product(*(sorted(wanted[name], key=partial(_oddness, name)) for name in names))
    impossible, odd = True, Solution()
    for number, choice in enumerate(choices):
        if number >= COMBINATIONS:
            impossible = False
            break
        combination = dict(zip(names, choice, strict=True))
        found = _solve(kind, label, combination)
        if found.geometry is not None and found.usual:
            return found
        odd = found if found.geometry is not None else odd
        impossible = impossible and found.impossible
    return odd if odd.geometry is not None else Solution(impossible=impossible)


def _oddness(name: str, piece: Piece) -> tuple[bool, bool, float]:
    usual = piece.low <= USUAL[name] <= piece.high
    return (not usual, piece.high == 0, min(abs(piece.low), abs(piece.high)))


def _solve(kind: Kind, label: LabelSpec, wanted: Wanted) -> Solution:
    if _impossible(kind, wanted):
        return Solution(impossible=True)
    for geometry, usual in islice(MAKERS[kind](wanted, label), ATTEMPTS):
        if _has(kind, label, geometry, wanted):
            return Solution(geometry, usual=usual)
    return Solution()


def _has(kind: Kind, label: LabelSpec, geometry: Any, wanted: Wanted) -> bool:
    shape = Shape(kind, label.name, geometry, "", (), (None,) * len(FIELDS), 0)
    image = Image(0, "", 1, 1, Task(id=""), "", 0, 0, [])
    return all(piece.low <= MEASURES[name](shape, image) <= piece.high for name, piece in wanted.items())


MEASURES: dict[str, Callable[[Shape, Image], Any]] = {name: getattr(measures, name) for name in USUAL}


# -- what cannot be -----------------------------------------------------------------------------------------------------


def _impossible(kind: Kind, wanted: Wanted) -> bool:
    """Whether bounds alone exclude a combination; rounding never exceeds them, since products of floats are monotone."""
    width, height, area = (wanted.get(name, ANY) for name in ("width", "height", "area"))
    count = wanted.get("point_count", ANY)
    if kind in {"polyline", "points", "skeleton"}:
        single = kind != "polyline" and count.high < 2  # noqa: PLR2004 - one point has no extent
        return not area.low <= 0 <= area.high or (single and (width.low > 0 or height.low > 0))
    low, high = _products(kind, width, height)
    if kind == "mask":
        return area.low > floor(width.high) * floor(height.high) or area.high < 0
    if kind == "polygon":
        # of n points in a box, no two span more than half of its area with the centre
        return area.low > high * max(count.high, 4.0) / 4 * (1 + 1e-9)
    return area.low > high or area.high < low


def _products(kind: Kind, width: Piece, height: Piece) -> tuple[float, float]:
    if kind == "ellipse":
        corners = [pi * (across / 2) * (down / 2) for across in width for down in height]
        if width.low < 0 < width.high or height.low < 0 < height.high:
            corners.append(0.0)
    else:
        corners = [max(across, 0.0) * max(down, 0.0) for across in width for down in height]
    return min(corners), max(corners)


# -- shapes that may have the sizes ---------------------------------------------------------------------------------------


def _samples(name: str, piece: Piece) -> list[float]:
    """Numbers of a piece, plain ones first."""
    low, high = piece
    middle = inside(Piece(max(low, 0.0), high)) if high >= 0 else inside(piece)
    found = [USUAL[name], middle, *(float(n) for n in range(max(ceil(max(low, -40)), -40), min(floor(min(high, 60)), 60) + 1)), low, high]
    if high < LARGEST:
        found += [low + (high - low) * share for share in (0.5, 0.1, 0.9, 0.01, 0.99)]
    else:
        found += [max(low, 1.0) * factor for factor in (1.5, 2, 10, 100, 1e4, 1e6)]
    return [number for number in dict.fromkeys(found) if low <= number <= high and abs(number) < LARGEST / 10]


def _sizes(wanted: Wanted, factor: float = 1.0) -> Iterator[tuple[float, float]]:
    """Widths and heights whose product times a factor may be the wanted area."""
    width, height, area = (wanted.get(name) for name in ("width", "height", "area"))
    across = _samples("width", width) if width else [USUAL["width"]]
    down = _samples("height", height) if height else [USUAL["height"]]
    if area is None:
        yield from product(across[:20], down[:20])
        return
    areas = _samples("area", area)[:8]
    for number in areas:
        for size in across[:12] + ([1.0, 2.0, 5.0, number] if width is None else []):
            if size and (height is None or height.low <= number / factor / size <= height.high):
                yield size, number / factor / size
        for size in down[:12]:
            if size and (width is None or width.low <= number / factor / size <= width.high):
                yield number / factor / size, size
    yield from _diagonal(width or Piece(0.0, LARGEST), height or Piece(0.0, LARGEST), areas, factor)
    yield from product(across[:12], down[:12])


def _diagonal(width: Piece, height: Piece, areas: Sequence[float], factor: float) -> Iterator[tuple[float, float]]:
    """Sizes between the smallest and the largest that give an area, by halving."""
    (left, right), (top, bottom) = ((piece.low, min(piece.high, max(piece.low, 1.0) * 1e6)) for piece in (width, height))
    for area in areas:
        low, high = 0.0, 1.0
        for _ in range(80):
            share = (low + high) / 2
            size = (left + (right - left) * share, top + (bottom - top) * share)
            low, high = (share, high) if size[0] * size[1] * factor < area else (low, share)
        yield size


Made = tuple[Any, bool]


def _rectangles(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    for turned in _samples("rotation", wanted["rotation"]) if "rotation" in wanted else [0.0]:
        for across, down in _sizes(wanted):
            for corner in (MARGIN, 0.0):
                yield Rectangle(corner, corner, corner + across, corner + down, turned), 0 <= turned < 360  # noqa: PLR2004 - degrees


def _ellipses(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    for turned in _samples("rotation", wanted["rotation"]) if "rotation" in wanted else [0.0]:
        for across, down in _sizes(wanted, pi / 4):
            usual = 0 <= turned < 360 and across >= 0 and down >= 0  # noqa: PLR2004 - degrees
            yield Ellipse(abs(across) + MARGIN, abs(down) + MARGIN, across / 2, down / 2, turned), usual


def _polygons(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    counts = _counts(wanted, 3, 4, 5)
    for across, down in _sizes(wanted, 0.5) if "area" in wanted else _sizes(wanted):
        areas = _samples("area", wanted["area"])[:8] if "area" in wanted else [across * down, across * down / 2]
        for area, count in product(areas, counts):
            yield from _polygon(across, down, area, count)


def _polygon(across: float, down: float, area: float, count: int) -> Iterator[Made]:
    """A polygon in a box: a triangle along the diagonal, with a fourth corner if it is more than half of the box."""
    half = across * down / 2
    if across and half < area <= across * down and count >= 4:  # noqa: PLR2004 - a triangle is no more than half
        corners = [(0.0, 0.0), (across, 0.0), (across, down), (0.0, (area - half) * 2 / across)]
    elif across and area <= half:
        corners = [(0.0, 0.0), (across, down), (0.0, 2 * area / across)]
    elif half and area > half and count >= 4:  # noqa: PLR2004 - as above; round and round the box
        times = min(count // 4, POINTS)
        ring = [(0.0, 0.0), (across, 0.0), (across, down), (0.0, down)] * times
        yield _flat([*ring, *[(0.0, down)] * (count - len(ring))]), times == 1
        return
    else:
        corners = [(0.0, 0.0), (across, 0.0), (across, down)]
    last, missing = corners[-1], count - len(corners)
    extra = [(last[0], last[1] * (missing - step) / (missing + 1)) for step in range(missing)]
    yield _flat([*corners, *extra]), True


def _flat(points: Sequence[tuple[float, float]]) -> list[float]:
    return [number for point in points for number in point]


def _counts(wanted: Wanted, *usual: int) -> list[int]:
    piece = wanted.get("point_count")
    if piece is None:
        around = [int(wanted["area"].low / 50)] if "area" in wanted and wanted["area"].low < LARGEST / 100 else []
        return [*usual, *(4 * number for number in (2, 8, 64, 512)), *(4 * number for number in around if 0 < number < POINTS / 4)]
    found = (*usual, ceil(piece.low), floor(min(piece.high, POINTS)))
    return [count for count in dict.fromkeys(found) if piece.low <= count <= piece.high and count <= POINTS]


def _paths(wanted: Wanted, *usual: int) -> Iterator[Made]:
    """Points in a row from corner to corner; their area is 0 whatever they are."""
    wanted = {name: piece for name, piece in wanted.items() if name != "area"}
    for across, down in _sizes(wanted):
        for count in _counts(wanted, *usual):
            ends = max(count - 1, 1)
            yield _flat([(across * step / ends, down * step / ends) for step in range(count)]), True


def _polylines(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    return _paths(wanted, 2)


def _points(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    return _paths(wanted, 1, 2)


def _cuboids(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    for across, down in _sizes(wanted):
        left, right, top, low = 0.0, across, 0.0, down
        inner, upper = across * 0.75, down * 0.75
        front = [left, down - upper, left, low, inner, down - upper, inner, low]
        yield [*front, right, top, right, upper, across - inner, top, across - inner, upper], True


def _masks(wanted: Wanted, _: LabelSpec) -> Iterator[Made]:
    width, height, area = (wanted.get(name) for name in ("width", "height", "area"))
    for across in _whole("width", width):
        for down in _whole("height", height):
            for pixels in _whole("area", area) if area else [across * down]:
                if across > 0 and down > 0 and 0 <= pixels <= across * down <= POINTS**2:
                    yield Mask([0, pixels, across * down - pixels][: 3 if pixels < across * down else 2], 0, 0, across, down), pixels > 0


def _whole(name: str, piece: Piece | None) -> list[int]:
    if piece is None:
        return [8, 64, 512, POINTS]
    found = [int(number) for number in _samples(name, piece)[:10] if number == int(number)]
    return list(dict.fromkeys([*found, ceil(piece.low), floor(min(piece.high, 1e9))]))


def _skeletons(wanted: Wanted, label: LabelSpec) -> Iterator[Made]:
    names = [element.name for element in label.elements]
    for flat, _ in _paths(wanted, max(len(names), 1), 2):
        count = len(flat) // 2
        own = [*names[:count], *(f"point {number}" for number in range(len(names), count))]
        parts = (Element(name, flat[2 * at], flat[2 * at + 1], False, False, (), 0) for at, name in enumerate(own))  # noqa: FBT003 - flags
        yield tuple(parts), count == len(names)


MAKERS: dict[Kind, Callable[[Wanted, LabelSpec], Iterator[Made]]] = {
    "rectangle": _rectangles,
    "ellipse": _ellipses,
    "polygon": _polygons,
    "polyline": _polylines,
    "points": _points,
    "cuboid": _cuboids,
    "mask": _masks,
    "skeleton": _skeletons,
}
"""What makes shapes of each kind, each with whether CVAT could have drawn it."""
