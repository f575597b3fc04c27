"""What Encord's SDK accepts in an ontology without a word, and we do not: identities, places, nesting, templates."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.connect.ontology_index import CHOICES, templates_of
from mapper.connect.records import Remark, listed, record, text
from mapper.findings.verify_ontology import (
    AttributeForm,
    BadColor,
    ClassificationRoot,
    DeepNesting,
    MisplacedDynamic,
    MisplacedId,
    RepeatedFeatureHash,
    SkeletonTemplate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record

DEPTH = 7
"""Levels of nested attributes that Encord documents."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class _Node(NamedTuple):
    """An item of the tree with its path of titles, its parent's id, and its place below options (1 at the top)."""

    kind: str
    item: Record
    path: str
    parent: str
    depth: int
    of_object: bool


def ontology_remarks(document: Any) -> Iterator[Remark]:
    """Everything that is wrong with an ontology, whatever the document holds."""
    nodes = [node for part in ("objects", "classifications") for node in _roots(document, part)]
    yield from map(Remark, _repeated_hashes(nodes, document))
    yield from map(Remark, _ids(nodes))
    for node in nodes:
        if node.kind == "attribute":
            yield from map(Remark, _attribute(node))
        elif node.kind == "object":
            yield from map(Remark, _colors(node))
        elif node.kind == "classification":
            count = len(listed(node.item.get("attributes")))
            if count != 1:
                yield Remark(ClassificationRoot(path=node.path, count=count))
    yield from map(Remark, _templates(document))


def _roots(document: Any, part: str) -> Iterator[_Node]:
    for item in map(record, listed(record(document).get(part))):
        is_object = part == "objects"
        attributes = listed(item.get("attributes"))
        title = text(item.get("name")) if is_object else text(record(attributes[0]).get("name")) if attributes else ""
        node = _Node("object" if is_object else "classification", item, title or f"{part} {item.get('id')}", "", 0, is_object)
        yield node
        yield from _attributes(attributes, node)


def _attributes(found: list[Any], above: _Node) -> Iterator[_Node]:
    for item in map(record, found):
        path = f"{above.path} > {text(item.get('name'))}"
        node = _Node("attribute", item, path, text(above.item.get("id")), above.depth + 1, above.of_object)
        yield node
        for option in map(record, listed(item.get("options"))):
            place = _Node("option", option, f"{path} > {text(option.get('label'))}", text(item.get("id")), node.depth, node.of_object)
            yield place
            if item.get("type") == "radio":
                yield from _attributes(listed(option.get("options")), place)


def _repeated_hashes(nodes: list[_Node], document: Any) -> Iterator[RepeatedFeatureHash]:
    places: dict[str, list[str]] = {}
    for node in nodes:
        places.setdefault(text(node.item.get("featureNodeHash")), []).append(node.path)
    for template in templates_of(document):
        for vertex in map(record, record(template.get("skeleton")).values()):
            path = f"{text(template.get('name'))} > {text(vertex.get('name'))}"
            places.setdefault(text(vertex.get("featureHash")), []).append(path)
    for found, paths in places.items():
        if len(paths) > 1 or not found:
            yield RepeatedFeatureHash(hash=found, count=len(paths), paths="; ".join(paths[:3]))


def _ids(nodes: list[_Node]) -> Iterator[MisplacedId]:
    seen: Counter[tuple[bool, str]] = Counter()
    for node in nodes:
        identity = text(node.item.get("id"))
        seen[node.of_object, identity] += 1
        parts = identity.split(".")
        if not all(part.isdecimal() for part in parts):
            yield MisplacedId(path=node.path, id=identity, problem="is not made of numbers")
        elif ".".join(parts[:-1]) != node.parent:
            wanted = f"is not directly below {node.parent!r}" if node.parent else "is not one number"
            yield MisplacedId(path=node.path, id=identity, problem=wanted)
        elif seen[node.of_object, identity] > 1:
            yield MisplacedId(path=node.path, id=identity, problem="stands twice")


def _attribute(node: _Node) -> Iterator[AttributeForm | MisplacedDynamic | DeepNesting]:
    item, kind = node.item, text(node.item.get("type"))
    options = listed(item.get("options"))
    if kind not in {*CHOICES, "text", "numeric"}:
        yield AttributeForm(path=node.path, problem=f"{kind!r} is no type of attribute")
    elif kind in CHOICES and not options:
        yield AttributeForm(path=node.path, problem=f"a {kind} attribute without options")
    elif kind not in CHOICES and options:
        yield AttributeForm(path=node.path, problem=f"a {kind} attribute with options")
    if kind == "checklist" and any(listed(record(option).get("options")) for option in options):
        yield AttributeForm(path=node.path, problem="an option of a checklist holds attributes")
    if item.get("dynamic") is True and (node.depth > 1 or not node.of_object):
        yield MisplacedDynamic(path=node.path, where="nested" if node.depth > 1 else "it belongs to a classification")
    if node.depth > DEPTH:
        yield DeepNesting(path=node.path, depth=node.depth, limit=DEPTH)


def _colors(node: _Node) -> Iterator[BadColor]:
    color = node.item.get("color")
    if not _COLOR.fullmatch(text(color)):
        yield BadColor(path=node.path, color=str(color))


def _templates(document: Any) -> Iterator[SkeletonTemplate | BadColor]:
    objects = [item for item in map(record, listed(record(document).get("objects"))) if item.get("shape") == "skeleton"]
    templates = templates_of(document)
    owners = {text(item.get("featureNodeHash")) for item in objects}
    found = Counter(text(template.get("feature_node_hash")) for template in templates)
    names = Counter(text(template.get("name")) for template in templates)
    for item in objects:
        count = found[text(item.get("featureNodeHash"))]
        if count != 1:
            yield SkeletonTemplate(skeleton=text(item.get("name")), problem=f"{count} templates with the object's hash")
    for name, count in names.items():
        if count > 1:
            yield SkeletonTemplate(skeleton=name, problem=f"{count} templates of this name")
    for template in templates:
        name = text(template.get("name"))
        if text(template.get("feature_node_hash")) not in owners:
            yield SkeletonTemplate(skeleton=name, problem="a template without an object")
        yield from _vertices(name, template)


def _vertices(name: str, template: Record) -> Iterator[SkeletonTemplate | BadColor]:
    vertices = record(template.get("skeleton"))
    if not vertices or set(vertices) != {str(index) for index in range(len(vertices))}:
        yield SkeletonTemplate(skeleton=name, problem="vertices are not numbered from 0")
    for start, ends in record(template.get("skeletonEdges")).items():
        for end in (start, *record(ends)):
            if end not in vertices:
                yield SkeletonTemplate(skeleton=name, problem=f"an edge to vertex {end}, which it does not have")
    for vertex in map(record, vertices.values()):
        if not _COLOR.fullmatch(text(vertex.get("color"))):
            yield BadColor(path=f"{name} > {text(vertex.get('name'))}", color=str(vertex.get("color")))
