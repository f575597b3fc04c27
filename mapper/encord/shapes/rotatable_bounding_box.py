"""Encord's box with a rotation about its centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.model import ShapeWriter, rendered_inside
from mapper.geometry.clip import misses, overshoot
from mapper.geometry.rotation import box_extents
from mapper.geometry.shapes import RotatableBox

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame


def render(box: RotatableBox, frame: Frame) -> bytes:
    """``"rotatableBoundingBox":{x, y, w, h, theta}``: the unrotated box, degrees clockwise in pixels."""
    x, y, w, h, theta = box
    width, height = frame
    return b'"rotatableBoundingBox":' + orjson.dumps({"x": x / width, "y": y / height, "w": w / width, "h": h / height, "theta": theta})


def overflow(box: RotatableBox, frame: Frame) -> float:
    """Pixels by which a corner lies beyond the image; the unrotated corners may."""
    return overshoot(*_extents(box), frame)


def clip(box: RotatableBox, frame: Frame) -> RotatableBox | None:
    """The part inside; a turned box stays as it is, as the part inside would be no box. None if it lies outside."""
    left, top, right, bottom = _extents(box)
    if misses(left, top, right, bottom, frame):
        return None
    if box.theta:
        return box
    left, top = max(left, 0.0), max(top, 0.0)
    right, bottom = min(right, float(frame.width)), min(bottom, float(frame.height))
    return RotatableBox(left, top, right - left, bottom - top, 0.0)


def _extents(box: RotatableBox) -> tuple[float, float, float, float]:
    x, y, w, h, theta = box
    if not theta:
        return x, y, x + w, y + h
    wide, high = box_extents(w, h, theta)
    left, top = x + (w - wide) / 2, y + (h - high) / 2
    return left, top, left + wide, top + high


WRITER = ShapeWriter("rotatableBoundingBox", render, overflow, clip, rendered_inside(render, overflow))
