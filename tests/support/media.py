"""Makes tiny images and videos, and exports that go with them."""

from __future__ import annotations

import io
import struct
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import av
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from av.video.stream import VideoStream

ORIENTATION = 0x0112


def picture(size: tuple[int, int] = (100, 80), form: str = "PNG", orientation: int | None = None) -> bytes:
    """An image file of this size as stored, with an EXIF orientation if one is given."""
    made = Image.new("RGB", size, (40, 90, 160))
    more: dict[str, Any] = {}
    if orientation is not None:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        more["exif"] = exif
    out = io.BytesIO()
    made.save(out, form, **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be this large, and has no EXIF, for which a careless reader would decode it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def video(
    path: Path,
    frames: int = 10,
    *,
    rate: Fraction | int = 25,
    size: tuple[int, int] = (64, 48),
    rotation: int | None = None,
    codec: str = "mpeg4",
    options: Mapping[str, str] | None = None,
) -> Path:
    """A video of plain frames; the container is that of the path's ending, the size is that before the rotation."""
    with av.open(str(path), "w") as container:
        stream = cast("VideoStream", container.add_stream(codec, rate=rate, options=dict(options or {})))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if rotation is not None:
            stream.set_display_rotation(rotation)
        for number in range(frames):
            shade = np.full((size[1], size[0], 3), number * 9 % 255, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")))
        container.mux(stream.encode())
    return path


def shifted(path: Path, out: Path, by: int) -> Path:
    """The same packets, so many ticks earlier: an edit list hides the frames before 0, although they are all there."""
    with av.open(str(path)) as source, av.open(str(out), "w", options={"avoid_negative_ts": "disabled"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts, packet.dts, packet.stream = packet.pts - by, packet.dts - by, stream
            target.mux(packet)
    return out


def decoded(path: Path) -> int:
    """How many frames a decoder gives: what CVAT counts."""
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))
