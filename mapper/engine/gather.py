"""What the label rows of one task share while they are gathered, whether they become a video, image groups or images."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.encord.answers import IMAGE_RANGE
from mapper.engine.marks import Marks
from mapper.engine.row import ImageRow, Tracked, tracked_entries
from mapper.engine.track_frames import Head, TrackFrame, frame_name
from mapper.engine.track_row import ACTIONS, ANSWERS, PART_BITS, TAGS, Target, TrackRow
from mapper.findings.encord_rows import NoFrameSize
from mapper.geometry.shapes import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mapper.cvat.manifest import Medium
    from mapper.cvat.model import Image, Shape, Task, Track
    from mapper.encord.nodes import ClassificationNode, OptionNode
    from mapper.encord.rows import Unit
    from mapper.engine.accounts import Answered
    from mapper.engine.frame_spool import Names, Shelf
    from mapper.engine.program import Program
    from mapper.engine.run import FileOf, Stage
    from mapper.media.video import VideoFacts


def _no_file(_: Image) -> str | None:
    return None


def nowhere(_: bytes) -> None:
    """Where media entries go when nothing is written."""


def _no_size() -> tuple[int, int] | None:
    return None


def _not_listed(_: Task) -> Mapping[int, Medium]:
    return {}


def _no_facts(_: Task) -> VideoFacts | None:
    return None


@dataclass(slots=True, eq=False)
class Setting:
    """What all tasks of a run share.

    ``video`` gives the file of a task's video (asked with its last frame), ``facts`` what that file says of itself, ``listed``
    what lies beside the export about its frames. ``size``: of frames whose size the export does not say, ``common`` that of all
    pictures there are, if they have one. ``fps``: of videos, None if nobody knows. ``group_size``: the most images of a group, 0 for
    no limit. ``media`` takes the entries of the media list.
    """

    program: Program
    stage: Stage
    files: FileOf
    media: Callable[[bytes], None]
    video: FileOf = _no_file
    listed: Callable[[Task], Mapping[int, Medium]] = _not_listed
    facts: Callable[[Task], VideoFacts | None] = _no_facts
    size: Frame | None = None
    common: Callable[[], tuple[int, int] | None] = _no_size
    fps: float | None = None
    group_size: int = 0


@dataclass(slots=True, eq=False, kw_only=True)
class MarkedRow(ImageRow):
    """A frame of a row whose classifications are kept with the row, not with the frame."""

    marks: Marks
    number: int

    def classify(self, node: ClassificationNode, shape: Shape, root: bytes, answered: Answered, options: list[OptionNode]) -> str:
        """Put a classification on the frame; "kept", "merged" with an equal one, or "conflict"."""

        def instance() -> bytes:
            found = self.object_hash(shape, b"classification")
            self.taken.add(found)
            return found

        answers = (node.hash, root, answered.answers, answered.manual)
        return self.marks.put(node, self.number, answers, options, instance)


@dataclass(slots=True, eq=False)
class Gathering:
    """The rows of one task (and subset) in the making.

    ``heads``: frames that the export lists, where they are not as the task would have them. ``taken``: hashes in use.
    ``foreign``: objects that shapes of images share by a foreign track id, by label row.
    """

    setting: Setting
    task: Task
    subset: str
    shelf: Shelf
    size: Frame | None = None
    heads: dict[int, Head] = field(default_factory=dict)
    taken: set[bytes] = field(default_factory=set)
    marks: Marks = field(default_factory=Marks)
    foreign: dict[int, dict[bytes, Tracked]] = field(default_factory=dict)
    per_row: int = 0
    per_frame: bool = True
    sought: bool = False

    def __post_init__(self) -> None:
        task = self.task
        self.size = Frame(task.width, task.height) if task.width and task.height else self._size()
        for frame, medium in self.setting.listed(task).items():
            size = Frame(medium.width, medium.height) if medium.width else self.size
            if size is not None:
                self.size = self.size or size
                self.heads[frame] = Head(frame + task.offset, medium.name, size)

    def _size(self) -> Frame | None:
        """The size that the caller gives, or the video's own."""
        if self.setting.size is not None:
            return self.setting.size
        facts = self.setting.facts(self.task)
        return None if facts is None else Frame(facts.width, facts.height)

    @property
    def varying(self) -> bool:
        """Whether frames may have sizes or names of their own."""
        return bool(self.heads)

    def meet(self, image: Image) -> None:
        """Note what an image says of its frame."""
        size = Frame(image.width, image.height)
        if self.size is None:
            self.size = size
        usual = (image.frame + self.task.offset, frame_name(self.task, image.frame), self.size)
        if (image.id, image.name, size) != usual:
            self.heads.setdefault(image.frame, Head(image.id, image.name, size))

    def track_row(self, track: Track, identity: bytes) -> TrackRow:
        """A row for one track; only where the size of frames is known."""
        stage, size = self.setting.stage, self.size or Frame(1, 1)
        view = TrackFrame(self.task, self.subset, size, self.heads)
        shared = stage.shared(self.task, self.subset)
        return TrackRow(
            image=view,  # type: ignore[arg-type] # it has what an image has
            frame=size,
            unit=self.unit(),
            file=stage.file,
            range=IMAGE_RANGE,
            prefix="",
            manual=shared.manual,
            automatic=shared.automatic,
            taken=self.taken,
            view=view,
            context=self.setting.program.context,
            target=Target(self.shelf, self.marks, self.per_row),
            track=track,
            identity=identity,
        )

    def unit(self) -> Unit:
        """The data unit of the whole task."""
        raise NotImplementedError

    def number_of(self, frame: int) -> int | None:
        """The place of a frame in the rows, None if they do not hold it."""
        raise NotImplementedError

    def numbers_of(self, frames: list[int]) -> Sequence[int | None]:
        """The places of several frames, which ascend."""
        return [self.number_of(frame) for frame in frames]

    def add(self, image: Image) -> None:
        """Convert an image onto the rows."""
        raise NotImplementedError

    def rows(self, names: Names) -> Iterator[Iterator[bytes]]:
        """The finished label rows, each in pieces; ``names`` are texts to replace in objects."""
        raise NotImplementedError

    def seek_size(self, title: str) -> None:
        """See to the size by which tracks are placed, if nothing has said it yet: that of all pictures, or a finding."""
        if self.size is None and not self.sought:
            self.sought = True
            common = self.setting.common()
            self.size = None if common is None else Frame(*common)
        if self.size is None:
            self.setting.program.context.findings.add(NoFrameSize(title))

    def keep_answers(self, row: ImageRow, number: int) -> None:
        """File what the objects of an image answer, with the label row of that number."""
        for part, entries in ((ANSWERS, row.answers), (ACTIONS, row.actions)):
            for entry in entries:
                self.shelf.add(number << PART_BITS | part, entry)

    def close_answers(self) -> None:
        """File what is known only when all frames were seen: foreign tracks and classifications."""
        for number, tracks in self.foreign.items():
            answers, actions = tracked_entries(tracks)
            for part, entries in ((ANSWERS, answers), (ACTIONS, actions)):
                for entry in entries:
                    self.shelf.add(number << PART_BITS | part, entry)
        made = 0
        for number, entry in self.marks.entries(self.unit(), self.per_row):
            self.shelf.add(number << PART_BITS | TAGS, entry)
            made += 1
        self.setting.program.ledger.again += self.marks.given - made

    def tail(self, number: int) -> Iterator[bytes]:
        """What stands after the data units of a label row."""
        for opening, part in (
            (b'},"object_answers":{', ANSWERS),
            (b'},"classification_answers":{', TAGS),
            (b'},"object_actions":{', ACTIONS),
        ):
            yield opening
            yield from self.shelf.read(number << PART_BITS | part)
        yield b"}}"
