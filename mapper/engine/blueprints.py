"""What an attribute rule says of one CVAT attribute, worked out once for all targets, labels and kinds of which it says the same.

Titles, tables and lists of values rarely depend on the label or the kind of shape. What they do depend on is known from the
names that the rule's templates use; so a blueprint is made once for each combination of those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.engine.values import Fallback
from mapper.findings.base import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mapper.cvat.model import AttributeSpec
    from mapper.engine.context import Context
    from mapper.engine.scopes import Scope
    from mapper.spec.model import Lookup
    from mapper.spec.targets import AttributeTarget

Table = dict[str, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Blueprint:
    """A rule for one attribute, without the target that is to hold it.

    ``under``: titles of the attribute and option to nest below. ``title``: of the Encord attribute, None if it is named by
    its hash. ``table``: titles by value, None if values are titles. ``listed``: the values that CVAT lists. ``offered``:
    titles of options that are declared before any value is met. Issues stand for what a template did not give.
    """

    under: tuple[str, str] | Issue | None
    title: str | Issue | None
    dynamic: bool
    unset: frozenset[str]
    skip: frozenset[str]
    table: Table | Issue | None
    otherwise: Fallback | None
    listed: frozenset[str] | None
    offered: tuple[str, ...]


@dataclass(slots=True)
class Blueprints:
    """The blueprints of a run, by rule, attribute and whatever else the rule's templates ask for."""

    context: Context
    _names: dict[int, tuple[AttributeTarget, tuple[tuple[str, ...], ...]]] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], Blueprint] = field(default_factory=dict)

    def of(self, rule: AttributeTarget, spec: AttributeSpec, scope: Scope) -> Blueprint:
        """What a rule says of an attribute; ``scope`` holds the names of the attribute, the label and the kind."""
        asked = self._names.get(id(rule))  # a rule is kept with its names, so that no other takes its id
        if asked is None:
            asked = self._names[id(rule)] = rule, tuple(self._asked(rule))
        key = (id(rule), spec, *(_at(scope, name) for name in asked[1]))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(rule, spec, scope)
        return found

    def _asked(self, rule: AttributeTarget) -> Iterator[tuple[str, ...]]:
        """The names that a rule's templates use, but for those that the attribute and its value answer."""
        lookup = self.context.spec.lookups[rule.lookup] if rule.lookup is not None else None
        texts = [rule.to, *(lookup.rows if lookup is not None else rule.options or {}).values()]
        if rule.under is not None:
            texts += [rule.under.attribute, rule.under.option]
        if lookup is not None and lookup.otherwise is not None and lookup.otherwise.issue is not None:
            texts.append(lookup.otherwise.issue.message)
        names = {name for text in texts if text is not None for name in self.context.template(text).names}
        for name in sorted(names - {"value"}):
            parts = tuple(name.split(".", 1))
            if parts[0] != "attribute":
                yield parts

    def _made(self, rule: AttributeTarget, spec: AttributeSpec, scope: Scope) -> Blueprint:
        under = self._under(rule, scope)
        title: str | Issue | None = None
        if rule.to is not None and not isinstance(under, Issue):
            title = self.context.title(rule.to, scope, f"attribute for {spec.name!r}")
        rows, otherwise = self._rows(rule, scope)
        table = None if rows is None else self._titles(rows, scope)
        unset = frozenset(rule.unset or ())
        dynamic = spec.mutable if rule.dynamic == "mutable" else rule.dynamic
        return Blueprint(
            under=under,
            title=title,
            dynamic=dynamic,
            unset=unset,
            skip=frozenset(rule.skip or ()),
            table=table,
            otherwise=otherwise,
            listed=frozenset(values(spec)) or None if spec.declared else None,
            offered=tuple(filter(None, _offered(table, otherwise, spec, unset))) if rule.type not in {"text", "numeric"} else (),
        )

    def _under(self, rule: AttributeTarget, scope: Scope) -> tuple[str, str] | Issue | None:
        if rule.under is None:
            return None
        title = self.context.title(rule.under.attribute, scope, "attribute to nest below")
        option = self.context.title(rule.under.option, scope, "option to nest below")
        if isinstance(title, Issue):
            return title
        return option if isinstance(option, Issue) else (title, option)

    def _rows(self, rule: AttributeTarget, scope: Scope) -> tuple[Mapping[str, str | None] | None, Fallback | None]:
        if rule.lookup is None:
            return rule.options, None
        lookup: Lookup = self.context.spec.lookups[rule.lookup]
        return lookup.rows, self._fallback(lookup, scope)

    def _titles(self, rows: Mapping[str, str | None], scope: Scope) -> Table | Issue:
        table: Table = {}
        for value, title in rows.items():
            rendered = title if title is None else self.context.render(title, scope | {"value": value})
            if isinstance(rendered, Issue):
                return rendered
            table[value] = rendered if rendered is None or isinstance(rendered, str) else str(rendered)
        return table

    def _fallback(self, lookup: Lookup, scope: Scope) -> Fallback | None:
        if lookup.otherwise is None:
            return None
        issue = lookup.otherwise.issue
        if issue is None:
            return Fallback(lookup.otherwise.value)
        message = issue.message

        def say(value: str) -> str:
            text = self.context.render(message, scope | {"value": value})
            return text.message() if isinstance(text, Issue) else str(text)

        return Fallback(lookup.otherwise.value, Severity.parse(issue.severity), say)


def _offered(table: Table | Issue | None, otherwise: Fallback | None, spec: AttributeSpec, unset: frozenset[str]) -> Iterator[str | None]:
    if isinstance(table, dict):
        yield from table.values()
        if otherwise is not None:
            yield otherwise.title
    else:
        yield from (title for title in values(spec) if title not in unset)


def values(spec: AttributeSpec) -> tuple[str, ...]:
    """The values that CVAT lists for an attribute; none if anything goes."""
    if spec.input_type == "checkbox":
        return ("true", "false")
    return spec.values if spec.input_type in {"select", "radio"} else ()


def _at(scope: Scope, name: tuple[str, ...]) -> Any:
    found: Any = scope
    for step in name:
        found = found.get(step) if isinstance(found, dict) else None
    return found
