"""The frames of a task, and what stands for the image that an entry of a track is on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.model import Shape, Task
    from mapper.geometry.shapes import Frame


class Head(NamedTuple):
    """What an export says of one frame."""

    id: int
    name: str
    size: Frame


@dataclass(slots=True, eq=False)
class TrackFrame:
    """An image for conditions and templates, which goes from frame to frame; it has what ``Image`` has.

    ``size`` is that of the task's frames; ``heads`` tells the frames that the export lists with a name or size of their own.
    """

    task: Task
    subset: str
    size: Frame
    heads: Mapping[int, Head]
    frame: int = 0
    line: int = 0
    shapes: list[Shape] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The number that CVAT's exports give the frame."""
        head = self.heads.get(self.frame)
        return self.frame + self.task.offset if head is None else head.id

    @property
    def name(self) -> str:
        """The frame's name."""
        head = self.heads.get(self.frame)
        return frame_name(self.task, self.frame) if head is None else head.name

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.here.width

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.here.height

    @property
    def here(self) -> Frame:
        """Its size in pixels."""
        head = self.heads.get(self.frame)
        return self.size if head is None else head.size


def frame_name(task: Task, frame: int) -> str:
    """What CVAT calls a frame of a video."""
    return f"frame_{frame + task.offset:06d}"


def declared_frames(task: Task) -> range | None:
    """The frames that a task says it has, in its media's numbers; None if it does not say."""
    if task.size > 0:
        return range(task.start_frame, task.start_frame + task.step * task.size, task.step)
    if task.stop_frame > task.start_frame:
        return range(task.start_frame, task.stop_frame + 1, task.step)
    return None


def is_video(task: Task) -> bool:
    """Whether the task's data are a video: CVAT says so, or names a source or a size for all frames."""
    return task.mode == "interpolation" or bool(task.source) or (task.mode != "annotation" and task.width > 0)


def title_of(task: Task) -> str:
    """What a row for the whole task is called."""
    return task.source or task.name or (f"task {task.id}" if task.id else "video")
