"""Encord's vocabulary: the shapes an object can have, the attribute types, and what a shape writer offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.geometry.shapes import Frame

AttributeType = Literal["radio", "checklist", "text", "numeric"]


class ShapeWriter(NamedTuple):
    """How one Encord shape is written.

    ``field``: the key in a frame object. ``render(geometry, frame)``: the value of that key (and its twin, for
    polygons) as JSON bytes, normalised by the image's size. ``overflow(geometry, frame)``: by how many pixels it leaves
    the image, 0.0 if it does not. ``clip(geometry, frame)``: the part inside the image, or None if nothing is left.
    """

    field: str
    render: Callable[[Any, Frame], bytes]
    overflow: Callable[[Any, Frame], float]
    clip: Callable[[Any, Frame], Any]
