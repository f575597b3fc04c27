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
    ``inside(geometry, frame)``: what ``render`` gives if the geometry plainly lies within the image, else None; it looks
    at each number once, which is what most shapes cost.
    """

    field: str
    render: Callable[[Any, Frame], bytes]
    overflow: Callable[[Any, Frame], float]
    clip: Callable[[Any, Frame], Any]
    inside: Callable[[Any, Frame], bytes | None]


def rendered_inside(render: Callable[[Any, Frame], bytes], overflow: Callable[[Any, Frame], float]) -> Callable[[Any, Frame], bytes | None]:
    """The ``inside`` of a shape that is too rare for one of its own: ``overflow`` first, then ``render``."""
    return lambda geometry, frame: None if overflow(geometry, frame) > 0 else render(geometry, frame)
