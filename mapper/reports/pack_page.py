"""A readable page of specs: every parameter, decision, table and rule, in Markdown or in HTML that stands alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper.reports.pack_templates import HTML, MARKDOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.spec.load import LoadedSpec
    from mapper.spec.model import Rule

FORMATS = ("markdown", "html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading, the names of the columns and the cells as text; ``code`` are the columns set as code."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    code: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One spec of the page."""

    title: str
    text: str
    facts: Mapping[str, str]
    tables: Sequence[Table]
    rules: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that the page shows."""

    title: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[Section] = ()


def section_of(name: str, loaded: LoadedSpec) -> Section:
    """What the page says of a spec, with all that it inherits."""
    spec = loaded.spec
    files = [source.file for source in loaded.family[1:]]
    facts = {"version": spec.metadata.version, "meaning": f"sha256:{loaded.meaning}", "extends": ", ".join(files)}
    plain = spec.model_dump(by_alias=True, exclude_unset=True)
    tables = [
        Table(title="Parameters", columns=("parameter", "value", "default", "meaning"), rows=_parameters(loaded), code=frozenset({0, 2})),
        Table(title="Decisions", columns=("about", "decision"), rows=_policy(plain["policy"]), code=frozenset({0, 1})),
        *(_lookup(key, table) for key, table in plain.get("lookups", {}).items()),
        Table(title="Attributes", columns=("from", "becomes"), rows=_attributes(plain.get("attributes", [])), code=frozenset({0, 1})),
        Table(title="Tests", columns=("test",), rows=[(case.name,) for case in spec.tests]),
    ]
    return Section(
        title=name,
        text=spec.metadata.description,
        facts={key: value for key, value in facts.items() if value},
        tables=[table for table in tables if table.rows],
        rules=[_rule(rule, loaded, number) for number, rule in enumerate(spec.rules)],
    )


def _parameters(loaded: LoadedSpec) -> list[tuple[str, ...]]:
    found = loaded.spec.parameters
    return [(name, p.type or ", ".join(p.choices or ()), _flow(p.default), p.description) for name, p in found.items()]


def _policy(policy: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(name, _flow(value)) for name, value in policy.items() if name != "fields"]
    return rows + [(f"fields.{name}", _flow(value)) for name, value in policy["fields"].items()]


def _lookup(name: str, table: Mapping[str, Any]) -> Table:
    rows = [(value, "no answer" if title is None else title) for value, title in table["rows"].items()]
    rows += [("anything else", _flow(table["otherwise"]))] if table.get("otherwise") else []
    return Table(title=f"Lookup {name}", columns=("value", "title"), rows=rows)


def _attributes(rules: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(_flow(rule.get("from", "")), _flow({key: value for key, value in rule.items() if key != "from"})) for rule in rules]


def _rule(rule: Rule, loaded: LoadedSpec, number: int) -> dict[str, str]:
    plain = rule.model_dump(by_alias=True, exclude_unset=True)
    outcome = next(key for key in ("emit", "drop", "issue") if key in plain)
    return {
        "id": rule.id,
        "text": rule.description,
        "match": _flow(plain["match"]) if plain["match"] else "everything that is left",
        "outcome": {"emit": "makes", "drop": "leaves out", "issue": "refuses"}[outcome],
        "result": "\n".join(_flow(item) for item in plain["emit"]) if outcome == "emit" else _flow(plain[outcome]),
        "place": str(loaded.place(("rules", number))),
    }


def _flow(value: Any) -> str:
    """A value as one line of YAML's flow form, which is what specs are written in."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w ./-]*", value) and value not in {"true", "false", "null"}
    return str(value) if plain else json.dumps(value, ensure_ascii=False)


def render(page: Page, form: str) -> str:
    """The page in one of `FORMATS`; text of specs never becomes markup."""
    import jinja2  # noqa: PLC0415 - only this report needs it

    html = form == "html"
    environment = jinja2.Environment(
        autoescape=html,  # noqa: S701 - in Markdown the filters below escape what would be markup
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"text": _text, "cell": _cell, "code": _code}
    return environment.from_string(HTML if html else MARKDOWN).render(page=page)


def _text(value: str) -> str:
    """Text for Markdown: one line, in which nothing is markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|!&])", r"\\\1", " ".join(value.split()))


def _code(value: str) -> str:
    """Text set as code in Markdown, in a cell of a table if need be."""
    flat = " ".join(value.split()).replace("|", "\\|")
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}" if flat else ""


def _cell(value: str, code: bool) -> str:  # noqa: FBT001 - a filter's argument
    return _code(value) if code else _text(value)
