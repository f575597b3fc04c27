"""Encord's polyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.coordinates import flat_json, indexed_json, normalised_inside
from mapper.encord.model import ShapeWriter
from mapper.geometry.clip import clamp, path_overshoot

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame, Path


def render(path: Path, frame: Frame) -> bytes:
    """``"polyline":{"0":{x, y},…}`` in order."""
    return b'"polyline":' + indexed_json(flat_json(path, frame))


def clip(path: Path, frame: Frame) -> Path | None:
    """Each point moved into the image; None if that leaves one place only."""
    inside = clamp(path, frame)
    return inside if inside[2:] != inside[:-2] else None


def inside(path: Path, frame: Frame) -> bytes | None:
    """The line, if it lies within the image."""
    flat = normalised_inside(path, frame)
    return None if flat is None else b'"polyline":' + indexed_json(orjson.dumps(flat))


WRITER = ShapeWriter("polyline", render, path_overshoot, clip, inside)
