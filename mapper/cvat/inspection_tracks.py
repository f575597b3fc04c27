"""What an inspection counts of tracks, by label and kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper.cvat.model import Track


@dataclass(slots=True)
class TrackUse:
    """Tracks of one label and kind: how many, how many that are never seen, and their entries.

    ``seen`` and ``outside`` are all entries; ``keyframes`` are those of both that are keyframes, ``interpolated`` those that
    are seen and no keyframes. ``first`` and ``last``: frames on which something is seen, -1 if nothing is.
    """

    tracks: int = 0
    unseen: int = 0
    seen: int = 0
    outside: int = 0
    keyframes: int = 0
    interpolated: int = 0
    first: int = -1
    last: int = -1

    def take(self, track: Track) -> None:
        """One more track."""
        seen = [entry.frame for entry in track.entries if not entry.outside]
        self.tracks += 1
        self.unseen += not seen
        self.seen += len(seen)
        self.outside += len(track.entries) - len(seen)
        self.keyframes += sum(entry.keyframe for entry in track.entries)
        self.interpolated += sum(not (entry.outside or entry.keyframe) for entry in track.entries)
        if seen:
            self.first = min(seen) if self.first < 0 else min(self.first, *seen)
            self.last = max(self.last, *seen)

    def document(self) -> dict[str, Any]:
        """The counts by name."""
        return {name: getattr(self, name) for name in ("tracks", "unseen", "seen", "interpolated", "keyframes", "outside", "first", "last")}
