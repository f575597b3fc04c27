"""Frame count, rate and size of video files: the one place that knows PyAV, which need not be installed.

A frame's number is its position in what the decoder gives, none dropped and none doubled, as CVAT and Encord count. The
count comes from the container's own index where that is whole (mp4, mov, avi), less the frames that an edit list hides;
else the packets are counted, which reads the file once. One frame is decoded, for the rotation; the count is that of a sound
file, since a decoder may skip damaged frames. Playlists and other formats that name further files are refused.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from mapper.media.images import DamagedError

if TYPE_CHECKING:
    from fractions import Fraction

    from av.container import InputContainer
    from av.video.stream import VideoStream

LIBRARY = "PyAV"
CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,mxf,wtv,h264,hevc,m4v,ivf,gif"
"""FFmpeg's names of the containers that are read; all of them stand for themselves, none names another file."""
LARGEST = 1 << 27
"""Pixels of a frame beyond which not even one is decoded."""


class VideoFacts(NamedTuple):
    """What a video file is.

    ``frames``: how many the decoder gives. ``rate``: the average per second, None if the file does not say. ``width``,
    ``height``: in pixels after rotation. ``duration``: seconds. ``rotation``: degrees, as the container says it.
    """

    frames: int
    rate: Fraction | None
    width: int
    height: int
    duration: float
    rotation: int = 0

    @property
    def fps(self) -> float | None:
        """The rate as a decimal number."""
        return None if self.rate is None else float(self.rate)


def installed() -> bool:
    """Whether PyAV is there."""
    return find_spec("av") is not None


def video_facts(file: IO[bytes]) -> VideoFacts:
    """The facts of a video file, from a seekable stream, which is left open.

    Raises DamagedError.
    """
    import av  # noqa: PLC0415 - an extra
    from av.error import FFmpegError  # noqa: PLC0415 - an extra

    try:
        with av.open(file, "r", options={"format_whitelist": CONTAINERS, "protocol_whitelist": ""}) as container:
            if not container.streams.video:
                raise DamagedError("there is no video in it")
            return _facts(container, container.streams.video[0])
    except (FFmpegError, OSError, ValueError, LookupError, ArithmeticError, MemoryError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise DamagedError(why) from None


def _facts(container: InputContainer, stream: VideoStream) -> VideoFacts:
    if stream.codec_context is None:
        raise DamagedError("its codec is not known")
    width, height = stream.width, stream.height
    if not 0 < width * height <= LARGEST:
        raise DamagedError(f"its frames are {width} x {height} pixels")
    indexed = _indexed(stream)
    first, counted = _demuxed(container, stream, whole=indexed is None)
    if first is None:
        raise DamagedError("no frame can be decoded")
    width, height, rotation = first.width, first.height, int(first.rotation)
    if rotation % 180:
        width, height = height, width
    frames = counted if indexed is None else indexed
    rate = stream.average_rate or stream.guessed_rate
    return VideoFacts(frames, rate, width, height, _duration(container, stream, frames, rate), rotation)


def _indexed(stream: VideoStream) -> int | None:
    """The frames that the container's index shows, None if it has none or not a whole one."""
    entries = getattr(stream, "index_entries", ())  # PyAV 18; without it the packets are counted
    if not stream.frames or len(entries) != stream.frames:
        return None
    return sum(1 for entry in entries if entry.size and not entry.is_discard)


def _demuxed(container: InputContainer, stream: VideoStream, *, whole: bool) -> tuple[Any, int]:
    """The first frame, and the number of packets up to it, or of all."""
    first, counted = None, 0
    for packet in container.demux(stream):
        counted += bool(packet.size) and not packet.is_discard
        if first is None:
            first = _frame(packet)
        if first is not None and not whole:
            break
    return first, counted


def _frame(packet: Any) -> Any:
    """The first frame of a packet; a damaged packet has none, as for any player."""
    from av.error import FFmpegError  # noqa: PLC0415 - an extra

    try:
        return next(iter(packet.decode()), None)
    except FFmpegError:
        return None


def _duration(container: InputContainer, stream: VideoStream, frames: int, rate: Fraction | None) -> float:
    """Seconds: the stream's own, else the container's, else what count and rate give."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None:
        return container.duration / 1_000_000
    return float(frames / rate) if rate else 0.0
