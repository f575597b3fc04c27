"""Shapes of the example: each knows its geometry as CVAT's XML has it, and how it looks in the picture."""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from typing import NamedTuple, TypedDict, Unpack

from street_picture import Paint, Point, fill, rectangle, round_outline, stroke, turned


class Details(TypedDict, total=False):
    """What any shape can carry; ``attributes`` only where they differ from the label's defaults."""

    attributes: dict[str, str]
    occluded: bool
    z_order: int
    group: int
    source: str


class Shape(NamedTuple):
    """An annotation: its element, the XML text of its geometry, its children, and how it looks."""

    element: str
    label: str
    geometry: str
    paint: list[Paint]
    details: Details
    children: tuple[Shape, ...] = ()


def numbers(**values: float) -> str:
    """XML attributes with two decimals."""
    return " ".join(f'{name}="{value:.2f}"' for name, value in values.items())


def box(label: str, color: str, corners: tuple[float, float, float, float], rotation: float = 0, **details: Unpack[Details]) -> Shape:
    """A box; ``corners`` are those of the box before it is rotated about its centre."""
    left, top, right, bottom = corners
    text = numbers(xtl=left, ytl=top, xbr=right, ybr=bottom) + (f' rotation="{rotation:.2f}"' if rotation else "")
    outline = turned(rectangle(*corners), ((left + right) / 2, (top + bottom) / 2), rotation)
    return Shape("box", label, text, [Paint(color, outline)], details)


def path(points: list[Point]) -> str:
    """The points of a polygon, polyline or points element."""
    return 'points="' + ";".join(f"{x:.2f},{y:.2f}" for x, y in points) + '"'


def polygon(label: str, color: str, outline: list[Point], **details: Unpack[Details]) -> Shape:
    """A polygon."""
    return Shape("polygon", label, path(outline), [Paint(color, outline)], details)


def polyline(label: str, color: str, line: list[Point], **details: Unpack[Details]) -> Shape:
    """A polyline."""
    paint = [Paint(color, stroke(start, end)) for start, end in pairwise(line)]
    return Shape("polyline", label, path(line), paint, details)


def points(label: str, color: str, places: list[Point], **details: Unpack[Details]) -> Shape:
    """One or several points."""
    return Shape("points", label, path(places), [Paint(color, rectangle(x - 2, y - 2, x + 2, y + 2)) for x, y in places], details)


def ellipse(label: str, color: str, center: Point, radii: tuple[float, float], rotation: float = 0, **details: Unpack[Details]) -> Shape:
    """An ellipse, or a circle."""
    text = numbers(cx=center[0], cy=center[1], rx=radii[0], ry=radii[1]) + (f' rotation="{rotation:.2f}"' if rotation else "")
    return Shape("ellipse", label, text, [Paint(color, round_outline(center, *radii, rotation))], details)


def cuboid(label: str, corners: list[Point], **details: Unpack[Details]) -> Shape:
    """A cuboid from CVAT's eight corners: front left, front right, back right, back left, each top then bottom.

    The XML calls the back right edge tl2 and bl2, and the back left one tr2 and br2.
    """
    names = ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2")
    text = " ".join(numbers(**{f"x{name}": x, f"y{name}": y}) for name, (x, y) in zip(names, corners, strict=True))
    faces = (("shade", 6, 7, 5, 4), ("line", 0, 2, 4, 6), ("shade", 2, 3, 5, 4), ("carton", 0, 1, 3, 2))
    return Shape("cuboid", label, text, [Paint(color, [corners[n] for n in face]) for color, *face in faces], details)


def mask(label: str, color: str, outline: list[Point], **details: Unpack[Details]) -> Shape:
    """A mask: the pixels that an outline covers, as run lengths over their crop, row by row, background first."""
    width, height = (math.ceil(max(values)) for values in zip(*outline, strict=True))
    pixels = bytearray(width * height)
    fill(pixels, width, outline, 1)
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    top, bottom = (order(n for n, row in enumerate(rows) if any(row)) for order in (min, max))
    left, right = min(row.index(1) for row in rows if any(row)), max(row.rindex(1) for row in rows if any(row))
    crop = b"".join(row[left : right + 1] for row in rows[top : bottom + 1])
    runs = [0] * crop[0] + [len(list(run)) for _, run in groupby(crop)]
    text = f'rle="{", ".join(map(str, runs))}" left="{left}" top="{top}" width="{right - left + 1}" height="{bottom - top + 1}"'
    return Shape("mask", label, text, [Paint(color, outline)], details)


def skeleton(
    label: str, color: str, places: dict[str, Point], elements: dict[str, dict[str, str]] | None = None, **details: Unpack[Details]
) -> Shape:
    """A skeleton; ``elements`` says which of its points are outside or occluded, and their attributes."""
    children, limbs = [], []
    for name, place in places.items():
        own = dict(elements.get(name, {})) if elements else {}
        outside, occluded = own.pop("outside", "0"), own.pop("occluded", "0")
        inherited: Details = {"attributes": own, "source": details.get("source", "manual")}
        children.append(Shape("points", name, f'outside="{outside}" occluded="{occluded}" {path([place])}', [], inherited))
        if name != "chest" and outside == "0":
            limbs.append(Paint(color, stroke(places["chest"], place)))
    return Shape("skeleton", label, "", [*limbs, Paint("skin", round_outline(places["head"], 7, 7, 0))], details, tuple(children))


def tag(label: str, **attributes: str) -> Shape:
    """A tag of the whole image."""
    return Shape("tag", label, "", [], {"attributes": attributes})
