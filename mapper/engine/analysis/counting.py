"""How many shapes of real exports a difference of two specs concerns, and the first of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.rule_index import RuleIndex
from mapper.engine.track_frames import TrackFrame
from mapper.engine.track_rules import shares
from mapper.geometry.shapes import Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mapper.cvat.model import Entry, Image, Shape, Track
    from mapper.engine.analysis.changes import Change
    from mapper.engine.analysis.difference import Difference, Pair
    from mapper.geometry.kinds import Kind
    from mapper.spec.load import LoadedSpec
    from mapper.spec.model import MappingSpec

Conditions = list[tuple[int, Any]]


class Met(NamedTuple):
    """Shapes and tracks that a difference concerns: how many, and where the first stands.

    ``track``: the id of the first track, "" if the first is a shape of an image, which ``image`` names then.
    """

    shapes: int
    file: str
    line: int
    image: str
    tracks: int = 0
    track: str = ""


@dataclass(slots=True)
class Counter:
    """Counts shapes by what both specs do with them; ``met[i]`` belongs to ``differences[i]``."""

    before: LoadedSpec
    after: LoadedSpec
    differences: Sequence[Difference]
    met: dict[int, Met] = field(default_factory=dict)
    shapes: int = 0
    tracks: int = 0
    known: dict[tuple[str, Kind], tuple[Conditions, Conditions]] = field(default_factory=dict)
    by_pair: dict[tuple[str, Kind, Pair], list[int]] = field(default_factory=dict)
    indices: tuple[RuleIndex, RuleIndex] = field(init=False)

    def __post_init__(self) -> None:
        self.indices = RuleIndex(self.before.spec.rules), RuleIndex(self.after.spec.rules)
        for index, entry in enumerate(self.differences):
            for kind in entry.kinds:
                self.by_pair.setdefault((entry.label.name, kind, entry.pair), []).append(index)

    def take(self, images: Iterable[Image], file: str) -> None:
        """Count the shapes of an export."""
        for image in images:
            for shape in image.shapes:
                self.shapes += 1
                first, then = self._conditions(shape)
                pair = _first(first, shape, image), _first(then, shape, image)
                for index in self.by_pair.get((shape.label, shape.kind, pair), ()):
                    if _concerned(self.differences[index].changes, dict(shape.attributes)):
                        before = self.met.get(index, Met(0, file, shape.line, image.name))
                        self.met[index] = before._replace(shapes=before.shapes + 1)

    def take_tracks(self, tracks: Iterable[Track], file: str) -> None:
        """Count the tracks of an export: each once for a difference, however many of its frames it concerns."""
        for track in tracks:
            self.tracks += 1
            visible = [entry for entry in track.entries if not entry.outside]
            first, then = (_shared_out(spec, own, track, visible) for spec, own in self._sides(track))
            concerned: dict[int, None] = {}
            for entry in visible:
                pair = first.get(entry.frame), then.get(entry.frame)
                for index in self.by_pair.get((track.label, track.kind, pair), ()):
                    if _concerned(self.differences[index].changes, dict(entry.shape.attributes)):
                        concerned[index] = None
            for index in concerned:
                before = self.met.get(index, Met(0, file, track.line, "", 0, track.id))
                self.met[index] = before._replace(tracks=before.tracks + 1)

    def _sides(self, track: Track) -> list[tuple[MappingSpec, Conditions]]:
        return list(zip((self.before.spec, self.after.spec), self._conditions(track), strict=True))

    def _conditions(self, shape: Shape | Track) -> tuple[Conditions, Conditions]:
        key = (shape.label, shape.kind)
        found = self.known.get(key)
        if found is None:
            first, then = self.indices
            found = self.known[key] = list(first.conditions(*key)), list(then.conditions(*key))
        return found


def _first(conditions: Conditions, shape: Shape, image: Image) -> int | None:
    return next((number for number, condition in conditions if condition is True or condition(shape, image)), None)


def _shared_out(spec: MappingSpec, conditions: Conditions, track: Track, visible: Sequence[Entry]) -> dict[int, int]:
    """The rule that takes each frame of a track, by the frame; none where no rule matches."""
    view = TrackFrame(track.task, track.subset, Frame(track.task.width, track.task.height), {})
    taken: dict[int, int] = {}
    asked = ((number, condition, spec.rules[number].match.frames) for number, condition in conditions)
    for share in shares(asked, visible, view):
        taken |= dict.fromkeys((entry.frame for entry in share.entries), share.key)
    return taken


def _concerned(changes: Sequence[Change], attributes: Mapping[str, str]) -> bool:
    """Whether one of the changes is not limited to a value that the shape does not have."""
    return any(change.value is None or attributes.get(change.attribute) == change.value for change in changes)
