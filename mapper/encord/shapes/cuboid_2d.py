"""Encord's cuboid in the image: a front face and a projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mapper.encord.coordinates import normalised
from mapper.encord.model import ShapeWriter, rendered_inside
from mapper.geometry.clip import misses, path_overshoot
from mapper.geometry.cuboids import back_face
from mapper.geometry.rings import bounds

if TYPE_CHECKING:
    from typing import Any

    from mapper.geometry.shapes import Cuboid2D, Frame


def render(cuboid: Cuboid2D, frame: Frame) -> bytes:
    """``"cuboid_2d":{front, …}`` with either ``vanishingPoint`` and ``scaleRatio`` or ``offset``; never both."""
    front, offset, vanishing, scale = cuboid
    width, height = frame
    record: dict[str, Any] = {"front": normalised(front, frame)}
    if vanishing is None:
        dx, dy = offset or (0.0, 0.0)
        record["offset"] = {"x": dx / width, "y": dy / height}
    else:
        record["vanishingPoint"] = {"x": vanishing[0] / width, "y": vanishing[1] / height}
        record["scaleRatio"] = scale
    return b'"cuboid_2d":' + orjson.dumps(record)


def overflow(cuboid: Cuboid2D, frame: Frame) -> float:
    """Pixels by which a corner of either face lies beyond the image."""
    return path_overshoot(cuboid.front + back_face(cuboid), frame)


def clip(cuboid: Cuboid2D, frame: Frame) -> Cuboid2D | None:
    """The same, as the part inside would be no cuboid; None if it lies outside."""
    return None if misses(*bounds(cuboid.front + back_face(cuboid)), frame) else cuboid


WRITER = ShapeWriter("cuboid_2d", render, overflow, clip, rendered_inside(render, overflow))
