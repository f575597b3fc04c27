"""The way of one track, told: its conversion, what became of its values frame by frame, and what stands for it in the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from orjson import loads

from mapper.engine.emit import ObjectEmitter
from mapper.engine.scopes import shape_scope
from mapper.engine.track_row import ACTIONS, ANSWERS, PART_BITS
from mapper.engine.ways import emitters, values_read
from mapper.findings.base import Issue
from mapper.geometry.shapes import Approximation, Mended

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mapper.cvat.model import Entry
    from mapper.engine.accounts import Space
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.slots import Slot
    from mapper.engine.watch_tracks import Part
    from mapper.findings.base import Location

Ranges = tuple[tuple[int, int], ...]
"""Frames as pairs of the first and last, both included."""


class Valued(NamedTuple):
    """One attribute or field of a track: its values with their frames, and the Encord attribute with its answers.

    ``answers``: with their frames in the bundle, None where they stand for all frames. ``by``: place of the attribute rule.
    """

    space: Space
    name: str
    values: tuple[tuple[str, Ranges], ...]
    accounts: tuple[str, ...]
    to: str
    type: str
    dynamic: bool
    answers: tuple[tuple[Any, Ranges | None], ...]
    by: Location | None


class Stands(NamedTuple):
    """An object of the track in the bundle, and the frames on which it stands there."""

    title: str
    shape: str
    hash: str
    feature_hash: str
    frames: Ranges


def ranges(frames: Iterable[int]) -> Ranges:
    """Frames in order as pairs."""
    found: list[tuple[int, int]] = []
    for frame in frames:
        if found and found[-1][1] + 1 == frame:
            found[-1] = found[-1][0], frame
        elif not found or found[-1][1] != frame:
            found.append((frame, frame))
    return tuple(found)


def track_conversions(part: Part) -> Iterator[dict[str, Any]]:
    """Each target that was tried, with its fidelity on the worst frame and on average, and how many frames it refused."""
    for emitter in emitters(part.emitter) if not part.mixed else ():
        if not isinstance(emitter, ObjectEmitter):
            continue
        results = [emitter.run(entry.shape.geometry, part.row.frame_at(entry.frame)) for entry in part.entries]
        plain = [result.geometry if isinstance(result, Mended) else result for result in results]
        values = [result.value for result in plain if isinstance(result, Approximation)]
        refused = [result for result in plain if isinstance(result, Issue)]
        metric = emitter.conversion.metric
        residual = metric == "residual_px"
        yield {
            "shape": emitter.node.shape,
            "title": emitter.node.title or emitter.node.base,
            "metric": "iou" if metric == "exact" and values else metric,
            "worst": round((max if residual else min)(values), 6) if values else None,
            "mean": round(sum(values) / len(values), 6) if values else None,
            "refused": len(refused),
            "why": refused[0].message() if refused else "",
        }
        if not refused:
            return


def track_objects(part: Part) -> Iterator[Stands]:
    """The objects that a part of a track became, in order of their first frames."""
    frames: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for frame, entry in part.objects:
        item = loads(entry)
        frames.setdefault(item["objectHash"], (item, []))[1].append(frame)
    nodes = {emitter.node.hash: emitter.node for emitter in emitters(part.emitter)}
    for found, (item, where) in frames.items():
        title = getattr(nodes[item["featureHash"]], "title", item["name"])
        yield Stands(title, item["shape"], found, item["featureHash"], ranges(sorted(where)))


def _answers(part: Part) -> dict[str, list[tuple[Any, Ranges | None]]]:
    """What the bundle answers, by feature hash of the attribute."""
    found: dict[str, list[tuple[Any, Ranges | None]]] = {}
    for key, fragment in part.written:
        kind = key & (1 << PART_BITS) - 1
        if kind not in {ANSWERS, ACTIONS}:
            continue
        for entry in loads(b"{%b}" % fragment).values():
            for answer in entry.get("classifications", entry.get("actions", ())):
                said = answer["answers"]
                value = [option["name"] for option in said] if isinstance(said, list) else said
                where = tuple((first, last) for first, last in answer["range"]) if kind == ACTIONS else None
                if (value, where) not in found.setdefault(answer["featureHash"], []):
                    found[answer["featureHash"]].append((value, where))
    return found


# -- values ------------------------------------------------------------------------------------------------------------


def track_values(part: Part) -> Iterator[Valued]:
    """Each attribute and field of a part of a track, with its values and what answers for them."""
    answers, plans = _answers(part), list(_plans(part))
    slots = {(slot.space, slot.name): slot for plan in plans for slot in _slots(plan)}
    accounts = _accounts(part, plans)
    for (space, name), values in _runs(part.entries).items():
        slot = slots.get((space, name))
        node = slot.node if slot is not None else None
        yield Valued(
            space=space,
            name=name,
            values=tuple((value, ranges(frames)) for value, frames in values.items()),
            accounts=tuple(accounts.get((space, name), {"kept": None})),
            to=node.title if node else "",
            type=node.type if node else "",
            dynamic=node.dynamic if node else False,
            answers=tuple(answers.get(node.hash, ())) if node else (),
            by=slot.spec if slot is not None else None,
        )


def _runs(entries: Sequence[Entry]) -> dict[tuple[Space, str], dict[str, list[int]]]:
    """The frames of each value of each attribute and field."""
    found: dict[tuple[Space, str], dict[str, list[int]]] = {}
    for entry in entries:
        for space, name, value in values_read(entry.shape):
            found.setdefault((space, name), {}).setdefault(value, []).append(entry.frame)
    return found


def _plans(part: Part) -> Iterator[AnswerPlan]:
    made = {feature for verdict in part.fates for feature in verdict.targets}
    for emitter in emitters(part.emitter):
        if emitter.node.hash in made and isinstance(emitter, ObjectEmitter):
            yield emitter.plan


def _slots(plan: AnswerPlan) -> tuple[Slot, ...]:
    return (*plan.attributes.values(), *plan.elements.values(), *plan.fields.values())


def _accounts(part: Part, plans: Sequence[AnswerPlan]) -> dict[tuple[Space, str], dict[str, None]]:
    """The accounts of each value, with their reasons, in the order of the entries."""
    found: dict[tuple[Space, str], dict[str, None]] = {}
    books = dict.fromkeys(books for verdict in part.fates for books in verdict.counts) if not plans else {}
    for plan in plans:
        for entry in {(entry.shape.attributes, entry.shape.fields): entry for entry in part.entries}.values():
            part.row.view.frame = entry.frame
            names = shape_scope(plan.compiler.scope, entry.shape, part.row.image, part.row.object_hash(entry.shape).decode())
            books[plan.of(entry.shape, lambda names=names: names).books] = None  # type: ignore[misc]
    for book in books:
        for account in book.accounts:
            said = f"{account.account}, {account.why}" if account.why else account.account
            found.setdefault((account.space, account.name), {})[said] = None
    return found
