"""How many shapes of real exports a difference of two specs concerns, and the first of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.rule_index import RuleIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mapper.cvat.model import Image, Shape
    from mapper.engine.analysis.changes import Change
    from mapper.engine.analysis.difference import Difference, Pair
    from mapper.geometry.kinds import Kind
    from mapper.spec.load import LoadedSpec

Conditions = list[tuple[int, Any]]


class Met(NamedTuple):
    """Shapes that a difference concerns: how many, and where the first stands."""

    shapes: int
    file: str
    line: int
    image: str


@dataclass(slots=True)
class Counter:
    """Counts shapes by what both specs do with them; ``met[i]`` belongs to ``differences[i]``."""

    before: LoadedSpec
    after: LoadedSpec
    differences: Sequence[Difference]
    met: dict[int, Met] = field(default_factory=dict)
    shapes: int = 0
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

    def _conditions(self, shape: Shape) -> tuple[Conditions, Conditions]:
        key = (shape.label, shape.kind)
        found = self.known.get(key)
        if found is None:
            first, then = self.indices
            found = self.known[key] = list(first.conditions(*key)), list(then.conditions(*key))
        return found


def _first(conditions: Conditions, shape: Shape, image: Image) -> int | None:
    return next((number for number, condition in conditions if condition is True or condition(shape, image)), None)


def _concerned(changes: Sequence[Change], attributes: Mapping[str, str]) -> bool:
    """Whether one of the changes is not limited to a value that the shape does not have."""
    return any(change.value is None or attributes.get(change.attribute) == change.value for change in changes)
