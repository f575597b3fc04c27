"""What Encord's SDK accepts as geometry without a word, and we do not. One function a shape, each gives a list of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.connect.checks_areas import bitmask, polygon
from mapper.connect.coordinates import GENEROUS, Image, inside, numbers, points, theta
from mapper.connect.records import is_number, listed, record, text
from mapper.findings.verify_shapes import CuboidProjection, GeometryForm, NoExtent, NotFinite, PointCount, SkeletonVertices
from mapper.geometry.cuboids import back_face
from mapper.geometry.ellipses import half_extents
from mapper.geometry.rings import area
from mapper.geometry.rotation import box_corners
from mapper.geometry.shapes import Cuboid2D, Ellipse

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.connect.ontology_index import Item
    from mapper.connect.records import Record
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import EncordShape

VISIBILITIES = frozenset({"visible", "invisible", "occluded", "selfOccluded"})

_VERTEX = {"x", "y", "name", "color", "featureHash", "value", "visibility"}
_BOX = frozenset({"x", "y", "w", "h"})
_LINE = 2
_CORNERS = 8
_PROJECTIONS = (frozenset({"front", "offset"}), frozenset({"front", "vanishingPoint", "scaleRatio"}))


def _bounding_box(found: Record, _image: Image, _item: Item) -> list[Issue]:
    issues: list[Issue] = []
    box = numbers("bounding_box", found["boundingBox"], _BOX, issues)
    if box is None:
        return issues
    if not (box["w"] > 0 and box["h"] > 0):
        return [_no_size("bounding_box", box["w"], box["h"])]
    return inside("bounding_box", [box["x"], box["x"] + box["w"]], [box["y"], box["y"] + box["h"]])


def _rotatable(found: Record, image: Image, _item: Item) -> list[Issue]:
    name = "rotatable_bounding_box"
    issues: list[Issue] = []
    box = numbers(name, found["rotatableBoundingBox"], _BOX | {"theta"}, issues)
    if box is None:
        return issues
    if not (box["w"] > 0 and box["h"] > 0):
        return [_no_size(name, box["w"], box["h"])]
    width, height = image
    corners = box_corners(box["x"] * width, box["y"] * height, box["w"] * width, box["h"] * height, box["theta"])
    return theta(name, box["theta"]) + _outline(name, corners, image)


def _ellipse(found: Record, image: Image, _item: Item) -> list[Issue]:
    issues: list[Issue] = []
    ellipse = numbers("ellipse", found["ellipse"], frozenset({"x", "y", "rx", "ry"}), issues, {"theta": 0.0})
    if ellipse is None:
        return issues
    width, height = image
    turned = ellipse["theta"]
    pixels = Ellipse(ellipse["x"] * width, ellipse["y"] * height, ellipse["rx"] * width, ellipse["ry"] * height, turned)
    return _round("ellipse", pixels, image)


def _circle(found: Record, image: Image, _item: Item) -> list[Issue]:
    issues: list[Issue] = []
    circle = numbers("circle", found["circle"], frozenset({"x", "y", "r"}), issues, {"stretch": 1.0, "theta": 0.0})
    if circle is None:
        return issues
    width, height = image
    radius = circle["r"] * width
    pixels = Ellipse(circle["x"] * width, circle["y"] * height, radius, radius * circle["stretch"], circle["theta"])
    return _round("circle", pixels, image)


def _round(name: str, ellipse: Ellipse, image: Image) -> list[Issue]:
    cx, cy, rx, ry, turned = ellipse
    if not (rx > 0 and ry > 0):
        return [_no_size(name, rx / image.width, ry / image.height)]
    wide, high = half_extents(ellipse)
    return theta(name, turned) + _outline(name, [cx - wide, cy - high, cx + wide, cy + high], image)


def _outline(name: str, path: list[float], image: Image) -> list[Issue]:
    """The true outline in pixels may leave the image, but not by more than its size."""
    return inside(name, [x / image.width for x in path[::2]], [y / image.height for y in path[1::2]], GENEROUS)


def _no_size(name: str, width: float, height: float) -> Issue:
    return NoExtent(shape=name, problem=f"{width:g} by {height:g}")


def _polyline(found: Record, _image: Image, _item: Item) -> list[Issue]:
    issues: list[Issue] = []
    path = points("polyline", found["polyline"], issues)
    if path is None:
        return issues
    distinct = len(set(zip(path[::2], path[1::2], strict=True)))
    if distinct < _LINE:
        return [PointCount(shape="polyline", count=distinct, wanted="at least 2 different ones")]
    return inside("polyline", path[::2], path[1::2])


def _point(found: Record, _image: Image, _item: Item) -> list[Issue]:
    issues: list[Issue] = []
    path = points("point", found["point"], issues)
    if path is None:
        return issues
    if len(path) != _LINE:
        return [PointCount(shape="point", count=len(path) // 2, wanted="exactly 1")]
    return inside("point", path[::2], path[1::2])


def _skeleton(found: Record, _image: Image, item: Item) -> list[Issue]:
    vertices = record(found["skeleton"])
    entries = [record(vertex) for vertex in vertices.values()]
    # The SDK reads vertices in the order of the JSON text and numbers them anew.
    if not entries or list(vertices) != [str(index) for index in range(len(entries))]:
        return [SkeletonVertices(title=item.title, problem="vertices are not numbered from 0, in order")]
    if item.vertices is not None:
        if len(entries) != len(item.vertices):
            return [SkeletonVertices(title=item.title, problem=f"{len(entries)} vertices, the template has {len(item.vertices)}")]
        for index, (entry, wanted) in enumerate(zip(entries, item.vertices, strict=True)):
            for key in ("name", "featureHash", "color", "value"):
                if entry.get(key) != wanted.get(key):
                    problem = f"vertex {index} has the {key} {entry.get(key)!r}, the template {wanted.get(key)!r}"
                    return [SkeletonVertices(title=item.title, problem=problem)]
    if any(entry.keys() != _VERTEX for entry in entries):
        return [SkeletonVertices(title=item.title, problem=f"each vertex has the keys {', '.join(sorted(_VERTEX))} and no others")]
    strange = [entry.get("visibility") for entry in entries if text(entry.get("visibility")) not in VISIBILITIES]
    if strange:
        return [SkeletonVertices(title=item.title, problem=f"{strange[0]!r} is no visibility")]
    places = [(key, entry.get(key)) for entry in entries for key in ("x", "y")]
    wrong: list[Issue] = [NotFinite(shape="skeleton", key=key, value=repr(value)) for key, value in places if not is_number(value)]
    return wrong or inside("skeleton", [entry["x"] for entry in entries], [entry["y"] for entry in entries])


def _cuboid(found: Record, _image: Image, _item: Item) -> list[Issue]:
    cuboid = record(found["cuboid_2d"])
    if cuboid.keys() not in _PROJECTIONS:
        return [CuboidProjection(problem=f"it has {', '.join(sorted(cuboid)) or 'nothing'}")]
    front = listed(cuboid["front"])
    if len(front) != _CORNERS:
        return [GeometryForm(shape="cuboid_2d", problem=f"a front face of {len(front)} numbers instead of {_CORNERS}")]
    issues: list[Issue] = [NotFinite(shape="cuboid_2d", key="front", value=repr(value)) for value in front if not is_number(value)]
    pair = numbers("cuboid_2d", cuboid.get("offset", cuboid.get("vanishingPoint")), frozenset({"x", "y"}), issues)
    scale = cuboid.get("scaleRatio", 1.0)
    if not is_number(scale):
        issues.append(NotFinite(shape="cuboid_2d", key="scaleRatio", value=repr(scale)))
    if issues or pair is None or not is_number(scale):
        return issues
    if scale < 0 or not area(front):
        return [NoExtent(shape="cuboid_2d", problem="a front face without area" if scale >= 0 else f"a back face scaled by {scale:g}")]
    where = (pair["x"], pair["y"])
    back = back_face(Cuboid2D(front, where, None, 1.0) if "offset" in cuboid else Cuboid2D(front, None, where, scale))
    path = front + back
    return inside("cuboid_2d", path[::2], path[1::2], GENEROUS)


class _Check(NamedTuple):
    """The keys that hold a shape's geometry (one of them is enough), and its check."""

    keys: tuple[str, ...]
    run: Callable[[Record, Image, Item], list[Issue]]


CHECKS: dict[EncordShape, _Check] = {
    "bounding_box": _Check(("boundingBox",), _bounding_box),
    "rotatable_bounding_box": _Check(("rotatableBoundingBox",), _rotatable),
    "polygon": _Check(("polygon", "polygons"), polygon),
    "polyline": _Check(("polyline",), _polyline),
    "point": _Check(("point",), _point),
    "bitmask": _Check(("bitmask",), bitmask),
    "ellipse": _Check(("ellipse",), _ellipse),
    "circle": _Check(("circle",), _circle),
    "cuboid_2d": _Check(("cuboid_2d",), _cuboid),
    "skeleton": _Check(("skeleton",), _skeleton),
}


def geometry_issues(found: Record, image: Image, item: Item) -> list[Issue]:
    """What is wrong with the geometry of a frame object whose class is ``item``; the object may hold anything."""
    check = _check(item.shape)
    if check is None:
        return [GeometryForm(shape=item.shape, problem="no shape for images and videos")]
    if not any(key in found for key in check.keys):
        return [GeometryForm(shape=item.shape, problem=f"no {check.keys[0]!r}")]
    return check.run(found, image, item)


def geometry_keys(shape: str) -> tuple[str, ...]:
    """The keys of a frame object that hold the geometry of a shape."""
    check = _check(shape)
    return check.keys if check else ()


def _check(shape: Any) -> _Check | None:
    return CHECKS.get(shape)
