"""Writes "CVAT for images 1.1": the model of an export back to XML, as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from mapper.cvat.elements import ELEMENTS, TAGS
from mapper.cvat.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mapper.cvat.model import AttributeSpec, Image, LabelSpec, Shape
    from mapper.geometry.shapes import Element, Mask

    Pairs = Iterable[tuple[str, str]]

_BREAKS = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def images_xml(labels: Sequence[LabelSpec], images: Sequence[Image]) -> str:
    """An export of these images, with a meta block that declares these labels.

    What the model holds and XML can say comes back when it is read; a character that XML cannot hold (U+0000, …) is written
    as it is, and reading refuses it.
    """
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<annotations>", "  <version>1.1</version>", *_meta(labels, len(images))]
    for image in images:
        lines += _image(image)
    return "\n".join([*lines, "</annotations>"]) + "\n"


def shape_line(shape: Shape) -> str:
    """The XML of one shape on one line."""
    return "".join(line.strip() for line in _shape(shape, ""))


def _meta(labels: Sequence[LabelSpec], size: int) -> Iterator[str]:
    yield "  <meta>"
    yield "    <task>"
    facts = {"id": "1", "name": "example", "size": str(size), "mode": "annotation", "start_frame": "0", "stop_frame": str(max(size - 1, 0))}
    for name, text in facts.items():
        yield f"      <{name}>{text}</{name}>"
    yield "      <labels>"
    for label in labels:
        yield from _label(label, "")
        for element in label.elements:
            yield from _label(element, label.name)
    yield "      </labels>"
    yield "    </task>"
    yield "  </meta>"


def _label(label: LabelSpec, parent: str) -> Iterator[str]:
    yield "        <label>"
    yield f"          <name>{_text(label.name)}</name>"
    if label.color:
        yield f"          <color>{_text(label.color)}</color>"
    yield f"          <type>{_text(label.type)}</type>"
    yield "          <attributes>"
    for attribute in label.attributes:
        yield from _attribute(attribute)
    yield "          </attributes>"
    if label.template is not None:
        yield f"          <svg>{_text(_drawing(label))}</svg>"
    if parent:
        yield f"          <parent>{_text(parent)}</parent>"
    yield "        </label>"


def _attribute(spec: AttributeSpec) -> Iterator[str]:
    yield "            <attribute>"
    values = {"name": spec.name, "mutable": str(spec.mutable), "input_type": spec.input_type, "default_value": spec.default}
    for name, text in (values | {"values": "\n".join(spec.values)}).items():
        yield f"              <{name}>{_text(text)}</{name}>"
    yield "            </attribute>"


def _drawing(label: LabelSpec) -> str:
    assert label.template is not None  # noqa: S101 - the caller asked
    nodes, edges = label.template
    lines = (f'<line data-node-from="{start + 1}" data-node-to="{end + 1}"></line>' for start, end in edges)
    circles = (
        f'<circle cx="{x * 100:.12g}" cy="{y * 100:.12g}" data-node-id="{number}" data-label-name={_quoted(name)}></circle>'
        for number, (name, x, y) in enumerate(nodes, 1)
    )
    return "".join([*lines, *circles])


def _image(image: Image) -> Iterator[str]:
    facts = [("id", str(image.id)), ("name", image.name), ("width", str(image.width)), ("height", str(image.height))]
    if image.subset:
        facts.append(("subset", image.subset))
    yield f"  <image{_written(facts)}>"
    for shape in image.shapes:
        yield from _shape(shape, "    ")
    yield "  </image>"


def _shape(shape: Shape, indent: str) -> Iterator[str]:
    tag = TAGS[shape.kind]
    fields = [(name, text) for name, text in zip(FIELDS, shape.fields, strict=True) if text is not None and name != "rotation"]
    if shape.kind in {"rectangle", "ellipse"} and shape.geometry[4]:
        fields.append(("rotation", _number(shape.geometry[4])))
    opening = f"{indent}<{tag}{_written([('label', shape.label), *fields, *_geometry(shape)])}"
    elements: Sequence[Element] = shape.geometry if shape.kind == "skeleton" else ()
    if not elements and not shape.attributes:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    for element in elements:
        yield from _element(element, f"{indent}  ")
    yield from _attributes(shape.attributes, f"{indent}  ")
    yield f"{indent}</{tag}>"


def _element(element: Element, indent: str) -> Iterator[str]:
    facts = [("label", element.label), ("outside", str(int(element.outside))), ("occluded", str(int(element.occluded)))]
    opening = f"{indent}<points{_written([*facts, ('points', _points([element.x, element.y]))])}"
    if not element.attributes:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    yield from _attributes(element.attributes, f"{indent}  ")
    yield f"{indent}</points>"


def _attributes(pairs: Pairs, indent: str) -> Iterator[str]:
    for name, text in pairs:
        yield f"{indent}<attribute{_written([('name', name)])}>{_text(text)}</attribute>"


def _geometry(shape: Shape) -> Pairs:
    names, geometry = ELEMENTS[TAGS[shape.kind]].geometry, shape.geometry
    if shape.kind == "mask":
        return _mask(names, geometry)
    if names == ("points",):
        return [("points", _points(geometry))]
    return list(zip(names, map(_number, geometry or ()), strict=False))


def _mask(names: Sequence[str], mask: Mask) -> Pairs:
    return zip(names, (", ".join(map(str, mask.runs)), *map(str, mask[1:])), strict=True)


def _points(flat: Sequence[float]) -> str:
    return ";".join(f"{_number(x)},{_number(y)}" for x, y in zip(flat[::2], flat[1::2], strict=True))


def _number(value: Any) -> str:
    """The number, so that reading gives the same one."""
    return repr(float(value))


def _written(facts: Pairs) -> str:
    return "".join(f" {name}={_quoted(text)}" for name, text in facts)


def _quoted(text: str) -> str:
    return quoteattr(text, _BREAKS)


def _text(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
