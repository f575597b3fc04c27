"""What a foreign track costs: values of a shape that its track's object cannot hold are left out, and the books say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orjson import loads

from mapper.findings.mapping_values import AnsweredTwice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mapper.engine.accounts import Account, Answered, Books
    from mapper.engine.context import Context
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.slots import Slot

Place = tuple[str, str]
"""Space and name of a value, as in the ledger."""

TRACK_ID: Place = ("field", "track_id")


def contradicted(plan: AnswerPlan, answered: Answered, standing: bytes) -> list[Slot]:
    """The slots whose static answers are not those of the track's object (``standing``)."""
    before, wanted = _by_feature(standing), _by_feature(answered.answers)
    lost = {feature for feature, value in wanted.items() if before.get(feature) != value}
    places = {(account.space, account.name) for account in answered.books.accounts}
    return [slot for slot in _slots(plan) if slot.node and slot.node.hash in lost and ((slot.space, slot.name) in places or not slot.read)]


def left_out(context: Context, books: Books, places: Collection[Place]) -> Books:
    """The books with some values refused."""
    if not places:
        return books
    refused = (_refused(account) if (account.space, account.name) in places else account for account in books.accounts)
    return context.shelf.of(tuple(refused))


def _refused(account: Account) -> Account:
    return account._replace(account="refused", why=AnsweredTwice.code)


def _by_feature(answers: bytes) -> dict[str, Any]:
    return {entry["featureHash"]: entry["answers"] for entry in loads(b"[%b]" % answers)}


def _slots(plan: AnswerPlan) -> Iterator[Slot]:
    yield from plan.attributes.values()
    yield from plan.elements.values()
    yield from plan.valued
    yield from plan.fields.values()
