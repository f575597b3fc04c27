"""Templates: each can be read, uses only names that have a value at its place, and titles are not blank."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mapper.findings.spec_meaning.targets import BadColor, BadTemplate, BlankTitle, NameNotAllowed
from mapper.spec.expressions import TemplateError, parse_template
from mapper.spec.names import NAMES
from mapper.spec.semantics.roles import COLOR, PLAIN_TITLE, templates

if TYPE_CHECKING:
    from mapper.findings.base import Issue, Location
    from mapper.spec.expressions import Template
    from mapper.spec.located import Located
    from mapper.spec.model import MappingSpec
    from mapper.spec.semantics.roles import Placed, Role
    from mapper.spec.semantics.walk import Found, Pointer

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_WORD = re.compile(r"\s*([\w.]+|\{\{|\}\}|.)", re.DOTALL)


def all_templates(spec: MappingSpec, located: Located) -> list[Found]:
    """What is wrong with each template, at the word that is meant where that can be told."""
    return [found for placed in templates(spec) if (found := _checked(placed, located))]


def _checked(placed: Placed, located: Located) -> Found | None:
    pointer, text, role = placed
    parsed = parse_template(text, role.names)
    if isinstance(parsed, TemplateError):
        return _refused(text, parsed, role), _inside(located, pointer, text, parsed.offset)
    issue = _constant(parsed, role) if parsed.is_constant else None
    return None if issue is None else (issue, located.place(pointer))


def _refused(text: str, error: TemplateError, role: Role) -> Issue:
    anywhere = parse_template(text, NAMES)
    if isinstance(anywhere, TemplateError):
        return BadTemplate(error.message.removesuffix(f"; did you mean '{error.suggestion}'?"), error.suggestion)
    if role is PLAIN_TITLE:
        return BadTemplate(f"{role.what} is plain text")
    foreign = sorted(name for name in anywhere.names if not _is_allowed(name, role.names))
    return NameNotAllowed(role.what, ", ".join(foreign), _listed(role.names))


def _listed(names: frozenset[str]) -> str:
    """The names in short: ``image.*`` where all parts of a name may be used."""
    shown = set(names)
    for family in {name.partition(".")[0] for name in names}:
        members = {name for name in NAMES if name.startswith(f"{family}.")}
        if len(members) > 1 and members <= names:
            shown = shown - members | {f"{family}.*"}
    return ", ".join(sorted(shown))


def _is_allowed(name: str, names: frozenset[str]) -> bool:
    return name in names or f"{name.split('.', maxsplit=1)[0]}.*" in names


def _constant(template: Template, role: Role) -> Issue | None:
    """What is wrong with a text that is the same for all shapes."""
    value = str(template.render({}))
    if role is COLOR and not _COLOR.fullmatch(value):
        return BadColor(value)
    return BlankTitle(role.what) if role.title and not value.strip() else None


def _inside(located: Located, pointer: Pointer, text: str, offset: int) -> Location:
    """The place of a word within a text, if the text stands in the spec as it is, on one line."""
    whole = located.place(pointer)
    if not whole.line or whole.line != whole.end_line or pointer not in located.values:
        return whole
    source = located.lines[whole.line - 1][whole.column - 1 : whole.end_column - 1]
    first = whole.column + (source[:1] in {'"', "'"})
    word = _WORD.match(text, offset)
    if text not in (source, source[1:-1]) or word is None:
        return whole
    return replace(whole, column=first + word.start(1), end_column=first + word.end(1))
