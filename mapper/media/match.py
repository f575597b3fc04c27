"""Which media file belongs to which CVAT image name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from mapper.findings.media import AmbiguousFile, FileWithoutImage, ImageWithoutFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.collector import Collector


def _without_ending(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_suffix("")) if path.suffix else name


MAPPINGS: dict[str, Callable[[str], str]] = {
    "exact": lambda name: name,
    "stem": _without_ending,
    "basename": lambda name: PurePosixPath(name).name,
    "basename-stem": lambda name: PurePosixPath(name).stem,
}
"""What `--map-filename` offers: from a file's path to the CVAT image name."""


@dataclass(slots=True)
class Matcher:
    """Files by the CVAT name that they map to.

    Without a mapping a file matches by its whole path, else by its path without ending: CVAT names the frames of a video
    without ending and saves them with one. ``files`` None: there are no media, nothing is matched or reported.
    """

    files: Sequence[str] | None
    mapping: Callable[[str], str] | None = None
    by_name: dict[str, list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    ambiguous: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in sorted(self.files or ()):
            for name in sorted({self.mapping(file)} if self.mapping else {file, _without_ending(file)}):
                self.by_name.setdefault(name, []).append(file)

    def file_of(self, name: str, subset: str) -> str | None:
        """The file of an image; None if there is none, or no telling which.

        A project export puts the files of a subset into a folder of that name, without saying so in the image's name.
        """
        if self.files is None:
            return None
        inner = f"{subset}/{name}" if subset else name
        found = self.by_name.get(inner) or self.by_name.get(name) or []
        exact = [file for file in found if file in {inner, name}] or list(found)
        if not exact:
            self.missing.append(name)
            return None
        if len(exact) > 1:
            self.ambiguous[name] = exact
            self.used.update(exact)
            return None
        self.used.add(exact[0])
        return exact[0]

    def report(self, findings: Collector) -> None:
        """Say which images and files did not find one another."""
        for name in self.missing:
            findings.add(ImageWithoutFile(image=name))
        for name, files in self.ambiguous.items():
            findings.add(AmbiguousFile(image=name, files=", ".join(files[:5])))
        for file in self.files or ():
            if file not in self.used:
                findings.add(FileWithoutImage(file=file))
