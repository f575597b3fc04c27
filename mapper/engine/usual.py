"""The short way for shapes that say what others said before, and only lie elsewhere.

The reader numbers shapes that are alike (``Shape.alike``). Rule, answers and accounts of the first hold for all of them, unless a
rule asks where a shape lies or on what image. Then only geometry and hash are worked out: no rule is asked, and no value looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.engine.conditions import FLAGS, NUMBERS, TEXTS, AttributeIs, Bounded, Compares, FlagIs, NumberIs, TextIs
from mapper.engine.emit import PLAIN, ObjectEmitter
from mapper.engine.logic import Every, Not, Some

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import Shape
    from mapper.engine.compile import Way
    from mapper.engine.outcomes import Outcome
    from mapper.engine.row import ImageRow

REMEMBERED = 16384
"""How many kinds of alike shapes are remembered before all are forgotten."""

_SAID = (TEXTS["source"], FLAGS["occluded"], *(NUMBERS[name] for name in ("z_order", "group", "score", "rotation")))
"""What conditions may ask that is equal for alike shapes; none of them is rotated."""


def nothing(_shape: Shape, _row: ImageRow) -> bool:
    """For alike shapes that have no short way."""
    return False


def short_way(shape: Shape, way: Way, before: Sequence[Way], outcome: Outcome) -> Callable[[Shape, ImageRow], bool] | None:
    """What puts a shape on an image's row that is alike to one that took this way; False if it has to take the long one.

    ``before``: the ways that were asked first. None: this shape was a special one, of which nothing can be learned.
    """
    emitter = way.emitter
    if not (isinstance(emitter, ObjectEmitter) and way.emit == emitter.emit and all(steady(one.condition) for one in (*before, way))):
        return nothing
    known = emitter.known.get(shape.alike)
    if known is None or emitter.conversion.many:
        return nothing
    if outcome.verdict is not emitter.plain or outcome.books is not known[1].books:
        return None
    run, inside, node, part = emitter.run, emitter.inside, emitter.node, emitter.part
    answered, (verdict, books, _) = known
    counts = verdict.counts

    def put(shape: Shape, row: ImageRow) -> bool:
        frame = row.frame
        geometry = run(shape.geometry, frame)
        if type(geometry) not in PLAIN:
            return False
        rendered = inside(geometry, frame)
        if rendered is None:
            return False
        row.add(node, row.object_hash(shape, part), answered, rendered)
        counts[books] += 1
        verdict.objects += 1
        return True

    return put


def steady(condition: Any) -> bool:
    """Whether a condition holds for all alike shapes if it holds for one."""
    if isinstance(condition, Every | Some):
        return all(map(steady, condition.conditions))
    if isinstance(condition, Not):
        return steady(condition.condition)
    if isinstance(condition, TextIs | FlagIs | Compares | Bounded | NumberIs):
        return condition.get in _SAID
    return condition is True or isinstance(condition, AttributeIs)
