"""A video as Encord's data unit: its metadata, and its objects frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.encord.rows import Unit

VIDEO_TYPES = {
    "avi": "video/x-msvideo", "m4v": "video/x-m4v", "mkv": "video/x-matroska", "mov": "video/quicktime", "mp4": "video/mp4",
    "mpeg": "video/mpeg", "mpg": "video/mpeg", "webm": "video/webm", "wmv": "video/x-ms-wmv",
}  # fmt: skip
"""By lower-case file ending."""

NOMINAL_FPS = 30.0
"""Stands for a frame rate that nobody knows: CVAT's exports do not hold it."""


def video_type(name: str) -> str:
    """The MIME type that a file name tells; MP4 if it has no (known) ending."""
    return VIDEO_TYPES.get(name.rpartition(".")[2].lower(), "video/mp4")


def duration_of(frames: int, fps: float) -> float:
    """Seconds from which the SDK computes this number of frames again: it takes ``ceil(fps * duration)``, which rounding could raise."""
    return (frames - 0.5) / fps


def video_unit(unit: Unit, fps: float, frames: int) -> bytes:
    """A video's data unit up to its labels."""
    entry = {
        "data_hash": unit.hash,
        "data_title": unit.title,
        "data_link": "",
        "data_type": video_type(unit.title),
        "data_sequence": 0,
        "width": unit.width,
        "height": unit.height,
        "data_fps": fps,
        "data_duration": duration_of(frames, fps),
    }
    return b'"%b":%b,"labels":{' % (unit.hash.encode(), orjson.dumps(entry)[:-1])


def frame_labels(number: int, objects: Iterable[bytes]) -> Iterator[bytes]:
    """The objects of one frame, in pieces."""
    yield b'"%d":{"objects":[' % number
    yield from objects
    yield b'],"classifications":[]}'
