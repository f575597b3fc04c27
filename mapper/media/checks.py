"""Compares what media files are with what the export says of them, and reports the differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.findings.media_facts import (
    FramePastVideo,
    MediaDamaged,
    MediaFormatUnknown,
    MediaOverLimit,
    MediaUnchecked,
    OrientationUnseen,
    RateDiffers,
    SizeDiffers,
    SizeScaled,
    SizeUnrotated,
    VideoSizeDiffers,
)
from mapper.media.facts import Problem

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.findings.collector import Collector
    from mapper.media.facts import MediaFacts
    from mapper.media.images import ImageSize

SAME_RATE = 0.001
"""By what share a rate may differ from a spec's decimal spelling of it, such as 29.97."""


@dataclass(slots=True)
class Checks:
    """Checks of one run; each library that is missing is reported once, and each video."""

    facts: MediaFacts
    findings: Collector
    fps: float | None = None
    _videos: dict[str, int] = field(default_factory=dict)
    _lacking: set[str] = field(default_factory=set)

    def image(self, file: str, name: str, said: tuple[int, int], place: Location) -> None:
        """Compare an image file with the size that the export says; 0 is a size that it does not say."""
        found = self.facts.image(file)
        if isinstance(found, Problem):
            self._problem(file, found, "sizes and EXIF orientation of images", place)
        elif issue := size_issue(file, name, found, said):
            self.findings.add(issue, source=place)

    def video(self, file: str, said: tuple[int, int], frame: int, place: Location) -> None:
        """Compare a video with the size and the frame numbers of its task; sizes and rate once, frames as they come."""
        if file not in self._videos:
            self._videos[file] = self._video(file, said, place)
        frames = self._videos[file]
        if 0 <= frames <= frame:
            self.findings.add(FramePastVideo(file=file, frame=frame, frames=frames), source=place)

    def _video(self, file: str, said: tuple[int, int], place: Location) -> int:
        """How many frames there are, -1 if that is not known."""
        found = self.facts.video(file)
        if isinstance(found, Problem):
            self._problem(file, found, "sizes, frame counts and rates of videos", place)
            return -1
        if 0 not in said and said != (found.width, found.height):
            self.findings.add(VideoSizeDiffers(file, found.width, found.height, *said), source=place)
        if self.fps and found.fps and abs(found.fps - self.fps) > SAME_RATE * self.fps:
            self.findings.add(RateDiffers(file, found.fps, self.fps))
        return found.frames

    def _problem(self, file: str, problem: Problem, what: str, place: Location) -> None:
        if problem.kind == "library":
            if problem.why not in self._lacking:
                self._lacking.add(problem.why)
                self.findings.add(MediaUnchecked(library=problem.why, what=what))
            return
        issue: Issue = MediaDamaged(file, problem.why)
        if problem.kind == "limit":
            issue = MediaOverLimit(file, problem.why)
        elif problem.kind == "unknown":
            issue = MediaFormatUnknown(file)
        self.findings.add(issue, source=place)


def size_issue(file: str, name: str, found: ImageSize, said: tuple[int, int]) -> Issue | None:
    """What is to be said of a file's size and orientation against the export's size, if anything."""
    displayed = (found.width, found.height)
    if 0 in said or said == displayed:
        unseen = found.orientation > 1 and found.stored == displayed
        return OrientationUnseen(image=name, file=file, orientation=found.orientation) if unseen else None
    if said == found.stored:
        return SizeUnrotated(name, file, found.orientation, *displayed, *said)
    if _proportional(displayed, said):
        return SizeScaled(name, file, *displayed, *said)
    return SizeDiffers(name, file, *displayed, *said)


def _proportional(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether scaling the larger size to the smaller one is exact but for rounding to a pixel."""
    small, large = sorted((one, other))
    return abs(large[0] * small[1] - large[1] * small[0]) <= max(large)
