"""Tests beside the rules: a shape that is given and what must come of it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mapper.geometry.kinds import EncordShape, Kind
from mapper.spec.node import Node

Coordinate = int | float
Answer = str | int | float | list[str] | None
Path = Annotated[list[Coordinate], Field(min_length=2)]


GEOMETRY: dict[Kind, str] = {
    "rectangle": "box", "ellipse": "ellipse", "polygon": "points", "polyline": "points", "points": "points", "cuboid": "points",
}  # fmt: skip
"""Which key gives the geometry of a kind; masks and skeletons are tested by converting an export."""


Corners = Annotated[list[Coordinate], Field(min_length=4, max_length=4)]


class Seen(Node):
    """One frame of a track; what it does not say is as the case has it."""

    frame: int | None = Field(None, ge=0, description="The frame number; the entry's place in the list if not given.", examples=[12])
    outside: bool = Field(default=False, description="The object is not seen from here on.", examples=[True])
    box: Corners | None = Field(None, description="xtl, ytl, xbr, ybr.", examples=[[10, 10, 50, 40]])
    points: Path | None = Field(
        None, description="x0, y0, x1, y1, … (polygon, polyline, points; 16 numbers for a cuboid).", examples=[[0, 0, 40, 0, 40, 30]]
    )
    ellipse: Corners | None = Field(None, description="cx, cy, rx, ry.", examples=[[30, 30, 10, 5]])
    rotation: Coordinate | None = Field(None, description="Degrees clockwise.", examples=[30])
    attributes: dict[str, str] = Field(
        default={}, description="Attribute values by name, over those of the case.", examples=[{"type": "lorry"}]
    )
    occluded: bool | None = Field(None, description="CVAT's occluded flag.", examples=[True])
    z_order: int | None = Field(None, description="CVAT's stacking order.", examples=[1])


class Given(Node):
    """One shape on an image of 1000 by 1000 pixels, or a track."""

    label: str = Field(description="The CVAT label.", examples=["car"])
    shape: Kind | None = Field(None, description="The CVAT shape.", examples=["rectangle"])
    tag: bool = Field(default=False, description="A tag instead of a shape.", examples=[True])
    track: list[Seen] | None = Field(
        None,
        min_length=1,
        description="The frames of a track, in order.",
        examples=[[{"box": [1, 1, 9, 9]}, {"box": [2, 1, 10, 9], "occluded": True}]],
    )
    box: Corners | None = Field(None, description="xtl, ytl, xbr, ybr.", examples=[[10, 10, 50, 40]])
    points: Path | None = Field(
        None, description="x0, y0, x1, y1, … (polygon, polyline, points; 16 numbers for a cuboid).", examples=[[0, 0, 40, 0, 40, 30]]
    )
    ellipse: Corners | None = Field(None, description="cx, cy, rx, ry.", examples=[[30, 30, 10, 5]])
    rotation: Coordinate = Field(0, description="Degrees clockwise.", examples=[30])
    attributes: dict[str, str] = Field(default={}, description="Attribute values by name.", examples=[{"type": "lorry"}])
    occluded: bool = Field(default=False, description="CVAT's occluded flag.", examples=[True])
    z_order: int = Field(0, description="CVAT's stacking order.", examples=[1])
    group: int = Field(0, description="CVAT's group number.", examples=[3])
    source: str = Field("manual", description="CVAT's source.", examples=["auto"])
    score: Coordinate | None = Field(None, ge=0, le=1, description="CVAT's score, if the shape has one.", examples=[0.5])
    image: str = Field("image.png", description="The image's name.", examples=["night/0001.png"])
    subset: str = Field("", description="The image's subset.", examples=["train"])
    frame: int = Field(0, description="The frame number.", examples=[12])

    @model_validator(mode="after")
    def _shape_or_tag(self) -> Self:
        if self.tag == (self.shape is not None):
            raise ValueError("a case gives a `shape`, or `tag: true`")
        if self.shape is not None:
            wanted = GEOMETRY.get(self.shape)
            if wanted is None:
                raise ValueError(f"a case cannot give a {self.shape} yet")
            if getattr(self, wanted) is None and any(getattr(entry, wanted, None) is None for entry in self.track or (None,)):
                raise ValueError(f"a {self.shape} needs `{wanted}`")
        if self.tag and self.track is not None:
            raise ValueError("a tag has no `track`")
        return self


class Expected(Node):
    """One thing that must come out; keys that are not given are not compared."""

    rule: str | None = Field(None, description="Id of the rule that must match.", examples=["truck"])
    object: str | None = Field(None, description="Title of the object.", examples=["Truck"])
    shape: EncordShape | None = Field(None, description="Encord shape of the object.", examples=["bounding_box"])
    classification: str | None = Field(None, description="Title of the classification.", examples=["Weather"])
    attributes: dict[str, Answer] | None = Field(
        None,
        description="Answers by the title of the Encord attribute; null: not answered. Attributes that are not named are not compared.",
        examples=[{"Body": "Sedan", "Flags": ["Damaged"], "Speed": 50, "Plate": None}],
    )
    answer: Answer = Field(None, description="The classification's own answer.", examples=["Rain"])
    dropped: bool | None = Field(None, description="The shape is dropped.", examples=[True])
    refused: bool | None = Field(None, description="The shape is refused.", examples=[True])


class Case(Node):
    """A test of the spec."""

    name: str = Field(min_length=1, description="What the case shows.", examples=["a lorry becomes a Truck"])
    given: Given = Field(description="The shape or tag.", examples=[{"shape": "rectangle", "label": "car", "box": [10, 10, 50, 40]}])
    expect: list[Expected] = Field(
        min_length=1,
        description="What must come of it, in order: of a track each object once, then what rules drop or refuse of its frames.",
        examples=[[{"rule": "truck", "object": "Truck"}]],
    )


class CaseFile(Node):
    """Tests that stand beside a spec: `traffic.test.yaml`, or `traffic.NAME.test.yaml`, beside `traffic.yaml`."""

    apiVersion: Literal["mapping/v1"] = Field(description="Version of the spec language.", examples=["mapping/v1"])  # noqa: N815 - the users' key
    kind: Literal["MappingTests"] = Field(description="Kind of document.", examples=["MappingTests"])
    parameters: dict[str, str | int | float | bool] = Field(
        default={}, description="Values of the spec's parameters under which the tests run.", examples=[{"upright_rectangle": "polygon"}]
    )
    tests: list[Case] = Field(
        min_length=1,
        description="Given and expected cases.",
        examples=[[{"name": "rain", "given": {"tag": True, "label": "rain"}, "expect": [{"rule": "weather"}]}]],
    )
