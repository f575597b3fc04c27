"""Templates: text with ``{{ expression }}`` holes, in a small safe subset of Jinja's expressions.

Jinja parses; nothing of it evaluates, compiles or runs. What it parsed is taken over node by node into
`mapper.spec.expression_nodes` if it is on the list: names, constants, parts of names, comparison, and/or/not,
conditional, ``+ - * /``, negation, ``~``, lists, and the filters and tests of `mapper.spec.filters`. There are no calls,
powers, remainders, statements or globals. An unknown name is an error when the spec is loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.spec.expression_nodes import Constant, Node
from mapper.spec.filters import EvaluationError, MissingError, bounded, finite, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SOURCE_LIMIT = 1000
"""Characters in a template with holes; text without holes is not limited here."""

_HOLE = re.compile(
    r"""\{\{((?:[^'"}]|'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+"|\}(?!\}))*+)\}\}""",
    re.DOTALL,
)
_MARKS = re.compile(r"\{%|\{#|\}\}")


@dataclass(frozen=True, slots=True)
class TemplateError:
    """Why a template cannot be used; ``offset`` is a character of the template's text, ``suggestion`` a name or ""."""

    message: str
    offset: int
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionProblem:
    """Why the data does not fit a template; ``name`` is the name without a value, if that is the reason."""

    message: str
    source: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes. ``names`` are the names used, with their parts: {"label", "attributes.type"}."""

    source: str
    names: frozenset[str]
    is_constant: bool
    parts: tuple[str | Node, ...] = field(repr=False)

    def render(self, scope: Mapping[str, Any]) -> Any | ExpressionProblem:
        """The text with the holes filled from nested mappings; what the data does not allow is returned as a problem.

        A template that is a single hole keeps the type of its value (text, int, float, bool or None), which is passed
        on as it is, however long. In text, booleans are written ``true`` and ``false``; null is a problem.
        """
        try:
            if len(self.parts) == 1:
                part = self.parts[0]
                return part if isinstance(part, str) else _scalar(part.evaluate(scope))
            return bounded("".join([_filled(part, scope) for part in self.parts]))
        except MissingError as error:
            return ExpressionProblem(str(error), self.source, error.name)
        except EvaluationError as error:
            return ExpressionProblem(str(error), self.source)


def _filled(part: str | Node, scope: Mapping[str, Any]) -> str:
    return part if isinstance(part, str) else text(part.evaluate(scope))


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return finite(value)
    raise EvaluationError("the result is a list, not one value")


def parse_template(source: str, allowed: Collection[str]) -> Template | TemplateError:
    """Read a template; ``allowed`` are the names it may use, with their parts ("label", "shape.kind").

    An entry such as "attributes.*" permits any ``attributes.x`` and ``attributes['any name']``.
    """
    if "{{" not in source:
        mark = _MARKS.search(source)
        return _stray(mark) if mark else Template(source, frozenset(), is_constant=True, parts=(source,))
    if len(source) > SOURCE_LIMIT:
        return TemplateError(f"a template has at most {SOURCE_LIMIT} characters, this has {len(source)}", 0)
    # jinja2 takes tens of milliseconds to import: only specs with holes pay for it, `mapper --help` never does.
    from mapper.spec.expression_parser import Parsed, parse_expression  # noqa: PLC0415

    parts: list[str | Node] = []
    names: set[str] = set()
    for piece in _split(source):
        if isinstance(piece, TemplateError):
            return piece
        if isinstance(piece, str):
            parts.append(piece)
            continue
        parsed = parse_expression(piece[1], piece.start(1), allowed)
        if not isinstance(parsed, Parsed):
            return parsed
        parts.append(parsed.node)
        names |= parsed.names
    template = Template(source, frozenset(names), is_constant=not names, parts=tuple(parts))
    return template if names else _evaluated(template)


def _evaluated(template: Template) -> Template | TemplateError:
    """A template without names has one value, so what is wrong with it is wrong in the spec."""
    value = template.render({})
    if isinstance(value, ExpressionProblem):
        return TemplateError(value.message, template.source.index("{{"))
    return Template(template.source, frozenset(), is_constant=True, parts=(Constant(value),))


def _split(source: str) -> list[str | re.Match[str] | TemplateError]:
    """Literal texts (none empty) and holes in turn; the last item is an error if a hole or mark cannot be."""
    pieces: list[str | re.Match[str] | TemplateError] = []
    position = 0
    while position < len(source):
        start = source.find("{{", position)
        end = len(source) if start < 0 else start
        if mark := _MARKS.search(source, position, end):
            return [_stray(mark)]
        if end > position:
            pieces.append(source[position:end])
        if start < 0:
            break
        hole = _HOLE.match(source, start)
        if hole is None:
            return [TemplateError("'{{' is not closed by '}}'", start)]
        pieces.append(hole)
        position = hole.end()
    return pieces


def _stray(mark: re.Match[str]) -> TemplateError:
    shown = f"{{{{ '{mark[0]}' }}}}"
    return TemplateError(f"'{mark[0]}' cannot stand in a text; write {shown} if it is meant", mark.start())
