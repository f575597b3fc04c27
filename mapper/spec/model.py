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

    description: str = Field(description="What the parameter decides.")
    type: Literal["text", "number", "boolean"] | None = Field(None, description="Type of the value.", examples=["number"])
    choices: list[str] | None = Field(None, min_length=1, description="The values that are allowed.", examples=[["polygon", "bitmask"]])
    default: str | int | float | bool = Field(description="Value unless the caller sets one.")

    @model_validator(mode="after")
    def _typed(self) -> Self:
        if (self.type is None) == (self.choices is None):
            raise ValueError("a parameter needs `type` or `choices`, one of them")
        return self


class SourceSection(Node):
    """What the spec knows of its input."""

    labels: str | None = Field(None, description="File with the CVAT label schema, beside the spec.", examples=["./cvat-labels.json"])


class TargetSection(Node):
    """What the spec knows of its output."""

    ontology: str | None = Field(None, description="File with an existing Encord ontology, beside the spec.", examples=["./ontology.json"])


class Problem(Node):
    """A message for a value that a table does not list."""

    severity: SeverityWord = Field(description="Severity of the finding.")
    message: str = Field(min_length=1, description="What to say; a template.", examples=["unknown body type {{ value }}"])


class Otherwise(Node):
    """What a table gives for a value that it does not list."""

    value: str | None = Field(description="The title to take; null: no answer.", examples=["Other"])
    issue: Problem | None = Field(None, description="Also report it.")


class Lookup(Node):
    """A table from CVAT values to titles."""

    rows: dict[str, str | None] = Field(description="From value to title; null: no answer.", examples=[{"sedan": "Sedan"}])
    otherwise: Otherwise | None = Field(None, description="For values not listed; without it policy.unlisted_value decides.")


class IssueOutcome(Problem):
    """Refuse the shape and say why."""

    code: str | None = Field(None, pattern=r"^[A-Z]{2,10}\d{3}$", description="A code of your team's own.", examples=["ACME001"])


class Rule(Node):
    """One rule: the first whose match holds decides. Exactly one of emit, drop and issue."""

    id: Identifier = Field(description="Unique name of the rule.", examples=["truck"])
    description: str = Field("", description="Why the rule is there.")
    match: Match = Field(description="What the rule applies to.")
    emit: list[EmitItem] | None = Field(None, min_length=1, description="Make these objects and classifications.")
    drop: Drop | None = Field(None, description="Leave the shape out, with a reason.")
    issue: IssueOutcome | None = Field(None, description="Refuse the shape with a finding.")

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if sum(outcome is not None for outcome in (self.emit, self.drop, self.issue)) != 1:
            raise ValueError("a rule has exactly one of `emit`, `drop` and `issue`")
        return self


class MappingSpec(Node):
    """A versioned mapping from CVAT labels to an Encord ontology."""

    apiVersion: Literal["mapping/v1"] = Field(description="Version of the spec language.")  # noqa: N815 - the users' key
    kind: Literal["MappingSpec"] = Field(description="Kind of document.")
    metadata: Metadata = Field(description="Who and what the spec is.")
    requires: Requires | None = Field(None, description="What the spec needs.")
    extends: list[Parent] = Field(default=[], min_length=1, description="Specs that this one builds on, the strongest first.")
    disable: list[Identifier] = Field(
        default=[], min_length=1, description="Ids of inherited rules that are left out.", examples=[["traffic-cone"]]
    )
    parameters: dict[Identifier, Parameter] = Field(default={}, description="Values that the caller may set.")
    source: SourceSection | None = Field(None, description="What the spec knows of its input.")
    target: TargetSection | None = Field(None, description="What the spec knows of its output.")
    media: MediaSection | None = Field(None, description="What the spec knows of the media: names of files, frames per second.")
    policy: Policy = Field(description="Decisions for everything that is not a rule's; with `extends`, those that differ.")
    lookups: dict[Identifier, Lookup] = Field(default={}, description="Tables from values to titles.")
    attributes: list[AttributeRule] = Field(default=[], description="Attribute rules for every object and classification, after their own.")
    rules: list[Rule] = Field(min_length=1, description="Rules in order; the first that matches decides. With `extends` there may be none.")
    tests: list[Case] = Field(default=[], description="Given and expected cases.")
