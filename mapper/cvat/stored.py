"""What a backup or an API answer stores, before it is a shape on an image or a track through frames.

Frames here are relative to the task, from 0; frame in the source media = start_frame + relative x step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mapper.cvat.interpolation.moments import Moment, Pairs
    from mapper.cvat.manifest import Manifest
    from mapper.cvat.model import LabelSpec, Shape, Task

ANNOTATION, GROUND_TRUTH, REPLICA = JOB_TYPES = ("annotation", "ground_truth", "consensus_replica")
"""CVAT's words for what a job is for."""


class Placed(NamedTuple):
    """A shape or tag on a frame."""

    frame: int
    shape: Shape


@dataclass(slots=True, kw_only=True)
class StoredTrack:
    """A track, or an element of a skeleton's track, by its keyframes; ``end`` is the last frame that an open one goes on to."""

    id: str
    label: str
    frame: int
    group: str | None
    source: str | None
    attributes: Pairs
    keyframes: list[Moment]
    elements: list[StoredTrack] = field(default_factory=list)
    spec: LabelSpec | None = None
    end: int = 0
    place: str = ""


@dataclass(slots=True)
class Content:
    """The annotations of one job, or of several that were merged."""

    start: int = 0
    shapes: list[Placed] = field(default_factory=list)
    tracks: list[StoredTrack] = field(default_factory=list)


class StoredJob(NamedTuple):
    """A job: its first and last frame, inclusive; ``frames`` if it is not all of those between, ``files`` their names if said."""

    type: str
    start: int
    stop: int
    frames: frozenset[int] | None = None
    files: tuple[str, ...] = ()

    def has(self, frame: int) -> bool:
        """Whether a frame belongs to the job."""
        return self.start <= frame <= self.stop and (self.frames is None or frame in self.frames)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTask:
    """A task: its frames, jobs and media. ``sort`` is 2d, 3d or audio; ``mixed_in``: placeholder frames of a task with honeypots."""

    task: Task
    jobs: tuple[StoredJob, ...]
    included: frozenset[int]
    manifest: Manifest | None = None
    deleted: frozenset[int] = frozenset()
    mixed_in: frozenset[int] = frozenset()
    sort: str = "2d"

    @property
    def overlap(self) -> int:
        """Frames that two neighbouring jobs of annotations share."""
        jobs = [job for job in self.jobs if job.type == ANNOTATION]
        return max(jobs[0].stop - jobs[1].start + 1, 0) if len(jobs) > 1 else 0

    def frames(self) -> list[int]:
        """The frames that are part of the export, in order: those of the chosen jobs, neither deleted nor placeholders."""
        chosen = [self.jobs[index] for index in sorted(self.included)]
        found = {frame for job in chosen for frame in (job.frames or range(job.start, job.stop + 1))}
        return sorted(found - self.deleted - self.mixed_in)

    def source_frame(self, frame: int) -> int:
        """The frame number in the source media."""
        return self.task.start_frame + frame * self.task.step

    def medium(self, frame: int) -> tuple[str, int, int]:
        """Name, width and height of a frame as CVAT's export names it; sizes are 0 where nothing says them."""
        source = self.source_frame(frame)
        found = self.manifest.medium(source) if self.manifest else None
        if found is not None and self.manifest is not None and self.manifest.video is None:
            return found.name, found.width or self.task.width, found.height or self.task.height
        named = next((job.files[frame - job.start] for job in self.jobs if job.has(frame) and frame - job.start < len(job.files)), "")
        size = (found.width, found.height) if found else (self.task.width, self.task.height)
        return named or f"frame_{source:06d}", *size
