"""A task as a video: one label row, frames numbered as in the video's own file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from mapper.cvat.model import Image
from mapper.encord.ids import stable_uuid
from mapper.encord.rows import Unit, row_head
from mapper.encord.videos import NOMINAL_FPS, frame_labels, video_unit
from mapper.engine.gather import Gathering, MarkedRow
from mapper.engine.track_frames import declared_frames, title_of
from mapper.findings.encord_rows import BeyondTheTask, FramesUnknown, NominalRate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.engine.frame_spool import Names


@dataclass(slots=True, eq=False, kw_only=True)
class Video(Gathering):
    """A video in the making; ``last`` is the last frame with annotations, -1 before the first."""

    per_frame: bool = False
    last: int = -1

    def number_of(self, frame: int) -> int | None:
        """The frame itself: CVAT and Encord both count what the decoder gives."""
        self.last = max(self.last, frame)
        return frame

    def numbers_of(self, frames: list[int]) -> Sequence[int | None]:
        """The frames themselves."""
        self.last = max(self.last, frames[-1])
        return frames

    def unit(self) -> Unit:
        """The video; it keeps its id as long as the task keeps its own."""
        stage, task = self.setting.stage, self.task
        size = self.size or (0, 0)
        identity = stable_uuid("data", stage.dataset.hash, task.id, self.subset, "video")
        return Unit(identity, title_of(task), *size, *stage.shared(task, self.subset)[2:4])

    def add(self, image: Image) -> None:
        """Convert the shapes and tags of a frame."""
        self.meet(image)
        frame = self.number_of(image.frame) or 0
        setting, tracks = self.setting, self.foreign.setdefault(0, {})
        fields = setting.stage.parts(image, self.unit(), self.taken, b"[%d,%d]" % (frame, frame))
        row = MarkedRow(**fields, marks=self.marks, number=frame)
        row.tracks = tracks
        shared = len(tracks)
        setting.program.convert(image, row)
        # A video counts its objects once, whatever their frames.
        setting.program.ledger.again += len(row.objects) - len(row.answers) - (len(tracks) - shared)
        for entry in row.objects:
            self.shelf.put_whole(frame, entry)
        self.keep_answers(row, 0)

    def rows(self, names: Names) -> Iterator[Iterator[bytes]]:
        """The one label row; none without a frame size."""
        self.close_answers()
        if self.size is None:
            return
        frames, fps = self._frames(), self._fps()
        unit = self.unit()
        self.setting.media(self._media(unit, frames, fps))
        yield self._row(unit, frames, fps, names)

    def _row(self, unit: Unit, frames: int, fps: float, names: Names) -> Iterator[bytes]:
        yield row_head(self.setting.stage.dataset, unit, "video")
        yield b',"data_units":{'
        yield video_unit(unit, fps, frames)
        comma = b""
        for number in self.shelf.shown():
            yield comma
            yield from frame_labels(number, self.shelf.objects(number, names))
            comma = b","
        yield b"}}"
        yield from self.tail(0)

    def _fps(self) -> float:
        """Frames a second: as the caller or the spec says, as the video says, or a nominal rate."""
        facts = self.setting.facts(self.task)
        rate = self.setting.fps or (facts.rate if facts is not None else None)
        if rate is None:
            self.setting.program.context.findings.add(NominalRate(title_of(self.task), NOMINAL_FPS))
        return float(rate or NOMINAL_FPS)

    def _frames(self) -> int:
        """How many frames the video has as far as the export tells."""
        facts = self.setting.facts(self.task)
        if facts is not None and facts.frames > self.last:
            return facts.frames
        add = self.setting.program.context.findings.add
        declared = declared_frames(self.task)
        if declared is None:
            add(FramesUnknown(title_of(self.task)))
            return self.last + 1 or 1
        end = max(declared[-1], self.task.stop_frame) if declared else 0
        if self.last > end:
            add(BeyondTheTask(title_of(self.task), self.last, end))
        return max(end, self.last) + 1

    def _media(self, unit: Unit, frames: int, fps: float) -> bytes:
        entry = {
            "data_hash": unit.hash,
            "title": unit.title,
            "width": unit.width,
            "height": unit.height,
            "task_id": self.task.id,
            "subset": self.subset,
            "frames": frames,
            "fps": fps,
        }
        file = self.setting.video(self._last(unit, frames)) if self.task.source else None
        return orjson.dumps(entry if file is None else entry | {"file": file})

    def _last(self, unit: Unit, frames: int) -> Image:
        """The last frame, to ask whether the file reaches it."""
        return Image(frames - 1, unit.title, unit.width, unit.height, self.task, self.subset, frames - 1, 0, [])
