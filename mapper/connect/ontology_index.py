"""What label rows may refer to: the items of an ``ontology.json`` by feature hash."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.connect.records import listed, record, text
from mapper.encord.nodes import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record

CHOICES = frozenset({"radio", "checklist"})


class OptionItem(NamedTuple):
    """An option of a radio or checklist."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class AttributeItem:
    """An attribute; ``parent`` is the option that it is nested below as (attribute hash, option hash), if any."""

    hash: str
    title: str
    type: str
    dynamic: bool
    required: bool
    options: dict[str, OptionItem]
    parent: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Item:
    """An object or a classification with all its attributes, nested ones included, by hash.

    ``vertices`` are the template's vertices of a skeleton, in order, None without a template. A classification's ``shape``
    and ``color`` are "", its title is that of its root attribute.
    """

    hash: str
    title: str
    shape: str
    color: str
    root: str
    everywhere: bool
    attributes: dict[str, AttributeItem]
    vertices: tuple[Record, ...] | None = None

    @property
    def value(self) -> str:
        """Encord's machine-readable twin of the title."""
        return name_of(self.title)

    def option_title(self, attribute: str, option: str) -> str:
        """The title of an option by hashes; its hash where the ontology's hashes are not unique."""
        found = self.attributes[attribute].options.get(option)
        return found.title if found else option


@dataclass(frozen=True, slots=True)
class OntologyIndex:
    """Objects and classifications by feature hash."""

    objects: dict[str, Item] = field(default_factory=dict)
    classifications: dict[str, Item] = field(default_factory=dict)


def ontology_index(document: Any) -> OntologyIndex:
    """The index of an ontology; what is malformed in it is left out, since ``checks_ontology`` tells it."""
    templates = {text(template.get("feature_node_hash")): _vertices(template) for template in templates_of(document)}
    objects = (_object(item, templates) for item in map(record, listed(record(document).get("objects"))))
    classifications = (_classification(item) for item in map(record, listed(record(document).get("classifications"))))
    return OntologyIndex({item.hash: item for item in objects}, {item.hash: item for item in classifications})


def templates_of(document: Any) -> list[Record]:
    """The skeleton templates of an ontology."""
    return [record(record(wrapper).get("template")) for wrapper in listed(record(document).get("skeleton_templates"))]


def _vertices(template: Record) -> tuple[Record, ...]:
    found = record(template.get("skeleton"))
    return tuple(record(found[key]) for key in sorted(found, key=lambda key: (len(key), key)))  # "2" stands before "10"


def _object(item: Record, templates: dict[str, tuple[Record, ...]]) -> Item:
    identity = text(item.get("featureNodeHash"))
    return Item(
        hash=identity,
        title=text(item.get("name")),
        shape=text(item.get("shape")),
        color=text(item.get("color")),
        root="",
        everywhere=False,
        attributes={attribute.hash: attribute for attribute in _attributes(item.get("attributes"), None)},
        vertices=templates.get(identity),
    )


def _classification(item: Record) -> Item:
    attributes = list(_attributes(item.get("attributes"), None))
    root = attributes[0] if attributes else None
    return Item(
        hash=text(item.get("featureNodeHash")),
        title=root.title if root else "",
        shape="",
        color="",
        root=root.hash if root else "",
        everywhere=item.get("level") == "global",
        attributes={attribute.hash: attribute for attribute in attributes},
    )


def _attributes(found: Any, parent: tuple[str, str] | None) -> Iterator[AttributeItem]:
    """The attributes of a list and all below, each before those that are nested in it."""
    for item in map(record, listed(found)):
        identity, kind = text(item.get("featureNodeHash")), text(item.get("type"))
        options = [record(option) for option in listed(item.get("options"))]
        yield AttributeItem(
            hash=identity,
            title=text(item.get("name")),
            type=kind,
            dynamic=item.get("dynamic") is True,
            required=item.get("required") is True,
            options={
                text(option.get("featureNodeHash")): OptionItem(text(option.get("label")), text(option.get("value"))) for option in options
            },
            parent=parent,
        )
        for option in options if kind == "radio" else ():
            yield from _attributes(option.get("options"), (identity, text(option.get("featureNodeHash"))))
