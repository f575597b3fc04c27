"""A compiled spec over one export's labels: dispatches every shape by (label, kind) to the first rule that matches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.engine.choosing import FEW, chooser
from mapper.engine.compile import RuleCompiler, Way
from mapper.engine.ledger import Ledger
from mapper.engine.track_rules import open_ways
from mapper.engine.tracks import Tracks
from mapper.engine.usual import REMEMBERED, short_way
from mapper.findings.base import Severity
from mapper.findings.mapping import LabelNotInOntology, SeveralShapes, UndeclaredLabel
from mapper.geometry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import Entry, Image, LabelSpec, Shape, Track
    from mapper.encord.nodes import ClassificationNode, ObjectNode
    from mapper.engine.choosing import Chooser
    from mapper.engine.context import Context
    from mapper.engine.outcomes import Outcome
    from mapper.engine.row import ImageRow
    from mapper.engine.track_row import TrackRow
    from mapper.geometry.kinds import Kind


@dataclass(slots=True)
class Program:
    """Rules by (label, kind), compiled when first met.

    ``renamed`` is set when an object took another title after rows may have been written under its former one.
    """

    context: Context
    ledger: Ledger = field(default_factory=Ledger)
    ways: dict[tuple[str, Kind], list[Way]] = field(default_factory=dict)
    choosers: dict[tuple[str, Kind], Chooser] = field(default_factory=dict)
    track_choosers: dict[tuple[str, Kind], Chooser | None] = field(default_factory=dict)
    usual: dict[int, Callable[[Shape, ImageRow], bool]] = field(default_factory=dict)
    undeclared: dict[str, int] = field(default_factory=dict)
    renamed: bool = False
    compiler: RuleCompiler = field(init=False)

    def __post_init__(self) -> None:
        self.compiler = RuleCompiler(self.context, self.ledger, self._first_use)

    def declare(self) -> None:
        """Put into the ontology what the label schema promises, before any data is read.

        That is, for each label of one declared type, what the first rule without a condition on data makes of it.
        """
        if self.context.ontology.given is not None:
            self._check_named()
        for label in self.context.labels.values():
            kind = next((kind for kind in KINDS if kind == label.type), None)
            if kind is not None:
                certain = self._ways(label.name, kind)[-1].emitter
                drawn = [node for node in _objects(certain) if node.shape != "skeleton" or node.template]
                for node in drawn:
                    self._list(node)
                if _objects(certain) and not drawn:
                    del self.ways[label.name, kind]  # no skeleton can be made of it: not met, unless a shape is
                for classification in _classifications(certain):
                    classification.listed = True

    def _check_named(self) -> None:
        """Compile what rules say of labels and kinds by name, so that the ontology is asked for every target in them."""
        for rule in self.context.spec.rules:
            wanted = rule.match.label
            names = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
            for label in names:
                for kind in rule.match.shapes or ():
                    self.compiler.ways(self.context.label(label), kind)

    def _ways(self, label: str, kind: Kind) -> list[Way]:
        found = self.ways.get((label, kind))
        if found is None:
            found = self.ways[label, kind] = self.compiler.ways(self.context.label(label), kind)
            choose = chooser(found)
            if choose is not None:
                self.choosers[label, kind] = choose
        return found

    def convert(self, image: Image, row: ImageRow) -> None:
        """Convert all shapes of an image onto its row; every one gets a verdict."""
        ways, labels, usual = self.ways, self.context.labels, {} if row.tying else self.usual
        for shape in image.shapes:
            put = usual.get(shape.alike)
            if put is not None and put(shape, row):
                continue
            label = shape.label
            found = ways.get((label, shape.kind)) or self._ways(label, shape.kind)
            for way in found if len(found) <= FEW else self._open(found, shape, image):
                condition, emit, _ = way
                if condition is True or condition(shape, image):
                    verdict, books, objects = outcome = emit(shape, image, row)
                    counts = verdict.counts
                    counts[books] = counts.get(books, 0) + 1
                    verdict.objects += objects
                    if shape.kind == "skeleton":
                        self.ledger.points.count(shape, verdict, objects)
                    if put is None and shape.alike and label in labels:
                        self._remember(shape, way, outcome)
                    break
            if label not in labels:
                self._undeclared(label, row, shape.line)

    def _remember(self, shape: Shape, way: Way, outcome: Outcome) -> None:
        """Find a short way for shapes that are alike to one that took the long one."""
        if len(self.usual) >= REMEMBERED:
            self.usual.clear()
        ways = self.ways[shape.label, shape.kind]
        found = short_way(shape, way, ways[: ways.index(way)], outcome)
        if found is not None:
            self.usual[shape.alike] = found

    def _open(self, ways: list[Way], shape: Shape, image: Image) -> Sequence[Way]:
        """The ways among many that a shape can take."""
        choose = self.choosers.get((shape.label, shape.kind))
        return ways if choose is None else choose(shape, image)

    def tracks(self) -> Tracks:
        """What converts the tracks of the export."""
        return Tracks(self)

    def track_ways(self, track: Track, visible: Sequence[Entry], row: TrackRow) -> Sequence[Way]:
        """The rules that can hold on some frame of a track, in order; a label that the export does not declare is reported."""
        if track.label not in self.context.labels:
            self._undeclared(track.label, row, track.line)
        key = track.label, track.kind
        ways = self.ways.get(key) or self._ways(*key)
        if len(ways) <= FEW:
            return ways
        if key not in self.track_choosers:
            self.track_choosers[key] = chooser(ways, first=False)
        choose = self.track_choosers[key]
        return ways if choose is None else open_ways(ways, choose, visible, row.view)

    def _undeclared(self, label: str, row: ImageRow, line: int) -> None:
        policy = self.context.spec.policy.undeclared_label
        if policy.do == "keep":
            issue = UndeclaredLabel(label=label, outcome="kept")
            place = self.context.place(("policy", "undeclared_label"))
            self.context.findings.add(
                issue, severity=Severity.parse(policy.severity), source=lambda: row.place(line), spec=place, label=label
            )

    def _first_use(self, node: ObjectNode) -> None:
        node.used = True
        self._list(node)

    def _list(self, node: ObjectNode) -> None:
        if self.context.ontology.listed(node):
            self.renamed = True

    def names(self) -> list[tuple[bytes, bytes]]:
        """What objects were written with before they took their titles, and what stands for it now; told once."""
        self.renamed = False
        nodes = self.context.ontology.objects
        names = [(former, node.prefix) for node in nodes for former in node.former if former != node.prefix]
        for node in nodes:
            node.former.clear()
        return names

    def finish(self) -> None:
        """Report what only the whole run can tell."""
        ontology = self.context.ontology
        families: dict[str, list[ObjectNode]] = {}
        for node in ontology.objects if ontology.given is None else ():
            if node.listed:
                families.setdefault(node.base, []).append(node)
        for base, family in sorted(families.items()):
            if len(family) > 1:
                titles = ", ".join(sorted(f"{node.title} [{node.shape}]" for node in family))
                self.context.findings.add(SeveralShapes(base=base, count=len(family), titles=titles), label=base)
        met = {label for label, _ in self.ways}
        for label in self.context.labels.values():
            if label.name not in met:
                self.context.findings.add(LabelNotInOntology(label=label.name, type=label.type), label=label.name)


def _emitters(emitter: object) -> list[object]:
    parts = getattr(emitter, "parts", None)
    return [inner for part in parts for inner in _emitters(part)] if parts else [emitter]


def _objects(emitter: object) -> list[ObjectNode]:
    return [inner.node for inner in _emitters(emitter) if hasattr(inner, "conversion")]  # type: ignore[attr-defined]


def _classifications(emitter: object) -> list[ClassificationNode]:
    return [inner.node for inner in _emitters(emitter) if hasattr(inner, "plan_of")]  # type: ignore[attr-defined]


def labels_by_name(labels: tuple[LabelSpec, ...]) -> dict[str, LabelSpec]:
    """The first label of each name."""
    found: dict[str, LabelSpec] = {}
    for label in labels:
        found.setdefault(label.name, label)
    return found
