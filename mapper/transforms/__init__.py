"""The conversions of geometry that a spec can ask for; the union of them is the registration.

``SUPPORT`` says for every pair of a CVAT kind and an Encord shape which transform makes it, or why none does.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mapper.geometry.kinds import KINDS, EncordShape, Kind
from mapper.transforms.base import TransformSpec
from mapper.transforms.bitmask import Bitmask
from mapper.transforms.bounding_box import BoundingBox
from mapper.transforms.circle import Circle
from mapper.transforms.cuboid_2d import Cuboid2D
from mapper.transforms.ellipse import Ellipse
from mapper.transforms.point import Point
from mapper.transforms.polygon import Polygon
from mapper.transforms.polyline import Polyline
from mapper.transforms.rotatable_bounding_box import RotatableBoundingBox
from mapper.transforms.same import Same
from mapper.transforms.skeleton import Skeleton

AnyTransform = Annotated[
    BoundingBox | RotatableBoundingBox | Polygon | Polyline | Point | Bitmask | Ellipse | Circle | Cuboid2D | Skeleton | Same,
    Field(discriminator="kind"),
]
"""Any `geometry` node of a spec."""

TRANSFORMS: tuple[type[TransformSpec], ...] = (
    BoundingBox, RotatableBoundingBox, Polygon, Polyline, Point, Bitmask, Ellipse, Circle, Cuboid2D, Skeleton, Same,
)  # fmt: skip

_TAG = "a tag has no geometry; emit a classification"
_POINT = "a keypoint is one point; emit an area or line by its own kind"
_ONE_WAY = "only an ellipse has a centre and radii; emit a polygon instead"
_NO_DEPTH = "the back face cannot be told from a flat shape"
_NO_JOINTS = "only a skeleton has named elements to match with a template"
_NO_AREA = "it encloses no area"
_SPLIT_SKELETON = "the elements are a skeleton's vertices and would lose their names"

_REFUSED: tuple[tuple[type[TransformSpec], dict[Kind, str]], ...] = (
    (BoundingBox, {"tag": _TAG}),
    (
        RotatableBoundingBox,
        {
            "polyline": "a line has no rotation; emit an upright bounding_box",
            "points": "points have no rotation; emit an upright bounding_box",
            "cuboid": "a cuboid's faces have no common rotation; emit bounding_box or polygon",
            "skeleton": "a skeleton has no rotation; emit an upright bounding_box",
            "tag": _TAG,
        },
    ),
    (Polygon, {"points": _NO_AREA, "skeleton": _NO_AREA, "tag": _TAG}),
    (
        Polyline,
        {
            "rectangle": "an area; emit a polygon or box",
            "ellipse": "an area; emit an ellipse or polygon",
            "cuboid": "several faces; emit cuboid_2d or polygon",
            "mask": "an area; emit a polygon or bitmask",
            "skeleton": _SPLIT_SKELETON,
            "tag": _TAG,
        },
    ),
    (
        Point,
        {
            "rectangle": _POINT,
            "polygon": _POINT,
            "polyline": _POINT,
            "ellipse": _POINT,
            "cuboid": _POINT,
            "mask": _POINT,
            "tag": _TAG,
        },
    ),
    (
        Bitmask,
        {
            "polyline": _NO_AREA,
            "points": _NO_AREA,
            "cuboid": "several faces; emit cuboid_2d or polygon",
            "skeleton": _NO_AREA,
            "tag": _TAG,
        },
    ),
    (
        Ellipse,
        {
            "rectangle": "corners would be lost; emit rotatable_bounding_box",
            "polygon": _ONE_WAY,
            "polyline": _NO_AREA,
            "points": _NO_AREA,
            "cuboid": _ONE_WAY,
            "mask": _ONE_WAY,
            "skeleton": _NO_AREA,
            "tag": _TAG,
        },
    ),
    (
        Circle,
        {
            "rectangle": "corners would be lost; emit rotatable_bounding_box",
            "polygon": _ONE_WAY,
            "polyline": _NO_AREA,
            "points": _NO_AREA,
            "cuboid": _ONE_WAY,
            "mask": _ONE_WAY,
            "skeleton": _NO_AREA,
            "tag": _TAG,
        },
    ),
    (
        Cuboid2D,
        {
            "rectangle": _NO_DEPTH,
            "polygon": _NO_DEPTH,
            "polyline": _NO_DEPTH,
            "points": _NO_DEPTH,
            "ellipse": _NO_DEPTH,
            "mask": _NO_DEPTH,
            "skeleton": _NO_DEPTH,
            "tag": _TAG,
        },
    ),
    (
        Skeleton,
        {
            "rectangle": _NO_JOINTS,
            "polygon": _NO_JOINTS,
            "polyline": _NO_JOINTS,
            "points": _NO_JOINTS,
            "ellipse": _NO_JOINTS,
            "cuboid": _NO_JOINTS,
            "mask": _NO_JOINTS,
            "tag": _TAG,
        },
    ),
)

SUPPORT: dict[tuple[Kind, EncordShape], type[TransformSpec] | str] = {
    (kind, transform.shape): transform if kind in transform.accepts else reasons[kind] for transform, reasons in _REFUSED for kind in KINDS
}
"""For each (CVAT kind, Encord shape): the transform that makes it, or the reason why there is none."""

__all__ = ["SUPPORT", "TRANSFORMS", "AnyTransform", "TransformSpec"]
