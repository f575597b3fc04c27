"""The one thing that a run asks about media: which file an image has, with the checks that its owner wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper.findings.base import Location
from mapper.findings.media import LeftAlone
from mapper.findings.source.remote import MediaNotOpened
from mapper.media import images
from mapper.media.checks import Checks
from mapper.media.facts import MediaFacts
from mapper.media.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.findings.collector import Collector
    from mapper.media.files import MediaFiles
    from mapper.media.match import Asked


@dataclass(slots=True)
class MediaDesk:
    """Matching, facts and checks of one run; ``source`` is the export's name in places."""

    matcher: Matcher
    facts: MediaFacts
    checks: Checks | None
    findings: Collector
    files: MediaFiles | None
    source: str = ""
    unopened: int = 0

    def file_of(self, asked: Asked) -> str | None:
        """The file of an image, if there is one and it is certain; what is odd about it is reported."""
        file = self.matcher.file_of(asked)
        if self.checks is None:
            return file
        if file is not None and self.files is not None and not self.files.cheap and images.installed():
            self.unopened += 1
        elif file is not None:
            self.checks.image(file, asked.name, asked.size, self._place(asked))
        elif asked.video and (video := self.matcher.video_of(asked.video, asked.task)) is not None:
            self.checks.video(video, asked.video_size, asked.frame, self._place(asked))
        return file

    def video_of(self, asked: Asked) -> str | None:
        """The file of the video that a task was made from; its size, and whether it reaches the frame, are checked."""
        file = self.matcher.video_of(asked.video, asked.task)
        if file is not None and self.checks is not None:
            self.checks.video(file, asked.video_size, asked.frame, self._place(asked))
        return file

    def _place(self, asked: Asked) -> Location:
        return Location(file=self.source, line=asked.line, image=asked.name)

    def close(self) -> frozenset[str]:
        """Report what did not match, when all images were asked for; gives the files that no image may have after all."""
        self.matcher.report(self.findings, self.source)
        if self.unopened:
            self.findings.add(MediaNotOpened(self.unopened))
        if self.files is not None:
            for name, why in self.files.left:
                self.findings.add(LeftAlone(file=name, why=why))
            self.files.close()
        return frozenset(self.matcher.contested)


def media_desk(
    files: MediaFiles | None,
    mapping: Callable[[str], str] | None,
    findings: Collector,
    *,
    check: bool = True,
    fps: float | None = None,
    folders: dict[str, str] | None = None,
) -> MediaDesk:
    """The desk of a run.

    ``files``: the media, None if there are none; ``mapping``: from a file's name to an image's; ``fps``: what the spec says;
    ``folders``: where the media of each task stand, by its id.
    """
    matcher = Matcher(None if files is None else files.names, mapping, folders or {})
    facts = MediaFacts(files, matcher)
    return MediaDesk(matcher, facts, Checks(facts, findings, fps) if check else None, findings, files)
