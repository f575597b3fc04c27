"""Coordinates as they stand in a label row: read without trust, and held against bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.connect.records import is_number, record
from mapper.findings.verify_shapes import BadTheta, GeometryForm, NotFinite, OutsideBounds
from mapper.geometry.rotation import FULL_TURN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.findings.base import Issue

UNIT = (0.0, 1.0)

GENEROUS = (-1.0, 2.0)
"""For shapes that cannot be cut at the border: turned boxes, ellipses, circles, cuboids."""

ROUNDING = 1e-9
"""x + w may pass 1 by the last digit of a float; that is not outside."""


_PAIR = frozenset({"x", "y"})


class Image(NamedTuple):
    """Size of an image in pixels, both positive."""

    width: int
    height: int


def numbers(
    shape: str, value: Any, needed: frozenset[str], issues: list[Issue], defaults: Mapping[str, float] | None = None
) -> dict[str, float] | None:
    """The numbers of a geometry by key, or None after adding what is wrong with it to ``issues``."""
    found = record(value)
    optional = defaults or {}
    issues += [GeometryForm(shape=shape, problem=f"no {key!r}") for key in sorted(needed - found.keys())]
    for key, number in found.items():
        if key not in needed and key not in optional:
            issues.append(GeometryForm(shape=shape, problem=f"unknown key {key!r}"))
        elif not is_number(number):
            issues.append(NotFinite(shape=shape, key=key, value=repr(number)))
    return None if issues else {**optional, **found}


def points(shape: str, value: Any, issues: list[Issue]) -> list[float] | None:
    """The flat path of ``{"0": {x, y}, …}`` in numeric order, or None after adding what is wrong to ``issues``."""
    found = record(value)
    keys = [str(index) for index in range(len(found))]
    if not found or found.keys() != set(keys):
        issues.append(GeometryForm(shape=shape, problem="points are not numbered from 0 without gaps"))
        return None
    path: list[float] = []
    for key in keys:
        pair = found[key]
        # Nearly always so; everything else is told by `numbers`, which takes its time.
        if type(pair) is dict and len(pair) == len(_PAIR) and is_number(x := pair.get("x")) and is_number(y := pair.get("y")):
            path += (x, y)
        else:
            numbers(shape, pair, _PAIR, issues)
    return None if issues else path


def inside(shape: str, xs: list[float], ys: list[float], bounds: tuple[float, float] = UNIT) -> list[Issue]:
    """One issue if a coordinate is out of bounds."""
    low, high = bounds
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if min(left, top) >= low - ROUNDING and max(right, bottom) <= high + ROUNDING:
        return []
    extents = f"x {left:.6g}..{right:.6g}, y {top:.6g}..{bottom:.6g}"
    return [OutsideBounds(shape=shape, extents=extents, low=low, high=high)]


def theta(shape: str, degrees: float) -> list[Issue]:
    """One issue if a rotation is not within 0..360."""
    return [] if 0 <= degrees < FULL_TURN else [BadTheta(shape=shape, theta=degrees)]
