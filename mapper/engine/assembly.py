"""Sends images and tracks to the label rows of their tasks, each task as the media mode wants it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mapper.engine.groups import Images, Listed
from mapper.engine.track_frames import is_video, title_of
from mapper.engine.video import Video
from mapper.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.cvat.model import Image, Task, Track
    from mapper.cvat.reading import Reading
    from mapper.engine.frame_spool import Names, Spool
    from mapper.engine.gather import Gathering, Setting
    from mapper.engine.groups import GroupKey
    from mapper.engine.tracks import Tracks

MediaMode = Literal["auto", "video", "image_group", "image"]


def mode_of(task: Task, media: MediaMode) -> MediaMode:
    """What a task's data become: as was asked, or (auto) a video if they are one, single images otherwise."""
    if media != "auto":
        return media
    return "video" if is_video(task) else "image"


def stand_alone(tasks: tuple[Task, ...], media: MediaMode) -> bool:
    """Whether every image of these tasks is a label row of its own."""
    return media in {"auto", "image"} and all(mode_of(task, media) == "image" for task in tasks)


@dataclass(slots=True, eq=False)
class Assembly:
    """The rows of all tasks of an export in the making."""

    setting: Setting
    media: MediaMode
    spool: Spool
    listed: Listed = field(default_factory=lambda: Listed({}, {}))
    gatherings: dict[GroupKey, Gathering] = field(default_factory=dict)
    modes: dict[MediaMode, int] = field(default_factory=dict)
    tracks: Tracks = field(init=False)

    def __post_init__(self) -> None:
        self.tracks = self.setting.program.tracks()

    def run(self, source: Reading, names: Callable[[], Names]) -> Iterator[Iterator[bytes]]:
        """Convert all that a source holds, then give the rows; ``names`` is asked when all titles are settled."""
        self.setting.listed = source.listed
        for image in source.images():
            self.image(image)
        for track in source.tracks():
            self.track(track)
        self.rest(source.export.tasks)
        if self.tracks.count != source.tally.tracks:
            raise LedgerError(f"the ledger does not balance: {source.tally.tracks} tracks read, {self.tracks.count} converted")
        self.tracks.finish()
        yield from self.rows(names())

    def image(self, image: Image) -> None:
        """Convert an image."""
        self._gathering(image.task, image.subset, mode_of(image.task, self.media)).add(image)

    def track(self, track: Track) -> None:
        """Convert a track; what does not say what its data are is a video."""
        task = track.task
        mode = mode_of(task, self.media)
        if self.media == "auto" and not task.mode:
            mode = "video"
        gathering = self._gathering(task, track.subset, mode)
        gathering.seek_size(title_of(task))
        self.tracks.convert(track, gathering)

    def rest(self, tasks: tuple[Task, ...]) -> None:
        """Make rows for the videos that have no annotations."""
        known = {identity for identity, _ in self.gatherings}
        for task in tasks:
            if task.id not in known and mode_of(task, self.media) == "video":
                self._gathering(task, task.subset, "video")

    def rows(self, names: Names) -> Iterator[Iterator[bytes]]:
        """The finished label rows in pieces, task by task in the order in which they first occur."""
        for gathering in self.gatherings.values():
            yield from gathering.rows(names)

    def _gathering(self, task: Task, subset: str, mode: MediaMode) -> Gathering:
        key = task.id, subset
        found = self.gatherings.get(key)
        if found is None:
            self.modes[mode] = self.modes.get(mode, 0) + 1
            found = self.gatherings[key] = self._made(task, subset, mode)
        return found

    def _made(self, task: Task, subset: str, mode: MediaMode) -> Gathering:
        shelf, setting = self.spool.shelf(), self.setting
        if mode == "video":
            return Video(setting=setting, task=task, subset=subset, shelf=shelf)
        key = task.id, subset
        return Images(
            setting=setting,
            task=task,
            subset=subset,
            shelf=shelf,
            grouped=mode == "image_group",
            places=self.listed.places.get(key) if mode == "image_group" else None,
            frames=self.listed.frames.get(key),
        )
