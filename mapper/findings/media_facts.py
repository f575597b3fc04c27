"""Issues of what media files hold, against what the export says of them: MED710 to MED720."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class SizeDiffers(Issue):
    """An image file of another size and other proportions than the export says.

    Why it matters: the labels were drawn on another picture, or on another cut of it, and lie elsewhere on this one.

    Example: the export says 1920 x 1080, the file is 1440 x 1080.

    What to do: find the files that the labels were drawn on; see whether names map to the right ones.
    """

    code = "MED710"
    name = "size-differs"
    template = "{file!r} is {width} x {height} pixels, the export says {said_width} x {said_height} for image {image!r}"
    hint = "find the file that the labels were drawn on; see whether names map to the right ones"

    image: str
    file: str
    width: int
    height: int
    said_width: int
    said_height: int


class SizeScaled(Issue):
    """An image file of another size than the export says, in the same proportions.

    Why it matters: Encord's coordinates are shares of the picture, so most labels fit; bitmasks count pixels, and do not.

    Example: the export says 1920 x 1080, the file is a preview of 960 x 540.

    What to do: use the files that the labels were drawn on.
    """

    code = "MED711"
    name = "size-scaled"
    severity = Severity.WARNING
    template = "{file!r} is {width} x {height} pixels, the export says {said_width} x {said_height} for image {image!r}: same proportions"
    hint = "use the files that the labels were drawn on; bitmasks do not fit a scaled picture"

    image: str
    file: str
    width: int
    height: int
    said_width: int
    said_height: int


class SizeUnrotated(Issue):
    """The export's size is that of the picture as stored, while the file's EXIF orientation turns it on its side.

    Why it matters: CVAT gives sizes and coordinates of the picture as displayed. Here they are those of the stored one, as
    very old servers gave them, or the orientation was written after the labels: they are turned against what is displayed.

    Example: EXIF orientation 6, stored 4032 x 3024, displayed 3024 x 4032, and the export says 4032 x 3024.

    What to do: look at a few of them. If the labels fit the stored picture, take the orientation out of the files' EXIF.
    """

    code = "MED712"
    name = "size-unrotated"
    template = (
        "{file!r} has EXIF orientation {orientation}: it is displayed as {width} x {height}, "
        "the export says {said_width} x {said_height} for image {image!r}, its size without rotation"
    )
    hint = "look at it: if the labels fit the picture as stored, take the orientation out of the file's EXIF"

    image: str
    file: str
    orientation: int
    width: int
    height: int
    said_width: int
    said_height: int


class OrientationUnseen(Issue):
    """An EXIF orientation that turns or mirrors a picture without changing its size.

    Why it matters: CVAT draws on the picture as displayed, which servers before 2020 did not; the size cannot tell which.

    Example: EXIF orientation 3, which turns the picture upside down.

    What to do: if the labels are as old as that, look at one of them; else nothing.
    """

    code = "MED713"
    name = "orientation-unseen"
    severity = Severity.INFO
    template = "{file!r} has EXIF orientation {orientation}, which its size does not show: image {image!r}"
    hint = "CVAT draws on the picture as displayed; look at one if the labels were made before 2020"

    image: str
    file: str
    orientation: int


class MediaDamaged(Issue):
    """A media file that cannot be read.

    Why it matters: an upload of it will fail, and nothing is known of its size.

    Example: an empty file, or one that was cut off while it was copied.

    What to do: get the file again.
    """

    code = "MED714"
    name = "media-damaged"
    template = "{file!r} cannot be read: {why}"
    hint = "get the file again"

    file: str
    why: str


class MediaFormatUnknown(Issue):
    """A media file in a format that is not looked into.

    Why it matters: its size is not compared with the export's.

    Example: a HEIC picture, or a text file with the ending of a picture.

    What to do: nothing if Encord takes it.
    """

    code = "MED715"
    name = "media-format-unknown"
    severity = Severity.INFO
    template = "{file!r} is in no format that is looked into, so its size is not checked"
    hint = "see whether it is what its ending says, and whether Encord takes it"

    file: str


class MediaUnchecked(Issue):
    """Media files are there, but the library that reads them is not installed.

    Why it matters: sizes, EXIF orientation and frame counts are not compared with the export's.

    Example: an export with images, converted without Pillow.

    What to do: install the extra `media`, or say `--no-check-media`.
    """

    code = "MED716"
    name = "media-unchecked"
    severity = Severity.INFO
    template = "the media are not checked, because {library} is not installed: {what}"
    hint = "pip install 'cvat-encord-mapper[media]', or --no-check-media to leave it at that"

    library: str
    what: str


class MediaOverLimit(Issue):
    """A media file that is not read, because it goes beyond a limit that no genuine file reaches, or is encrypted.

    Why it matters: a few bytes of an archive can claim to be a thousand gigabytes; its size is not checked.

    Example: a member of a zip that is compressed ten thousandfold.

    What to do: find out who made it; unpack the archive and name the folder with `--media-dir` if it is genuine.
    """

    code = "MED717"
    name = "media-over-limit"
    severity = Severity.WARNING
    template = "{file!r} is not read: {why}"
    hint = "if it is genuine, unpack the archive and name the folder with --media-dir"

    file: str
    why: str


class VideoSizeDiffers(Issue):
    """A video of another size than the export says.

    Why it matters: the labels were drawn on another video, or on a scaled or turned copy of it.

    Example: `original_size` is 1920 x 1080, the file is 1280 x 720.

    What to do: find the video that the labels were drawn on.
    """

    code = "MED718"
    name = "video-size-differs"
    template = "video {file!r} is {width} x {height} pixels after rotation, the export says {said_width} x {said_height}"
    hint = "find the video that the labels were drawn on"

    file: str
    width: int
    height: int
    said_width: int
    said_height: int


class FramePastVideo(Issue):
    """A frame number of the export that the video does not reach.

    Why it matters: the labels were drawn on another video, or it was cut since; frame numbers may be off everywhere.

    Example: the export has frame 300, the file has 290 frames.

    What to do: find the video that the labels were drawn on.
    """

    code = "MED719"
    name = "frame-past-video"
    template = "the export has frame {frame} of video {file!r}, which has {frames} frames"
    hint = "find the video that the labels were drawn on"

    file: str
    frame: int
    frames: int


class RateDiffers(Issue):
    """The spec's frames per second are not those of the video.

    Why it matters: labels are placed by frame number, so nothing moves; but times that are shown would be wrong.

    Example: `media: {fps: 30}`, and a video of 25 frames per second.

    What to do: correct `media.fps`, or leave it out: the video's own rate is taken where it is known.
    """

    code = "MED720"
    name = "rate-differs"
    severity = Severity.WARNING
    template = "video {file!r} has {fps:.6g} frames per second, the spec says {said:.6g}"
    hint = "correct `media.fps` in the spec, or leave it out: the video's own rate is taken where it is known"

    file: str
    fps: float
    said: float


ISSUES: tuple[type[Issue], ...] = (
    SizeDiffers,
    SizeScaled,
    SizeUnrotated,
    OrientationUnseen,
    MediaDamaged,
    MediaFormatUnknown,
    MediaUnchecked,
    MediaOverLimit,
    VideoSizeDiffers,
    FramePastVideo,
    RateDiffers,
)
