"""Classifications that several rules answer: an image holds one answer only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mapper.engine.analysis.notes import Note
from mapper.engine.analysis.witness import together
from mapper.findings.analysis.values import ClassificationShared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.engine.analysis.witness import Witness
    from mapper.engine.classify import ClassificationEmitter
    from mapper.spec.load import LoadedSpec


@dataclass(slots=True)
class _Writer:
    """A rule that answers a classification: with which options (None: it depends on the data), and what for."""

    answers: dict[str | None, None]
    witness: Callable[[], Witness]


@dataclass(slots=True)
class Answers:
    """Who writes which classification, by its hash and the number of the rule."""

    writers: dict[str, dict[int, _Writer]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, emitter: ClassificationEmitter, number: int, shown: Callable[[], Witness]) -> None:
        """Note that a rule answers the emitter's classification."""
        root = emitter.node.root
        known = emitter.constant and root.type in {"radio", "checklist"}
        answers: list[str | None] = list(emitter.plans) if known else [None]
        writer = self.writers.setdefault(emitter.node.hash, {}).setdefault(number, _Writer({}, shown))
        writer.answers.update(dict.fromkeys(answers))
        self.titles[emitter.node.hash] = root.title

    def notes(self, loaded: LoadedSpec) -> Iterator[Note]:
        """A note for each classification that rules answer differently, at the last of them."""
        for key, writers in self.writers.items():
            answers = {answer for writer in writers.values() for answer in writer.answers}
            if len(writers) > 1 and (None in answers or len(answers) > 1):
                numbers = sorted(writers)
                shown = together(writers[numbers[0]].witness(), writers[numbers[-1]].witness())
                rules = ", ".join(f"`{loaded.spec.rules[number].id}`" for number in numbers)
                place = loaded.place(("rules", numbers[-1], "id"))
                yield Note(ClassificationShared(self.titles[key], rules, shown.line), place, shown, rule=loaded.spec.rules[numbers[-1]].id)
