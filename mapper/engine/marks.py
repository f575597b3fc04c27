"""The classifications of a label row that spans frames: equal answers are one instance, with the ranges of its frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.encord.answers import choice
from mapper.encord.rows import classification_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mapper.encord.nodes import ClassificationNode, OptionNode
    from mapper.encord.rows import Unit

Answers = tuple[str, bytes, bytes, bool]
"""Hash of the classification, answer of its root, nested answers, whether by hand."""


@dataclass(slots=True, eq=False)
class Mark:
    """One instance: its answers and the frames that have it."""

    hash: bytes
    answers: Answers
    options: list[OptionNode]
    numbers: list[int]


@dataclass(slots=True, eq=False)
class Marks:
    """The instances of one row. ``given`` counts how often a classification was put on a frame."""

    known: dict[Answers, Mark] = field(default_factory=dict)
    on: dict[tuple[str, int], Mark] = field(default_factory=dict)
    given: int = 0

    def put(self, node: ClassificationNode, number: int, answers: Answers, options: list[OptionNode], instance: Callable[[], bytes]) -> str:
        """Put a classification on a frame: "kept", "merged" with what is there, or "conflict"; ``instance`` makes a hash."""
        standing = self.on.get((node.hash, number))
        if standing is None:
            self._mark(number, answers, options, instance)
            self.given += 1
            return "kept"
        if node.root.type == "checklist" and number in standing.numbers:
            ticked = {id(option) for option in (*standing.options, *options)}
            union = [option for option in node.root.options if id(option) in ticked]
            standing.numbers.remove(number)
            self._mark(number, (node.hash, choice(node.root, union), *standing.answers[2:]), union, instance)
            return "merged"
        return "merged" if standing.answers[:3] == answers[:3] else "conflict"

    def _mark(self, number: int, answers: Answers, options: list[OptionNode], instance: Callable[[], bytes]) -> None:
        mark = self.known.get(answers)
        if mark is None:
            mark = self.known[answers] = Mark(instance(), answers, options, [])
        mark.numbers.append(number)
        self.on[answers[0], number] = mark

    def hold(self, feature: str, number: int, answers: Answers, instance: bytes) -> None:
        """Note a classification of a frame that is written already, so that no other one comes beside it."""
        self.on[feature, number] = Mark(instance, answers, [], [])

    def entries(self, unit: Unit, per_row: int) -> Iterator[tuple[int, bytes]]:
        """The entries of ``classification_answers``, each with the row that it belongs to; a row has ``per_row`` frames, 0 for all."""
        for mark in self.known.values():
            feature, root, nested, manual = mark.answers
            texts = b",".join(filter(None, (root, nested)))
            rows: dict[int, list[int]] = {}
            for number in mark.numbers:
                row = number // per_row if per_row else 0
                rows.setdefault(row, []).append(number - row * per_row)
            for row, numbers in sorted(rows.items()):
                yield row, classification_answer(mark.hash, feature, ranges(numbers), unit, texts, manual=manual)

    def count(self) -> int:
        """How many instances there are."""
        return sum(1 for mark in self.known.values() if mark.numbers)


def ranges(numbers: Iterable[int]) -> bytes:
    """Frames as inclusive pairs: the inside of a list in JSON."""
    pairs: list[list[int]] = []
    for number in sorted(numbers):
        if pairs and number <= pairs[-1][1] + 1:
            pairs[-1][1] = number
        else:
            pairs.append([number, number])
    return b",".join(b"[%d,%d]" % (first, last) for first, last in pairs)
