"""Jobs of one task put together in order, each onto what the earlier ones hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mapper.cvat.merging.assignment import best_pairs
from mapper.cvat.merging.similarity import shapes_alike, tracks_alike
from mapper.cvat.stored import Content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.cvat.interpolation.moments import Moment
    from mapper.cvat.stored import Placed, StoredTrack

SAME_SHAPE, SAME_TRACK = 0.75, 0.5
"""From how much similarity on two shapes (or tags), and two tracks, are taken for one."""

ROUNDING = 1e-12


class Merged(NamedTuple):
    """All annotations of a task, and those that stood twice.

    ``shapes``: shapes and tags left out; ``tracks``: labels of tracks that were joined with an earlier one; ``keyframes``: those
    left out of them, with the label.
    """

    content: Content
    shapes: list[Placed]
    tracks: list[str]
    keyframes: list[tuple[str, Moment]]


def merged(jobs: Iterable[Content], overlap: int, end: int) -> Merged:
    """The annotations of jobs that share ``overlap`` frames with their neighbours; open tracks then go on to ``end``.

    Tracks of the given jobs are changed.
    """
    found = Merged(Content(), [], [], [])
    for number, job in enumerate(jobs):
        if number:
            _add_shapes(found, job, overlap)
            _add_tracks(found, job, overlap)
        else:
            found.content.start = job.start
            found.content.shapes += job.shapes
            found.content.tracks += job.tracks
    for track in found.content.tracks:
        _stretch(track, end)
    return found


def _stretch(track: StoredTrack, end: int) -> None:
    track.end = end
    for element in track.elements:
        element.end = end


def _add_shapes(found: Merged, job: Content, overlap: int) -> None:
    """Shapes and tags frame by frame; of two that are the same the earlier job's stays."""
    shared = range(job.start, job.start + overlap)
    here: dict[int, list[Placed]] = {}
    for placed in found.content.shapes if overlap else ():
        if placed.frame in shared:
            here.setdefault(placed.frame, []).append(placed)
    incoming: dict[int, list[Placed]] = {}
    for placed in job.shapes:
        incoming.setdefault(placed.frame, []).append(placed)
    for frame, group in incoming.items():
        earlier = here.get(frame, [])
        similar = {
            (i, j): value
            for i, new in enumerate(group)
            for j, old in enumerate(earlier)
            if (value := shapes_alike(new.shape, old.shape)) > 0
        }  # fmt: skip
        same = {i for i, j in best_pairs(similar) if similar[i, j] >= SAME_SHAPE - ROUNDING}
        found.shapes.extend(placed for i, placed in enumerate(group) if i in same)
        found.content.shapes += [placed for i, placed in enumerate(group) if i not in same]


def _add_tracks(found: Merged, job: Content, overlap: int) -> None:
    """Tracks that are the same become one; an earlier one that is still open, and goes on nowhere, ends with the overlap."""
    shared = range(job.start, job.start + overlap)
    tracks = found.content.tracks
    open_ones = [index for index, track in enumerate(tracks) if _reaches(track, job.start)]
    incoming = [track for track in job.tracks if track.frame < shared.stop]
    similar = {
        (i, j): value
        for i, new in enumerate(incoming)
        for j in open_ones
        if overlap and (value := tracks_alike(new, tracks[j], shared)) > 0
    }  # fmt: skip
    pairs = {j: i for i, j in best_pairs(similar) if similar[i, j] >= SAME_TRACK - ROUNDING}
    for j in open_ones:
        if j in pairs:
            tracks[j] = _joined(found, tracks[j], incoming[pairs[j]])
        else:
            _close(tracks[j], shared.stop)
    taken = set(pairs.values())
    tracks.extend(track for i, track in enumerate(incoming) if i not in taken)
    tracks.extend(track for track in job.tracks if track.frame >= shared.stop)


def _reaches(track: StoredTrack, start: int) -> bool:
    last = max(track.keyframes, key=lambda moment: moment.frame, default=None)
    return last is not None and (last.frame >= start or not last.outside)


def _close(track: StoredTrack, frame: int) -> None:
    """End a track that is still open, and its elements."""
    last = max(track.keyframes, key=lambda moment: moment.frame, default=None)
    if last is not None and not last.outside and last.frame < frame:
        track.keyframes.append(last._replace(frame=frame, outside=True, attributes=()))
    for element in track.elements:
        _close(element, frame)


def _joined(found: Merged, earlier: StoredTrack, later: StoredTrack) -> StoredTrack:
    """One track with the keyframes of both; on the same frame the earlier job's, all else from the one that starts earlier."""
    known = {moment.frame for moment in earlier.keyframes}
    found.tracks.append(later.label)
    found.keyframes.extend((later.label, moment) for moment in later.keyframes if moment.frame in known)
    keyframes = earlier.keyframes + [moment for moment in later.keyframes if moment.frame not in known]
    first = later if later.frame < earlier.frame else earlier
    first.keyframes = keyframes
    return first
