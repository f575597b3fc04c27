"""``manifest.jsonl``: the list of a task's media that CVAT keeps, with names and sizes.

Line 1 is the version, line 2 the type. Of images (and point clouds) there is one line each, in the task's order before
start and step, so the line's place is the frame number; ``{}`` stands for one that is not listed. Of a video there is one
line with its properties, then the stream's key frames, which say nothing about annotations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from mapper.findings.source.backups import ManifestUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.cvat.reporter import Reporter
    from mapper.places.place import Place

CLOUD = ".pcd"
CLOUDS = (CLOUD, ".bin")
"""Endings of point clouds."""

LARGEST = 1 << 31
"""Pixels that an image cannot have a side of."""


class Medium(NamedTuple):
    """One image: its name with folders and ending, its size in pixels (0 if it is not said), and its related images."""

    name: str
    width: int
    height: int
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest lists.

    ``images``: by frame number in the source media. ``video``: the file's name and the size
    of its frames after rotation; ``length``: its frames, 0 if it is not said.
    """

    type: Literal["images", "video"]
    images: Mapping[int, Medium] = field(default_factory=dict)
    video: Medium | None = None
    length: int = 0

    @property
    def clouds(self) -> bool:
        """Whether the media are point clouds."""
        return any(medium.name.lower().endswith(CLOUDS) for medium in self.images.values())

    def medium(self, frame: int) -> Medium | None:
        """The image of a frame, None if it is not listed; of a video every frame has its name and size."""
        return self.video if self.video is not None else self.images.get(frame)


def read_manifest(data: bytes, member: str, report: Reporter) -> Manifest | None:
    """The manifest in these bytes, None if it is none; lines that cannot be read are reported and stand for no image."""
    lines = _lines(data, member, report)
    if next(lines, None) is None:
        return None
    head = next(lines, None)
    kind = head[1].get("type") if head else None
    if kind == "video":
        return _video(next(lines, None), member, report)
    if kind != "images":
        report.add(ManifestUnreadable(member, 2, "its type is neither images nor video"), line=2)
        return None
    media = enumerate(_image(found, number, member, report) for number, found in lines)
    return Manifest(type="images", images={frame: medium for frame, medium in media if medium is not None})


def sizes(path: Place, report: Reporter) -> Mapping[int, tuple[int, int]]:
    """Width and height by frame number, for exports that lack them; of a video under -1, since all its frames have one size.

    Raises:
        OSError: the file cannot be read.
    """
    manifest = read_manifest(path.read_bytes(), path.name, report)
    if manifest is None:
        return {}
    if manifest.video is not None:
        return {-1: (manifest.video.width, manifest.video.height)} if manifest.video.width else {}
    return {frame: (medium.width, medium.height) for frame, medium in manifest.images.items() if medium.width}


def _lines(data: bytes, member: str, report: Reporter) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines with their numbers, empty ones not; a line that cannot be read is reported and gives nothing in it."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            found, reason = None, str(error)
        else:
            reason = "it is no JSON object"
        if not isinstance(found, dict):
            report.add(ManifestUnreadable(member, number, reason), line=number)
            found = {}
        yield number, found


def _video(line: tuple[int, dict[str, Any]] | None, member: str, report: Reporter) -> Manifest | None:
    number, found = line or (3, {})
    properties = found.get("properties")
    if not isinstance(properties, dict):
        report.add(ManifestUnreadable(member, number, "it has no properties of the video"), line=number)
        return None
    resolution = properties.get("resolution")
    width, height = resolution if isinstance(resolution, list) and len(resolution) == 2 else (0, 0)  # noqa: PLR2004 - a pair
    name, length = properties.get("name"), properties.get("length")
    video = Medium(name if isinstance(name, str) else "", *_size(width, height))
    return Manifest(type="video", video=video, length=length if isinstance(length, int) else 0)


def _image(found: dict[str, Any], number: int, member: str, report: Reporter) -> Medium | None:
    if not found:
        return None
    name, extension = found.get("name"), found.get("extension", "")
    if not isinstance(name, str) or not isinstance(extension, str):
        report.add(ManifestUnreadable(member, number, "it has no name"), line=number)
        return None
    meta = found.get("meta")
    related = meta.get("related_images") if isinstance(meta, dict) else None
    names = tuple(item for item in related if isinstance(item, str)) if isinstance(related, list) else ()
    return Medium(name + extension, *_size(found.get("width"), found.get("height")), names)


def _size(width: object, height: object) -> tuple[int, int]:
    """Both in pixels, or 0 and 0 if they are no size."""
    if type(width) is int and type(height) is int and 0 < width < LARGEST and 0 < height < LARGEST:
        return width, height
    return 0, 0
