"""What each dimension of a label and kind can be: the atoms of attributes, fields and measures, and their worlds.

``DECLARED`` are the values that CVAT writes for data that follows the label schema: values of an attribute's list, whole
stacking orders, rotations below a full turn. ``FOREIGN`` are those that real exports hold besides: values outside the
list, attributes that are absent or that the label does not declare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.analysis.leaves import number_of
from mapper.engine.analysis.partition import (
    LARGEST,
    Atom,
    Piece,
    World,
    atoms,
    inside,
    integers,
    other_texts,
    pieces,
    spelled,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mapper.cvat.model import AttributeSpec, LabelSpec
    from mapper.engine.analysis.leaves import Dimension, Leaf
    from mapper.engine.analysis.partition import Candidate
    from mapper.geometry.kinds import Kind

SOURCES = ("manual", "auto", "semi-auto", "file", "consensus")
"""What CVAT writes as a shape's source."""
FULL_TURN = 360.0
GRID = 3
"""CVAT's list of a number attribute: least, most, step."""


OPEN = [Atom(0, World.DOUBTFUL, ()), Atom(1, World.DOUBTFUL, ())]
"""What a test that is not analysed divides: cells where it does not hold, and cells where it does."""


class Domain(NamedTuple):
    """One dimension: its atoms, a mask of atoms for each leaf on it, and masks by world."""

    dimension: Dimension
    atoms: tuple[Atom, ...]
    masks: dict[int, int]
    declared: int
    certain: int

    @property
    def full(self) -> int:
        """All atoms."""
        return (1 << len(self.atoms)) - 1


def domain(dimension: Dimension, leaves: Sequence[tuple[int, Leaf]], label: LabelSpec, kind: Kind) -> Domain:
    """The domain of a dimension on which these leaves (with their numbers) stand."""
    found = OPEN if dimension[0] == "open" else _atoms(dimension, [leaf.test for _, leaf in leaves], label, kind)
    masks = {
        number: sum(1 << bit for bit, atom in enumerate(found) if atom.holds >> position & 1) for position, (number, _) in enumerate(leaves)
    }
    declared = sum(1 << bit for bit, atom in enumerate(found) if atom.world == World.DECLARED)
    doubtful = sum(1 << bit for bit, atom in enumerate(found) if atom.world == World.DOUBTFUL)
    return Domain(dimension, tuple(found), masks, declared, (1 << len(found)) - 1 & ~doubtful)


def _atoms(dimension: Dimension, tests: Sequence[Any], label: LabelSpec, kind: Kind) -> list[Atom]:
    name, key = dimension
    candidates: Iterable[Candidate | Atom]
    if name == "attributes":
        candidates = _attribute(label.attribute(key), tests)
    elif name in {"occluded", "track"}:
        strange = World.FOREIGN if kind == "tag" and name == "occluded" else World.DECLARED
        candidates = [(False, False, World.DECLARED), (True, True, strange)]
    elif name in {"image", "subset"}:
        candidates = _texts(tests, empty=World.FOREIGN if name == "image" else World.DECLARED)
    elif name == "source":
        candidates = _closed(SOURCES, tests)
    elif name in {"z_order", "group"}:
        candidates = _order(name, tests, kind)
    elif name == "frame":
        candidates = [(number, int(number), World.DECLARED) for number in integers(tests) if number >= 0 and number == int(number)]
    else:
        candidates = _measure(name, tests, label, kind)
    return _merged(candidates, tests)


def _merged(candidates: Iterable[Candidate | Atom], tests: Sequence[Any]) -> list[Atom]:
    """The atoms of candidates, and those that are given as such."""
    listed = list(candidates)
    plain = [candidate for candidate in listed if not isinstance(candidate, Atom)]
    return [*atoms(plain, tests), *(candidate for candidate in listed if isinstance(candidate, Atom))]


# -- attributes and other texts -----------------------------------------------------------------------------------------


def _attribute(spec: AttributeSpec | None, tests: Sequence[Any]) -> Iterator[Candidate | Atom]:
    if spec is None:
        yield None, None, World.DECLARED
        yield from _texts(tests, usual=World.FOREIGN)
        return
    listed = values_of(spec)
    if listed is not None:
        yield from _closed(listed, tests)
        return
    yield from _texts(tests) if spec.input_type == "text" else _numbers(spec, tests)
    yield None, None, World.FOREIGN


def values_of(spec: AttributeSpec) -> tuple[str, ...] | None:
    """The values of an attribute with a list; None if it has none."""
    if spec.input_type == "checkbox":
        return ("true", "false")
    return spec.values if spec.input_type in {"select", "radio"} else None


def _closed(listed: Sequence[str], tests: Sequence[Any]) -> Iterator[Candidate | Atom]:
    yield from ((text, text, World.DECLARED) for text in dict.fromkeys(listed))
    for text in other_texts(tests, listed):
        yield text if isinstance(text, Atom) else (text, text, World.FOREIGN)
    yield None, None, World.FOREIGN


def _texts(tests: Sequence[Any], *, usual: World = World.DECLARED, empty: World | None = None) -> Iterator[Candidate | Atom]:
    for text in other_texts(tests):
        if isinstance(text, Atom):
            yield text
        else:
            yield text, text, usual if text or empty is None else empty


def _numbers(spec: AttributeSpec, tests: Sequence[Any]) -> Iterator[Candidate | Atom]:
    """Numbers as CVAT offers them, then whatever else a text can be."""
    for number in dict.fromkeys((*_grid(spec, tests), *integers(tests))):
        text = spelled(number)
        yield text, text, World.DECLARED if is_listed_number(spec, text) else World.FOREIGN
    for found in other_texts(tests):
        if isinstance(found, Atom):
            yield found
        else:
            yield found, found, World.DECLARED if is_listed_number(spec, found) else World.FOREIGN


def _limits(spec: AttributeSpec) -> tuple[float, ...] | None:
    limits = tuple(number for text in spec.values if (number := number_of(text)) is not None)
    return limits if len(limits) == len(spec.values) == GRID and limits[2] > 0 else None


def _grid(spec: AttributeSpec, tests: Sequence[Any]) -> Iterator[float]:
    """Numbers of the grid on both sides of each number that a test names, its ends, and one between."""
    limits = _limits(spec)
    if limits is None:
        return
    least, most, step = limits
    steps = int((most - least) // step)
    yield from (least, least + steps * step)
    for number in integers(tests):
        near = int((number - least) // step)
        yield from (least + index * step for index in range(near - 1, near + 3) if 0 <= index <= steps)


def is_listed_number(spec: AttributeSpec, text: str) -> bool:
    """Whether CVAT offers a number, in its plain spelling."""
    number = number_of(text)
    if number is None or text != spelled(number):
        return False
    limits = _limits(spec)
    if limits is None:
        return True
    least, most, step = limits
    return least <= number <= most and (number - least) / step == (number - least) // step


# -- fields and measures ------------------------------------------------------------------------------------------------


def _order(name: str, tests: Sequence[Any], kind: Kind) -> Iterator[Candidate]:
    for number in integers(tests):
        usual = not number or (number == int(number) and (kind != "tag" if name == "z_order" else number > 0))
        yield number, spelled(number), World.DECLARED if usual else World.FOREIGN
    yield None, "x", World.FOREIGN


def least(name: str, kind: Kind) -> float:
    """The smallest that a measure can be."""
    if name == "rotation" or (kind == "ellipse" and name != "point_count"):
        return -LARGEST
    counts = {"polygon": 3.0, "polyline": 2.0, "points": 1.0, "skeleton": 1.0}
    if name == "point_count":
        return counts[kind]
    return 1.0 if kind == "mask" and name in {"width", "height"} else 0.0


def _measure(name: str, tests: Sequence[Any], label: LabelSpec, kind: Kind) -> Iterator[Candidate]:
    whole = name == "point_count" or kind == "mask"
    borders: tuple[float, ...] = (0.0, FULL_TURN) if name == "rotation" else (0.0,)
    if name == "point_count" and kind == "skeleton":
        borders = (float(len(label.elements)),)
    for piece in pieces(tests, least(name, kind), borders, whole=whole):
        if name == "rotation" and piece.low == piece.high and piece.low and not piece.low % FULL_TURN:
            continue  # a full turn is read as 0
        yield float(inside(piece)), piece, _world(name, piece, label, kind)


def _world(name: str, piece: Piece, label: LabelSpec, kind: Kind) -> World:
    if name == "rotation":
        return World.DECLARED if 0 <= piece.low < FULL_TURN else World.FOREIGN
    if name == "point_count" and kind == "skeleton":
        return World.DECLARED if piece.low <= len(label.elements) <= piece.high else World.FOREIGN
    return World.DECLARED if piece.high >= 0 else World.FOREIGN
