"""What a pydantic model allows at a place, read from its annotations: keys, variants, words and kinds of value."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Discriminator, RootModel, Tag
from pydantic.fields import FieldInfo

_PLAIN: dict[Any, str] = {str: "text", int: "integer", float: "number", bool: "boolean", date: "date"}
_WRAPPED = re.compile(r"function-\w+\[.*?, (.*)\]")


class Node(NamedTuple):
    """An annotation without its wrapping; of a tagged union also the discriminator, of its member the tag.

    ``discriminator``: the name of a field, or a function that computes the tag; None if the union is a plain one.
    """

    annotation: Any
    discriminator: Any = None
    tag: str = ""


def unwrap(annotation: Any, discriminator: Any = None, tag: str = "") -> Node:
    """Take off Annotated, type aliases, root models and ``| None``."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            annotation, *metadata = typing.get_args(annotation)
            for extra in metadata:
                discriminator = _discriminator(extra) or discriminator
                tag = extra.tag if isinstance(extra, Tag) else tag
        elif origin in (typing.Union, types.UnionType):
            rest = [member for member in typing.get_args(annotation) if member is not types.NoneType]
            if len(rest) != 1:
                return Node(annotation, discriminator, tag)
            annotation = rest[0]
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            field = annotation.model_fields["root"]
            annotation, discriminator = field.annotation, _discriminator(field) or discriminator
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return Node(annotation, discriminator, tag)


def _discriminator(extra: Any) -> Any:
    found = extra.discriminator if isinstance(extra, FieldInfo | Discriminator) else None
    return found.discriminator if isinstance(found, Discriminator) else found


def members(node: Node) -> tuple[Node, ...]:
    """The variants of a union without null; anything else is its only variant."""
    if typing.get_origin(node.annotation) not in (typing.Union, types.UnionType):
        return (node,)
    found: list[Node] = []
    for annotation in typing.get_args(node.annotation):
        if annotation is types.NoneType:
            continue
        member = unwrap(annotation)
        # A union of variants with the discriminator of the outer one is the same choice.
        same = member.discriminator is not None and member.discriminator == node.discriminator
        found += members(member) if same else [member]
    return tuple(found)


def is_union(node: Node) -> bool:
    """Whether a location has an item that names a variant here."""
    return typing.get_origin(node.annotation) in (typing.Union, types.UnionType)


def fields(node: Node) -> dict[str, Node]:
    """The keys that a model allows, as a document writes them; {} if the node is no model."""
    return {key: unwrap(field.annotation, _discriminator(field)) for key, field in _fields(node).items()}


def required(node: Node) -> list[str]:
    """The keys without which a model is invalid."""
    return [key for key, field in _fields(node).items() if field.is_required()]


def _fields(node: Node) -> dict[str, FieldInfo]:
    model = node.annotation
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {}
    if not model.__pydantic_complete__:  # a forward reference that was resolved for its user only
        model.model_rebuild(raise_errors=False)
    return {_key(name, field): field for name, field in model.model_fields.items()}


def _key(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    return alias if isinstance(alias, str) else field.alias or name


def child(node: Node, item: str | int) -> Node | None:
    """What may stand under a key or index; None if that is not known."""
    origin, arguments = typing.get_origin(node.annotation), typing.get_args(node.annotation)
    if isinstance(item, str):
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return unwrap(arguments[1])
        return fields(node).get(item)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return unwrap(arguments[item]) if item < len(arguments) else None
    return unwrap(arguments[0]) if is_list(node) and arguments else None


def is_list(node: Node) -> bool:
    """Whether a document writes it as a list."""
    origin = typing.get_origin(node.annotation) or node.annotation
    return isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset) and origin is not str


def tags(node: Node, member: Node) -> list[str]:
    """The values of the discriminator that choose a member of a tagged union."""
    if member.tag or not isinstance(node.discriminator, str):
        return [member.tag]
    if is_union(member):
        return [tag for inner in members(member) for tag in tags(node, inner)]
    model = member.annotation
    field = model.model_fields.get(node.discriminator) if hasattr(model, "model_fields") else None
    return words(unwrap(field.annotation)) if field else []


def discriminator_key(node: Node) -> str:
    """The key that a document uses for the discriminator; "" if a function computes it."""
    if not isinstance(node.discriminator, str):
        return ""
    for member in members(node):
        for key, field in _fields(member).items():
            if field is member.annotation.model_fields.get(node.discriminator):
                return key
    return node.discriminator


def pick(node: Node, label: str | int) -> Node | None:
    """The member of a union that an item of a location names: a tag, or pydantic's name for the type."""
    if node.discriminator is not None:
        return next((member for member in members(node) if label in tags(node, member)), None)
    text = str(label)
    while match := _WRAPPED.fullmatch(text):
        text = match[1]
    return next((member for member in members(node) if _is_called(member, text)), None)


def _is_called(member: Node, label: str) -> bool:
    if member.tag:
        return member.tag == label
    origin = typing.get_origin(member.annotation)
    if origin is Literal:
        return label.startswith("literal[")
    name = getattr(origin or member.annotation, "__name__", "")
    return label.startswith(f"{name}[") if origin else label in (name, f"constrained-{name}")


def words(node: Node) -> list[str]:
    """The texts of a Literal or an enumeration, also those in a union."""
    return [value for member in members(node) for value in values(member) if isinstance(value, str)]


def values(node: Node) -> list[Any]:
    """The values of a Literal or an enumeration; [] for anything else."""
    if typing.get_origin(node.annotation) is Literal:
        return [value.value if isinstance(value, Enum) else value for value in typing.get_args(node.annotation)]
    if isinstance(node.annotation, type) and issubclass(node.annotation, Enum):
        return [value.value for value in node.annotation]
    return []


def kind(node: Node) -> str:
    """``text``, ``integer``, ``number``, ``boolean``, ``date``, ``words``, ``list``, ``mapping``, or "" if not known."""
    if values(node):
        return "words"
    if node.annotation in _PLAIN:
        return _PLAIN[node.annotation]
    origin = typing.get_origin(node.annotation) or node.annotation
    if is_list(node):
        return "list"
    return "mapping" if isinstance(origin, type) and issubclass(origin, Mapping | BaseModel) else ""
