"""What can be wrong with a track as a whole: SRC150 to SRC159."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class TrackEmpty(Issue):
    """A track holds no entry at all.

    Why it matters: without an entry it has neither a shape nor a frame, so there is nothing to convert.
    Example: `<track id="3" label="car"></track>`, left behind when somebody removed the boxes by a script.
    What to do: nothing, unless the boxes are missed.
    """

    code = "SRC150"
    name = "track-empty"
    severity = Severity.WARNING
    template = "track {track!r} holds nothing; it is not converted"
    hint = "nothing, unless something is missed"

    track: str


class TrackUnseen(Issue):
    """A track is outside in all its entries.

    Why it matters: the object is never seen, so no frame gets it. CVAT writes such tracks itself.
    Example: `<track …><box frame="4" keyframe="1" outside="1" …/></track>`.
    What to do: nothing.
    """

    code = "SRC151"
    name = "track-unseen"
    severity = Severity.INFO
    template = "track {track!r} is never seen: all its entries are outside"
    hint = "nothing to do"

    track: str


class TrackIdRepeated(Issue):
    """Two tracks of one export have the same id.

    Why it matters: CVAT numbers the tracks of a file, so the file was put together from others; ids do not tell the two apart.
    Example: two exports pasted into one file, each with `<track id="0">`.
    What to do: both are kept as objects of their own; give them different ids if they are different objects, join them if not.
    """

    code = "SRC152"
    name = "track-id-repeated"
    severity = Severity.WARNING
    template = "track id {track!r} occurs again; both tracks are kept"
    hint = "give the tracks different ids, or join them"

    track: str


class TrackKindsMixed(Issue):
    """A track holds shapes of several kinds.

    Why it matters: an object has one shape in CVAT, which fails on such a track, and in Encord. The track becomes one track
    for each kind.
    Example: `<track …><box frame="0" …/><polygon frame="1" …/></track>`.
    What to do: check the entries; draw the object with one kind of shape.
    """

    code = "SRC153"
    name = "track-kinds-mixed"
    severity = Severity.WARNING
    template = "track {track!r} holds {kinds}; each kind becomes a track of its own"
    hint = "draw the object with one kind of shape"

    track: str
    kinds: str


class TrackMisfit(Issue):
    """In a project export, the frames of a track do not follow from the numbers of its entries.

    Why it matters: numbers run on over the tasks of a subset; a frame is the number less what earlier tasks take up. If that
    gives no frame of the task, the numbers are taken as they stand.
    Example: an entry on frame 4 in the second task of a subset, whose frames begin at 100.
    What to do: check whether tasks were removed from the meta block.
    """

    code = "SRC154"
    name = "track-misfit"
    severity = Severity.WARNING
    template = "frame {number} of track {track!r} less the offset {offset} is no frame of task {task}; numbers are taken as frames"
    hint = "check whether tasks were removed from the XML"

    track: str
    number: int
    offset: int
    task: str


class OffsetUncertain(Issue):
    """In a project export, it is not certain what earlier tasks take up.

    Why it matters: a project with a subset `default` and tasks without a subset calls both `default` in its meta block, and
    counts their frames apart. A task without any track does not show to which of the two it belongs.
    Example: the subsets `default` and `default_1` on tracks, and a task between theirs that has no track.
    What to do: export the tasks singly, or the project as "CVAT for images 1.1", which lists every frame.
    """

    code = "SRC155"
    name = "offset-uncertain"
    severity = Severity.WARNING
    template = "the frames of task {task} are uncertain: task {other} before it has no track to show its subset"
    hint = "export the tasks singly"

    task: str
    other: str


class TrackSparse(Issue):
    """A track has entries only here and there, and none of them is interpolated.

    Why it matters: CVAT writes an entry for every frame on which an object is seen, so another tool wrote this. Between its
    entries the object is taken as not seen.
    Example: keyframes on the frames 0, 10 and 20 with step 1, and nothing between them.
    What to do: say `source.sparse_tracks: interpolate` in the spec if the object is to be seen between its entries.
    """

    code = "SRC156"
    name = "track-sparse"
    severity = Severity.WARNING
    template = "track {track!r} has {gaps} gaps between keyframes, the first after frame {frame}; it is not seen there"
    hint = "say source.sparse_tracks: interpolate in the spec to fill them"

    track: str
    gaps: int
    frame: int


class TrackFilled(Issue):
    """The gaps of a track were filled by interpolation, because the spec says so.

    Why it matters: the export does not hold these frames; the shapes on them are computed as CVAT does it.
    Example: keyframes on the frames 0 and 10, filled on 1 to 9.
    What to do: nothing, or take `source.sparse_tracks: interpolate` out of the spec.
    """

    code = "SRC157"
    name = "track-filled"
    severity = Severity.INFO
    template = "track {track!r} was interpolated on {frames} frames that the export leaves out"
    hint = "nothing to do"

    track: str
    frames: int


class GapTooLong(Issue):
    """A gap of a track is longer than any that is filled.

    Why it matters: each frame of a gap takes memory, and no annotator leaves a hundred thousand frames between two keyframes.
    Example: keyframes on the frames 0 and 9000000000, a slip of a script.
    What to do: correct the frame numbers; the gap is left as it is.
    """

    code = "SRC158"
    name = "gap-too-long"
    severity = Severity.WARNING
    template = "the gap of track {track!r} after frame {frame} takes {frames} frames and is not filled"
    hint = "check the frame numbers"

    track: str
    frame: int
    frames: int


class ViewsMixed(Issue):
    """An export holds both images and tracks.

    Why it matters: CVAT writes one of the two, so the file was put together from others. Both are read; if they come from one
    task, every object of a track is there a second time, as a shape on each image.
    Example: two exports of one task, pasted into one file.
    What to do: remove one of the two if they say the same.
    """

    code = "SRC159"
    name = "views-mixed"
    severity = Severity.WARNING
    template = "the export holds both images and tracks; both are read"
    hint = "remove one of the two if they say the same"


ISSUES: tuple[type[Issue], ...] = (
    TrackEmpty,
    TrackUnseen,
    TrackIdRepeated,
    TrackKindsMixed,
    TrackMisfit,
    OffsetUncertain,
    TrackSparse,
    TrackFilled,
    GapTooLong,
    ViewsMixed,
)
