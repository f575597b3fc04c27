"""The cells of one label and kind as a space of dimensions, sets of them, and a real shape for any set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import inf, nextafter, prod
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.analysis.diagram import EMPTY, Diagram, Steps, restricted
from mapper.engine.analysis.domains import Domain, domain
from mapper.engine.analysis.formulas import LEAF, leaves_in
from mapper.engine.analysis.geometry import USUAL, solve
from mapper.engine.analysis.grid import LARGEST as CELLS
from mapper.engine.analysis.grid import MANY, Grid
from mapper.engine.analysis.partition import LARGEST, Piece, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.engine.analysis.formulas import Formula
    from mapper.engine.analysis.leaves import Dimension, Leaf
    from mapper.geometry.kinds import Kind

PATHS = 500
"""Boxes of cells that are tried for a real shape."""
BUDGET = 400_000
"""Steps that the sets of one label and kind may cost."""
SHOWN = 4
SMALLEST = 1e-300

ORDER = ("occluded", "track", "source", "z_order", "group", "attributes", "frame", "image", "subset")


Known = dict[tuple[Any, ...], Domain]
"""Domains of attributes, by all that they are made of."""


class Cell(NamedTuple):
    """A shape that stands for a set of cells: values by dimension, and what the set asks for in words.

    ``geometry`` is None where nothing is asked of it.
    """

    values: tuple[tuple[Dimension, Any], ...]
    geometry: Any
    words: str


class Found(NamedTuple):
    """What a set holds: ``cell`` is real and in ``world``; without one, the set is ``impossible`` or stays open."""

    world: World = World.DOUBTFUL
    cell: Cell | None = None
    impossible: bool = False


NOTHING = Found(impossible=True)
OPEN = Found()


@dataclass(slots=True)
class Space:
    """All cells of one label and kind, as far as the given formulas tell them apart."""

    label: LabelSpec
    kind: Kind
    domains: tuple[Domain, ...]
    diagram: Diagram | Grid

    @classmethod
    def of(
        cls,
        label: LabelSpec,
        kind: Kind,
        formulas: Iterable[Formula],
        leaves: Sequence[Leaf],
        *,
        steps: Steps | None = None,
        known: Known | None = None,
    ) -> Space:
        """The space in which formulas over these leaves are sets.

        ``steps`` bounds what its sets may cost (None: ``BUDGET``); ``known`` keeps domains for other spaces of the label.
        """
        asked: dict[Dimension, dict[int, Leaf]] = {}
        formulas = list(formulas)
        for formula in formulas:
            for number in leaves_in(formula):
                asked.setdefault(leaves[number].dimension, {})[number] = leaves[number]
        ordered = sorted(asked, key=_place)
        domains = tuple(_domain(dimension, asked[dimension], label, kind, {} if known is None else known) for dimension in ordered)
        size = prod(len(entry.atoms) for entry in domains)
        measured = sum(entry.dimension[0] in USUAL for entry in domains)
        sets = Grid if len(formulas) >= MANY and size <= CELLS and measured <= 1 else Diagram
        return cls(label, kind, domains, sets([entry.full for entry in domains], steps or Steps(BUDGET)))

    def set_of(self, formula: Formula) -> int:
        """The cells where a formula holds."""
        if isinstance(formula, bool):
            return self.diagram.all if formula else EMPTY
        if isinstance(formula, int):
            return self._leaf(formula - LEAF)
        parts = [self.set_of(part) for part in formula[1:]]
        found = parts[0]
        if formula[0] == "not":
            return self.diagram.minus(self.diagram.all, found)
        for part in parts[1:]:
            found = self.diagram.both(found, part) if formula[0] == "all" else self.diagram.either(found, part)
        return found

    def _leaf(self, number: int) -> int:
        for variable, entry in enumerate(self.domains):
            if number in entry.masks:
                return self.diagram.atoms(variable, entry.masks[number])
        raise KeyError(number)

    # -- what a set holds ----------------------------------------------------------------------------------------

    @property
    def declared(self) -> list[int]:
        """The atoms that data of the schema has."""
        return [entry.declared for entry in self.domains]

    @property
    def certain(self) -> list[int]:
        """The atoms that some data has."""
        return [entry.certain for entry in self.domains]

    @property
    def full(self) -> list[int]:
        """All atoms."""
        return [entry.full for entry in self.domains]

    def find(self, cells: int) -> Found:
        """A real shape in a set: one of the schema if there is one, else any."""
        if cells == EMPTY:
            return NOTHING
        usual, _ = self._search(cells, self.declared, usual=True)
        if usual is not None:
            return Found(World.DECLARED, usual)
        strange, complete = self._search(cells, self.certain, usual=False)
        if strange is not None:
            return Found(World.FOREIGN, strange)
        return NOTHING if complete and not self._doubtful(cells) else OPEN

    def occurs(self, cells: int) -> bool:
        """Whether data of the schema has a shape in a set."""
        if any(entry.dimension[0] in USUAL or not entry.declared for entry in self.domains):
            return self.find(cells).world == World.DECLARED
        return bool(self.diagram.count(cells, self.declared))

    def is_impossible(self, cells: int) -> bool:
        """Whether no data at all has a shape in a set."""
        if cells == EMPTY or all(entry.certain == entry.full and entry.dimension[0] not in USUAL for entry in self.domains):
            return cells == EMPTY
        return self.find(cells).impossible

    def relates(self, cells: int) -> bool:
        """Whether a set asks for several measures, which depend on each other."""
        if sum(entry.dimension[0] in USUAL for entry in self.domains) < 2:  # noqa: PLR2004 - several
            return False
        return sum(self.domains[variable].dimension[0] in USUAL for variable in self.diagram.support(cells)) > 1

    def having(self, cells: int, name: str, value: str | None) -> int:
        """The cells of a set whose attribute may have a value; all of them if no rule asks about the attribute."""
        for variable, entry in enumerate(self.domains):
            if entry.dimension == ("attributes", name):
                mask = sum(1 << bit for bit, atom in enumerate(entry.atoms) if value in atom.values)
                return self.diagram.both(cells, self.diagram.atoms(variable, mask))
        return cells

    def within(self, cells: int, masks: Mapping[int, int]) -> bool:
        """Whether a set has declared cells within masks, measures taken as independent."""
        return next(self.diagram.paths(cells, restricted(self.declared, masks)), None) is not None

    def count(self, cells: int) -> int:
        """How many declared cells a set has, measures taken as independent; conditions that are not analysed divide nothing."""
        return self.diagram.count(cells, [mask or 1 for mask in self.declared])

    def _doubtful(self, cells: int) -> bool:
        full = self.full
        for variable in self.diagram.support(cells):
            doubtful = full[variable] & ~self.domains[variable].certain
            if doubtful and next(self.diagram.paths(cells, restricted(full, {variable: doubtful})), None) is not None:
                return True
        return False

    def _search(self, cells: int, allowed: Sequence[int], *, usual: bool) -> tuple[Cell | None, bool]:
        """A cell of a set within masks; without one, whether it is sure that there is none."""
        if not all(allowed) and not all(allowed[variable] for variable in self.diagram.support(cells)):
            return None, True
        complete, tried = True, 0
        for box in islice(self.diagram.paths(cells, allowed), PATHS):
            tried += 1
            wanted = self._measures(box, allowed)
            if not wanted:
                return self._cell(box, allowed, None), True
            solution = solve(self.kind, self.label, wanted)
            if solution.geometry is not None and (solution.usual or not usual):
                return self._cell(box, allowed, solution.geometry), True
            complete = complete and solution.impossible
        return None, complete and tried < PATHS

    def _measures(self, box: Mapping[int, int], allowed: Sequence[int]) -> dict[str, list[Piece]]:
        found = {}
        for variable, entry in enumerate(self.domains):
            if entry.dimension[0] in USUAL:
                mask = box.get(variable, allowed[variable])
                found[entry.dimension[0]] = [piece for atom in _chosen(entry, mask) for piece in atom.values]
        return found

    def _cell(self, box: Mapping[int, int], allowed: Sequence[int], geometry: Any) -> Cell:
        values = []
        for variable, entry in enumerate(self.domains):
            if entry.dimension[0] not in {*USUAL, "open"}:
                atom = next(iter(_chosen(entry, box.get(variable, allowed[variable]))))
                values.append((entry.dimension, atom.values[0]))
        return Cell(tuple(values), geometry, self.words(box))

    def words(self, box: Mapping[int, int]) -> str:
        """What a box of cells asks for, in words: "type=van, occluded=true"; "" if nothing."""
        return ", ".join(
            _said(self.domains[variable], mask) for variable, mask in sorted(box.items()) if mask != self.domains[variable].full
        )


def _domain(dimension: Dimension, leaves: Mapping[int, Leaf], label: LabelSpec, kind: Kind, known: Known) -> Domain:
    if dimension[0] != "attributes":
        return domain(dimension, list(leaves.items()), label, kind)
    key = (label.attribute(dimension[1]), dimension, *leaves)
    found = known.get(key)
    if found is None:
        found = known[key] = domain(dimension, list(leaves.items()), label, kind)
    return found


def _place(dimension: Dimension) -> tuple[int, Dimension]:
    name = dimension[0]
    return (ORDER.index(name) if name in ORDER else len(ORDER), dimension)


def _chosen(entry: Domain, mask: int) -> Iterable[Any]:
    return (atom for bit, atom in enumerate(entry.atoms) if mask >> bit & 1)


def _said(entry: Domain, mask: int) -> str:
    name, key = entry.dimension
    shown = key if name == "attributes" else f"a condition on {key}" if name == "open" else name
    values = [value for atom in _chosen(entry, mask) for value in atom.values]
    if name == "open" or not values:
        return shown
    words = list(dict.fromkeys(_ranges(values) if name in USUAL else map(_word, values)))
    more = " or …" if len(words) > SHOWN else ""
    return f"{shown}={' or '.join(words[:SHOWN])}{more}"


def _ranges(pieces: Iterable[Piece]) -> Iterable[str]:
    """Pieces in words; those that touch are one."""
    joined: list[Piece] = []
    for piece in sorted(pieces):
        if joined and nextafter(joined[-1].high, inf) == piece.low:
            joined[-1] = Piece(joined[-1].low, piece.high)
        else:
            joined.append(piece)
    for low, high in joined:
        yield _bound(low, "above") if low == high else f"{_bound(low, 'above')}…" + (_bound(high, "below") if high < LARGEST else "")


def _bound(number: float, side: str) -> str:
    """An end of a range; one that a strict comparison made is named by what it was compared with."""
    if abs(number) < SMALLEST:
        return f"{side} 0" if number else "0"
    short = f"{number:g}"
    return short if float(short) == number else f"{side} {short}"


def _word(value: Any) -> str:
    if value is None:
        return "(absent)"
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'
