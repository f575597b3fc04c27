"""The reader's own books: what it passed on and what it refused, counted by signature, apart from the engine's ledger."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from mapper.cvat.elements import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.cvat.model import Shape, Track
    from mapper.geometry.shapes import Element

Signature = tuple[str, str, int, tuple[str, ...]]
"""Kind, label, presence (bit i is set if ``Shape.fields[i]`` is not None), attribute names in document order."""

ElementSignature = tuple[str, str, tuple[str, ...]]
"""Label of the skeleton, label of its element, the element's attribute names in document order."""


def signature(shape: Shape) -> Signature:
    """What a shape is counted under."""
    presence = sum(1 << bit for bit, text in enumerate(shape.fields) if text is not None)
    return shape.kind, shape.label, presence, tuple(name for name, _ in shape.attributes)


def element_signature(skeleton: str, element: Element) -> ElementSignature:
    """What one point of a skeleton is counted under."""
    return skeleton, element.label, tuple(name for name, _ in element.attributes)


@dataclass(slots=True)
class Tally:
    """Counts of one reading, complete when its images and tracks have ended.

    Yielded:

    * ``shapes``: by signature, every ``Image.shapes`` and the ``shape`` of every entry of a track that is not outside, alike.
      An entry has its track's source and group among its fields, so their bits are set where the track has them.
    * ``outside``: by (kind, label), the entries that are outside. Nothing of them is in ``shapes``, ``elements`` or ``flags``.
    * ``keyframes``: by (kind, label), the entries that are keyframes, outside or not; so they overlap with the two above.
    * ``filled``: by (kind, label), the entries that do not stand in the export but were interpolated (source.sparse_tracks);
      they are in ``shapes`` too.
    * ``elements``: the points of the skeletons counted in ``shapes``; ``flags``: those of them that are outside or occluded, by
      (skeleton, element, flag). Points that an entry leaves out because they are hidden, and that are passed on as outside,
      are in both.
    * ``images``, ``tracks``: those that were yielded. A track of several kinds is yielded as one track for each.

    Refused:

    * ``refused``: by (XML name, label), what stands in the XML and was not yielded: elements of images and tracks, outside or
      not; shapes of refused images and entries of refused tracks; points of skeletons (label ``skeleton/element``);
      attributes (label is the attribute's name); unexpected children. ``codes`` has the same counts with the code of the finding.
    * ``images_refused``, ``tracks_refused``: not among ``images`` and ``tracks``.

    So every child of an image or a track that stands in the XML is counted once: in ``shapes``, ``outside`` or ``refused``
    (``shapes`` less ``filled``). For the points of skeletons this holds of the entries that are seen.
    """

    shapes: dict[Signature, int] = field(default_factory=dict)
    elements: dict[ElementSignature, int] = field(default_factory=dict)
    flags: dict[tuple[str, str, str], int] = field(default_factory=dict)
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    codes: dict[tuple[str, str, str], int] = field(default_factory=dict)
    images: int = 0
    images_refused: int = 0
    tracks: int = 0
    tracks_refused: int = 0
    outside: dict[tuple[str, str], int] = field(default_factory=dict)
    keyframes: dict[tuple[str, str], int] = field(default_factory=dict)
    filled: dict[tuple[str, str], int] = field(default_factory=dict)

    def refuse(self, tag: str, label: str, code: str) -> None:
        """Count an element that is not passed on, for the finding of that code."""
        self.refused[tag, label] = self.refused.get((tag, label), 0) + 1
        self.codes[tag, label, code] = self.codes.get((tag, label, code), 0) + 1

    def count_elements(self, skeleton: str, elements: Iterable[Element], by: int = 1) -> None:
        """Count the points of a skeleton that is passed on (or, with -1, taken back)."""
        for element in elements:
            _count(self.elements, element_signature(skeleton, element), by)
            if element.outside:
                _count(self.flags, (skeleton, element.label, "outside"), by)
            if element.occluded:
                _count(self.flags, (skeleton, element.label, "occluded"), by)

    def count(self, shape: Shape) -> None:
        """Count a shape that is passed on, with its points if it is a skeleton."""
        _count(self.shapes, signature(shape), 1)
        if shape.kind == "skeleton":
            self.count_elements(shape.label, shape.geometry)

    def count_track(self, track: Track) -> None:
        """Count a track that is passed on, and its entries that are outside or keyframes; the others are counted singly."""
        self.tracks += 1
        key = track.kind, track.label
        for counts, number in (
            (self.outside, [entry[2] for entry in track.entries].count(True)),
            (self.keyframes, [entry[1] for entry in track.entries].count(True)),
        ):
            if number:
                _count(counts, key, number)

    def add(self, other: Tally) -> None:
        """Add the counts of another part of the same export."""
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, int):
                setattr(self, part.name, mine + theirs)
            else:
                for key, count in theirs.items():
                    mine[key] = mine.get(key, 0) + count

    def take_back(self, shapes: Iterable[Shape], code: str) -> None:
        """Turn shapes that were counted into refused ones: their image is not yielded."""
        for shape in shapes:
            _count(self.shapes, signature(shape), -1)
            if shape.kind == "skeleton":
                self.count_elements(shape.label, shape.geometry, -1)
            self.refuse_shape(shape, code)

    def refuse_shape(self, shape: Shape, code: str) -> None:
        """Count a shape that is not passed on, with its points if it is a skeleton."""
        self.refuse(TAGS[shape.kind], shape.label, code)
        if shape.kind == "skeleton":
            self.refuse_elements(shape.label, shape.geometry, code)

    def refuse_elements(self, skeleton: str, elements: Iterable[Element], code: str) -> None:
        """Count the points of a skeleton that is not passed on."""
        for element in elements:
            self.refuse("points", f"{skeleton}/{element.label}", code)


def _count(counts: dict[Any, int], key: object, by: int) -> None:
    total = counts.get(key, 0) + by
    if total:
        counts[key] = total
    else:
        del counts[key]
