"""Encord's polygons: parts with holes, and the older field that holds the first outline only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.encord.coordinates import flat_json, flat_json_inside, indexed_json
from mapper.encord.model import ShapeWriter
from mapper.geometry.clip import clip_polygons, path_overshoot

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame, Polygons


def render(parts: Polygons, frame: Frame) -> bytes:
    """``"polygon":{"0":{x, y},…},"polygons":[[[x0, y0, …], hole, …], …]``: either loads alone, both are written as Encord does."""
    written = [[flat_json(ring, frame) for ring in rings] for rings in parts]
    polygons = b",".join(b"[" + b",".join(rings) + b"]" for rings in written)
    return b'"polygon":' + indexed_json(written[0][0]) + b',"polygons":[' + polygons + b"]"


def overflow(parts: Polygons, frame: Frame) -> float:
    """Pixels by which an outline passes the image's sides; holes lie in their outlines."""
    if len(parts) == 1:
        return path_overshoot(parts[0][0], frame)
    return max(path_overshoot(rings[0], frame) for rings in parts)


def inside(parts: Polygons, frame: Frame) -> bytes | None:
    """The polygon, if its outlines lie within the image; what has one ring, as nearly all have, goes the short way."""
    if len(parts) > 1 or len(parts[0]) > 1:
        return None if overflow(parts, frame) > 0 else render(parts, frame)
    flat = flat_json_inside(parts[0][0], frame)
    if flat is None:
        return None
    return b'"polygon":%b,"polygons":[[%b]]' % (indexed_json(flat), flat)


WRITER = ShapeWriter("polygon", render, overflow, clip_polygons, inside)
