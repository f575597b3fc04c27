"""Encord's circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.model import ShapeWriter, rendered_inside
from mapper.geometry.clip import misses, overshoot

if TYPE_CHECKING:
    from mapper.geometry.shapes import Circle, Frame


def render(circle: Circle, frame: Frame) -> bytes:
    """``"circle":{x, y, r, stretch, theta}``: the radius by width; with stretch 1 it is as many pixels high as wide."""
    x, y, r = circle
    width, height = frame
    return b'"circle":' + orjson.dumps({"x": x / width, "y": y / height, "r": r / width, "stretch": 1.0, "theta": 0.0})


def overflow(circle: Circle, frame: Frame) -> float:
    """Pixels by which the outline passes the image's sides."""
    x, y, r = circle
    return overshoot(x - r, y - r, x + r, y + r, frame)


def clip(circle: Circle, frame: Frame) -> Circle | None:
    """The same, as the part inside would be no circle; None if it lies outside."""
    x, y, r = circle
    return None if misses(x - r, y - r, x + r, y + r, frame) else circle


WRITER = ShapeWriter("circle", render, overflow, clip, rendered_inside(render, overflow))
