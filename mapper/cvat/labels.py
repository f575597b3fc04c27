"""The label schema in a meta block: sublabels folded into their skeletons, attributes in both of CVAT's notations."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from typing import TYPE_CHECKING, get_args

from mapper.cvat.model import AttributeSpec, InputType, LabelSpec
from mapper.cvat.svg import DrawingError, read_svg
from mapper.findings.source.header import DefinitionUnreadable, LabelRepeated, SublabelOrphan, TemplateUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper.cvat.reporter import Reporter
    from mapper.cvat.xml_tree import Node
    from mapper.geometry.shapes import Template

_INPUT_TYPES: dict[str, InputType] = {word: word for word in get_args(InputType)}

_ONE_STRING = re.compile(r"(?P<prefix>[~@])(?P<type>\w+)=(?P<name>[^:]+):(?P<values>.*)", re.DOTALL)
"""An attribute as one string, as CVAT wrote it until 0.4.0 (2019): ``~select=action:standing,walking``."""


def read_labels(nodes: Iterable[Node], report: Reporter) -> tuple[LabelSpec, ...]:
    """All labels in document order; the elements of a skeleton in the order of its sublabels."""
    tops: dict[str, Node] = {}
    parts: defaultdict[str, dict[str, Node]] = defaultdict(dict)
    for node in nodes:
        name, parent = node.find("name"), node.find("parent")
        if name is None:
            report.add(DefinitionUnreadable("of a label has no name", ""), line=node.line)
            continue
        siblings = parts[parent.text] if parent and parent.text else tops
        if name.text in siblings:
            report.add(LabelRepeated("label", name.text), line=node.line, label=name.text)
        siblings.setdefault(name.text, node)
    for parent_name, orphans in parts.items():
        if parent_name not in tops:
            for title, node in orphans.items():
                report.add(SublabelOrphan(title, parent_name), line=node.line, label=parent_name)
    return tuple(_label(name, node, parts[name], report) for name, node in tops.items())


def _label(name: str, node: Node, parts: dict[str, Node], report: Reporter) -> LabelSpec:
    elements = tuple(_label(title, part, {}, report) for title, part in parts.items())
    return LabelSpec(
        name=name,
        type=node.get("type") or "any",
        color=node.get("color"),
        attributes=_attributes(name, node, report),
        elements=elements,
        template=_template(name, node, elements, report),
    )


def _template(name: str, node: Node, elements: tuple[LabelSpec, ...], report: Reporter) -> Template | None:
    drawing = node.find("svg")
    if drawing is None or not drawing.text.strip():
        return None
    try:
        return read_svg(drawing.text, [element.name for element in elements])
    except DrawingError as error:
        report.add(TemplateUnreadable(name, str(error)), line=drawing.line, label=name)
        return None


def _attributes(label: str, node: Node, report: Reporter) -> tuple[AttributeSpec, ...]:
    block = node.find("attributes")
    found: dict[str, AttributeSpec] = {}
    for item in block.all("attribute") if block else ():
        spec = _structured(item) if item.children else _one_string(item.text.strip())
        if isinstance(spec, DefinitionUnreadable):
            report.add(spec, line=item.line, label=label)
        elif spec.name in found:
            issue = LabelRepeated(f"attribute of label {label!r}", spec.name)
            report.add(issue, line=item.line, label=label, attribute=spec.name)
        else:
            found[spec.name] = spec
    return tuple(found.values())


def _structured(node: Node) -> AttributeSpec | DefinitionUnreadable:
    name, values, default = node.find("name"), node.find("values"), node.find("default_value")
    input_type = _INPUT_TYPES.get(node.get("input_type"))
    if name is None:
        return DefinitionUnreadable("of an attribute has no name", "")
    if input_type is None:
        return DefinitionUnreadable(f"of attribute {name.text!r} has no known input type", node.get("input_type"))
    return AttributeSpec(
        name=name.text,
        input_type=input_type,
        mutable=node.get("mutable").lower() == "true",
        default=default.text if default else "",
        values=tuple(values.text.split("\n")) if values and values.text.strip() else (),
    )


def _one_string(text: str) -> AttributeSpec | DefinitionUnreadable:
    match = _ONE_STRING.fullmatch(text)
    if match is None:
        return DefinitionUnreadable("of an attribute is not of the form ~type=name:values", text[:80])
    input_type = _INPUT_TYPES.get(match["type"])
    if input_type is None:
        return DefinitionUnreadable("of an attribute has no known input type", text[:80])
    lines = csv.reader(match["values"].splitlines(), quotechar="'")
    values = tuple(value for line in lines for value in line)
    return AttributeSpec(
        name=match["name"],
        input_type=input_type,
        mutable=match["prefix"] == "~",
        default=values[0] if values else "",
        values=values,
    )
