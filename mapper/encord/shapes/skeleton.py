"""Encord's skeleton: every vertex of the template, in its order, with its names and hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mapper.encord.coordinates import normalised, normalised_inside
from mapper.encord.model import ShapeWriter
from mapper.geometry.clip import clamp, path_overshoot
from mapper.geometry.shapes import Vertex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.geometry.shapes import Frame, Path

Vertices = tuple[Vertex, ...]

_KEYS = ("name", "color", "featureHash", "value")


def writer(vertices: Sequence[Mapping[str, Any]]) -> ShapeWriter:
    """The writer for one template: its vertices in order, each with name, color, featureHash and value.

    ``"skeleton":{"0":{x, y, name, color, featureHash, value, visibility},…}``; Encord compares nothing with the template
    but counts positions, so a skeleton with another number of vertices is a bug (ValueError).
    """
    known = [constant(vertex).replace(b"%", b"%%") for vertex in vertices]
    entries = (b'"%d":{"x":%%b,"y":%%b,%b,"visibility":"%%b"}' % pair for pair in enumerate(known))
    template = b'"skeleton":{' + b",".join(entries) + b"}"
    count = len(known)

    def fill(shape: Vertices, flat: Path) -> bytes:
        if len(shape) != count:
            raise ValueError(f"{len(shape)} vertices for a template of {count}")
        numbers = orjson.dumps(flat)[1:-1].split(b",")
        filled: list[bytes] = [b""] * (3 * count)
        filled[::3], filled[1::3] = numbers[::2], numbers[1::2]
        filled[2::3] = [vertex.visibility.encode() for vertex in shape]
        return template % tuple(filled)

    def render_onto(shape: Vertices, frame: Frame) -> bytes:
        return fill(shape, normalised(_path(shape), frame))

    def inside(shape: Vertices, frame: Frame) -> bytes | None:
        flat = normalised_inside(_path(shape), frame)
        return None if flat is None else fill(shape, flat)

    return ShapeWriter("skeleton", render_onto, overflow, clip, inside)


def constant(vertex: Mapping[str, Any]) -> bytes:
    """What every skeleton says of a vertex besides its place and visibility: the same bytes in all rows."""
    return orjson.dumps({key: vertex[key] for key in _KEYS})[1:-1]


def render(shape: Vertices, frame: Frame) -> bytes:
    """Refuse: without a template a skeleton has no names; use ``writer``."""
    del shape, frame
    raise TypeError("a skeleton is written by skeleton.writer(the template's vertices)")


def _path(shape: Vertices) -> Path:
    return [number for vertex in shape for number in vertex[:2]]


def overflow(shape: Vertices, frame: Frame) -> float:
    """Pixels by which a vertex lies beyond the image, invisible ones included."""
    return path_overshoot(_path(shape), frame)


def clip(shape: Vertices, frame: Frame) -> Vertices:
    """Each vertex moved into the image."""
    inside = clamp(_path(shape), frame)
    places = zip(shape, inside[::2], inside[1::2], strict=True)
    return tuple(Vertex(x, y, vertex.visibility) for vertex, x, y in places)


WRITER = ShapeWriter("skeleton", render, overflow, clip, render)
