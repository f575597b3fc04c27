"""What a matched rule does with a tag: an instance of a classification."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.encord.answers import choice, scalar
from mapper.encord.nodes import OptionNode
from mapper.engine.outcomes import Outcome
from mapper.engine.scopes import shape_scope
from mapper.findings.base import Issue, Severity
from mapper.findings.mapping import EmptyTitle, TagConflict
from mapper.findings.mapping_values import NotANumber

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper.cvat.model import Image, Shape
    from mapper.encord.nodes import ClassificationNode
    from mapper.engine.accounts import Answered
    from mapper.engine.outcomes import Origin
    from mapper.engine.plan import AnswerPlan
    from mapper.engine.row import ImageRow
    from mapper.engine.scopes import Scope


@dataclass(slots=True, eq=False)
class ClassificationEmitter:
    """Answers one classification with an option or a value.

    ``text``: template of the option or value. ``plan_of(option)``: the attributes nested below an option (None: the root
    holds nothing else). ``constant``: the option's title does not depend on the tag's values.
    """

    origin: Origin
    node: ClassificationNode
    text: str
    scope: Scope
    plan_of: Callable[[OptionNode | None], AnswerPlan]
    conflict: Severity
    constant: bool
    plans: dict[str, tuple[bytes, list[OptionNode], AnswerPlan] | Issue] = field(default_factory=dict)
    bare: AnswerPlan | None = None

    def prepare(self) -> None:
        """Put the option that is known before any data is read into the ontology, with what nests below it."""
        value = self.origin.context.render(self.text, self.scope) if self.constant else None
        if isinstance(value, str) and self.node.root.type in {"radio", "checklist"}:
            self.plans[value] = self._chosen(value.strip())

    def emit(self, shape: Shape, image: Image, row: ImageRow) -> Outcome:
        """Put the classification on the image, once."""

        def scope() -> Scope:
            return shape_scope(self.scope, shape, image, row.object_hash(shape).decode())

        value = self.origin.context.render(self.text, self.scope if self.constant else scope())
        found = value if isinstance(value, Issue) else self._answer(value)
        if isinstance(found, Issue):
            return self.origin.refuse(found, found.severity, shape, row)
        root, options, plan = found
        answered = plan.of(shape, scope)
        for issue, severity, attribute, place in answered.remarks:
            self.origin.report(issue, severity, shape, row, attribute, place)
        if answered.refused:
            return self.origin.refused(answered.refused, shape)
        return self._placed(shape, row, root, options, answered)

    def _placed(self, shape: Shape, row: ImageRow, root: bytes, options: list[OptionNode], answered: Answered) -> Outcome:
        self.node.listed = True
        became = row.classify(self.node, shape, root, answered, options)
        if became == "conflict":
            return self.origin.refuse(TagConflict(title=self.node.root.title), self.conflict, shape, row)
        merged = became == "merged"
        verdict = self.origin.verdict("merged", "the image has this classification") if merged else self.origin.verdict("kept")
        verdict.targets[self.node.hash] = self.node
        return Outcome(verdict, answered.books, 0 if merged else 1)

    def _answer(self, value: Any) -> tuple[bytes, list[OptionNode], AnswerPlan] | Issue:
        """The root's answer, and the plan of what nests below it."""
        root = self.node.root
        if root.type == "numeric":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return NotANumber(attribute=root.title, value=str(value))
            return scalar(root, value), [], self._bare()
        text = str(value)
        if root.type == "text":
            return scalar(root, text), [], self._bare()
        found = self.plans.get(text)
        if found is None:
            found = self.plans[text] = self._chosen(text.strip())
        return found

    def _chosen(self, title: str) -> tuple[bytes, list[OptionNode], AnswerPlan] | Issue:
        if not title:
            return EmptyTitle(what=f"option of {self.node.root.title!r}")
        option = self.origin.context.ontology.option(self.node.root, title)
        if not isinstance(option, OptionNode):
            return option
        plan = self.plan_of(option) if self.node.root.type == "radio" else self._bare()
        return choice(self.node.root, [option]), [option], plan

    def _bare(self) -> AnswerPlan:
        """The plan where nothing nests."""
        if self.bare is None:
            self.bare = self.plan_of(None)
        return self.bare
