"""What a rule makes: Encord objects and classifications with their attributes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mapper.spec.node import LONGEST_GLOB, Node, SeverityWord
from mapper.transforms import AnyTransform

AttributeType = Literal["radio", "checklist", "text", "numeric"]
InputType = Literal["select", "radio", "checkbox", "number", "text"]
Date = Annotated[date, Field(json_schema_extra={"pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"})]
Title = Annotated[str, Field(min_length=1, max_length=1000)]


class Drop(Node):
    """Leave something out on purpose; the ledger holds the reason."""

    reason: str = Field(
        min_length=1,
        description="Why it is left out; stands in the ledger.",
        examples=["below the detector's resolution"],
    )
    severity: SeverityWord | None = Field(None, description="Also report it as a finding of this severity.", examples=["info"])
    until: Date | None = Field(
        None,
        description="The last day of a waiver: afterwards it is a finding, and so it is where an export has nothing for it.",
        examples=["2026-12-31"],
    )


class Selector(Node):
    """Which CVAT attributes an attribute rule takes; no condition takes all of the shape's own."""

    of: Literal["shape", "element", "any"] = Field(
        "shape", description="The shape's own attributes, those of a skeleton's points, or both.", examples=["any"]
    )
    name: str | list[str] | None = Field(None, description="The attribute's name, or a list of names.", examples=["color"])
    like: str | None = Field(None, max_length=LONGEST_GLOB, description="Glob on the attribute's name.", examples=["lane_*"])
    input_type: list[InputType] | None = Field(None, min_length=1, description="CVAT input types.", examples=[["select", "radio"]])
    mutable: bool | None = Field(None, description="CVAT's mutable flag.", examples=[True])
    declared: bool | None = Field(None, description="Whether the label schema declares the attribute.", examples=[False])


class Under(Node):
    """The radio option of the same object under which an attribute is nested."""

    attribute: Title = Field(description="Title of the radio attribute.", examples=["Body"])
    option: Title = Field(description="Title of its option; the answer is given only when this option is chosen.", examples=["Truck"])


class WhenAbsent(Node):
    """The value that stands in for an attribute that a shape does not carry."""

    value: str = Field(description="Taken as the attribute's text.", examples=["unknown"])


class AttributeTarget(Node):
    """How a value becomes an answer to an Encord attribute."""

    to: Title | None = Field(None, description="Title of the Encord attribute; a template.", examples=["Body", "{{ attribute.name }}"])
    type: AttributeType | None = Field(None, description="Encord's attribute type.", examples=["radio"])
    feature_hash: str | None = Field(
        None, description="The attribute's hash in an existing ontology, instead of its title.", examples=["d5e2c01b"]
    )
    options: dict[str, str | None] | None = Field(
        None,
        description="From value to option title (a template); null chooses no option. Values not listed here follow policy.unlisted_value.",
        examples=[{"true": "Damaged", "false": None}],
    )
    lookup: str | None = Field(None, description="Name of a table under lookups that turns values into titles.", examples=["body"])
    unset: list[str] | None = Field(None, description="Values that mean: not answered.", examples=[["__undefined__"]])
    skip: list[str] | None = Field(None, description="Values that need no answer, since its absence tells them.", examples=[["0"]])
    when_absent: Literal["skip", "report"] | WhenAbsent = Field(
        "skip", description="What to do when a shape lacks a declared attribute.", examples=["report"]
    )
    dynamic: bool | Literal["mutable"] = Field(
        default=False,
        description="May differ from frame to frame; mutable: if CVAT's attribute is mutable.",
        examples=["mutable"],
    )
    under: Under | None = Field(
        None, description="Nest below an option of a radio attribute.", examples=[{"attribute": "Body", "option": "Truck"}]
    )
    declare: Literal["always", "used"] = Field(
        "always",
        description="Whether the ontology lists the attribute always or only once a value was written.",
        examples=["used"],
    )
    required: bool = Field(default=False, description="Encord's required flag.", examples=[True])

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if self.options is not None and self.lookup is not None:
            raise ValueError("`options` and `lookup` exclude one another")
        if self.type in {"text", "numeric"} and self.options is not None:
            raise ValueError("`options` belong to radio and checklist")
        if self.type == "numeric" and self.lookup is not None:
            raise ValueError("a `lookup` gives titles, no numbers: it belongs to radio, checklist and text")
        return self


class AttributeRule(AttributeTarget):
    """One line of an attribute list: where a value comes from and what becomes of it."""

    from_: str | Selector | None = Field(None, alias="from", description="A CVAT attribute's name, or which attributes.", examples=["type"])
    value: str | None = Field(
        None,
        description="A template for the value; with from, {{ value }} is the CVAT text.",
        examples=["{{ image.name }}"],
    )
    drop: Drop | None = Field(
        None, description="Leave the attribute out, with a reason.", examples=[{"reason": "the detector does not use it"}]
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.drop is not None:
            if self.from_ is None or self.model_fields_set - {"from_", "drop"}:
                raise ValueError("a dropped attribute has `from` and `drop` only")
            return self
        if self.from_ is None and self.value is None:
            raise ValueError("an attribute needs `from`, or a `value`, or both")
        if (self.to is None) == (self.feature_hash is None):
            raise ValueError("an attribute needs `to` or `feature_hash`, one of them")
        if self.type is None:
            raise ValueError("an attribute needs a `type`")
        return self


class ObjectTarget(Node):
    """An Encord object of one shape."""

    name: Title | None = Field(None, description="Title; a template over values known from the label schema.", examples=["Car"])
    feature_hash: str | None = Field(
        None, description="The object's hash in an existing ontology, instead of its name.", examples=["d5e2c01b"]
    )
    title_if_several: Title | None = Field(
        None,
        description="Title to use when objects of several shapes would share the name.",
        examples=["{{ label }} ({{ target.shape }})"],
    )
    color: str | None = Field(None, description="#RRGGBB, or a template such as {{ label_color }}.", examples=["#D33115"])
    geometry: AnyTransform = Field(description="The conversion, named by the kind that it gives.", examples=[{"kind": "polygon"}])
    attributes: list[AttributeRule] = Field(
        default=[],
        description="Attribute rules, before those of the whole spec.",
        examples=[[{"from": "type", "to": "Body", "type": "radio"}]],
    )
    inherit_attributes: bool = Field(
        default=True, description="Whether the spec's own attribute list applies after these.", examples=[False]
    )
    otherwise: EmitItem | None = Field(
        None,
        description="What to make when the conversion refuses, for example beyond its stated limit.",
        examples=[{"object": {"name": "Car outline", "geometry": {"kind": "polygon"}}}],
    )

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.name is None) == (self.feature_hash is None):
            raise ValueError("an object needs `name` or `feature_hash`, one of them")
        return self


class Conflict(Node):
    """What to do when two tags on one image answer one classification differently."""

    do: Literal["keep_first"] = Field("keep_first", description="keep_first: the later tag is refused.", examples=["keep_first"])
    severity: SeverityWord = Field("error", description="Severity of the finding.", examples=["warning"])


class ClassificationTarget(Node):
    """An Encord classification with its one root attribute."""

    name: Title | None = Field(None, description="Title of the root attribute; a template.", examples=["Weather"])
    feature_hash: str | None = Field(None, description="The classification's hash in an existing ontology.", examples=["d5e2c01b"])
    type: AttributeType = Field(description="Type of the root attribute.", examples=["radio"])
    option: Title | None = Field(None, description="The option to choose (radio, checklist); a template.", examples=["{{ label|title }}"])
    value: str | None = Field(None, description="The answer (text, numeric); a template.", examples=["{{ attributes.note }}"])
    attributes: list[AttributeRule] = Field(
        default=[],
        description="Attribute rules; answers nest below the option.",
        examples=[[{"from": "type", "to": "Body", "type": "radio"}]],
    )
    inherit_attributes: bool = Field(
        default=True, description="Whether the spec's own attribute list applies after these.", examples=[False]
    )
    conflict: Conflict = Field(
        default=Conflict(do="keep_first", severity="error"),
        description="Two tags, one classification.",
        examples=[{"do": "keep_first", "severity": "warning"}],
    )
    required: bool = Field(default=False, description="Encord's required flag.", examples=[True])

    @model_validator(mode="after")
    def _answers(self) -> Self:
        if (self.name is None) == (self.feature_hash is None):
            raise ValueError("a classification needs `name` or `feature_hash`, one of them")
        if self.type in {"radio", "checklist"} and (self.option is None or self.value is not None):
            raise ValueError("a radio or checklist classification needs `option`, not `value`")
        if self.type in {"text", "numeric"} and (self.value is None or self.option is not None):
            raise ValueError("a text or numeric classification needs `value`, not `option`")
        return self


class EmitItem(Node):
    """One thing that a rule makes: exactly one of object and classification."""

    object: ObjectTarget | None = Field(
        None, description="Make an Encord object.", examples=[{"name": "Car", "geometry": {"kind": "bounding_box"}}]
    )
    classification: ClassificationTarget | None = Field(
        None, description="Make an Encord classification.", examples=[{"name": "Weather", "type": "radio", "option": "{{ label }}"}]
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.object is None) == (self.classification is None):
            raise ValueError("give `object` or `classification`, one of them")
        return self


ObjectTarget.model_rebuild()
