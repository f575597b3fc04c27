"""The nodes of an Encord ontology: objects, classifications, attributes, options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from mapper.encord.model import AttributeType
    from mapper.geometry.kinds import EncordShape

_WHITE = re.compile(r"\s")


def value_of(title: str) -> str:
    """Encord's machine-readable twin of an option's title: lower case, each white-space character as an underscore."""
    return _WHITE.sub("_", title).lower()


def name_of(title: str) -> str:
    """The twin of an object's or attribute's title: lower case, and only blanks as underscores."""
    return title.lower().replace(" ", "_")


@dataclass(slots=True, eq=False)
class OptionNode:
    """An option of a radio or checklist attribute; only radio options hold nested attributes."""

    title: str
    value: str
    hash: str
    attributes: list[AttributeNode] = field(default_factory=list)

    def entry(self) -> dict[str, str]:
        """The option as an answer names it."""
        return {"name": self.title, "value": self.value, "featureHash": self.hash}


@dataclass(slots=True, eq=False)
class AttributeNode:
    """An attribute; ``listed`` is False until a rule declares it or a value was written."""

    title: str
    type: AttributeType
    hash: str
    dynamic: bool = False
    required: bool = False
    listed: bool = True
    options: list[OptionNode] = field(default_factory=list)

    def option(self, title: str) -> OptionNode | None:
        """The option of that title."""
        return next((option for option in self.options if option.title == title), None)


@dataclass(slots=True, eq=False)
class ObjectNode:
    """An ontology object.

    ``base`` is the name before ``several`` (what to call it if objects of other shapes share the base), ``listed``
    says that it stands in the ontology, ``prefix`` holds the bytes that every object of this class starts with.
    """

    base: str
    shape: EncordShape
    color: str
    hash: str
    several: str | None = None
    title: str = ""
    required: bool = False
    listed: bool = False
    used: bool = False
    attributes: list[AttributeNode] = field(default_factory=list)
    template: dict[str, Any] | None = None
    prefix: bytes = b""
    former: list[bytes] = field(default_factory=list)

    def rename(self, title: str) -> None:
        """Take another title; prefixes that rows may hold already are remembered."""
        if self.prefix and self.used:
            self.former.append(self.prefix)
        self.title = title
        constant = {"name": title, "color": self.color, "shape": self.shape, "value": name_of(title)}
        self.prefix = orjson.dumps(constant | {"featureHash": self.hash})[:-1]


@dataclass(slots=True, eq=False)
class ClassificationNode:
    """A classification with its one root attribute."""

    hash: str
    root: AttributeNode
    listed: bool = False
