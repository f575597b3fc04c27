"""Paths as Encord's JSON: normalised by the image's size, flat or as ``{"0": {"x": …, "y": …}, …}``, from one dump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from mapper.geometry.shapes import Frame, Path

_CACHED_POINTS = 1024
_templates: dict[int, bytes] = {}  # at most _CACHED_POINTS of them, 13 MB if every count occurs


def normalised(path: Path, frame: Frame) -> Path:
    """The path with x by width and y by height."""
    width, height = frame
    flat = list(path)
    flat[::2] = [x / width for x in path[::2]]
    flat[1::2] = [y / height for y in path[1::2]]
    return flat


def normalised_inside(path: Path, frame: Frame) -> Path | None:
    """The same if all of the path, of one point at least, lies within the image, else None."""
    values = normalised(path, frame)
    return None if min(values) < 0 or max(values) > 1 else values


def flat_json(path: Path, frame: Frame) -> bytes:
    """``[x0,y0,x1,y1,…]``: each number in the shortest form that reads back the same."""
    return orjson.dumps(normalised(path, frame))


def flat_json_inside(path: Path, frame: Frame) -> bytes | None:
    """The same if all of the path, of one point at least, lies within the image, else None."""
    values = normalised(path, frame)
    flat = orjson.dumps(values)
    # Mostly every number is written "0.…": to count that takes half as long as to look for the smallest and the largest.
    if flat.count(b",0.") + flat.startswith(b"[0.") < len(values) and (min(values) < 0 or max(values) > 1):
        return None
    return flat


def indexed_json(flat: bytes) -> bytes:
    """``{"0":{"x":…,"y":…},…}`` from the flat form: its numbers are cut out and put into a template for their count."""
    numbers = flat[1:-1].split(b",")
    count = len(numbers) // 2
    template = _templates.get(count)
    if template is None:
        entries = (b'"%d":{"x":%%b,"y":%%b}' % index for index in range(count))
        template = b"{" + b",".join(entries) + b"}"
        if count <= _CACHED_POINTS:
            _templates[count] = template
    return template % tuple(numbers)
