"""The way of one shape, told: the conversion with its fidelity, what each value became, and where it all stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from orjson import dumps, loads

from mapper.cvat.model import FIELDS
from mapper.encord.answers import ranged
from mapper.engine.classify import ClassificationEmitter
from mapper.engine.emit import ObjectEmitter
from mapper.engine.ledger import element_pairs
from mapper.engine.outcomes import Several
from mapper.findings.base import Issue
from mapper.geometry.shapes import Approximation, Mended
from mapper.spec.semantics.walk import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.cvat.model import Shape
    from mapper.engine.accounts import Space
    from mapper.engine.outcomes import Emitter
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.slots import Slot
    from mapper.engine.watch import Event
    from mapper.findings.base import Location
    from mapper.spec.load import LoadedSpec


Answers = dict[str, tuple[str, Any]]
"""Title and answer by the feature hash of the attribute: a list of options' titles, a text, or a number."""


class Attempt(NamedTuple):
    """A conversion that was tried: ``metric`` is "exact", "iou" or "residual_px", ``refused`` and ``repaired`` say why."""

    title: str
    shape: str
    metric: str
    fidelity: float | None
    refused: str
    repaired: str


class ValueWay(NamedTuple):
    """What became of one value: ``space`` is attribute, element or field; ``answer`` None if Encord holds none.

    ``to``: title of the Encord attribute, "" if the value went nowhere; ``by``: the place of the attribute rule.
    """

    space: str
    name: str
    value: str
    account: str
    why: str
    to: str
    type: str
    answer: Any
    under: str
    lookup: str
    by: Location | None


class Made(NamedTuple):
    """An object or classification in the bundle: ``hash`` is its object or classification hash."""

    what: str
    title: str
    shape: str
    hash: str
    feature_hash: str
    answers: dict[str, Any]


def attempts(event: Event) -> list[Attempt]:
    """The conversions that were tried for a shape, in turn; none for a tag, or where nothing was to be made."""
    return list(_attempts(event.emitter, event))


def _attempts(emitter: Emitter, event: Event) -> Iterator[Attempt]:
    if isinstance(emitter, Several):
        for part in emitter.parts:
            yield from _attempts(part, event)
    if not isinstance(emitter, ObjectEmitter):
        return
    result = emitter.run(event.shape.geometry, event.row.frame)
    metric, fidelity, repaired, refused = emitter.conversion.metric, None, "", ""
    if isinstance(result, Mended):
        repaired, result = result.issue.message(), result.geometry
    if isinstance(result, Approximation):
        metric, fidelity = "iou" if metric == "exact" else metric, round(result.value, 6)
    if isinstance(result, Issue):
        refused = result.message()
    yield Attempt(emitter.node.title or emitter.node.base, emitter.node.shape, metric, fidelity, refused, repaired)
    if refused and emitter.otherwise is not None:
        yield from _attempts(emitter.otherwise, event)


def emitters(emitter: Emitter) -> Iterator[ObjectEmitter | ClassificationEmitter]:
    """Whatever a rule may make something with, those under ``otherwise`` included."""
    if isinstance(emitter, Several):
        for part in emitter.parts:
            yield from emitters(part)
    elif isinstance(emitter, ClassificationEmitter):
        yield emitter
    elif isinstance(emitter, ObjectEmitter):
        yield emitter
        if emitter.otherwise is not None:
            yield from emitters(emitter.otherwise)


def made(event: Event) -> list[Made]:
    """What the shape became in the bundle."""
    targets = {node.hash: node for node in _nodes(event)}
    found = []
    for entry in loads(b"[%b]" % b",".join(event.objects)):
        node, answers = targets[entry["featureHash"]], _answers(event, entry["objectHash"])
        found.append(Made("object", node.title, node.shape, entry["objectHash"], node.hash, dict(answers.values())))
    for feature, instance in event.instances.items():
        answers = _by_feature(b",".join(filter(None, (instance.root, instance.nested))))
        title = targets[feature].root.title
        found.append(Made("classification", title, "", instance.hash.decode(), feature, dict(answers.values())))
    return found


def _nodes(event: Event) -> Iterator[Any]:
    for emitter in emitters(event.emitter):
        yield emitter.node


def _answers(event: Event, found: str) -> Answers:
    """The static and dynamic answers of an object on its frame, by feature hash."""
    parts: list[bytes] = []
    for added, word in ((event.answers, "classifications"), (event.actions, "actions")):
        for entry in added:
            parts += [dumps(answer) for answer in loads(b"{%b}" % entry).get(found, {}).get(word, ())]
    tracked = (event.row.tracks or {}).get(found.encode())
    if tracked is not None:  # an object of several images: its answers are written when the group ends
        here = [ranged(entry, event.row.range) for entry, ranges in tracked.actions.items() if event.row.range in ranges]
        parts += filter(None, (tracked.answers, *here))
    return _by_feature(b",".join(parts))


def _by_feature(answers: bytes) -> Answers:
    return {entry["featureHash"]: (entry["name"], _answer(entry["answers"])) for entry in loads(b"[%b]" % answers)}


def _answer(answers: Any) -> Any:
    return [option["name"] for option in answers] if isinstance(answers, list) else answers


def values(event: Event, loaded: LoadedSpec) -> list[ValueWay]:
    """What became of each attribute, element attribute and field of a shape, and what the spec added of its own."""
    accounts = {(account.space, account.name): account for account in event.books.accounts}
    answers = {feature: answer for item in _all_answers(event) for feature, answer in item.items()}
    slots = _slots(event)
    lookups = {loaded.place(found.pointer): found.rule.lookup or "" for found in attributes(loaded.spec)}
    found = []
    for space, name, value in values_read(event.shape):
        account = accounts.get((space, name))
        words = (account.account, account.why) if account else ("kept", "")
        found.append(_way((space, name, value), words, slots.get((space, name)), answers, lookups))
    found += [_way(("spec", "", ""), ("kept", ""), slot, answers, lookups) for slot in _valued(event)]
    return [way for way in found if way.space != "spec" or way.answer is not None]


def _way(
    value: tuple[str, str, str], account: tuple[str, str], slot: Slot | None, answers: Answers, lookups: dict[Location, str]
) -> ValueWay:
    node = slot.node if slot is not None else None
    place = slot.spec if slot is not None else None
    return ValueWay(
        *value,
        *account,
        to=node.title if node else "",
        type=node.type if node else "",
        answer=answers[node.hash][1] if node and node.hash in answers else None,
        under=slot.parent.title if slot is not None and slot.parent else "",
        lookup=lookups.get(place, "") if place else "",
        by=place,
    )


def _all_answers(event: Event) -> Iterator[Answers]:
    for entry in loads(b"[%b]" % b",".join(event.objects)):
        yield _answers(event, entry["objectHash"])
    for instance in event.instances.values():
        yield _by_feature(b",".join(filter(None, (instance.root, instance.nested))))


def values_read(shape: Shape) -> Iterator[tuple[Space, str, str]]:
    """Every value that a shape carries, as the ledger names it."""
    yield from (("attribute", name, text) for name, text in shape.attributes)
    for element, pairs in element_pairs(shape) if shape.kind == "skeleton" else ():
        yield from (("element", f"{element}.{name}", text) for name, text in pairs)
    yield from (("field", name, text) for name, text in zip(FIELDS, shape.fields, strict=True) if text is not None)


def _plans(event: Event) -> Iterator[AnswerPlan]:
    """The plans that answered: those of what was made, else those that were tried."""
    found = list(emitters(event.emitter))
    targets = event.verdict.targets
    for emitter in [one for one in found if one.node.hash in targets] or found:
        if isinstance(emitter, ObjectEmitter):
            yield emitter.plan
            continue
        instance = event.instances.get(emitter.node.hash)
        chosen = [entry[2] for entry in emitter.plans.values() if not isinstance(entry, Issue) and instance and entry[0] == instance.root]
        yield from chosen or filter(None, [emitter.bare])


def _slots(event: Event) -> dict[tuple[Space, str], Slot]:
    found: dict[tuple[Space, str], Slot] = {}
    for plan in _plans(event):
        for slot in (*plan.attributes.values(), *plan.elements.values(), *plan.fields.values()):
            found.setdefault((slot.space, slot.name), slot)
    return found


def _valued(event: Event) -> list[Slot]:
    return [slot for plan in _plans(event) for slot in plan.valued]
