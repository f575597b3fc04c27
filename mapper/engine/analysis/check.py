"""Everything that a label schema, and an ontology if there is one, tell about a spec before any data is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.analysis.coverage import TOTAL, coverage
from mapper.engine.analysis.gaps import gaps
from mapper.engine.analysis.names import names
from mapper.engine.analysis.notes import Note, ordered
from mapper.engine.analysis.reach import overlaps, reach
from mapper.engine.analysis.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.cvat.model import LabelSpec
    from mapper.engine.analysis.coverage import Coverage
    from mapper.spec.load import LoadedSpec


UNBOUNDED = 2**60
"""Steps for what follows from the sets that were made: each question is as small as the sets that it is about."""


class Counts(NamedTuple):
    """How large the question was: declared cells are shapes that the schema allows and the rules tell apart."""

    rules: int
    labels: int
    cells: int


class Checked(NamedTuple):
    """What was found, the most severe first."""

    notes: tuple[Note, ...]
    counts: Counts


def check_spec(loaded: LoadedSpec, labels: Sequence[LabelSpec], ontology: Mapping[str, Any] | None = None, budget: int = TOTAL) -> Checked:
    """Analyse a spec over a label schema.

    Args:
        loaded: a valid spec.
        labels: the label schema; it closes the world.
        ontology: the document of an existing ontology; without one, the one that the spec names, if it does.
        budget: how many steps the sets of cells may cost, and again as many the comparison of rules; what is beyond is unknown.
    """
    found = coverage(loaded.spec, labels, budget)
    notes = [*gaps(loaded, found), *reach(loaded, found), *overlaps(loaded, found), *names(loaded, found, labels)]
    found.steps.left = UNBOUNDED
    notes += Targets(loaded, labels, ontology).notes(found)
    return Checked(tuple(ordered(notes)), Counts(len(loaded.spec.rules), len(labels), _cells(found)))


def _cells(found: Coverage) -> int:
    return sum(group.space.count(group.space.diagram.all) * len(group.expected) for group in found.groups)
