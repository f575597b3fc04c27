"""Encord's upright box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.model import ShapeWriter
from mapper.geometry.clip import overshoot
from mapper.geometry.shapes import Box

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame


def render(box: Box, frame: Frame) -> bytes:
    """``"boundingBox":{x, y, w, h}``: top left corner and size."""
    x, y, w, h = box
    width, height = frame
    return b'"boundingBox":' + orjson.dumps({"x": x / width, "y": y / height, "w": w / width, "h": h / height})


def overflow(box: Box, frame: Frame) -> float:
    """Pixels beyond the image."""
    x, y, w, h = box
    if x >= 0 and y >= 0 and x + w <= frame.width and y + h <= frame.height:
        return 0.0
    return overshoot(x, y, x + w, y + h, frame)


def clip(box: Box, frame: Frame) -> Box | None:
    """The part inside, None if it has no area."""
    x, y, w, h = box
    left, top = max(x, 0.0), max(y, 0.0)
    right, bottom = min(x + w, float(frame.width)), min(y + h, float(frame.height))
    return Box(left, top, right - left, bottom - top) if left < right and top < bottom else None


def inside(box: Box, frame: Frame) -> bytes | None:
    """The box, if it lies within the image."""
    x, y, w, h = box
    width, height = frame
    if x < 0 or y < 0 or x + w > width or y + h > height:
        return None
    return b'"boundingBox":' + orjson.dumps({"x": x / width, "y": y / height, "w": w / width, "h": h / height})


WRITER = ShapeWriter("boundingBox", render, overflow, clip, inside)
