"""How stored annotations name their labels and attributes: backups by name, the API by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from mapper.cvat.model import LabelSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = tuple[str, str]
"""Label of the skeleton ("" for a label of its own), and the label."""


class Words(Protocol):
    """Names for what annotations refer to."""

    def label(self, item: Mapping[str, Any]) -> str | None:
        """The name of an annotation's label, or None if it has none that is known."""

    def attribute(self, pair: Mapping[str, Any]) -> str | None:
        """The name of an attribute, or None if it has none that is known."""

    def shown(self, item: Mapping[str, Any]) -> str:
        """What the annotation says of its label, for a finding."""


class ByName:
    """Backups: ``label``, and ``name`` of an attribute."""

    def label(self, item: Mapping[str, Any]) -> str | None:
        """The name itself."""
        name = item.get("label")
        return name if isinstance(name, str) else None

    def attribute(self, pair: Mapping[str, Any]) -> str | None:
        """The name itself."""
        name = pair.get("name")
        return name if isinstance(name, str) else None

    def shown(self, item: Mapping[str, Any]) -> str:
        """What stands there."""
        return f"label: {item.get('label')!r}"[:80]


@dataclass(frozen=True, slots=True)
class ById:
    """The API: ``label_id``, and ``spec_id`` of an attribute, by what ``/api/labels`` says of them."""

    labels: Mapping[int, str]
    attributes: Mapping[int, str]

    def label(self, item: Mapping[str, Any]) -> str | None:
        """The name of that id."""
        key = item.get("label_id")
        return self.labels.get(key) if type(key) is int else None

    def attribute(self, pair: Mapping[str, Any]) -> str | None:
        """The name of that id."""
        key = pair.get("spec_id")
        return self.attributes.get(key) if type(key) is int else None

    def shown(self, item: Mapping[str, Any]) -> str:
        """What stands there."""
        return f"label_id: {item.get('label_id')!r}"[:80]


class Labels:
    """The label schema by name; what it does not declare has a label of its own kind, without attributes."""

    def __init__(self, specs: Sequence[LabelSpec]) -> None:
        self._specs: dict[Key, LabelSpec] = {}
        for spec in specs:
            self._specs["", spec.name] = spec
            self._specs |= {(spec.name, element.name): element for element in spec.elements}

    def spec(self, name: str, skeleton: str = "") -> LabelSpec:
        """A label, or an element of a skeleton's label."""
        return self._specs.get((skeleton, name)) or LabelSpec(name=name, declared=False)
