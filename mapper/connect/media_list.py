"""The media list against the data units of the label rows: one to one, with equal titles and sizes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.connect.frames import frame_number
from mapper.connect.records import record, text
from mapper.findings.verify import MediaMismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record

_KEYS = (("title", "data_title"), ("width", "width"), ("height", "height"))


@dataclass(slots=True)
class MediaList:
    """Entries in the order of the list; those that no unit has asked for yet wait, which in our bundles are few."""

    entries: Iterator[Any]
    count: int = 0
    waiting: dict[str, Record] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def unit_issues(self, row: Record) -> Iterator[MediaMismatch]:
        """What the list has otherwise, or not at all, for the units of one row."""
        grouped = row.get("data_type") == "img_group"
        for identity, unit in record(row.get("data_units")).items():
            entry = self._take(identity)
            if entry is None:
                yield MediaMismatch(hash=identity, problem="not in the media list, or already taken by an earlier row")
                continue
            found = record(unit)
            for key, other in _KEYS:
                if entry.get(key) != found.get(other):
                    problem = f"{key} is {entry.get(key)!r} in the media list, {found.get(other)!r} in the label row"
                    yield MediaMismatch(hash=identity, problem=problem)
            place = frame_number(found.get("data_sequence")) if grouped else None
            if entry.get("data_sequence") != place:
                problem = f"data_sequence is {entry.get('data_sequence')!r} in the media list, {place!r} in the label row"
                yield MediaMismatch(hash=identity, problem=problem)

    def _take(self, identity: str) -> Record | None:
        found = self.waiting.pop(identity, None)
        if found is not None:
            return found
        for entry in map(record, self.entries):
            self.count += 1
            key = text(entry.get("data_hash"))
            if key == identity:
                return entry
            self._wait(key, entry)
        return None

    def _wait(self, key: str, entry: Record) -> None:
        if key in self.waiting:
            self.repeated.append(key)
        self.waiting[key] = entry

    def rest(self) -> Iterator[MediaMismatch]:
        """What is left when all rows were looked at."""
        for entry in map(record, self.entries):
            self.count += 1
            self._wait(text(entry.get("data_hash")), entry)
        for key in self.waiting:
            yield MediaMismatch(hash=key, problem="in the media list, but in no label row")
        for key in self.repeated:
            yield MediaMismatch(hash=key, problem="more than once in the media list")
