"""What an export holds, seen with the rules of the pack that a draft is made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.inspection import Inspection
from mapper.cvat.model import Image, LabelSpec
from mapper.cvat.readers import open_export
from mapper.engine.rule_index import RuleIndex
from mapper.findings.collector import Collector
from mapper.geometry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.cvat.inspection import LabelUse
    from mapper.cvat.model import Shape
    from mapper.cvat.reading import Reading
    from mapper.findings.base import Finding
    from mapper.geometry.kinds import Kind
    from mapper.places.place import Place
    from mapper.spec.load import LoadedSpec


class Hit(NamedTuple):
    """A rule of the pack, by its place, that a label and kind can meet; ``condition`` is True where nothing else is asked."""

    rule: int
    condition: Any


@dataclass(slots=True)
class Survey:
    """The counts of an export, and how many shapes of each label and kind each rule of the pack takes."""

    reader: Reading
    inspection: Inspection
    pack: LoadedSpec
    findings: tuple[Finding, ...] = ()
    ways: dict[tuple[str, Kind], list[Hit]] = field(default_factory=dict)
    hits: Counter[tuple[str, Kind, int]] = field(default_factory=Counter)
    index: RuleIndex = field(init=False)

    def __post_init__(self) -> None:
        self.index = RuleIndex(self.pack.spec.rules)

    def labels(self) -> Iterator[tuple[LabelSpec, LabelUse]]:
        """Every label that is declared or used, in the order of the export."""
        for name, use in self.inspection.labels.items():
            yield use.spec or LabelSpec(name=name, declared=False), use

    def kinds(self, label: LabelSpec, use: LabelUse) -> list[Kind]:
        """What a label is drawn as, and what it is declared for."""
        return [kind for kind in KINDS if use.kinds.get(kind) or kind in use.tracks or kind == label.type]

    def rules(self, label: str, kind: Kind) -> list[Hit]:
        """The rules of the pack that a label and kind can meet, in order; nothing comes after one that takes all."""
        found = self.ways.get((label, kind))
        if found is None:
            found = self.ways[label, kind] = [Hit(*entry) for entry in self.index.conditions(label, kind)]
        return found

    def take(self, shapes: Sequence[Shape], image: Image) -> None:
        """Count which rule takes each shape."""
        for shape in shapes:
            for number, condition in self.rules(shape.label, shape.kind):
                if condition is True or condition(shape, image):
                    self.hits[shape.label, shape.kind, number] += 1
                    break


def survey(source: Place, pack: LoadedSpec) -> Survey:
    """Read an export once. Raises SourceError if it cannot be read."""
    collector = Collector()
    with open_export(source, collector) as reader:
        found = Survey(reader, Inspection(reader.export), pack)
        for image in reader.images():
            found.inspection.take(image)
            found.take(image.shapes, image)
        for track in reader.tracks():
            found.inspection.take_track(track)
            task = track.task
            for entry in track.entries:
                if not entry.outside:
                    frame = Image(entry.frame, "", task.width, task.height, task, track.subset, entry.frame, track.line, [entry.shape])
                    found.take(frame.shapes, frame)
    found.findings = tuple(collector.findings())
    return found
