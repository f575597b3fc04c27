"""The nodes of an Encord ontology: objects, classifications, attributes, options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from mapper.encord.ids import feature_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.encord.model import AttributeType
    from mapper.geometry.kinds import EncordShape

_WHITE = re.compile(r"\s")


@lru_cache(4096)
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
    """An attribute; ``listed`` is False until a rule declares it or a value was written.

    Options that are only offered are made when somebody looks: a long spec offers many to objects that never come up.
    """

    title: str
    type: AttributeType
    hash: str
    dynamic: bool = False
    required: bool = False
    listed: bool = True
    _options: list[OptionNode] = field(default_factory=list, init=False)
    _known: dict[str, OptionNode] = field(default_factory=dict, init=False)
    _offered: list[Sequence[str]] = field(default_factory=list, init=False)

    @property
    def options(self) -> Sequence[OptionNode]:
        """The options, in the order in which they came."""
        if self._offered:
            self._make()
        return self._options

    def option(self, title: str) -> OptionNode | None:
        """The option of that title; of several, the first."""
        if self._offered:
            self._make()
        return self._known.get(title)

    def nesting(self) -> list[OptionNode]:
        """The options below which something nests; one that is only offered holds nothing."""
        return [option for option in self._options if option.attributes]

    def add(self, option: OptionNode) -> None:
        """Put an option behind those that stand."""
        if self._offered:
            self._make()
        self._options.append(option)
        self._known.setdefault(option.title, option)

    def offer(self, titles: Sequence[str]) -> None:
        """Put options behind those that stand, but for those that are there."""
        if titles:
            self._offered.append(titles)

    def made(self, title: str) -> OptionNode:
        """A new option of that title, the last one."""
        node = OptionNode(title, value_of(title), feature_hash(self.hash, title))
        self.add(node)
        return node

    def _make(self) -> None:
        offered, self._offered = self._offered, []
        for titles in offered:
            for title in titles:
                if title not in self._known:
                    self.made(title)


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
