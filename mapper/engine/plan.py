"""All answers of one target: from a shape's attributes and fields to JSON bytes, accounts and remarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS
from mapper.encord.answers import choice, ranged, scalar
from mapper.engine.accounts import Account, Answered, Remark
from mapper.engine.ledger import element_pairs
from mapper.engine.values import Reply
from mapper.findings.mapping import ExpressionFailed
from mapper.findings.mapping_values import AnsweredTwice, AttributeMissing, NestedWithoutOption
from mapper.spec.expressions import ExpressionProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.cvat.model import LabelSpec, Shape
    from mapper.encord.nodes import AttributeNode
    from mapper.engine.context import Context
    from mapper.engine.scopes import Scope
    from mapper.engine.slots import Slot, SlotCompiler
    from mapper.findings.base import Issue

REMEMBERED = 16384
"""How many signatures of values a plan remembers; free texts beyond that are answered one by one."""

SOURCE, TRACK, ROTATION, SCORE = (FIELDS.index(name) for name in ("source", "track_id", "rotation", "score"))
ATTRIBUTE_FIELDS = {name: FIELDS.index(name) for name in ("occluded", "z_order", "group_id", "source", "score")}
FLAG_WORDS = {"0": "false", "1": "true"}

Elements = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""The attributes of a skeleton's points, by element label."""


@dataclass(slots=True)
class _Work:
    """What is gathered while one signature is answered."""

    accounts: list[Account] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    chosen: dict[AttributeNode, list[tuple[Slot, Reply]]] = field(default_factory=dict)
    refused: str = ""


@dataclass(slots=True, eq=False)
class AnswerPlan:
    """Compiled attribute rules of one (target, label, kind); ``of`` is what the hot path calls on a new signature.

    ``varied``: slots whose values must be computed for every shape; the rest is remembered by signature, unless one of
    them shares its Encord attribute with such a slot (``mixed``).
    """

    context: Context
    compiler: SlotCompiler
    label: LabelSpec
    rotation: str
    attributes: dict[str, Slot] = field(default_factory=dict)
    elements: dict[tuple[str, str], Slot] = field(default_factory=dict)
    fields: dict[str, Slot] = field(default_factory=dict)
    valued: list[Slot] = field(default_factory=list)
    automatic: frozenset[str] = frozenset()
    confident: bool = False
    known_alike: dict[int, Answered] = field(default_factory=dict)
    known_values: dict[Any, Answered] = field(default_factory=dict)
    known_fields: dict[tuple[str | None, ...], Answered] = field(default_factory=dict)
    varied: list[Slot] = field(default_factory=list)
    mixed: bool = False

    @property
    def varies(self) -> bool:
        """Whether two shapes of equal values may be answered differently."""
        return bool(self.varied) or self.mixed

    def of(self, shape: Shape, scope: Callable[[], Scope]) -> Answered:
        """The answers for a shape's attributes and fields; ``scope`` gives the names of templates, made only if one is used."""
        alike = self.known_alike.get(shape.alike)
        if alike is not None:
            return alike
        elements = element_pairs(shape) if shape.kind == "skeleton" else ()
        # Values and fields are remembered apart: their combinations are many more than they are.
        key = (shape.attributes, elements)
        values = None if self.mixed else self.known_values.get(key)
        if values is None:
            self._meet(shape, elements)
            work = _Work()
            if self.mixed:
                self._values(work, shape, elements, scope, self.varied)
                return self._fields(work, shape)
            self._values(work, shape, elements, scope, ())
            values = _remembered(self.known_values, key, self._finished(work))
        fields = self.known_fields.get(shape.fields)
        if fields is None:
            fields = _remembered(self.known_fields, shape.fields, self._fields(_Work(), shape))
        found = self._joined(values, fields)
        if self.varied:
            return self._with_varied(found, shape, scope)
        return _remembered(self.known_alike, shape.alike, found) if shape.alike else found

    def settle(self) -> None:
        """Work out which slots vary, and whether they, or fields, need to know what others answer."""
        self.known_alike.clear()
        slots = [*self.attributes.values(), *self.valued]
        self.varied = [slot for slot in slots if slot.varying]
        steady = {id(slot.node) for slot in (*slots, *self.elements.values()) if slot.node and not slot.varying}
        varied = {id(slot.node) for slot in self.varied if slot.node}
        fields = {id(slot.node) for slot in self.fields.values() if slot.node}
        self.mixed = (
            any(slot.parent is not None for slot in (*self.varied, *self.fields.values()))
            or any(slot.varying for slot in self.elements.values())
            or bool(varied & steady or fields & (steady | varied))
        )

    def _meet(self, shape: Shape, elements: Elements) -> None:
        """Make slots for what the label does not declare, before anything of the shape is read."""
        new = [name for name, _ in shape.attributes if name not in self.attributes]
        parts = [(element, name) for element, pairs in elements for name, _ in pairs if (element, name) not in self.elements]
        for name in new:
            self.attributes[name] = self.compiler.undeclared(name, None, remark=self.label.declared)
        for element, name in parts:
            self.elements[element, name] = self.compiler.undeclared(name, element, remark=self.label.declared)
        if new or parts:
            self.settle()

    def _joined(self, first: Answered, then: Answered) -> Answered:
        return Answered(
            books=self.context.shelf.joined(first.books, then.books),
            answers=first.answers + b"," + then.answers if first.answers and then.answers else first.answers or then.answers,
            actions=first.actions + b"," + then.actions if first.actions and then.actions else first.actions or then.actions,
            manual=first.manual and then.manual,
            confidence=min(first.confidence, then.confidence),
            remarks=first.remarks + then.remarks,
            refused=first.refused or then.refused,
        )

    def _with_varied(self, found: Answered, shape: Shape, scope: Callable[[], Scope]) -> Answered:
        work, texts, names = _Work(), dict(shape.attributes), scope()
        for slot in self.varied:
            if not slot.read or slot.name in texts:
                self._read(work, slot, texts.get(slot.name, ""), lambda: names)
            else:
                self._absent(work, slot, lambda: names)
        return self._joined(found, self._finished(work))

    def _values(self, work: _Work, shape: Shape, elements: Elements, scope: Callable[[], Scope], varied: Sequence[Slot]) -> None:
        """What attributes and values answer; those that vary only if they are given."""
        later = {id(slot) for slot in self.varied} - {id(slot) for slot in varied}
        values = dict(shape.attributes)
        for name, text in shape.attributes:
            slot = self.attributes[name]
            if id(slot) not in later:
                self._read(work, slot, text, scope)
        for element, pairs in elements:
            for name, text in pairs:
                self._read(work, self.elements[element, name], text, scope)
        for slot in self.attributes.values():
            if slot.name not in values and id(slot) not in later:
                self._absent(work, slot, scope)
        for slot in self.valued:
            if id(slot) not in later:
                self._read(work, slot, "", scope)

    def _read(self, work: _Work, slot: Slot, text: str, scope: Callable[[], Scope], *, counted: bool = True) -> None:
        reply = slot.fixed
        if reply is None and slot.value is not None:
            reply = self._computed(slot, text, scope)
        if reply is None:
            assert slot.source is not None  # noqa: S101 - a slot without a fixed reply has a source
            reply = slot.source.reply(text)
        for issue, severity in reply.issues:
            work.remarks.append(Remark(issue, severity, slot.name, slot.spec))
        if reply.refuse:
            work.refused = work.refused or reply.why
        if counted and slot.read:
            work.accounts.append(Account(slot.space, slot.name, reply.account, reply.why))
        if slot.node is not None and (reply.options is not None or reply.scalar is not None):
            work.chosen.setdefault(slot.node, []).append((slot, reply))

    def _computed(self, slot: Slot, text: str, scope: Callable[[], Scope]) -> Reply:
        assert slot.value is not None and slot.source is not None  # noqa: S101, PT018 - see the caller
        if slot.read and text in slot.source.unset:
            return slot.source.reply(text)
        names = scope()
        own = slot.scope or names
        value = slot.value.render(names | {"attribute": own["attribute"], "element": own["element"], "value": text})
        if isinstance(value, ExpressionProblem):
            issue: Issue = ExpressionFailed(expression=slot.value.source, why=value.message)
            return Reply("refused", issue.code, issues=((issue, issue.severity),))
        written = value if isinstance(value, str) else _text(value)
        if slot.node and slot.node.type == "numeric" and type(value) in {int, float} and not slot.source.is_silent(written):
            return Reply("transformed", scalar=value)
        reply = slot.source.reply(written)
        return reply._replace(account="transformed") if reply.account == "kept" else reply

    def _absent(self, work: _Work, slot: Slot, scope: Callable[[], Scope]) -> None:
        if slot.absent is not None:
            self._read(work, slot, slot.absent, scope, counted=False)
        elif slot.report_absent:
            issue = AttributeMissing(attribute=slot.name)
            work.remarks.append(Remark(issue, issue.severity, slot.name, slot.spec))

    def _fields(self, work: _Work, shape: Shape) -> Answered:
        """What the implicit fields answer, after what was gathered before."""
        for name, place in ATTRIBUTE_FIELDS.items():
            text = shape.fields[place]
            if text is not None:
                value = FLAG_WORDS.get(text, text) if name == "occluded" else text
                self._read(work, self.fields[name], value, dict)
        if shape.fields[TRACK] is not None:
            policy = self.context.spec.policy.fields.track_id
            work.accounts.append(Account("field", "track_id", "kept" if policy.keep else "dropped", policy.reason or "object hash"))
        if shape.fields[ROTATION] is not None:
            kept = self.rotation == "kept"
            work.accounts.append(Account("field", "rotation", "kept" if kept else "transformed", "" if kept else "in the coordinates"))
        score = shape.fields[SCORE] if self.confident else None
        return self._finished(work, manual=shape.fields[SOURCE] not in self.automatic, confidence=float(score or 1))

    # -- from replies to bytes -----------------------------------------------------------------------------------

    def _finished(self, work: _Work, *, manual: bool = True, confidence: float = 1) -> Answered:
        answers: list[bytes] = []
        actions: list[bytes] = []
        options: set[int] = set()
        # An answer below an option needs to know whether the option was chosen: the top level comes first.
        for node, replies in sorted(work.chosen.items(), key=_below_an_option):
            rendered = self._answer(work, node, replies, options)
            if rendered is not None:
                (actions if node.dynamic else answers).append(rendered)
        return Answered(
            books=self.context.shelf.of(tuple(work.accounts)),
            answers=b",".join(answers),
            actions=ranged(b",".join(actions), self.context.frame_range),
            manual=manual,
            confidence=confidence,
            remarks=tuple(work.remarks),
            refused=work.refused,
        )

    def _answer(self, work: _Work, node: AttributeNode, replies: list[tuple[Slot, Reply]], options: set[int]) -> bytes | None:
        kept: list[tuple[Slot, Reply]] = []
        for slot, reply in replies:
            if slot.parent is not None and id(slot.parent) not in options:
                self._left_out(work, slot, NestedWithoutOption(attribute=slot.name))
            elif kept and node.type != "checklist" and _differs(kept[0][1], reply):
                self._left_out(work, slot, AnsweredTwice(title=node.title, attribute=slot.name))
            else:
                kept.append((slot, reply))
        if not kept:
            return None
        first = kept[0][1]
        if first.scalar is not None:
            node.listed = True
            return scalar(node, first.scalar)
        chosen = {id(option) for _, reply in kept for option in reply.options or ()}
        ticked = [option for option in node.options if id(option) in chosen]
        options.update(chosen)
        # Encord cannot tell an empty radio, or an empty dynamic checklist, from an unanswered one.
        if ticked or (node.type == "checklist" and not node.dynamic and node.options):
            node.listed = True
            return choice(node, ticked)
        return None

    def _left_out(self, work: _Work, slot: Slot, issue: Issue) -> None:
        work.remarks.append(Remark(issue, issue.severity, slot.name, slot.spec))
        for place, account in enumerate(work.accounts):
            if (account.space, account.name) == (slot.space, slot.name):
                work.accounts[place] = account._replace(account="refused", why=issue.code)


def _remembered(memory: dict[Any, Answered], key: Any, answered: Answered) -> Answered:
    if len(memory) < REMEMBERED:
        memory[key] = answered
    return answered


def _below_an_option(item: tuple[AttributeNode, list[tuple[Slot, Reply]]]) -> bool:
    return item[1][0][0].parent is not None


def _differs(first: Reply, other: Reply) -> bool:
    return first.scalar != other.scalar or [id(o) for o in first.options or ()] != [id(o) for o in other.options or ()]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
