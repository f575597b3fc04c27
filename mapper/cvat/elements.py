"""CVAT's shape elements: one function each, from the texts of its XML attributes to geometry, and the table of all.

A function gets the texts of ``Element.geometry`` in that order, then the text of ``rotation`` (None if the element does
not rotate or has none). It gives (geometry, key, note), where note is an issue to tell of or None, or the issue for which
the element is refused. Facts: CVAT's exporter, "CVAT for images 1.1".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from mapper.cvat.numbers import UnevenError, number, pairs, plain, runs, whole
from mapper.findings.base import Issue
from mapper.findings.source.shapes import (
    MaskSizeCorrected,
    NumberUnreadable,
    PointsTooFew,
    PointsUneven,
    RunsMismatch,
)
from mapper.geometry.shapes import Ellipse, Mask, Path, Rectangle

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.kinds import Kind

Texts = tuple[Any, ...]
"""XML attribute texts: str for what an element must have, ``str | None`` for its rotation, which comes last."""

Good = tuple[Any, str, Issue | None]
Read = Good | Issue

SHOWN = 60
"""How much of an offending text a finding quotes."""

_MASK = ("rle", "left", "top", "width", "height")
CUBOID = tuple(axis + corner for corner in ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2") for axis in "xy")
"""The sixteen numbers of a cuboid in CVAT's storage order (front left, front right, back right, back left)."""


def _rotatable(element: str, names: tuple[str, ...], make: Callable[[tuple[float, ...]], Any], texts: Texts) -> Read:
    """Four numbers as they stand (inverted corners and empty boxes are left to the rules) and a rotation."""
    a, b, c, d, rotation = texts
    key = f"{a},{b},{c},{d},"
    try:
        w, x, y, z = float(a), float(b), float(c), float(d)
        if rotation is None or not (degrees := number(rotation)) % 360:
            degrees = 0.0
        else:
            key += rotation
    except ValueError:
        return cast("Issue", _unreadable(element, names, texts))
    total = w + x + y + z
    # float() takes nan, inf, 1_0 and the digits of other scripts
    if (total - total != 0.0 or "_" in key or not key.isascii()) and (issue := _unreadable(element, names, texts)):
        return issue
    return make((w, x, y, z, degrees)), key, None


def _unreadable(element: str, names: tuple[str, ...], texts: Texts) -> Issue | None:
    """The issue for the first text that is no number, if there is one."""
    for name, text in zip(names, texts, strict=True):
        if text is None:
            continue
        try:
            number(text)
        except ValueError:
            return NumberUnreadable(element, name, text[:SHOWN])
    return None


def _path(element: str, needed: int, text: str) -> Path | Issue:
    try:
        flat = pairs(text)
    except UnevenError:
        return PointsUneven(element, text[:SHOWN])
    except ValueError:
        return NumberUnreadable(element, "points", text[:SHOWN])
    return flat if len(flat) >= 2 * needed else PointsTooFew(element, len(flat) // 2, needed)


def read_polygon(texts: Texts) -> Read:
    """A ring of at least three points as it stands; CVAT does not repeat the first."""
    flat = _path("polygon", 3, texts[0])
    return (flat, texts[0], None) if isinstance(flat, list) else flat


def read_polyline(texts: Texts) -> Read:
    """An open path of at least two points."""
    flat = _path("polyline", 2, texts[0])
    return (flat, texts[0], None) if isinstance(flat, list) else flat


def read_points(texts: Texts) -> Read:
    """One or more points."""
    flat = _path("points", 1, texts[0])
    return (flat, texts[0], None) if isinstance(flat, list) else flat


def read_cuboid(texts: Texts) -> Read:
    """Eight corners, flat, in storage order."""
    corners = texts[:16]
    try:
        return plain(corners), ",".join(corners), None
    except ValueError:
        return cast("Issue", _unreadable("cuboid", CUBOID, corners))


def read_mask(texts: Texts) -> Read:
    """Runs over a box, which must fill it; a box of CVAT 2.3.0 to 2.4.1, one too small each way, is corrected."""
    rle, left, top, width, height, _ = texts
    for name, text in zip(_MASK[1:], texts[1:5], strict=True):
        try:
            whole(text.removeprefix("-") if name in {"left", "top"} else text)
        except ValueError:
            return NumberUnreadable("mask", name, text[:SHOWN])
    try:
        lengths = runs(rle)
    except ValueError:
        return NumberUnreadable("mask", "rle", rle[:SHOWN])
    key = f"{left},{top},{width},{height},{rle}"
    mask = Mask(lengths, *(int(number(text)) for text in texts[1:5]))
    pixels, wider, higher = sum(lengths), mask.width + 1, mask.height + 1
    if pixels == mask.width * mask.height and pixels:
        return mask, key, None
    if pixels == wider * higher:
        note = MaskSizeCorrected(mask.width, mask.height, wider, higher)
        return mask._replace(width=wider, height=higher), key, note
    return RunsMismatch(pixels, mask.width, mask.height, mask.width * mask.height)


def read_nothing(_: Texts) -> Read:
    """No geometry: a tag, or a skeleton, whose geometry is its elements."""
    return None, "", None


_BOX = ("xtl", "ytl", "xbr", "ybr")
_ELLIPSE = ("cx", "cy", "rx", "ry")

# partial(tuple.__new__, …) makes a named tuple in half the time of its own constructor; there is one for every shape.
read_box = partial(_rotatable, "box", (*_BOX, "rotation"), partial(tuple.__new__, Rectangle))
read_ellipse = partial(_rotatable, "ellipse", (*_ELLIPSE, "rotation"), partial(tuple.__new__, Ellipse))


class Element(NamedTuple):
    """One kind of element: CVAT's kind, the XML attributes that make its geometry, and what reads them."""

    kind: Kind
    geometry: tuple[str, ...]
    rotates: bool
    read: Callable[[Texts], Read]


ELEMENTS: dict[str, Element] = {
    "box": Element("rectangle", _BOX, rotates=True, read=read_box),
    "ellipse": Element("ellipse", _ELLIPSE, rotates=True, read=read_ellipse),
    "polygon": Element("polygon", ("points",), rotates=False, read=read_polygon),
    "polyline": Element("polyline", ("points",), rotates=False, read=read_polyline),
    "points": Element("points", ("points",), rotates=False, read=read_points),
    "cuboid": Element("cuboid", CUBOID, rotates=False, read=read_cuboid),
    "mask": Element("mask", _MASK, rotates=False, read=read_mask),
    "skeleton": Element("skeleton", (), rotates=False, read=read_nothing),
    "tag": Element("tag", (), rotates=False, read=read_nothing),
}
"""Every element that an image can hold, by its name in the XML."""

TAGS: dict[str, str] = {element.kind: tag for tag, element in ELEMENTS.items()}
"""The XML name of each kind."""
