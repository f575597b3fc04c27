"""Checks of polygons and bitmasks, the shapes of many numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.connect.coordinates import inside, points
from mapper.connect.records import is_number, listed, record
from mapper.encord.shapes.bitmask import decode
from mapper.findings.verify_shapes import BadRing, BitmaskForm, GeometryForm, NoExtent, NotFinite, PolygonTwins, SelfIntersection
from mapper.geometry import rings
from mapper.geometry.fidelity import is_valid

if TYPE_CHECKING:
    from mapper.connect.coordinates import Image
    from mapper.connect.ontology_index import Item
    from mapper.connect.records import Record
    from mapper.findings.base import Issue
    from mapper.geometry.shapes import Path, Polygons

_DECIMALS = 6
"""Of a pixel: enough to get back the numbers of an export, which dividing by the image's size has rounded."""

_MASK = {"top", "left", "width", "height", "rleString"}


def polygon(found: Record, image: Image, _item: Item) -> list[Issue]:
    """``polygon`` and ``polygons``, of which one may be missing."""
    issues: list[Issue] = []
    first = points("polygon", found["polygon"], issues) if "polygon" in found else None
    if issues:
        return issues
    if "polygons" not in found:
        parts = [[first]] if first is not None else []
    else:
        parts = found["polygons"]
        issues = _form(parts)
        if issues:
            return issues
        if first is not None and first != parts[0][0]:
            issues.append(PolygonTwins())
    flat = [ring for part in parts for ring in part]
    issues += [problem for ring in flat if (problem := _ring(ring))]
    issues += inside("polygon", [x for ring in flat for x in ring[::2]], [y for ring in flat for y in ring[1::2]])
    return issues or _simple(parts, image)


def _form(parts: Any) -> list[Issue]:
    if not listed(parts) or not all(listed(part) for part in parts):
        return [GeometryForm(shape="polygon", problem="'polygons' is no list of parts, each a list of rings")]
    for ring in (ring for part in parts for ring in part):
        if not listed(ring) or len(ring) % 2:
            return [GeometryForm(shape="polygon", problem="a ring is no flat list of an even number of values")]
        if not all(map(is_number, ring)):
            strange = next(number for number in ring if not is_number(number))
            return [NotFinite(shape="polygon", key="polygons", value=repr(strange))]
    return []


def _ring(ring: Path) -> Issue | None:
    if len(ring) < 2 * rings.TRIANGLE or rings.problem(ring) is not None:
        return BadRing(problem=f"of fewer than {rings.TRIANGLE} different points")
    return BadRing(problem="that repeats its first point at its end") if rings.is_closed(ring) else None


def _simple(parts: Polygons, image: Image) -> list[Issue]:
    """Parts may overlap each other; a part must not cross itself, and its holes lie inside."""
    crossing = [number for number, part in enumerate(parts, 1) if not _is_simple([part], image)]
    return [SelfIntersection(where=f"part {crossing[0]} of {len(parts)}" if len(parts) > 1 else "the outline")] if crossing else []


def _is_simple(part: Polygons, image: Image) -> bool:
    # In shares of the image, a vertex on a side may lie beside it by the last digit; so the pixels have the last word.
    return is_valid(part) or is_valid([[_pixels(ring, image) for ring in rings_] for rings_ in part])


def _pixels(ring: Path, image: Image) -> Path:
    flat = list(ring)
    flat[::2] = [round(x * image.width, _DECIMALS) for x in ring[::2]]
    flat[1::2] = [round(y * image.height, _DECIMALS) for y in ring[1::2]]
    return flat


def bitmask(found: Record, image: Image, _item: Item) -> list[Issue]:
    """The whole image, run lengths that fill it, and at least one pixel set."""
    mask = record(found["bitmask"])
    if mask.keys() != _MASK:
        return [BitmaskForm(problem=f"it has {', '.join(sorted(mask)) or 'nothing'}")]
    place = [mask["left"], mask["top"], mask["width"], mask["height"]]
    if place != [0, 0, *image]:
        return [BitmaskForm(problem=f"left, top, width, height are {place}, the image is {image.width} by {image.height}")]
    try:
        runs = decode(mask["rleString"]) if type(mask["rleString"]) is str else []
    except ValueError as error:
        return [BitmaskForm(problem=str(error))]
    if sum(runs) != image.width * image.height or min(runs) < 0:
        return [BitmaskForm(problem=f"run lengths sum to {sum(runs)}, not {image.width * image.height}")]
    return [] if any(runs[1::2]) else [NoExtent(shape="bitmask", problem="no pixel is set")]
