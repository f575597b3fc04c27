"""Fills the generated parts of the documents: ``python docs/generate.py``; with ``--check`` it only says what is stale.

A generated part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; NAME is a line of ``PARTS``. Its
content comes from the code: the models of the spec language, the table of conversions, the issue classes.
"""

from __future__ import annotations

import builtins
import json
import re
import sys
import types
import typing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the code beside these documents, installed or not

from docs.generate_cli import code, commands, help_texts, settings, table
from mapper.encord import ids as ids_module
from mapper.findings.page import page_of
from mapper.findings.table import ISSUES
from mapper.geometry.kinds import ENCORD_SHAPES, KINDS
from mapper.geometry.shapes import Approximation
from mapper.spec import cases, matching, media, model, policy, targets
from mapper.spec.filters import FILTERS, TESTS
from mapper.spec.semantics import roles
from mapper.transforms import SUPPORT, TRANSFORMS, TransformSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic.fields import FieldInfo

DOCS = Path(__file__).resolve().parent
PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PLAIN = {str: "text", int: "integer", float: "number", bool: "true, false", types.NoneType: "null", date: "date"}
STAGES = {
    "SRC": "Reading the export",
    "SPC": "The mapping spec",
    "MAP": "Mapping",
    "GEO": "Geometry",
    "ENC": "Encord: ontology and bundle",
    "PCK": "Packs",
    "MED": "Media files",
    "CHK": "Checking a spec against a label schema",
    "DIF": "Comparing two specs",
    "CFG": "Configuration and baselines",
    "BAT": "Runs over many exports",
}
LONGEST_EXAMPLE = 90
"""Characters of an example that a table shows."""
METRICS = {"exact": "exact", "iou": "IoU", "residual_px": "px"}


# -- the spec language --------------------------------------------------------------------------------------------------


def kind_of(annotation: Any, *, null: bool = True) -> str:
    """What may stand at a place, in words; ``null`` False leaves out that it may be null, which is what absence means."""
    annotation = getattr(annotation, "__value__", annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    match origin:
        case typing.Annotated:
            words = kind_of(arguments[0], null=null)
        case typing.Literal:
            words = ", ".join(map(code, arguments))
        case typing.Union | types.UnionType:
            words = union([member for member in arguments if null or member is not types.NoneType])
        case builtins.list:
            words = f"list of {kind_of(arguments[0])}"
        case builtins.dict:
            words = f"mapping to {kind_of(arguments[1])}"
        case _:
            words = PLAIN.get(annotation) or f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return words


def union(members: Sequence[Any]) -> str:
    """The members without repetition; the transforms of geometry are named together."""
    if all(isinstance(member, type) and issubclass(member, TransformSpec) for member in members):
        return "[a conversion](conversions.md)"
    words = dict.fromkeys(kind_of(member) for member in members if not (member is int and float in members))
    return " or ".join(words)


def meaning(field: FieldInfo) -> str:
    """A field's description, or the first line of what its model says of itself."""
    return field.description or (field.annotation.__doc__ or "").partition("\n")[0]


def value_of(field: FieldInfo) -> str:
    """What may be given for a key."""
    return kind_of(field.annotation, null=field.is_required())


def flow(value: Any) -> str:
    """A value as a spec may write it: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) or not value else value


def default_of(field: FieldInfo) -> str:
    """What holds when a key is not given."""
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined or default is None or default in ({}, [], ""):
        return ""
    return code(flow(default.model_dump() if isinstance(default, BaseModel) else default))


def keys(node: type[BaseModel]) -> str:
    """The keys of a model, one a line."""
    rows = []
    for name, field in node.model_fields.items():
        example = flow(field.examples[0]) if field.examples else ""
        example = code(example) if len(example) <= LONGEST_EXAMPLE else ""
        rows.append((code(field.alias or name), value_of(field), default_of(field), meaning(field), example))
    return table(("key", "value", "default", "meaning", "example"), rows)


def template_names() -> str:
    """The names that templates may use, by what they are for."""
    found = {role.what: role.names for role in vars(roles).values() if isinstance(role, roles.Role) and role.names}
    return table(("in", "names"), ((what, ", ".join(map(code, sorted(known)))) for what, known in found.items()))


def functions() -> str:
    """Filters and tests of expressions."""
    return f"Filters: {', '.join(map(code, FILTERS))}. Tests (after `is`): {', '.join(map(code, TESTS))}.\n"


# -- conversions --------------------------------------------------------------------------------------------------------


def maker(kind: str, shape: str) -> type[TransformSpec] | str:
    """The transform of a pair, or the reason why there is none."""
    return next(entry for pair, entry in SUPPORT.items() if pair == (kind, shape))


def cell(kind: Any, shape: str) -> str:
    """How exact the conversion of a pair is without parameters; "" if there is none."""
    transform = maker(kind, shape)
    if isinstance(transform, str):
        return ""
    conversion = transform.model_validate({"kind": shape}).compile(kind, None)
    examples = sys.modules[transform.__module__].EXAMPLES
    inexact = any(isinstance(example.expected, Approximation) for example in examples if example.source == kind and not example.params)
    word = METRICS[conversion.metric] if conversion.metric != "exact" or not inexact else "exact or IoU"
    return word if conversion.changes else f"**{word}**"


def matrix() -> str:
    """CVAT's kinds by Encord's shapes."""
    return table(("CVAT", *map(code, ENCORD_SHAPES)), ((kind, *(cell(kind, shape) for shape in ENCORD_SHAPES)) for kind in KINDS))


def reasons() -> str:
    """Why the other pairs have no conversion."""
    found: dict[tuple[str, str], list[str]] = {}
    for (kind, shape), entry in SUPPORT.items():
        if isinstance(entry, str) and kind != "tag":
            found.setdefault((shape, entry), []).append(kind)
    return table(("not to", "from", "because"), ((code(shape), ", ".join(kinds), why) for (shape, why), kinds in found.items()))


def parameters() -> str:
    """Each conversion with its parameters."""
    return "\n".join(_conversion(transform) for transform in TRANSFORMS)


def _conversion(transform: type[TransformSpec]) -> str:
    (kind,) = get_args(transform.model_fields["kind"].annotation)
    accepted = ", ".join(source for source in KINDS if source in transform.accepts)
    head = f"### `{kind}`\n\n{(transform.__doc__ or '').strip()}\nFrom: {accepted}.\n"
    rows = [(code(name), value_of(field), default_of(field), described(field)) for name, field in transform.model_fields.items()][1:]
    return head + ("\n" + table(("parameter", "value", "default", "meaning"), rows) if rows else "")


def described(field: FieldInfo) -> str:
    """A field's description, wherever its annotation holds it."""
    places = (field, *field.metadata)
    return str(next(text for place in places if (text := getattr(place, "description", None))))


def ids() -> str:
    """The key table in the docstring of `mapper.encord.ids`."""
    rule, _, _, *rows = (ids_module.__doc__ or "").partition("\n=")[2].splitlines()
    width = rule.index(" ") + len("  ") + 1
    rows = [row.replace("``", "`") for row in rows[: rows.index(f"={rule}")]]
    return table(("thing", "what it is made of"), ((row[:width].strip(), row[width:]) for row in rows))


# -- issue codes and commands -------------------------------------------------------------------------------------------


def codes() -> str:
    """The page of every code, by stage."""
    return "\n".join(_stage(prefix, title) for prefix, title in STAGES.items())


def _stage(prefix: str, title: str) -> str:
    issues = [issue for issue in ISSUES if issue.code.startswith(prefix)]
    rows = [(f"[{issue.code}](#{issue.code.lower()})", issue.name, issue.severity.word, page_of(issue).summary) for issue in issues]
    pages = "".join(f"\n### {issue.code}\n\n{_page(issue)}" for issue in issues)
    return f"## {title}\n\n{table(('code', 'name', 'severity', 'what'), rows)}{pages}"


def _page(issue: Any) -> str:
    page = page_of(issue)
    parts = (("Why it matters", page.why), ("Example", page.example), ("What to do", page.advice))
    return f"`{issue.name}`, {issue.severity.word}. {page.summary}\n\n" + "".join(f"- {head}: {text}\n" for head, text in parts)


NODES: tuple[type[BaseModel], ...] = (
    model.MappingSpec, model.Metadata, model.Requires, model.Parent, model.Parameter, model.SourceSection, model.TargetSection,
    media.MediaSection, media.FilenameRule,
    policy.Policy, policy.Report, policy.UndeclaredLabel, policy.UndeclaredAttribute, policy.UnlistedValue, policy.NumberSpelling,
    policy.OutsideImage, policy.ChangedValue, policy.Fields, policy.KeptField, policy.SourceField, policy.ScoreField, policy.TrackField,
    policy.KeyframeField,
    model.Lookup, model.Otherwise, model.Problem,
    model.Rule, matching.Match, matching.OtherField, matching.ElementMatch, matching.TextTest, matching.NumberTest, matching.ValueTest,
    targets.EmitItem, targets.ObjectTarget, targets.ClassificationTarget, targets.Conflict, targets.Drop, model.IssueOutcome,
    targets.AttributeRule, targets.AttributeTarget, targets.Selector, targets.Under, targets.WhenAbsent,
    cases.Case, cases.Given, cases.Seen, cases.Expected, cases.CaseFile,
)  # fmt: skip
"""Every model of the spec language: each has a table in ``spec.md``, under a heading of its name."""


def node_part(node: type[BaseModel]) -> Callable[[], str]:
    """The function that makes the table of a model."""
    return lambda: keys(node)


PARTS: dict[str, Callable[[], str]] = {
    **{node.__name__: node_part(node) for node in NODES},
    "names": template_names,
    "functions": functions,
    "matrix": matrix,
    "reasons": reasons,
    "parameters": parameters,
    "ids": ids,
    "codes": codes,
    "commands": commands,
    "settings": settings,
    "help": help_texts,
}


def filled(text: str) -> str:
    """A document with its generated parts made anew; KeyError for a part that does not exist."""
    return PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n{part[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Write what changed, or with ``--check`` only name it; 1 if something was stale."""
    check = "--check" in arguments
    documents = [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]
    stale = [path for path in documents if filled(path.read_text("utf-8")) != path.read_text("utf-8")]
    used = {name for path in documents for _, name, _ in PART.findall(path.read_text("utf-8"))}
    for path in stale:
        print(f"{path.name}: {'stale; run python docs/generate.py' if check else 'written'}")
        if not check:
            path.write_text(filled(path.read_text("utf-8")), "utf-8")
    for name in sorted(set(PARTS) - used):
        print(f"no document shows the part {name}")
    return 1 if (check and stale) or set(PARTS) - used else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
