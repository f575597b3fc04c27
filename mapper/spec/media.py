"""What a spec says of media: how the names of files give the names of images, and what no export tells of a video."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from mapper.spec.node import Node

FASTEST = 1000
"""Frames per second beyond which a rate is a mistake."""


class FilenameRule(Node):
    """One step from the name of a file to that of an image: exactly one of strip, like, table, normal_form, separators."""

    strip: Literal["folder", "extension"] | None = Field(
        None, description="Take off all folders, or what follows the last dot.", examples=["extension"]
    )
    like: str | None = Field(
        None,
        min_length=1,
        description="Rename what this pattern matches; `*` any text, `?` a character, `[ab]` one of these. Other names stay as they are.",
        examples=["cam*/*_final.jpeg"],
    )
    name: str | None = Field(
        None, min_length=1, description="The new name; `{1}` is what the first `*` of `like` took.", examples=["{2}.png"]
    )
    table: dict[str, str] | None = Field(
        None,
        description="From the name of a file to that of its image. Other names stay as they are.",
        examples=[{"DSC_0001.JPG": "gate.png"}],
    )
    normal_form: Literal["NFC", "NFD"] | None = Field(
        None, description="Write accents in one way: NFC with their letter as one character, NFD as one of their own.", examples=["NFC"]
    )
    separators: Literal["slash"] | None = Field(None, description="Turn backslashes into slashes.", examples=["slash"])

    @model_validator(mode="after")
    def _one_step(self) -> Self:
        given = [step for step in (self.strip, self.like, self.table, self.normal_form, self.separators) if step is not None]
        if len(given) != 1:
            raise ValueError("a file name rule has exactly one of `strip`, `like`, `table`, `normal_form` and `separators`")
        if (self.like is None) != (self.name is None):
            raise ValueError("`like` and `name` belong together")
        return self


class MediaSection(Node):
    """What the spec knows of the media."""

    fps: float | None = Field(
        None, gt=0, le=FASTEST, description="Frames per second of videos whose file is not there to tell.", examples=[29.97]
    )
    filenames: list[FilenameRule] = Field(
        default=[],
        description="How the name of a media file gives the name of its image: steps in order, each on what the one before gave.",
        examples=[[{"strip": "folder"}, {"strip": "extension"}]],
    )
