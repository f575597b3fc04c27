"""Builds exports of "CVAT for images 1.1": plain values in, XML out, laid out as CVAT writes it.

Shapes carry ``occluded="0" source="manual" z_order="0"`` like CVAT's own unless a field says otherwise; None takes one away.
Attributes are a mapping from name to text, or pairs where a name is to occur twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    Attributes = Mapping[str, str] | Sequence[tuple[str, str]]
    Field = str | float | None

SHAPE_FIELDS: dict[str, Field] = {"occluded": "0", "source": "manual", "z_order": "0"}
CORNERS = tuple(axis + corner for corner in ("tl1", "bl1", "tr1", "br1", "tl2", "bl2", "tr2", "br2") for axis in "xy")
CREATED, UPDATED = "2026-01-02 03:04:05+00:00", "2026-02-03 04:05:06+00:00"


class Element(NamedTuple):
    """One XML element; a text stands before its children."""

    name: str
    fields: tuple[tuple[str, str], ...] = ()
    children: tuple[Element, ...] = ()
    text: str = ""

    def lines(self, indent: str = "") -> Iterable[str]:
        """The element as XML, a line for each child."""
        opening = indent + "<" + self.name + "".join(f" {name}={quoteattr(text)}" for name, text in self.fields)
        if self.children:
            yield f"{opening}>"
            for child in self.children:
                yield from child.lines(indent + "  ")
            yield f"{indent}</{self.name}>"
        else:
            text = escape(self.text, {"\r": "&#13;"})
            yield f"{opening}>{text}</{self.name}>" if text else f"{opening}/>"

    def but(self, **fields: Field) -> Element:
        """The same with other fields; None takes one away."""
        return self._replace(fields=_fields(dict(self.fields) | fields))


class Attribute(NamedTuple):
    """An attribute as a label declares it."""

    name: str
    input_type: str = "text"
    values: tuple[str, ...] = ()
    default: str = ""
    mutable: bool = False


class Label(NamedTuple):
    """A label; ``elements`` are the sublabels of a skeleton, drawn one below the other and joined in order."""

    name: str
    type: str = "any"
    attributes: tuple[Attribute, ...] = ()
    color: str = "#00aaff"
    elements: tuple[Label, ...] = ()
    drawn: bool = True


def box(label: str, corners: Sequence[Field], attributes: Attributes = (), **fields: Field) -> Element:
    """A rectangle from (xtl, ytl, xbr, ybr); ``rotation`` is a field."""
    return _shape("box", label, zip(("xtl", "ytl", "xbr", "ybr"), corners, strict=True), attributes, fields)


def ellipse(label: str, numbers: Sequence[Field], attributes: Attributes = (), **fields: Field) -> Element:
    """An ellipse from (cx, cy, rx, ry); ``rotation`` is a field."""
    return _shape("ellipse", label, zip(("cx", "cy", "rx", "ry"), numbers, strict=True), attributes, fields)


def path(kind: str, label: str, numbers: Sequence[float], attributes: Attributes = (), **fields: Field) -> Element:
    """A polygon, polyline or points from flat coordinates."""
    text = ";".join(f"{x},{y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    return _shape(kind, label, [("points", text)], attributes, fields)


def cuboid(label: str, corners: Sequence[Field], attributes: Attributes = (), **fields: Field) -> Element:
    """A cuboid from sixteen numbers in CVAT's storage order."""
    return _shape("cuboid", label, zip(CORNERS, corners, strict=True), attributes, fields)


def mask(label: str, runs: Sequence[int], crop: Sequence[Field], attributes: Attributes = (), **fields: Field) -> Element:
    """A mask from run lengths over the crop (left, top, width, height)."""
    rle: list[tuple[str, Field]] = [("rle", ", ".join(map(str, runs)))]
    return _shape("mask", label, [*rle, *zip(("left", "top", "width", "height"), crop, strict=True)], attributes, fields)


def element(label: str, x: float, y: float, attributes: Attributes = (), **fields: Field) -> Element:
    """One point of a skeleton."""
    known: dict[str, Field] = {"label": label, "outside": "0", "occluded": "0", "source": "manual", "points": f"{x},{y}"}
    return Element("points", _fields(known | fields), _attributes(attributes))


def skeleton(label: str, elements: Sequence[Element], attributes: Attributes = (), **fields: Field) -> Element:
    """A skeleton from its points; its own attributes follow them."""
    made = _shape("skeleton", label, (), attributes, fields)
    return made._replace(children=(*elements, *made.children))


def tag(label: str, attributes: Attributes = (), **fields: Field) -> Element:
    """A tag of the whole image."""
    return Element("tag", _fields({"label": label, "source": "manual"} | fields), _attributes(attributes))


def image(number: int, *shapes: Element, name: str | None = None, size: tuple[int, int] = (100, 80), **fields: Field) -> Element:
    """One image with its shapes."""
    known: dict[str, Field] = {"id": number, "name": f"{number}.png" if name is None else name, "width": size[0], "height": size[1]}
    return Element("image", _fields(known | fields), shapes)


def seen(frame: int, shape: Element, *, keyframe: bool = True, outside: bool = False) -> Element:
    """One frame of a track: a shape without what a track says for all of them."""
    kept: dict[str, Field] = {name: text for name, text in shape.fields if name not in {"label", "source", "group_id"}}
    flags: dict[str, Field] = {"frame": frame, "keyframe": int(keyframe), "outside": int(outside)}
    return shape._replace(fields=_fields(flags | kept))


def track(label: str, *entries: Element, number: int = 0, **fields: Field) -> Element:
    """A track from its frames."""
    known: dict[str, Field] = {"id": number, "label": label, "source": "manual"}
    return Element("track", _fields(known | fields), entries)


def video(
    *tracks: Element, labels: Sequence[Label] = (), frame_size: tuple[int, int] | None = (100, 80), meta: bool = True, **fields: Field
) -> str:
    """A whole export of a video of ten frames; ``fields`` are those of the task, None takes one away."""
    known: dict[str, Field] = {"mode": "interpolation", "size": 10, "start_frame": 0, "stop_frame": 9, "source": "clip.mp4"}
    task = {**known, **fields}
    return export(*tracks, labels=labels, meta=meta, frame_size=frame_size, task=task)


def export(
    *images: Element,
    labels: Sequence[Label] = (),
    meta: bool = True,
    name: str = "street",
    frame_size: tuple[int, int] | None = None,
    task: Mapping[str, Field] | None = None,
) -> str:
    """A whole task export; ``task`` are more fields of its head, or others; None takes one away."""
    head = (_meta(labels, name, len(images), frame_size, task or {}),) if meta else ()
    root = Element("annotations", children=(Element("version", text="1.1"), *head, *images))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(root.lines()) + "\n"


def write(folder: Path, text: str) -> Path:
    """Put an export into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.xml"
    source.write_bytes(text.encode())
    return source


def _shape(kind: str, label: str, geometry: Iterable[tuple[str, Field]], attributes: Attributes, fields: Mapping[str, Field]) -> Element:
    return Element(kind, _fields({"label": label} | SHAPE_FIELDS | dict(geometry) | dict(fields)), _attributes(attributes))


def _fields(fields: Mapping[str, Field]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in fields.items() if value is not None)


def _attributes(attributes: Attributes) -> tuple[Element, ...]:
    pairs = attributes if isinstance(attributes, (list, tuple)) else dict(attributes).items()
    return tuple(Element("attribute", (("name", name),), text=text) for name, text in pairs)


def _meta(labels: Sequence[Label], name: str, size: int, frame_size: tuple[int, int] | None, more: Mapping[str, Field]) -> Element:
    fields: dict[str, Field] = {"id": "7", "name": name, "size": str(size), "mode": "annotation", "start_frame": "0"}
    fields |= {"stop_frame": str(max(size - 1, 0)), "created": CREATED, "updated": UPDATED}
    nodes = [Element(key, text=str(text)) for key, text in (fields | dict(more)).items() if text is not None]
    if frame_size is not None:
        sides = zip(("width", "height"), frame_size, strict=True)
        nodes.append(Element("original_size", children=tuple(Element(side, text=str(length)) for side, length in sides)))
    listed = [node for label in labels for node in _label(label)]
    return Element("meta", children=(Element("task", children=(*nodes, Element("labels", children=tuple(listed)))),))


def _label(label: Label, parent: str = "") -> Iterable[Element]:
    nodes = [Element("name", text=label.name), Element("color", text=label.color), Element("type", text=label.type)]
    nodes.append(Element("attributes", children=tuple(map(_definition, label.attributes))))
    if label.elements and label.drawn:
        nodes.append(Element("svg", text=_drawing(label.elements)))
    if parent:
        nodes.append(Element("parent", text=parent))
    yield Element("label", children=tuple(nodes))
    for part in label.elements:
        yield from _label(part._replace(type="points"), label.name)


def _definition(attribute: Attribute) -> Element:
    texts = {"name": attribute.name, "mutable": str(attribute.mutable), "input_type": attribute.input_type}
    texts |= {"default_value": attribute.default, "values": "\n".join(attribute.values)}
    return Element("attribute", children=tuple(Element(key, text=text) for key, text in texts.items()))


def _drawing(elements: Sequence[Label]) -> str:
    step = 80 / max(len(elements) - 1, 1)
    circles = (
        f'<circle cx="50" cy="{10 + step * number:g}" data-node-id="{number + 1}" data-label-name={quoteattr(part.name)}></circle>'
        for number, part in enumerate(elements)
    )
    lines = (f'<line data-node-from="{number}" data-node-to="{number + 1}"></line>' for number in range(1, len(elements)))
    return "".join([*lines, *circles])
