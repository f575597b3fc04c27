"""Which shapes of an export somebody asks about."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mapper.cvat.readers import open_export
from mapper.findings.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Image, LabelSpec, Shape, Track
    from mapper.engine.watch import Place
    from mapper.places.place import Place as Source

NAMES = 10_000
"""How many image names are remembered, to propose the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """All that is given must hold.

    ``image``: a name, or a glob over names. ``shape``: its place in the image, from 1, as findings count. ``line``: a line
    of the file: the element that begins there, or last before it within the image. ``track``: the id of a track. ``limit``: how
    many are taken, shapes before tracks.
    """

    @property
    def of_tracks(self) -> bool:
        """Whether tracks can be meant."""
        return self.image is None and self.shape is None

    image: str | None = None
    shape: int | None = None
    line: int | None = None
    label: str | None = None
    track: str | None = None
    limit: int = 20


@dataclass(slots=True)
class Chosen:
    """The shapes that were taken, how many there were in all, and what the export holds besides.

    ``tracks``: the places of the tracks that were taken, among all tracks, from 0. ``groups``: the image groups and videos
    (task id and subset), in the order of their rows.
    """

    places: list[Place] = field(default_factory=list)
    total: int = 0
    images: int = 0
    names: list[str] = field(default_factory=list)
    groups: dict[tuple[str, str], int] = field(default_factory=dict)
    tracks: list[int] = field(default_factory=list)


def choose(source: Source, choice: Choice, labels: tuple[LabelSpec, ...] = ()) -> Chosen:
    """Read an export and take what is asked for; raises SourceError if it cannot be read."""
    found = Chosen()
    with open_export(source, Collector(), labels=labels) as reader:
        for number, image in enumerate(reader.images()):
            found.groups.setdefault((image.task.id, image.subset), len(found.groups))
            if len(found.names) < NAMES:
                found.names.append(image.name)
            if choice.image is not None and not _is_named(image.name, choice.image):
                continue
            found.images += 1
            if choice.track is not None:
                continue
            if choice.line is not None and image.line <= choice.line:
                found.places, found.total = [], 0  # only the last image that begins before the line can hold it
            for index in _within(image, choice):
                found.total += 1
                if len(found.places) < choice.limit:
                    found.places.append((number, index))
        for number, track in enumerate(reader.tracks()):
            found.groups.setdefault((track.task.id, track.subset), len(found.groups))
            if choice.of_tracks:
                _take(track, number, choice, found)
    return found


def _take(track: Track, number: int, choice: Choice, found: Chosen) -> None:
    if choice.line is not None:
        if not 0 < track.line <= choice.line:
            return
        found.places, found.tracks, found.total = [], [], 0  # only the last track that begins before the line can hold it
    if choice.track not in {None, track.id} or choice.label not in {None, track.label}:
        return
    found.total += 1
    if len(found.places) + len(found.tracks) < choice.limit:
        found.tracks.append(number)


def _is_named(name: str, wanted: str) -> bool:
    return name == wanted or fnmatchcase(name, wanted)


def _within(image: Image, choice: Choice) -> Iterator[int]:
    nearest = _nearest(image.shapes, choice.line) if choice.line is not None and image.line <= choice.line else None
    for index, shape in enumerate(image.shapes):
        if choice.shape is not None and index + 1 != choice.shape:
            continue
        if choice.label is not None and shape.label != choice.label:
            continue
        if choice.line is None or shape.line == nearest:
            yield index


def _nearest(shapes: list[Shape], line: int) -> int | None:
    return max((shape.line for shape in shapes if shape.line <= line), default=None)
