"""What happens where no rule speaks: unmatched shapes, foreign values, faulty geometry, CVAT's implicit fields."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mapper.spec.node import Node, SeverityWord
from mapper.spec.targets import AttributeTarget


class Report(Node):
    """The severity of a finding; what it is about is refused or repaired as the key says."""

    severity: SeverityWord = Field(description="Severity of the finding.", examples=["error"])


class UndeclaredLabel(Report):
    """A shape whose label the export does not declare."""

    do: Literal["keep", "refuse"] = Field(description="keep: treat it as a label of type any.", examples=["keep"])


class UndeclaredAttribute(Report):
    """An attribute that its label does not declare."""

    do: Literal["keep", "drop"] = Field(description="keep: treat it as a text attribute.", examples=["keep"])


class UnlistedValue(Report):
    """A value outside an attribute's list, table or options."""

    do: Literal["add_option", "drop", "refuse"] = Field(
        description="add_option: the value becomes an option; drop: the answer is left out; refuse: the whole shape is.",
        examples=["drop"],
    )


class NumberSpelling(Report):
    """A number whose spelling a number cannot hold, such as 007."""

    do: Literal["keep_value", "drop"] = Field(
        description="keep_value: write the number; drop: leave the answer out.", examples=["keep_value"]
    )


class OutsideImage(Report):
    """A shape that leaves its image."""

    do: Literal["clip", "keep", "refuse"] = Field(description="clip: cut at the border, where the shape can be cut.", examples=["clip"])
    tolerance_px: float = Field(0.5, ge=0, description="Up to this it is float noise: clipped, no finding.", examples=[0.5])


class ChangedValue(Report):
    """A value that changes within a track although the Encord attribute holds one for all frames."""

    do: Literal["first", "drop"] = Field(
        description="first: the value of the first frame stands; drop: the answer is left out.", examples=["first"]
    )


class FieldPolicy(Node):
    """What becomes of one implicit field: kept as an attribute, or dropped with a reason."""

    keep: bool = Field(description="Whether the field is kept.", examples=[True])
    as_: AttributeTarget | None = Field(
        None, alias="as", description="The Encord attribute that holds it.", examples=[{"to": "Occluded", "type": "radio"}]
    )
    reason: str | None = Field(None, min_length=1, description="Why it is dropped.", examples=["Encord has no stacking order"])

    @model_validator(mode="after")
    def _decided(self) -> Self:
        if not self.keep and (self.reason is None or self.as_ is not None):
            raise ValueError("a field that is not kept needs a `reason` and no `as`")
        if self.keep and self.reason is not None:
            raise ValueError("`reason` belongs to a field that is not kept")
        return self


class KeptField(FieldPolicy):
    """A field that is kept as an attribute, or not at all."""

    @model_validator(mode="after")
    def _held(self) -> Self:
        if self.keep and (self.as_ is None or self.as_.to is None or self.as_.type is None):
            raise ValueError("a field that is kept needs `as` with `to` and `type`")
        return self


class SourceField(KeptField):
    """CVAT's source; some values may set Encord's automatic mark."""

    automatic: list[str] | None = Field(None, description="Sources that set Encord's manualAnnotation to false.", examples=[["auto"]])


class ScoreField(FieldPolicy):
    """CVAT's score: kept as an attribute, as Encord's confidence, or both; or dropped with a reason."""

    confidence: bool = Field(default=False, description="The score becomes the object's confidence in Encord.", examples=[True])

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if self.confidence and not self.keep:
            raise ValueError("a score that becomes the `confidence` is kept")
        if self.keep and not self.confidence and self.as_ is None:
            raise ValueError("a score that is kept needs `confidence: true` or `as`")
        if self.as_ is not None and (self.as_.to is None or self.as_.type is None):
            raise ValueError("`as` needs `to` and `type`")
        return self


class TrackField(FieldPolicy):
    """A foreign track_id in an images export: kept means that it ties shapes to one object hash."""


class KeyframeField(Node):
    """CVAT's keyframe flags, for which Encord has no place."""

    keep: Literal[False] = Field(description="They cannot be kept.", examples=[False])
    reason: str = Field(min_length=1, description="Why they are left out.", examples=["Encord has no keyframes"])


class Fields(Node):
    """Every implicit field is decided, none has a default; a spec that leaves out ``score`` is one for exports in XML."""

    occluded: KeptField = Field(
        description="CVAT's occluded flag; its values here are true and false.", examples=[{"keep": False, "reason": "not needed"}]
    )
    z_order: KeptField = Field(description="CVAT's stacking order.", examples=[{"keep": False, "reason": "not needed"}])
    group_id: KeptField = Field(description="CVAT's group number.", examples=[{"keep": False, "reason": "not needed"}])
    source: SourceField = Field(description="How the shape was made.", examples=[{"keep": False, "reason": "not needed"}])
    track_id: TrackField = Field(description="A foreign track id on a shape of an images export.", examples=[{"keep": True}])
    score: ScoreField | None = Field(
        None,
        description="CVAT's score of a shape, 0 to 1, which backups and API answers have. Not decided: left out with a finding.",
        examples=[{"keep": True, "confidence": True}],
    )
    keyframe: KeyframeField | None = Field(
        None,
        description="The keyframe flags of tracks; not decided: left out with a finding.",
        examples=[{"keep": False, "reason": "Encord has no keyframes"}],
    )


class Policy(Node):
    """Decisions for everything that is not a rule's; each is stated."""

    unmatched: Report = Field(
        description="A shape that no rule matches is refused with a finding of this severity.", examples=[{"severity": "error"}]
    )
    undeclared_label: UndeclaredLabel = Field(
        description="A label that the export does not declare.", examples=[{"do": "keep", "severity": "warning"}]
    )
    undeclared_attribute: UndeclaredAttribute = Field(
        description="An attribute that its label does not declare.", examples=[{"do": "keep", "severity": "warning"}]
    )
    unmapped_attribute: Report = Field(
        description="An attribute that no attribute rule takes is dropped with this finding.", examples=[{"severity": "error"}]
    )
    unlisted_value: UnlistedValue = Field(description="A value outside its list.", examples=[{"do": "drop", "severity": "warning"}])
    number_spelling: NumberSpelling = Field(description="A number such as 007.", examples=[{"do": "keep_value", "severity": "info"}])
    invalid_geometry: Report = Field(
        description="Geometry that no shape can hold is refused with this finding.", examples=[{"severity": "error"}]
    )
    repaired_geometry: Report = Field(
        description="Geometry that had to be repaired, such as an inverted box.", examples=[{"severity": "warning"}]
    )
    outside_image: OutsideImage = Field(description="A shape that leaves its image.", examples=[{"do": "clip", "severity": "warning"}])
    changed_value: ChangedValue | None = Field(
        None,
        description="A value that changes within a track although the Encord attribute holds one for all frames; "
        "not decided: the answer is left out with an error.",
        examples=[{"do": "first", "severity": "warning"}],
    )
    fields: Fields = Field(
        description="CVAT's implicit fields.",
        examples=[
            {
                "occluded": {"keep": False, "reason": "not needed"},
                "z_order": {"keep": False, "reason": "not needed"},
                "group_id": {"keep": False, "reason": "not needed"},
                "source": {"keep": False, "reason": "not needed"},
                "track_id": {"keep": True},
            }
        ],
    )
