"""The words for geometry on both sides, in one place that readers, transforms and writers may all import."""

from __future__ import annotations

from typing import Literal

Kind = Literal["rectangle", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton", "tag"]
"""CVAT's own words for what a label can be drawn as; a tag has no geometry."""

KINDS: tuple[Kind, ...] = (
    "rectangle", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton", "tag",
)  # fmt: skip

EncordShape = Literal[
    "bounding_box", "rotatable_bounding_box", "polygon", "polyline", "point",
    "bitmask", "ellipse", "circle", "cuboid_2d", "skeleton",
]  # fmt: skip
"""The shapes that an object on an image can have (the SDK's ``Shape`` without 3D and range shapes)."""

ENCORD_SHAPES: tuple[EncordShape, ...] = (
    "bounding_box", "rotatable_bounding_box", "polygon", "polyline", "point",
    "bitmask", "ellipse", "circle", "cuboid_2d", "skeleton",
)  # fmt: skip
