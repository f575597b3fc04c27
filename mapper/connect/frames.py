"""The frames of a label row, whether it is an image, an image group or a video."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.connect.coordinates import Image
from mapper.connect.records import is_number, listed, record, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.ontology_index import Item
    from mapper.connect.records import Record

_NUMBER = re.compile(r"0|[1-9][0-9]{0,9}")

DATA_TYPES = ("image", "img_group", "video")


class FrameOf(NamedTuple):
    """One frame: its number, the unit that it belongs to, and the record that lists its objects."""

    number: int
    title: str
    image: Image
    labels: Any

    @property
    def objects(self) -> list[Any]:
        """The frame's objects, whatever they are."""
        return listed(record(self.labels).get("objects"))


@dataclass(slots=True)
class Presence:
    """An object of a row: its class (None if unknown), its frames, and where it was first seen."""

    feature: str
    item: Item | None
    image: str
    frames: set[int] = field(default_factory=set)


def frame_number(key: Any) -> int | None:
    """The frame that a text names: a plain whole number without leading zeros; None if it does not."""
    named = text(key)
    return int(named) if _NUMBER.fullmatch(named) else None


def frame_count(row: Record) -> int:
    """How many frames a row has: 1 for an image, its units for a group, ``ceil(fps * duration)`` for a video."""
    units = record(row.get("data_units"))
    if row.get("data_type") != "video":
        return len(units) if row.get("data_type") == "img_group" else 1
    unit = record(next(iter(units.values()), None))
    rate, duration = unit.get("data_fps"), unit.get("data_duration")
    return ceil(rate * duration) if is_number(rate) and is_number(duration) and is_number(rate * duration) else 0


def frames_of(row: Record) -> Iterator[FrameOf]:
    """All frames that a row's units list; those without a readable number are left out, the unit checks tell them."""
    for unit in map(record, record(row.get("data_units")).values()):
        title, image = text(unit.get("data_title")), size_of(unit)
        if row.get("data_type") == "video":
            for key, labels in record(unit.get("labels")).items():
                number = frame_number(key)
                if number is not None:
                    yield FrameOf(number, title, image, labels)
        else:
            number = frame_number(unit.get("data_sequence")) if row.get("data_type") == "img_group" else 0
            if number is not None:
                yield FrameOf(number, title, image, unit.get("labels"))


def size_of(unit: Record) -> Image:
    """The size of a unit; 1 by 1 where it has none, so that shares of it can still be looked at."""
    width, height = unit.get("width"), unit.get("height")
    if type(width) is int and type(height) is int and width > 0 and height > 0:
        return Image(width, height)
    return Image(1, 1)
