"""What every compiled part of a run shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import LabelSpec
from mapper.encord.answers import IMAGE_RANGE
from mapper.engine.accounts import Bookshelf
from mapper.engine.blueprints import Blueprints
from mapper.findings.base import Issue
from mapper.findings.mapping import EmptyTitle, ExpressionFailed, TitleTrimmed
from mapper.spec.expressions import ExpressionProblem, Template, parse_template
from mapper.spec.names import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mapper.encord.ontology import Ontology
    from mapper.findings.base import Location
    from mapper.findings.collector import Collector
    from mapper.spec.model import MappingSpec


@dataclass(slots=True)
class Context:
    """Spec, label schema, ontology and findings of one run.

    ``place`` turns a pointer into the spec into a location. ``frame_range``: what dynamic answers hold as their range:
    the one frame of an image, or the mark that a group's rows replace. ``waived``: attribute rules with a last day that
    dropped something.
    """

    spec: MappingSpec
    labels: dict[str, LabelSpec]
    ontology: Ontology
    findings: Collector
    place: Callable[[tuple[str | int, ...]], Location | None]
    frame_range: bytes = IMAGE_RANGE
    shelf: Bookshelf = field(default_factory=Bookshelf)
    templates: dict[str, Template] = field(default_factory=dict)
    trimmed: set[tuple[str, str]] = field(default_factory=set)
    waived: set[Location | None] = field(default_factory=set)
    blueprints: Blueprints = field(init=False)

    def __post_init__(self) -> None:
        self.place = cache(self.place)
        self.blueprints = Blueprints(self)

    def template(self, text: str) -> Template:
        """A parsed template; the spec was checked, so it parses."""
        found = self.templates.get(text)
        if found is None:
            parsed = parse_template(text, NAMES)
            if not isinstance(parsed, Template):
                raise TypeError(f"unchecked template {text!r}: {parsed}")
            found = self.templates[text] = parsed
        return found

    def render(self, text: str, scope: Mapping[str, Any]) -> Any | Issue:
        """A template's value, or the issue that it failed."""
        value = self.template(text).render(scope)
        return ExpressionFailed(expression=text, why=value.message) if isinstance(value, ExpressionProblem) else value

    def title(self, text: str, scope: Mapping[str, Any], what: str) -> str | Issue:
        """A title: the rendered text without blanks around it, never empty; blanks are reported once for each thing named."""
        value = self.render(text, scope)
        if isinstance(value, (str, int, float)):
            written = str(value)
            title = written.strip()
            if title and title != written and (what, title) not in self.trimmed:
                self.trimmed.add((what, title))
                self.findings.add(TitleTrimmed(what=what, title=title), label=str(scope.get("label", "")))
            return title or EmptyTitle(what=what)
        return value if isinstance(value, Issue) else EmptyTitle(what=what)

    def label(self, name: str) -> LabelSpec:
        """The declared label of that name, or one of type any that is only seen in use."""
        return self.labels.get(name) or LabelSpec(name=name, declared=False)
