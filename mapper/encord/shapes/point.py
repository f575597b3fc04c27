"""Encord's keypoint: one point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.model import ShapeWriter, rendered_inside
from mapper.geometry.clip import clamp, overshoot

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame, Path


def render(path: Path, frame: Frame) -> bytes:
    """``"point":{"0":{x, y}}``."""
    x, y = path
    return b'"point":' + orjson.dumps({"0": {"x": x / frame.width, "y": y / frame.height}})


def overflow(path: Path, frame: Frame) -> float:
    """Pixels beyond the image."""
    x, y = path
    return overshoot(x, y, x, y, frame)


WRITER = ShapeWriter("point", render, overflow, clamp, rendered_inside(render, overflow))
