"""What can be wrong with the annotations that backups and API answers store: SRC185 to SRC196."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class OnDeletedFrame(Issue):
    """An annotation stands on a frame that was deleted from its task.

    Why it matters: CVAT keeps it in store and leaves it out of every export; so it is not converted. A keyframe of a track does not
    count either: a track whose end lay on a deleted frame goes on to the end of the task.
    Example: a box on frame 7, and 7 among `deleted_frames`.
    What to do: nothing, or restore the frame in CVAT.
    """

    code = "SRC185"
    name = "on-deleted-frame"
    severity = Severity.INFO
    template = "{kind} on the deleted frame {frame} is not converted"
    hint = "nothing, or restore the frame in CVAT"

    kind: str
    frame: int


class OnPlaceholder(Issue):
    """An annotation stands on a placeholder: a copy of a validation frame, mixed into a job to measure annotators.

    Why it matters: the frame itself stands at the end of the task with its ground truth; CVAT leaves the copies out of its export of
    images.
    Example: in a task with honeypots, the boxes that an annotator drew on a validation frame.
    What to do: nothing.
    """

    code = "SRC186"
    name = "on-placeholder"
    severity = Severity.INFO
    template = "{kind} on the placeholder frame {frame} is not converted"
    hint = "nothing to do"

    kind: str
    frame: int


class FrameUnknown(Issue):
    """An annotation stands on a frame that its job does not have.

    Why it matters: there is no picture that it could belong to.
    Example: frame 30 in a task of 30 frames, which count from 0.
    What to do: make the backup again; with answers of the API, take all of them from the same task.
    """

    code = "SRC187"
    name = "frame-unknown"
    template = "{kind} stands on frame {frame}, which its job does not have; it is not converted"
    hint = "make the backup again, or take all answers of the API from the same task"

    kind: str
    frame: int


class FrameSizeUnknown(Issue):
    """The export does not say how large a frame is.

    Why it matters: Encord's coordinates are parts of the width and height, so nothing can be placed on the frame.
    Example: a backup without `data/manifest.jsonl`.
    What to do: give the size, if all frames have the same, or put the manifest into the backup.
    """

    code = "SRC188"
    name = "frame-size-unknown"
    template = "the size of frame {frame} is not known; it is not converted, nor are its shapes"
    hint = "give --frame-size WIDTHxHEIGHT, or put data/manifest.jsonl into the backup"

    frame: int


class LabelUnknown(Issue):
    """An annotation names no label, or an id that is not among the labels.

    Why it matters: its label decides what it becomes.
    Example: `"label_id": 7` where `labels.json` ends with 6.
    What to do: take annotations and labels from the same task.
    """

    code = "SRC189"
    name = "label-unknown"
    template = "{kind} has no label that is known ({text}); it is not converted"
    hint = "take annotations and labels from the same task"

    kind: str
    text: str


class StoredAttributeUnreadable(Issue):
    """An attribute of an annotation has no name that is known, or no text as its value.

    Why it matters: the attribute is left out; the annotation is kept.
    Example: `"spec_id": 99` where no label has an attribute of that id.
    What to do: take annotations and labels from the same task.
    """

    code = "SRC190"
    name = "stored-attribute-unreadable"
    template = "an attribute of the {kind} is left out: {reason}"
    hint = "take annotations and labels from the same task"

    kind: str
    reason: str


class ScoreUnreadable(Issue):
    """A score is no number from 0 to 1.

    Why it matters: CVAT's scores, and Encord's confidence, lie between 0 and 1; the shape is kept without it.
    Example: `"score": 87`.
    What to do: correct the score.
    """

    code = "SRC191"
    name = "score-unreadable"
    severity = Severity.WARNING
    template = "the score {text} of the {kind} is no number from 0 to 1 and is left out"
    hint = "correct the score"

    kind: str
    text: str


class KeyframesContradict(Issue):
    """The keyframes of a track contradict each other.

    Why it matters: what lies between them cannot be known; CVAT's own export fails on such a track (#6779, #8411).
    Example: two different keyframes on one frame, or a rectangle that becomes a polygon.
    What to do: open the track in CVAT, remove one of the keyframes, and make the backup again.
    """

    code = "SRC192"
    name = "keyframes-contradict"
    template = "a track is not converted: {reason} (frame {frame})"
    hint = "remove one of the keyframes in CVAT"

    reason: str
    frame: int


class PathHeld(Issue):
    """A polygon or polyline of a track has no length, so the frames beside it are not interpolated.

    Why it matters: CVAT pairs vertices by arc length and divides by zero here; the earlier outline stays until the next keyframe.
    Example: a keyframe whose points are all the same.
    What to do: correct the keyframe in CVAT.
    """

    code = "SRC194"
    name = "path-held"
    severity = Severity.WARNING
    template = "{kind} without length on frame {frame} is not interpolated; the earlier outline stays"
    hint = "correct the keyframe in CVAT"

    kind: str
    frame: int


class ThreeDimensional(Issue):
    """A task or an image is a point cloud: its cuboids have a place, a rotation and a size in space.

    Why it matters: this version maps images and videos only; a cuboid in space is not one in an image.
    Example: a backup whose manifest lists `.pcd` files; an image called `000001.pcd`.
    What to do: convert the 2D tasks; of 3D tasks every annotation is listed in the ledger as refused.
    """

    code = "SRC195"
    name = "three-dimensional"
    template = "3D is not mapped: {kind} of a point cloud"
    hint = "3D tasks are not converted"

    kind: str


class AudioInterval(Issue):
    """An interval of an audio task: a start and a stop in milliseconds.

    Why it matters: this version maps images and videos only.
    Example: a backup with `.mp3` media and `intervals`.
    What to do: of audio tasks every interval is listed in the ledger as refused.
    """

    code = "SRC196"
    name = "audio-interval"
    template = "audio is not mapped: {kind}"
    hint = "audio tasks are not converted"

    kind: str


ISSUES: tuple[type[Issue], ...] = (
    OnDeletedFrame,
    OnPlaceholder,
    FrameUnknown,
    FrameSizeUnknown,
    LabelUnknown,
    StoredAttributeUnreadable,
    ScoreUnreadable,
    KeyframesContradict,
    PathHeld,
    ThreeDimensional,
    AudioInterval,
)
