"""Encord's ellipse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.model import ShapeWriter, rendered_inside
from mapper.geometry.clip import misses, overshoot
from mapper.geometry.ellipses import half_extents

if TYPE_CHECKING:
    from mapper.geometry.shapes import Ellipse, Frame


def render(ellipse: Ellipse, frame: Frame) -> bytes:
    """``"ellipse":{x, y, rx, ry, theta}``: centre, rx by width, ry by height, degrees clockwise in pixels."""
    cx, cy, rx, ry, rotation = ellipse
    width, height = frame
    return b'"ellipse":' + orjson.dumps({"x": cx / width, "y": cy / height, "rx": rx / width, "ry": ry / height, "theta": rotation})


def overflow(ellipse: Ellipse, frame: Frame) -> float:
    """Pixels by which the outline passes the image's sides."""
    return overshoot(*_extents(ellipse), frame)


def clip(ellipse: Ellipse, frame: Frame) -> Ellipse | None:
    """The same, as the part inside would be no ellipse; None if it lies outside."""
    return None if misses(*_extents(ellipse), frame) else ellipse


def _extents(ellipse: Ellipse) -> tuple[float, float, float, float]:
    half_width, half_height = half_extents(ellipse)
    cx, cy = ellipse.cx, ellipse.cy
    return cx - half_width, cy - half_height, cx + half_width, cy + half_height


WRITER = ShapeWriter("ellipse", render, overflow, clip, rendered_inside(render, overflow))
