"""Names and counts as a draft writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.spec.expressions import Template, parse_template
from mapper.spec.names import NAMES
from mapper.workbench.yaml_text import comment, scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cvat.values import Values

SHOWN = 8
"""Values of an attribute that a comment counts one by one."""
_MARKS = re.compile(r"\{\{|\}\}|\{%|\{#")
_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 60


def known(text: str, scope: Mapping[str, Any], names: frozenset[str]) -> str:
    """A template with its holes filled if it uses no more than ``names``; as it is where that gives no plain title."""
    template = parse_template(text, NAMES)
    if not isinstance(template, Template) or not template.names <= names:
        return text
    value = template.render(scope)
    if not isinstance(value, str) or not value.strip() or value != value.strip() or _MARKS.search(value):
        return text
    return value


def identifier(text: str, otherwise: str) -> str:
    """A text as the id of a rule or the name of a spec may be."""
    return _NO_IDENTIFIER.sub("-", text)[:_LONGEST].strip("-._") or otherwise


@dataclass(slots=True)
class Identifiers:
    """Ids of rules, each given once."""

    taken: set[str] = field(default_factory=set)

    def new(self, wanted: str) -> str:
        """The id, with a number behind it if it is taken."""
        number, found = 1, wanted
        while found in self.taken:
            number += 1
            found = f"{wanted}-{number}"
        self.taken.add(found)
        return found


def counted(values: Values) -> str:
    """The most frequent values with their counts."""
    top = values.top(SHOWN)
    words = [f"{scalar(_short(str(value)))} {count}" for value, count in top]
    more = values.distinct - len(top)
    tail = [f"{more}{'' if values.complete else ' or more'} other values"] if more else []
    return comment(", ".join([*words, *tail])) or "never used"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST // 2 else text[: _LONGEST // 2 - 1] + "…"


def many(count: int, one: str) -> str:
    """A count with its noun."""
    return f"{count:,} {one}" if count == 1 or one.endswith("s") else f"{count:,} {one}s"
