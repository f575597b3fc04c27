"""Which media file belongs to which CVAT image name: by its path, else by nothing that a person has not said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mapper.findings.base import Location
from mapper.findings.media import AmbiguousFile, ContestedFile, FileWithoutImage, FramesInVideo, SpelledOtherwise
from mapper.media.naming import canonical, without_extension, without_folders
from mapper.media.suggest import Nearby

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.findings.base import Issue
    from mapper.findings.collector import Collector


class Asked(NamedTuple):
    """An image whose file is looked for, as the export has it.

    ``task``: the task's id; ``video``: the file that the task was made from, "" if none; ``frame``: the number in it.
    Sizes are width and height, 0 where the export does not say them; ``line`` is where the image stands.
    """

    name: str
    subset: str = ""
    task: str = ""
    video: str = ""
    frame: int = 0
    size: tuple[int, int] = (0, 0)
    video_size: tuple[int, int] = (0, 0)
    line: int = 0

    def __str__(self) -> str:
        """How a message names it."""
        places = [f"{word} {text!r}" for word, text in (("task", self.task), ("subset", self.subset)) if text]
        return f"{self.name!r} of {', '.join(places)}" if places else repr(self.name)


@dataclass(slots=True)
class Matcher:
    """Files by the CVAT name that they map to.

    Without a mapping a file matches by its whole path, else by its path without ending: CVAT names the frames of a video
    without ending and saves them with one. Names that differ only in separators or in Unicode normal form match too, and
    are reported. ``files`` None: there are no media, nothing is matched or reported. ``folders``: where the media of a task
    stand among all, by the task's id; backups of projects have one folder a task.
    """

    files: Sequence[str] | None
    mapping: Callable[[str], str] | None = None
    folders: dict[str, str] = field(default_factory=dict)
    missing: list[Asked] = field(default_factory=list)
    ambiguous: dict[Asked, list[str]] = field(default_factory=dict)
    spelled: list[tuple[Asked, str]] = field(default_factory=list)
    contested: dict[str, tuple[Asked, Asked]] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _canonical: dict[str, list[str]] | None = None
    _subsets: set[str] = field(default_factory=set)
    _owners: dict[str, Asked] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _videos: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = frozenset(self.folders.values())
        for file in sorted(self.files or ()):
            self._subsets.add(file.partition("/")[0] if "/" in file else "")
            folder = _folder(file, known) if known else ""
            names = {folder + self.mapping(file.removeprefix(folder))} if self.mapping else {file, without_extension(file)}
            for name in sorted(names):
                self._by_name.setdefault(name, []).append(file)

    def file_of(self, asked: Asked) -> str | None:
        """The file of an image; None if there is none, or no telling which."""
        if self.files is None:
            return None
        found, spelled = self._find(asked)
        self._used.update(found)
        if len(found) != 1:
            if found:
                self.ambiguous[asked] = found
            else:
                self.missing.append(asked)
            return None
        file = found[0]
        owner = self._owners.setdefault(file, asked)
        if owner[:3] != asked[:3]:
            self.contested.setdefault(file, (owner, asked))
            return None
        if spelled:
            self.spelled.append((asked, file))
        return file

    def candidates(self, asked: Asked) -> list[str]:
        """The files that an image could have; asking leaves no trace."""
        return self._find(asked)[0]

    def _find(self, asked: Asked) -> tuple[list[str], bool]:
        """The files, and whether it took another spelling of the name to find them."""
        names = self._names(asked)
        for name in names:
            if found := self._by_name.get(name):
                return _nearest(found, asked, names), False
        for name in names:
            if found := self._spellings().get(canonical(name)):
                return _nearest(found, asked, names), True
        return [], False

    def _names(self, asked: Asked) -> list[str]:
        """Under which names the image may be found, the surest first.

        A project export puts the files of a subset into a folder of that name, without saying so in the image's name.
        Where such a folder is, the name alone means a file of another subset.
        """
        if (folder := self.folders.get(asked.task)) is not None:
            return [f"{folder}/{asked.name}"]
        if not asked.subset:
            return [asked.name]
        inner = f"{asked.subset}/{asked.name}"
        elsewhere = self.mapping is None and asked.subset in self._subsets and not asked.name.startswith(f"{asked.subset}/")
        return [inner] if elsewhere else [inner, asked.name]

    def _spellings(self) -> dict[str, list[str]]:
        """Files by canonical name, made when the first image needs it."""
        if self._canonical is None:
            self._canonical = {}
            for name, files in self._by_name.items():
                self._canonical.setdefault(canonical(name), []).extend(files)
        return self._canonical

    def video_of(self, source: str, task: str = "") -> str | None:
        """The file of a video by the name that a task gives it: the whole path, else the one file of that name."""
        folder = self.folders.get(task, "")
        if (folder, source) not in self._videos:
            wanted = canonical(f"{folder}/{source}" if folder else source)
            files = [file for file in self.files or () if source and file.startswith(folder)]
            whole = [file for file in files if canonical(file) == wanted]
            found = whole or [file for file in files if without_folders(canonical(file)) == without_folders(wanted)]
            self._videos[folder, source] = found[0] if len(found) == 1 else None
            self._used.update(found if len(found) == 1 else ())
        return self._videos[folder, source]

    def report(self, findings: Collector, source: str = "") -> None:
        """Say which images and files did not find one another; ``source`` is the export's name, for places."""

        def place(asked: Asked) -> Location:
            return Location(file=source, line=asked.line, image=asked.name)

        for asked, file in self.spelled:
            findings.add(SpelledOtherwise(image=asked.name, file=file), source=place(asked))
        for asked, files in self.ambiguous.items():
            findings.add(AmbiguousFile(image=asked.name, files=", ".join(files[:5])), source=place(asked))
        for file, (first, second) in self.contested.items():
            findings.add(ContestedFile(file=file, first=str(first), second=str(second)), source=place(second))
        nearby = Nearby([file for file in self.files or () if file not in self._used] if self.missing else ())
        for asked in self.missing:
            findings.add(self._missing(asked, nearby), source=place(asked))
        for file in self.files or ():
            if file not in self._used:
                findings.add(FileWithoutImage(file=file))

    def _missing(self, asked: Asked, nearby: Nearby) -> Issue:
        """What is most useful to know of an image without a file."""
        if asked.video and (video := self.video_of(asked.video, asked.task)) is not None:
            return FramesInVideo(image=asked.name, video=video)
        return nearby.issue(asked.name, self._names(asked))


def _nearest(found: list[str], asked: Asked, names: list[str]) -> list[str]:
    """Of several files those that have the very path, else those in the folder of the image's subset."""
    if len(found) == 1:
        return found
    exact = [file for file in found if file in names]
    inside = [file for file in found if asked.subset and file.startswith(f"{asked.subset}/")]
    return exact or inside or list(found)


def _folder(file: str, known: frozenset[str]) -> str:
    """The folder of a task that a file stands in, with its slash; "" if it stands in none."""
    at = file.find("/")
    while at >= 0:
        if file[:at] in known:
            return file[: at + 1]
        at = file.find("/", at + 1)
    return ""
