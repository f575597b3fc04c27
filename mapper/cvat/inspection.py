"""Counts what an export holds while its images and tracks go by: labels, shapes, attributes, fields, sizes, and what is odd.

Memory is bounded by the label schema and by ``values.MOST`` values of each thing counted, not by the export.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.cvat.inspection_tracks import TrackUse
from mapper.cvat.model import FIELDS, AttributeSpec, LabelSpec
from mapper.cvat.oddities import oddities
from mapper.cvat.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.cvat.model import Export, Image, Shape, Track
    from mapper.geometry.shapes import Element

PLACES = 3
"""How many places are kept of each anomaly."""

DEFAULTS = {"occluded": "0", "z_order": "0", "group_id": "0", "score": "1.0"}
"""The texts by which a field says nothing; other fields say something wherever they are present."""


class Cause(NamedTuple):
    """What is odd, and about what; "" where it does not apply."""

    name: str
    label: str = ""
    kind: str = ""
    attribute: str = ""


class Place(NamedTuple):
    """Where a shape is: an image by name, or a frame of a track by its id; with the size of the picture, 0 if unknown."""

    width: int
    height: int
    image: str = ""
    track: str = ""
    frame: int = -1


@dataclass(slots=True)
class Anomaly:
    """How often something odd occurs, and its first places, each with its line."""

    count: int = 0
    places: list[tuple[Place, int]] = field(default_factory=list)

    def add(self, place: Place, line: int) -> None:
        """One more occurrence."""
        self.count += 1
        if len(self.places) < PLACES:
            self.places.append((place, line))


@dataclass(slots=True)
class LabelUse:
    """What is used of one label, or of one element of a skeleton; ``spec`` is None if it is not declared."""

    spec: LabelSpec | None
    kinds: Counter[str] = field(default_factory=Counter)
    images: int = 0
    last_image: int = -1
    outside: int = 0
    occluded: int = 0
    attributes: dict[str, Values] = field(default_factory=dict)
    elements: dict[str, LabelUse] = field(default_factory=dict)
    tracks: dict[str, TrackUse] = field(default_factory=dict)

    def take(self, kind: str, attributes: Iterable[tuple[str, str]], image: int | None) -> None:
        """One more shape or element, in the image of that position if it is in one."""
        self.kinds[kind] += 1
        if image is not None and image != self.last_image:
            self.last_image = image
            self.images += 1
        for name, text in attributes:
            values = self.attributes.get(name)
            if values is None:
                values = self.attributes[name] = Values()
            values.add(text)


class Inspection:
    """The counts of one export; ``take`` each image and ``take_track`` each track, then ask.

    An entry of a track that is seen counts as a shape, as which CVAT's images view would list it.
    """

    def __init__(self, export: Export) -> None:
        self.export = export
        self.images = 0
        self.empty = 0
        self.shapes = 0
        self.tracks = 0
        self.tasks = Values()
        self.track_tasks = Values()
        self.subsets = Values()
        self.sizes = Values()
        self.labels = {spec.name: _use(spec) for spec in export.labels}
        self.present: Counter[str] = Counter()
        self.fields = {name: Values() for name in FIELDS}
        self.anomalies: dict[Cause, Anomaly] = {}

    def take_all(self, images: Iterable[Image], tracks: Iterable[Track] = ()) -> Inspection:
        """Count all images, then all tracks."""
        for image in images:
            self.take(image)
        for track in tracks:
            self.take_track(track)
        return self

    def take(self, image: Image) -> None:
        """Count one image."""
        self.images += 1
        self.empty += not image.shapes
        self.tasks.add(image.task.id)
        self.subsets.add(image.subset)
        self.sizes.add((image.width, image.height))
        place = Place(image.width, image.height, image.name)
        seen: set[tuple[Any, ...]] = set()
        for shape in image.shapes:
            self._shape(shape, place, self.images)
            identity = (shape.kind, shape.label, shape.key, shape.attributes)
            if identity in seen:
                self._odd(Cause("duplicate", shape.label, shape.kind), place, shape.line)
            seen.add(identity)

    def take_track(self, track: Track) -> None:
        """Count one track."""
        self.tracks += 1
        self.track_tasks.add(track.task.id)
        self.subsets.add(track.subset)
        use = self._use(track.label)
        counts = use.tracks.get(track.kind)
        if counts is None:
            counts = use.tracks[track.kind] = TrackUse()
        counts.take(track)
        for entry in track.entries:
            if not entry.outside:
                place = Place(track.task.width, track.task.height, track=track.id, frame=entry.frame)
                self._shape(entry.shape, place, None)

    def _use(self, label: str) -> LabelUse:
        use = self.labels.get(label)
        if use is None:
            use = self.labels[label] = LabelUse(None)
        return use

    def _shape(self, shape: Shape, place: Place, image: int | None) -> None:
        self.shapes += 1
        use = self._use(shape.label)
        use.take(shape.kind, shape.attributes, image)
        self._fields(shape)
        if shape.kind == "skeleton":
            for element in shape.geometry:
                self._element(use, element, image)
        for name in (*_unexpected(use, shape), *oddities(shape, place)):
            self._odd(Cause(name, shape.label, shape.kind), place, shape.line)

    def _element(self, skeleton: LabelUse, element: Element, image: int | None) -> None:
        use = skeleton.elements.get(element.label)
        if use is None:
            use = skeleton.elements[element.label] = LabelUse(None)
        use.take("points", element.attributes, image)
        use.outside += element.outside
        use.occluded += element.occluded

    def _fields(self, shape: Shape) -> None:
        for name, text in zip(FIELDS, shape.fields, strict=True):
            if text is None:
                continue
            self.present[name] += 1
            if text != DEFAULTS.get(name):
                self.fields[name].add(text)

    def _odd(self, cause: Cause, place: Place, line: int) -> None:
        anomaly = self.anomalies.get(cause)
        if anomaly is None:
            anomaly = self.anomalies[cause] = Anomaly()
        anomaly.add(place, line)

    def odd(self) -> Iterator[tuple[Cause, Anomaly]]:
        """What is odd in shapes, then in labels and attributes, in a fixed order."""
        yield from sorted(self.anomalies.items())
        for name, use in self.labels.items():
            if use.spec is None:
                yield Cause("undeclared-label", name), Anomaly(use.kinds.total())
            elif not use.kinds and not use.tracks:
                yield Cause("unused-label", name), Anomaly()
            yield from _odd_attributes(name, use)
            for element, part in use.elements.items():
                yield from _odd_attributes(f"{name}/{element}", part)


def _use(spec: LabelSpec) -> LabelUse:
    return LabelUse(spec, elements={element.name: _use(element) for element in spec.elements})


def _unexpected(use: LabelUse, shape: Shape) -> tuple[str, ...]:
    """Whether a label was drawn as something else than it is declared for."""
    odd = use.spec is not None and use.spec.type not in ("any", shape.kind)
    return ("unexpected-shape",) if odd else ()


def _odd_attributes(label: str, use: LabelUse) -> Iterator[tuple[Cause, Anomaly]]:
    for name, values in use.attributes.items():
        spec = use.spec.attribute(name) if use.spec else None
        if spec is not None:
            count = sum(count for _, count in unlisted(spec, values))
            if count:
                yield Cause("unlisted-value", label, attribute=name), Anomaly(count)
        elif use.spec is not None:
            yield Cause("undeclared-attribute", label, attribute=name), Anomaly(values.total)


def unlisted(spec: AttributeSpec, values: Values) -> list[tuple[str, int]]:
    """The values that CVAT would not offer: not in the list, no boolean, no number in the range; most frequent first."""
    return [(value, count) for value, count in values.top(len(values.counts)) if not _offered(spec, value)]


def _offered(spec: AttributeSpec, value: str) -> bool:
    if spec.input_type == "text" or not value:
        return True
    if spec.input_type == "checkbox":
        return value in ("true", "false")
    if spec.input_type != "number":
        return not spec.values or value in spec.values
    try:
        low, high = (float(text) for text in spec.values[:2])
    except ValueError:
        low, high = float("-inf"), float("inf")
    try:
        return low <= float(value) <= high
    except ValueError:
        return False
