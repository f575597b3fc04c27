"""What the media say where the export does not: sizes of images by name, frame counts and rates of videos.

Nothing is read before it is asked for, and a video once. Where the libraries are missing or a file is damaged the answer is
None; `problems` keeps why, for findings.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.media import images, video
from mapper.media.files import OverLimitError
from mapper.media.images import DamagedError, ImageSize, UnknownFormatError

if TYPE_CHECKING:
    from mapper.media.files import MediaFiles
    from mapper.media.match import Asked, Matcher
    from mapper.media.video import VideoFacts

UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""What opening a file, or unpacking it, raises."""
PICTURES = (".avif", ".bmp", ".gif", ".jp2", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
"""Endings of the formats that `images` looks into."""


class Problem(NamedTuple):
    """Why a file was not read: ``kind`` is damaged, unknown (its format), limit or library."""

    kind: str
    why: str = ""


@dataclass(slots=True)
class MediaFacts:
    """Facts of the media of one export, read as they are asked for."""

    files: MediaFiles | None
    matcher: Matcher
    _videos: dict[str, VideoFacts | Problem] = field(default_factory=dict)

    def image(self, file: str) -> ImageSize | Problem:
        """The size of an image file as displayed, or why there is none."""
        if self.files is None or not images.installed():
            return Problem("library", images.LIBRARY)
        try:
            with self.files.open(file) as stream:
                return images.image_size(stream)
        except UnknownFormatError:
            return Problem("unknown")
        except OverLimitError as error:
            return Problem("limit", str(error))
        except DamagedError as error:
            return Problem("damaged", str(error))
        except UNREADABLE as error:
            return Problem("damaged", getattr(error, "strerror", None) or str(error) or type(error).__name__)

    def video(self, file: str) -> VideoFacts | Problem:
        """The facts of a video file, or why there are none."""
        if file not in self._videos:
            self._videos[file] = self._video(file)
        return self._videos[file]

    def _video(self, file: str) -> VideoFacts | Problem:
        if self.files is None or not video.installed():
            return Problem("library", video.LIBRARY)
        try:
            with self.files.open(file) as stream:
                return video.video_facts(stream)
        except OverLimitError as error:
            return Problem("limit", str(error))
        except DamagedError as error:
            return Problem("damaged", str(error))
        except UNREADABLE as error:
            return Problem("damaged", getattr(error, "strerror", None) or str(error) or type(error).__name__)

    def size_of(self, asked: Asked) -> tuple[int, int] | None:
        """Width and height of an image by its name, as displayed; None if it has no one file that can be read."""
        found = self.matcher.candidates(asked) if self.files is not None else []
        size = self.image(found[0]) if len(found) == 1 else None
        return size[:2] if isinstance(size, ImageSize) else None

    def video_of(self, source: str, task: str = "") -> VideoFacts | None:
        """The facts of the video that a task was made from, by the name that the task gives it."""
        file = self.matcher.video_of(source, task)
        found = self.video(file) if file is not None else None
        return None if isinstance(found, Problem) else found

    def holds_pictures(self) -> bool:
        """Whether there are pictures among the media."""
        return any(name.lower().endswith(PICTURES) for name in (self.files.names if self.files else ()))

    def common_size(self, folder: str = "") -> tuple[int, int] | None:
        """The one size that all pictures (below a folder) have; None if they differ, or one cannot be read.

        For exports that name neither sizes nor files: there is nothing to guess where all pictures are alike.
        """
        below = f"{folder}/" if folder else ""
        names = [name for name in (self.files.names if self.files else ()) if name.startswith(below) and name.lower().endswith(PICTURES)]
        sizes: set[tuple[int, int]] = set()
        for name in names:
            size = self.image(name)
            if not isinstance(size, ImageSize):
                return None
            sizes.add(size[:2])
            if len(sizes) > 1:
                return None
        return min(sizes, default=None)
