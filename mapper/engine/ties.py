"""What a foreign track costs: values of a shape that its track's object cannot hold are left out, and the books say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orjson import loads

from mapper.cvat.model import FIELDS
from mapper.findings.mapping_values import AnsweredTwice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapper.cvat.model import Shape
    from mapper.engine.accounts import Answered, Books
    from mapper.engine.emit import ObjectEmitter
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.row import ImageRow
    from mapper.engine.slots import Slot

Place = tuple[str, str]
"""Space and name of a value, as in the ledger."""

TRACK = FIELDS.index("track_id")

TRACK_ID: Place = ("field", "track_id")


def contradicted(plan: AnswerPlan, answered: Answered, standing: bytes, *, absent: bool = False) -> list[Slot]:
    """The slots whose static answers are not those of the track's object (``standing``).

    ``absent``: also those that the shape does not answer, and the track's object does.
    """
    before, wanted = _by_feature(standing), _by_feature(answered.answers)
    features = before.keys() | wanted.keys() if absent else wanted.keys()
    lost = {feature for feature in features if before.get(feature) != wanted.get(feature)}
    places = {(account.space, account.name) for account in answered.books.accounts}
    return [slot for slot in _slots(plan) if slot.node and slot.node.hash in lost and ((slot.space, slot.name) in places or not slot.read)]


def left_out(emitter: ObjectEmitter, answered: Answered, standing: bytes | None, shape: Shape, row: ImageRow) -> Books:
    """The books of a shape of a foreign track without what its object cannot hold, each reported.

    ``standing``: the answers of the track's object; None if the image holds that object already.
    """
    lost: list[Place] = [TRACK_ID]
    title = f"track {shape.fields[TRACK]} of {emitter.node.title}"
    if standing is None:
        _say_twice(emitter, title, "track_id", shape, row)
    else:
        slots = contradicted(emitter.plan, answered, standing)
        for slot in slots:
            _say_twice(emitter, slot.node.title if slot.node else title, slot.name, shape, row)
        lost = places_of(slots)
    return emitter.origin.context.shelf.without(answered.books, lost, AnsweredTwice.code)


def _say_twice(emitter: ObjectEmitter, title: str, name: str, shape: Shape, row: ImageRow) -> None:
    twice = AnsweredTwice(title=title, attribute=name)
    emitter.origin.report(twice, twice.severity, shape, row, name)


def places_of(slots: Iterable[Slot]) -> list[Place]:
    """Where the values of slots stand in the ledger."""
    return [(slot.space, slot.name) for slot in slots]


def _by_feature(answers: bytes) -> dict[str, Any]:
    return {entry["featureHash"]: entry["answers"] for entry in loads(b"[%b]" % answers)}


def _slots(plan: AnswerPlan) -> Iterator[Slot]:
    yield from plan.attributes.values()
    yield from plan.elements.values()
    yield from plan.valued
    yield from plan.fields.values()
