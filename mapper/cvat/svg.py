"""The drawing of a skeleton label, as CVAT's editor stores it.

Circles are the points (centre in a 0…100 box, numbered by ``data-node-id``), lines are the edges. After the XML is
decoded a sublabel's name may stand unescaped in it (``data-label-name="hand & <l>"``), hence an HTML parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper.cvat.numbers import number
from mapper.geometry.shapes import Template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DrawingError(ValueError):
    """The drawing does not fit the label; the text says why."""


def read_svg(text: str, elements: Sequence[str]) -> Template:
    """The template of a skeleton whose sublabels are ``elements``; nodes in the order of their numbers.

    Raises:
        DrawingError: a circle without a place or a number, or circles and sublabels that are not the same.
    """
    # lxml takes 30 ms to load, and most exports have no skeletons
    from lxml import html  # noqa: PLC0415

    root = html.fragment_fromstring(text, create_parent="svg")
    nodes: dict[int, tuple[str, float, float]] = {}
    edges: list[tuple[str, str]] = []
    for element in root.iter("circle", "line"):
        if element.tag == "circle":
            number_of_node, node = _node(element.attrib)
            nodes[number_of_node] = node
        else:
            edges.append((element.get("data-node-from", ""), element.get("data-node-to", "")))
    _compare([name for name, _, _ in nodes.values()], elements)
    order = {str(node): index for index, node in enumerate(sorted(nodes))}
    try:
        pairs = tuple((order[start], order[end]) for start, end in edges)
    except KeyError as error:
        raise DrawingError(f"an edge names node {error}, which has no circle") from None
    return Template(tuple(nodes[node] for node in sorted(nodes)), pairs)


def _node(attributes: Mapping[str, str]) -> tuple[int, tuple[str, float, float]]:
    try:
        node = int(attributes.get("data-node-id") or attributes.get("data-element-id", ""))
        place = number(attributes.get("cx", "")) / 100, number(attributes.get("cy", "")) / 100
    except ValueError:
        raise DrawingError("a circle has no number or no place") from None
    return node, (attributes.get("data-label-name", ""), *place)


def _compare(drawn: list[str], elements: Sequence[str]) -> None:
    if sorted(drawn) != sorted(elements):
        only_drawn = sorted(set(drawn) - set(elements))
        only_listed = sorted(set(elements) - set(drawn))
        raise DrawingError(f"its circles are not its sublabels (only drawn: {only_drawn}, only listed: {only_listed})")
