"""How much two annotations are the same, 0 to 1, by CVAT's own measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.cvat.interpolation.moments import KeyframeError
from mapper.cvat.interpolation.tracks import expand

if TYPE_CHECKING:
    from mapper.cvat.interpolation.moments import Moment
    from mapper.cvat.model import Shape
    from mapper.cvat.stored import StoredTrack
    from mapper.geometry.shapes import Path


def shapes_alike(one: Shape, other: Shape) -> float:
    """Tags of one label are the same; rectangles and polygons are by IoU, rotation left aside; nothing else ever is."""
    if (one.kind, one.label) != (other.kind, other.label):
        return 0.0
    if one.kind == "tag":
        return 1.0
    if one.kind == "rectangle":
        return _boxes_alike(one.geometry[:4], other.geometry[:4])
    return _polygons_alike(one.geometry, other.geometry) if one.kind == "polygon" else 0.0


def tracks_alike(one: StoredTrack, other: StoredTrack, frames: range) -> float:
    """The mean over the frames on which either is; 0 for a frame that only one has or on which only one is outside."""
    if one.label != other.label:
        return 0.0
    try:
        first, then = ({moment.frame: moment for moment in _expanded(track, frames)} for track in (one, other))
    except KeyframeError:  # such a track is refused by itself later
        return 0.0
    total = sum(_moments_alike(first.get(frame), then.get(frame)) for frame in frames)
    count = len({frame for frame in frames if frame in first or frame in then})
    return total / count if count else 1.0


def _expanded(track: StoredTrack, frames: range) -> list[Moment]:
    return expand(track.keyframes, first=track.frame, end=frames[-1]) if frames else []


def _moments_alike(one: Moment | None, other: Moment | None) -> float:
    if one is None or other is None or one.kind != other.kind or one.outside != other.outside:
        return 0.0
    if one.kind == "rectangle":
        return _boxes_alike(tuple(one.points), tuple(other.points))
    return _polygons_alike(one.points, other.points) if one.kind == "polygon" else 0.0


def _boxes_alike(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    areas, edges = [], []
    for x1, y1, x2, y2 in (one, other):
        left, top, right, bottom = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        areas.append((right - left) * (bottom - top))
        edges.append((left, top, right, bottom))
    if not all(areas):
        return 0.0
    (left, top, right, bottom), (left2, top2, right2, bottom2) = edges
    width, height = min(right, right2) - max(left, left2), min(bottom, bottom2) - max(top, top2)
    shared = width * height if width > 0 and height > 0 else 0.0
    return shared / (sum(areas) - shared)


def _polygons_alike(one: Path, other: Path) -> float:
    from shapely import Polygon  # noqa: PLC0415 - few exports have jobs that overlap, and it takes 100 ms to load

    first, then = (Polygon(list(zip(path[::2], path[1::2], strict=True))) for path in (one, other))
    if not (first.is_valid and then.is_valid and first.area and then.area):
        return 0.0
    shared: float = first.intersection(then).area
    return shared / float(first.area + then.area - shared)
