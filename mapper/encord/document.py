"""The ontology as Encord's JSON: sorted, numbered, complete (``OntologyStructure.from_dict`` loads it)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper.encord.nodes import AttributeNode, ClassificationNode, ObjectNode
    from mapper.encord.ontology import Ontology


def ontology_document(ontology: Ontology) -> dict[str, Any]:
    """The listed objects by title, the listed classifications by title; ids follow that order. A given document stays as it is."""
    if ontology.given is not None:
        return ontology.given
    objects = sorted((node for node in ontology.objects if node.listed), key=lambda node: (node.title, node.shape, node.hash))
    classes = sorted(
        (node for node in ontology.classifications if node.listed and _answerable(node.root)), key=lambda node: node.root.title
    )
    return {
        "objects": [_object(node, str(number)) for number, node in enumerate(objects, 1)],
        "classifications": [_classification(node, str(number)) for number, node in enumerate(classes, 1)],
        "skeleton_templates": _templates([node for node in objects if node.template]),
    }


def _templates(nodes: list[ObjectNode]) -> list[dict[str, Any]]:
    """The templates under names of their own: the SDK keeps templates by name, and titles need not be unique."""
    titles = Counter(node.title for node in nodes)
    names = {node.hash: node.title if titles[node.title] == 1 else f"{node.title} {node.hash}" for node in nodes}
    return [{"template": (node.template or {}) | {"name": names[node.hash]}} for node in nodes]


def _object(node: ObjectNode, number: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": number,
        "name": node.title,
        "color": node.color,
        "shape": node.shape,
        "featureNodeHash": node.hash,
        "required": node.required,
        "archived": False,
    }
    attributes = _attributes(node.attributes, number)
    return document | ({"attributes": attributes} if attributes else {})


def _classification(node: ClassificationNode, number: str) -> dict[str, Any]:
    return {"id": number, "featureNodeHash": node.hash, "attributes": [_attribute(node.root, f"{number}.1")]}


def _attributes(nodes: list[AttributeNode], parent: str) -> list[dict[str, Any]]:
    listed = [node for node in nodes if node.listed and _answerable(node)]
    return [_attribute(node, f"{parent}.{number}") for number, node in enumerate(listed, 1)]


def _answerable(node: AttributeNode) -> bool:
    """Whether there is something to answer: a choice without options is nothing that Encord's editor could show."""
    return bool(node.options) or node.type in {"text", "numeric"}


def _attribute(node: AttributeNode, number: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": number,
        "name": node.title,
        "type": node.type,
        "featureNodeHash": node.hash,
        "required": node.required,
        "archived": False,
        "dynamic": node.dynamic,
    }
    if node.type in {"radio", "checklist"}:
        document["options"] = [_option(option, f"{number}.{place}") for place, option in enumerate(node.options, 1)]
    return document


def _option(option: Any, number: str) -> dict[str, Any]:
    document = {"id": number, "label": option.title, "value": option.value, "featureNodeHash": option.hash, "archived": False}
    nested = _attributes(option.attributes, number)
    return document | ({"options": nested} if nested else {})
