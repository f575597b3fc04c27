"""What can be wrong with an entry of a track, and with video exports in general: SRC160 to SRC168."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class FrameUnreadable(Issue):
    """The frame of an entry is no whole number.

    Why it matters: an entry without a frame belongs to no picture.
    Example: `<box frame="-1" …>`, `<box frame="3.5" …>`.
    What to do: correct the number; the first frame of a video is 0.
    """

    code = "SRC160"
    name = "frame-unreadable"
    template = "frame {text!r} of {element} is no whole number; it is not converted"
    hint = "correct the frame, or remove the {element}"

    element: str
    text: str


class FrameRepeated(Issue):
    """A track has two different entries on one frame.

    Why it matters: an object is at one place at a time; CVAT fails on such a track (#6779, #8411). The first keyframe of the
    two is kept, or the first entry if none is one.
    Example: two `<box frame="7" …>` with different corners, after tracks were merged by hand.
    What to do: remove one of the two.
    """

    code = "SRC161"
    name = "frame-repeated"
    template = "track {track!r} has another entry on frame {frame}; it is not converted"
    hint = "remove one of the two entries"

    track: str
    frame: int


class FrameCopied(Issue):
    """A track has the same entry twice.

    Why it matters: nothing is lost, the copy says nothing of its own.
    Example: one `<box frame="7" …>` twice, after files were merged by hand.
    What to do: nothing.
    """

    code = "SRC162"
    name = "frame-copied"
    severity = Severity.INFO
    template = "track {track!r} has the same entry on frame {frame} twice; one is read"
    hint = "nothing to do"

    track: str
    frame: int


class FramesUnordered(Issue):
    """The entries of a track do not stand in the order of their frames.

    Why it matters: CVAT writes them in order, so the file was changed; they are put in order, and nothing is lost by it.
    Example: entries on the frames 4, 2, 3.
    What to do: nothing.
    """

    code = "SRC163"
    name = "frames-unordered"
    severity = Severity.INFO
    template = "the entries of track {track!r} are out of order; frame {frame} stands behind a later one"
    hint = "nothing to do"

    track: str
    frame: int


class FrameOffGrid(Issue):
    """An entry stands on a frame between those of the task.

    Why it matters: with a frame step, the task has every so many frames of its video only; nobody can have drawn on the others.
    Example: frame 12 in a task that starts at 10 with step 5.
    What to do: check where the entry comes from; it is kept on its frame.
    """

    code = "SRC164"
    name = "frame-off-grid"
    severity = Severity.WARNING
    template = "frame {frame} of track {track!r} is none of the task's, which start at {start} with step {step}"
    hint = "check where the entry comes from"

    track: str
    frame: int
    start: int
    step: int


class FrameBeyond(Issue):
    """An object is seen on a frame before the first or behind the last frame of its task or job.

    Why it matters: the picture may not exist. CVAT itself writes such entries when it exports a ground-truth job.
    Example: an entry on frame 640 of a task whose `stop_frame` is 599.
    What to do: check the length of the video; the entry is kept.
    """

    code = "SRC165"
    name = "frame-beyond"
    severity = Severity.WARNING
    template = "frame {frame} of track {track!r} lies outside the frames {start} to {stop}"
    hint = "check the length of the video"

    track: str
    frame: int
    start: int
    stop: int


class KeyframeUnsaid(Issue):
    """An entry does not say whether it is a keyframe.

    Why it matters: CVAT always says so; an entry that somebody wrote without it is taken as a keyframe.
    Example: `<box frame="4" outside="0" …>`.
    What to do: nothing.
    """

    code = "SRC166"
    name = "keyframe-unsaid"
    severity = Severity.INFO
    template = "{element} does not say whether it is a keyframe; it is taken as one"
    hint = "nothing to do"

    element: str


class ElementAlone(Issue):
    """A point of a skeleton has an entry on a frame where its skeleton has none.

    Why it matters: a point is part of its skeleton; alone it belongs to nothing.
    Example: in an export of CVAT 2.2 or 2.3, a `<track>` of a point inside a skeleton's track that goes on after the skeleton's end.
    What to do: correct the skeleton in CVAT and export again.
    """

    code = "SRC167"
    name = "element-alone"
    template = "element {element!r} has an entry on frame {frame}, its skeleton has none to take it; it is not converted"
    hint = "correct the skeleton"

    element: str
    frame: int


class TaskFlipped(Issue):
    """The task was flipped when it was made, as CVAT could do until 2019.

    Why it matters: annotators saw the frames turned by 180 degrees; whether the coordinates are of the frames as they were seen or as
    they are in the file depends on the version. They are read as they stand.
    Example: `<flipped>True</flipped>` in the meta block.
    What to do: look at one converted frame; if it is upside down, turn the video.
    """

    code = "SRC168"
    name = "task-flipped"
    severity = Severity.WARNING
    template = "task {task!r} was flipped in CVAT; coordinates are read as they stand"
    hint = "look at one converted frame, and turn the video if it is upside down"

    task: str


ISSUES: tuple[type[Issue], ...] = (
    FrameUnreadable,
    FrameRepeated,
    FrameCopied,
    FramesUnordered,
    FrameOffGrid,
    FrameBeyond,
    KeyframeUnsaid,
    ElementAlone,
    TaskFlipped,
)
