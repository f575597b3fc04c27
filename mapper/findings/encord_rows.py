"""Issues of label rows for videos and frames: ENC506 to ENC519."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class NominalRate(Issue):
    """Nobody says how many frames a second a video has.

    Why it matters: CVAT's exports do not hold it. Labels are placed by frame number, so only the metadata of the row in the
    bundle depends on it: its `data_fps` and `data_duration`.
    Example: a video export without the video.
    What to do: nothing, or give `--fps`.
    """

    code = "ENC506"
    name = "nominal-rate"
    severity = Severity.INFO
    template = "the frame rate of {title!r} is not known; its label row says {fps:g} frames a second"
    hint = "give --fps if the row's metadata matter"

    title: str
    fps: float


class NoFrameSize(Issue):
    """Nobody says how large the frames of a task are.

    Why it matters: Encord's coordinates are shares of the frame's width and height, so nothing can be placed.
    Example: an image task exported as "CVAT for video", whose XML holds no sizes.
    What to do: give `--frame-size WIDTHxHEIGHT`, or export the task as "CVAT for images".
    """

    code = "ENC507"
    name = "no-frame-size"
    template = "the frame size of {title!r} is not known; its tracks are refused"
    hint = "give --frame-size WIDTHxHEIGHT"

    title: str


class FramesByNumber(Issue):
    """Frames of an image task are named by their number, since the export does not hold their names.

    Why it matters: the images in Encord have other names.
    Example: an image task exported as "CVAT for video", converted with `--media image`.
    What to do: export the task as "CVAT for images", or rename the files.
    """

    code = "ENC508"
    name = "frames-by-number"
    severity = Severity.WARNING
    template = "the export does not name the images of {title!r}; they are called frame_000000 and so on"
    hint = "export the task as CVAT for images"

    title: str


class FramesUnknown(Issue):
    """The export does not say which frames a task has.

    Why it matters: the row holds those that carry annotations; there may be more.
    Example: an old video export without `<meta>`.
    What to do: nothing, unless frame counts have to agree: then export the task again from a newer CVAT.
    """

    code = "ENC509"
    name = "frames-unknown"
    severity = Severity.WARNING
    template = "the export does not say which frames {title!r} has; those with annotations are taken"
    hint = "export the task again from a newer CVAT, if frame counts have to agree"

    title: str


class BeyondTheTask(Issue):
    """A video has annotations past the last frame that its task names.

    Why it matters: the row says that the video is that long; if it is not, Encord refuses the row.
    Example: a hand-edited export, or one whose `stop_frame` is wrong.
    What to do: compare with the length of the video.
    """

    code = "ENC510"
    name = "beyond-the-task"
    severity = Severity.WARNING
    template = "{title!r} has annotations up to frame {last}, its task ends at {stop}"
    hint = "compare with the length of the video"

    title: str
    last: int
    stop: int


ISSUES: tuple[type[Issue], ...] = (NominalRate, NoFrameSize, FramesByNumber, FramesUnknown, BeyondTheTask)
