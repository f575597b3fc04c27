"""The conditions of a rule, as data: they can be listed, compared and explained, never executed as code."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mapper.geometry.kinds import Kind
from mapper.spec.node import LONGEST_GLOB, Node

Number = int | float
Range = Annotated[list[Number], Field(min_length=2, max_length=2)]
FieldName = Literal[
    "label", "width", "height", "area", "rotation", "point_count", "occluded", "z_order", "group", "score", "source",
    "image", "subset", "frame",
]  # fmt: skip


class OtherField(Node):
    """Another field of the same shape, or another attribute: what stands there is compared with."""

    field: FieldName | None = Field(None, description="A key of `match`.", examples=["height"])
    attribute: str | None = Field(None, description="An attribute's name.", examples=["speed limit"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.field is None) == (self.attribute is None):
            raise ValueError("give `field` or `attribute`, one of them")
        return self


class TextTest(Node):
    """Conditions on a text; all that are given must hold. Comparisons are exact and case-sensitive."""

    eq: str | OtherField | None = Field(None, description="Equals this text.", examples=["truck"])
    ne: str | OtherField | None = Field(None, description="Is another text than this.", examples=["truck"])
    in_: list[str] | None = Field(None, alias="in", description="Is one of these texts.", examples=[["truck", "lorry"]])
    not_in: list[str] | None = Field(None, description="Is none of these texts.", examples=[["van"]])
    like: str | None = Field(
        None, max_length=LONGEST_GLOB, description="Glob: * any text, ? one character, [ab] one of.", examples=["close-up/*"]
    )
    contains: str | OtherField | None = Field(None, description="Has this text in it.", examples=["night"])
    starts: str | OtherField | None = Field(None, description="Starts with this text.", examples=["night/"])
    ends: str | OtherField | None = Field(None, description="Ends with this text.", examples=[".png"])
    empty: bool | None = Field(None, description="Is (or is not) the empty text.", examples=[True])
    present: bool | None = Field(None, description="Stands (or does not stand) in the export at all.", examples=[True])


class NumberTest(Node):
    """Conditions on a number; all that are given must hold. A text that is no number meets none of them."""

    eq: Number | OtherField | None = Field(None, description="Equals this number.", examples=[0])
    ne: Number | OtherField | None = Field(None, description="Is another number than this.", examples=[0])
    lt: Number | OtherField | None = Field(None, description="Is less than this.", examples=[4])
    le: Number | OtherField | None = Field(None, description="Is at most this.", examples=[4])
    gt: Number | OtherField | None = Field(None, description="Is greater than this.", examples=[4])
    ge: Number | OtherField | None = Field(None, description="Is at least this.", examples=[4])
    in_: list[Number] | None = Field(None, alias="in", description="Is one of these numbers.", examples=[[1, 2]])
    not_in: list[Number] | None = Field(None, description="Is none of these numbers.", examples=[[0]])
    between: Range | None = Field(None, description="Is at least the first of these and at most the second.", examples=[[4, 40]])
    not_between: Range | None = Field(None, description="Is less than the first or more than the second.", examples=[[4, 40]])
    present: bool | None = Field(None, description="Stands (or does not stand) in the export at all.", examples=[False])


class ValueTest(TextTest):
    """Conditions on an attribute's value, which is a text; lt, le, gt and ge read it as a number."""

    lt: Number | OtherField | None = Field(None, description="Is a number less than this.", examples=[4])
    le: Number | OtherField | None = Field(None, description="Is a number of at most this.", examples=[4])
    gt: Number | OtherField | None = Field(None, description="Is a number greater than this.", examples=[4])
    ge: Number | OtherField | None = Field(None, description="Is a number of at least this.", examples=[4])
    between: Range | None = Field(None, description="Is a number of at least the first and at most the second.", examples=[[4, 40]])
    not_between: Range | None = Field(None, description="Is a number less than the first or more than the second.", examples=[[4, 40]])


TextCondition = str | list[str] | TextTest
NumberCondition = Number | list[Number] | NumberTest
ValueCondition = str | list[str] | ValueTest


class ElementMatch(Node):
    """What one point of a skeleton must be like. Conditions must all hold for the same point."""

    label: TextCondition | None = Field(None, description="The point's own label.", examples=["nose"])
    occluded: bool | None = Field(None, description="CVAT's occluded flag of the point.", examples=[True])
    outside: bool | None = Field(None, description="CVAT's outside flag of the point.", examples=[False])
    attributes: dict[str, ValueCondition] | None = Field(
        None, description="Conditions on the point's attributes by name.", examples=[{"visible": "false"}]
    )


class Match(Node):
    """What a rule applies to. Conditions on one level must all hold; a list means "one of"; no condition matches everything."""

    label: TextCondition | None = Field(None, description="The CVAT label's name.", examples=["car", ["car", "van"]])
    shapes: list[Kind] | None = Field(None, min_length=1, description="CVAT shape kinds.", examples=[["rectangle"]])
    tag: bool | TextCondition | None = Field(
        None,
        description="true: tags only; false: no tags; a text or list: tags of these labels.",
        examples=[["rain", "fog"]],
    )
    attributes: dict[str, ValueCondition] | None = Field(
        None, description="Conditions on attributes by name.", examples=[{"type": ["truck", "lorry"]}]
    )
    width: NumberCondition | None = Field(None, description="Unrotated width in pixels, as CVAT's filter has it.", examples=[{"ge": 20}])
    height: NumberCondition | None = Field(None, description="Unrotated height in pixels, as CVAT's filter has it.", examples=[{"lt": 4}])
    area: NumberCondition | None = Field(None, description="Area in square pixels; 0 for lines and points.", examples=[{"lt": 40}])
    rotation: NumberCondition | None = Field(None, description="Degrees clockwise, 0 if not rotated.", examples=[{"ne": 0}])
    point_count: NumberCondition | None = Field(None, description="How many points the shape has.", examples=[{"gt": 1}])
    occluded: bool | None = Field(None, description="CVAT's occluded flag (absent is false).", examples=[True])
    z_order: NumberCondition | None = Field(None, description="CVAT's stacking order (absent is 0).", examples=[{"ge": 1}])
    group: NumberCondition | None = Field(None, description="CVAT's group number (absent is 0, no group).", examples=[{"ne": 0}])
    source: TextCondition | None = Field(None, description="manual, auto, semi-auto, file, consensus, …", examples=["manual"])
    score: NumberCondition | None = Field(None, description="CVAT's score, 0 to 1; XML has none.", examples=[{"lt": 0.5}])
    track: bool | None = Field(None, description="Whether the shape belongs to a track.", examples=[False])
    image: TextCondition | None = Field(None, description="The image's name.", examples=[{"like": "close-up/*"}])
    subset: TextCondition | None = Field(None, description="The image's subset.", examples=["train"])
    frame: NumberCondition | None = Field(None, description="The frame number within the task.", examples=[{"lt": 100}])
    frames: Literal["any", "all", "each"] | None = Field(
        None,
        description="For tracks, where the conditions hold on some frames and not on others. any: the rule takes the whole track; "
        "all: it does not, it wants every frame; each: it takes the frames on which they hold, the others go on to later rules. "
        "Not stated: such a track is refused.",
        examples=["any"],
    )
    elements: ElementMatch | None = Field(
        None, description="Some point of a skeleton is like this; nothing else has points of its own.", examples=[{"label": "nose"}]
    )
    any: Annotated[list[Match], Field(min_length=1)] | None = Field(
        None, description="At least one of these must hold.", examples=[[{"width": {"lt": 4}}, {"height": {"lt": 4}}]]
    )
    all: Annotated[list[Match], Field(min_length=1)] | None = Field(
        None, description="All of these must hold.", examples=[[{"occluded": True}, {"area": {"lt": 40}}]]
    )
    not_: Match | None = Field(None, alias="not", description="This must not hold.", examples=[{"image": {"like": "close-up/*"}}])
