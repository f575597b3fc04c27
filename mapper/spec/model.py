"""The mapping spec, version 1: the document that users write."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mapper.spec.cases import Case
from mapper.spec.matching import Match
from mapper.spec.media import MediaSection
from mapper.spec.node import Node, SeverityWord
from mapper.spec.policy import Policy
from mapper.spec.targets import AttributeRule, Drop, EmitItem

API_VERSION = "mapping/v1"
SEMVER = r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)]


class Metadata(Node):
    """Who and what the spec is."""

    name: Identifier = Field(description="Name of the spec.", examples=["acme-traffic"])
    version: str = Field(pattern=SEMVER, description="Version of the spec (SemVer).", examples=["2.3.0"])
    owners: list[str] = Field(default=[], description="Who to ask.", examples=[["cv-platform"]])
    description: str = Field("", description="What the spec is for.", examples=["Street scenes for the detector team"])


class Requires(Node):
    """What the spec needs."""

    engine: str = Field(description="Range of mapper versions: comparisons joined by commas.", examples=[">=1.2,<2"])


class Parent(Node):
    """A spec that this one extends: its rules stand after this one's, and what this one says holds."""

    source: str = Field(
        min_length=1,
        description="A file beside the spec, a shipped pack with its version, an https address, or git+https with //path@tag.",
        examples=[
            "standard@1",
            "base.yaml",
            "https://packs.example/traffic-1.2.0.tar",
            "git+https://git.example/rules.git//traffic@v1.2.0",
        ],
    )
    digest: str | None = Field(
        None,
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="What `mapper pack lock` found: sha256 of the bytes that were fetched. Without it, mapper.lock must have it.",
        examples=["sha256:" + "0123456789abcdef" * 4],
    )


class Parameter(Node):
    """A value that the caller may set (`--set name=value`); `{param: name}` stands for it anywhere in the spec."""

    description: str = Field(description="What the parameter decides.", examples=["What an upright rectangle becomes."])
    type: Literal["text", "number", "boolean"] | None = Field(None, description="Type of the value.", examples=["number"])
    choices: list[str] | None = Field(None, min_length=1, description="The values that are allowed.", examples=[["polygon", "bitmask"]])
    default: str | int | float | bool = Field(description="Value unless the caller sets one.", examples=["polygon"])

    @model_validator(mode="after")
    def _typed(self) -> Self:
        if (self.type is None) == (self.choices is None):
            raise ValueError("a parameter needs `type` or `choices`, one of them")
        return self


class SourceSection(Node):
    """What the spec knows of its input."""

    labels: str | None = Field(None, description="File with the CVAT label schema, beside the spec.", examples=["./cvat-labels.json"])
    sparse_tracks: Literal["report", "interpolate"] = Field(
        "report",
        description="What becomes of gaps in tracks of XML whose entries are all keyframes. CVAT writes every frame, other tools may not: "
        "report says so and leaves the gap, interpolate fills it as CVAT would, never past the last entry.",
        examples=["interpolate"],
    )


class TargetSection(Node):
    """What the spec knows of its output."""

    ontology: str | None = Field(None, description="File with an existing Encord ontology, beside the spec.", examples=["./ontology.json"])


class Problem(Node):
    """A message for a value that a table does not list."""

    severity: SeverityWord = Field(description="Severity of the finding.", examples=["warning"])
    message: str = Field(min_length=1, description="What to say; a template.", examples=["unknown body type {{ value }}"])


class Otherwise(Node):
    """What a table gives for a value that it does not list."""

    value: str | None = Field(description="The title to take; null: no answer.", examples=["Other"])
    issue: Problem | None = Field(
        None, description="Also report it.", examples=[{"severity": "warning", "message": "unknown body type {{ value }}"}]
    )


class Lookup(Node):
    """A table from CVAT values to titles."""

    rows: dict[str, str | None] = Field(description="From value to title; null: no answer.", examples=[{"sedan": "Sedan"}])
    otherwise: Otherwise | None = Field(
        None, description="For values not listed; without it policy.unlisted_value decides.", examples=[{"value": "Other"}]
    )


class IssueOutcome(Problem):
    """Refuse the shape and say why."""

    code: str | None = Field(None, pattern=r"^[A-Z]{2,10}\d{3}$", description="A code of your team's own.", examples=["ACME001"])


class Rule(Node):
    """One rule: the first whose match holds decides. Exactly one of emit, drop and issue."""

    id: Identifier = Field(description="Unique name of the rule.", examples=["truck"])
    description: str = Field("", description="Why the rule is there.", examples=["asked for by the detector team"])
    match: Match = Field(description="What the rule applies to.", examples=[{"label": "car", "shapes": ["rectangle"]}])
    emit: list[EmitItem] | None = Field(
        None,
        min_length=1,
        description="Make these objects and classifications.",
        examples=[[{"object": {"name": "Car", "geometry": {"kind": "bounding_box"}}}]],
    )
    drop: Drop | None = Field(
        None, description="Leave the shape out, with a reason.", examples=[{"reason": "below the detector's resolution"}]
    )
    issue: IssueOutcome | None = Field(
        None, description="Refuse the shape with a finding.", examples=[{"severity": "error", "message": "ellipses are not expected"}]
    )

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if sum(outcome is not None for outcome in (self.emit, self.drop, self.issue)) != 1:
            raise ValueError("a rule has exactly one of `emit`, `drop` and `issue`")
        return self


class MappingSpec(Node):
    """A versioned mapping from CVAT labels to an Encord ontology."""

    apiVersion: Literal["mapping/v1"] = Field(description="Version of the spec language.", examples=["mapping/v1"])  # noqa: N815 - the users' key
    kind: Literal["MappingSpec"] = Field(description="Kind of document.", examples=["MappingSpec"])
    metadata: Metadata = Field(description="Who and what the spec is.", examples=[{"name": "acme-traffic", "version": "2.3.0"}])
    requires: Requires | None = Field(None, description="What the spec needs.", examples=[{"engine": ">=0.1"}])
    extends: list[Parent] = Field(
        default=[],
        min_length=1,
        description="Specs that this one builds on, the strongest first.",
        examples=[[{"source": "standard@1"}]],
    )
    disable: list[Identifier] = Field(
        default=[], min_length=1, description="Ids of inherited rules that are left out.", examples=[["traffic-cone"]]
    )
    parameters: dict[Identifier, Parameter] = Field(
        default={},
        description="Values that the caller may set.",
        examples=[{"smallest_px": {"description": "Lower pedestrians are left out.", "type": "number", "default": 12}}],
    )
    source: SourceSection | None = Field(None, description="What the spec knows of its input.", examples=[{"labels": "./cvat-labels.json"}])
    target: TargetSection | None = Field(None, description="What the spec knows of its output.", examples=[{"ontology": "./ontology.json"}])
    media: MediaSection | None = Field(
        None,
        description="What the spec knows of the media: names of files, frames per second.",
        examples=[{"fps": 29.97, "filenames": [{"strip": "extension"}]}],
    )
    policy: Policy = Field(
        description="Decisions for everything that is not a rule's; with `extends`, those that differ.",
        examples=[
            {
                "unmatched": {"severity": "error"},
                "undeclared_label": {"do": "keep", "severity": "warning"},
                "undeclared_attribute": {"do": "keep", "severity": "warning"},
                "unmapped_attribute": {"severity": "error"},
                "unlisted_value": {"do": "add_option", "severity": "warning"},
                "number_spelling": {"do": "keep_value", "severity": "warning"},
                "invalid_geometry": {"severity": "error"},
                "repaired_geometry": {"severity": "warning"},
                "outside_image": {"do": "clip", "severity": "warning"},
                "fields": {
                    "occluded": {"keep": True, "as": {"to": "Occluded", "type": "radio"}},
                    "z_order": {"keep": False, "reason": "Encord has no stacking order"},
                    "group_id": {"keep": False, "reason": "groups are not used"},
                    "source": {"keep": False, "reason": "not needed"},
                    "track_id": {"keep": True},
                },
            }
        ],
    )
    lookups: dict[Identifier, Lookup] = Field(
        default={}, description="Tables from values to titles.", examples=[{"body": {"rows": {"sedan": "Sedan"}}}]
    )
    attributes: list[AttributeRule] = Field(
        default=[],
        description="Attribute rules for every object and classification, after their own.",
        examples=[[{"from": {"input_type": ["select"]}, "to": "{{ attribute.name }}", "type": "radio"}]],
    )
    rules: list[Rule] = Field(
        min_length=1,
        description="Rules in order; the first that matches decides. With `extends` there may be none.",
        examples=[[{"id": "car", "match": {"label": "car"}, "emit": [{"object": {"name": "Car", "geometry": {"kind": "bounding_box"}}}]}]],
    )
    tests: list[Case] = Field(
        default=[],
        description="Given and expected cases.",
        examples=[
            [{"name": "a car", "given": {"shape": "rectangle", "label": "car", "box": [10, 10, 50, 40]}, "expect": [{"rule": "car"}]}]
        ],
    )
