"""Puts a draft together: its text, with the decisions open or taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapper.errors import SpecError
from mapper.findings.collector import Collector
from mapper.findings.source.tracks import TrackSparse
from mapper.spec.load import read_source
from mapper.spec.model import API_VERSION
from mapper.spec.sources import root_source
from mapper.version import __version__
from mapper.workbench.drafting.attributes import attribute_rules
from mapper.workbench.drafting.decide import Decide, settled
from mapper.workbench.drafting.policy import policy
from mapper.workbench.drafting.rules import RuleDrafter, pack_rules, rule_entry
from mapper.workbench.drafting.samples import tests
from mapper.workbench.drafting.words import identifier, many
from mapper.workbench.yaml_text import Block, Noted, comment, yaml_text

if TYPE_CHECKING:
    from mapper.findings.base import Finding
    from mapper.spec.load import LoadedSpec
    from mapper.workbench.drafting.onto import Onto
    from mapper.workbench.drafting.rules import DraftRule
    from mapper.workbench.drafting.survey import Survey

SCHEMA = "mapping-spec.v1.json"
ELSE = {"issue": {"severity": "error", "message": "{{ label }} as {{ shape.kind }} was not there when this spec was drafted"}}
"""What becomes of everything that the export did not hold: a person adds a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The text of a spec; ``decisions`` are those that it leaves open, ``rules`` how many it has."""

    text: str
    decisions: int
    rules: int
    findings: tuple[Finding, ...] = field(default=())


def draft(survey: Survey, *, accept: bool, onto: Onto | None = None) -> Draft:
    """A spec for an export: rules for what is used and for what is declared for one shape.

    An export that has neither gets the rules of the pack as they are. Raises SpecError if the draft would not be valid.
    """
    drafter = RuleDrafter(survey, onto)
    rules = list(drafter.rules())
    last = drafter.ids.new("anything-else")
    parts = _parts(survey, rules, onto, last)
    taken = _loaded(_text(survey, settled(parts, accept=True)), onto)
    if rules:
        cases = [*tests(taken, rules), _other(survey, last)]
        parts["tests"] = Block([Block(case) for case in cases])
    open_ = 0 if accept else _count(parts)
    return Draft(
        text=_text(survey, settled(parts, accept=accept)),
        decisions=open_,
        rules=len(rules) + 1 if rules else len(survey.pack.spec.rules),
        findings=survey.findings,
    )


def _parts(survey: Survey, rules: list[DraftRule], onto: Onto | None, last: str) -> dict[str, Any]:
    raw = survey.pack.located.value
    export = survey.reader.export
    name = identifier(export.name, "") or identifier(Path(survey.reader.file).stem, "draft")
    major, minor = __version__.split(".")[:2]
    parts: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "MappingSpec",
        "metadata": {"name": name, "version": "0.1.0"},
        "requires": {"engine": f">={major}.{minor}"},
    }
    sparse = sum(finding.count for finding in survey.findings if finding.code == TrackSparse.code)
    if sparse:
        choice = Decide(
            ("report", "interpolate"), f"{many(sparse, 'track')} with gaps between keyframes; interpolate fills them as CVAT would"
        )
        parts["source"] = {"sparse_tracks": choice}
    if onto is not None and onto.reference:
        parts["target"] = {"ontology": onto.reference}
    elif onto is not None:
        parts["requires"] = Noted(parts["requires"], beside="the ontology is not below this folder: convert with --ontology FILE")
    parts["policy"] = policy(survey, onto)
    parts |= {key: Block(raw[key]) for key in ("lookups", "media") if raw.get(key)}
    attributes = [] if onto is not None else attribute_rules(survey) if rules else list(raw.get("attributes", ()))
    if attributes:
        parts["attributes"] = Noted(Block(attributes), ("Attributes of every object and classification, by name.",))
    written: list[Any] = [rule_entry(rule) for rule in rules] or list(pack_rules(survey))
    if rules:
        entry = {"id": last, "match": {}} | ELSE
        written.append(Noted(Block(entry), ("All that this export does not hold is refused, until a rule before this one takes it.",)))
    parts["rules"] = Noted(Block(written), _unused(survey))
    return parts


def _other(survey: Survey, last: str) -> dict[str, Any]:
    """The test of the last rule: a label that the export does not have."""
    label = "other"
    while label in survey.inspection.labels:
        label += "-"
    given = {"shape": "polygon", "label": label, "points": [10, 10, 50, 10, 30, 40]}
    return {"name": last, "given": given, "expect": [{"rule": last, "refused": True}]}


def _unused(survey: Survey) -> tuple[str, ...]:
    names = [comment(label.name) for label, use in survey.labels() if not survey.kinds(label, use)]
    first = "The first rule that matches decides."
    return (first, f"Declared for any shape and not used, so without a rule: {', '.join(names)}.") if names else (first,)


def _text(survey: Survey, parts: dict[str, Any]) -> str:
    inspection = survey.inspection
    pack = survey.pack.spec.metadata
    held = ", ".join((many(inspection.images, "image"), many(inspection.shapes, "shape"), many(inspection.tracks, "track")))
    head = (
        f"yaml-language-server: $schema={SCHEMA}",
        f"Drafted by mapper init from {comment(Path(survey.reader.file).name)} ({held}) with the pack {pack.name} {pack.version}.",
        "A decide node is a decision to take: put one of its choices in its place. The first is what the pack does.",
    )
    return "".join(f"# {line}\n" for line in head) + yaml_text(parts)


def _loaded(text: str, onto: Onto | None) -> LoadedSpec:
    home = Path("draft.yaml") if onto is None else onto.home
    loaded, found, _ = read_source(root_source(home, text.encode(), home.name, shipped=True), {})
    if loaded is None:
        collector = Collector()
        collector.extend(found)
        raise SpecError("the draft is not a valid mapping spec", collector.findings())
    return loaded


def _count(value: Any) -> int:
    if isinstance(value, Decide):
        return 1
    if isinstance(value, (Noted, Block)):
        return _count(value.value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_count, inner))
