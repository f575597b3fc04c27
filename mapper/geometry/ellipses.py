"""Ellipses: extents, outlines as polygons, and intersection over union in closed form.

Intersection over union does not change under affine maps, so every ellipse may be looked at as the unit circle.
"""

from __future__ import annotations

from math import acos, atan, cos, hypot, pi, sin, sqrt
from typing import TYPE_CHECKING, Literal

from mapper.geometry.rings import TRIANGLE
from mapper.geometry.rotation import direction

if TYPE_CHECKING:
    from mapper.geometry.shapes import Ellipse, Path

Fit = Literal["inscribed", "equal_area"]

MOST_POINTS = 512
"""The most corners that a polygon in place of an ellipse is given; the inscribed one reaches an IoU of 0.99997."""

BOX_IOU = pi / 4
"""IoU of an ellipse and the rectangle around it that is turned with it."""


def area(ellipse: Ellipse) -> float:
    """In square pixels."""
    return pi * ellipse.rx * ellipse.ry


def half_extents(ellipse: Ellipse) -> tuple[float, float]:
    """Half width and half height of the upright box around the turned ellipse."""
    _, _, rx, ry, rotation = ellipse
    if not rotation:
        return rx, ry
    c, s = direction(rotation)
    return hypot(rx * c, ry * s), hypot(rx * s, ry * c)


def inscribed_share(points: int) -> float:
    """Area of the inscribed polygon with that many even corners, as a share of the ellipse; also its IoU."""
    return points * sin(2 * pi / points) / (2 * pi)


def polygon_iou(points: int, fit: Fit) -> float:
    """IoU of an ellipse and its polygon with that many corners."""
    share = inscribed_share(points)
    if fit == "inscribed":
        return share
    reach = min(1.0, cos(pi / points) / sqrt(share))
    angle = acos(reach)
    outside = points * (angle - sin(angle) * cos(angle))  # circle beyond the polygon, as much as the other way round
    return (pi - outside) / (pi + outside)


def points_for(min_iou: float, fit: Fit) -> int | None:
    """The fewest corners with at least that IoU, None if MOST_POINTS do not reach it."""
    low, high = TRIANGLE, MOST_POINTS
    if polygon_iou(high, fit) < min_iou:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if polygon_iou(middle, fit) >= min_iou else (middle + 1, high)
    return low


def outline(ellipse: Ellipse, points: int, fit: Fit) -> Path:
    """The polygon in place of the ellipse; it starts at the end of the first semi-axis and runs clockwise on screen."""
    cx, cy, rx, ry, rotation = ellipse
    c, s = direction(rotation)
    scale = 1.0 if fit == "inscribed" else 1 / sqrt(inscribed_share(points))
    path: Path = []
    for index in range(points):
        angle = 2 * pi * index / points
        dx, dy = scale * rx * cos(angle), scale * ry * sin(angle)
        path += (cx + dx * c - dy * s, cy + dx * s + dy * c)
    return path


def circle_iou(ellipse: Ellipse) -> float:
    """IoU of the ellipse and the circle of the same centre and area.

    Their outlines cross where the angle from the longer axis is a = atan(sqrt(short / long)); the common area is 4·rx·ry·a.
    """
    short, long = sorted((ellipse.rx, ellipse.ry))
    common = 4 * atan(sqrt(short / long))
    return common / (2 * pi - common)
