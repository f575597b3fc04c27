"""Encord's polyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.encord.coordinates import flat_json, flat_json_inside, indexed_json
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
    flat = flat_json_inside(path, frame)
    return None if flat is None else b'"polyline":' + indexed_json(flat)


WRITER = ShapeWriter("polyline", render, path_overshoot, clip, inside)
