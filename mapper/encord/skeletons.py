"""A skeleton's template as Encord's JSON, and the writer of its vertices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.encord.ids import feature_hash
from mapper.encord.nodes import value_of
from mapper.encord.shapes.skeleton import writer
from mapper.findings.encord import TargetMismatch

if TYPE_CHECKING:
    from mapper.encord.model import ShapeWriter
    from mapper.encord.nodes import ObjectNode
    from mapper.geometry.shapes import Template

SIZE = 0.2
"""Width and height of the drawing area relative to the image, as in Encord's own examples."""

EDGE_COLOR = "#000000"


def template_document(node: ObjectNode, template: Template) -> dict[str, Any]:
    """The template of a skeleton object; its hash is the object's, by which Encord's editor finds it."""
    vertices = {
        str(index): {
            "x": x,
            "y": y,
            "name": label,
            "color": node.color,
            "value": value_of(label),
            "featureHash": feature_hash(node.hash, label, str(index)),
        }
        for index, (label, x, y) in enumerate(template.nodes)
    }
    edges: dict[str, dict[str, Any]] = {}
    for start, end in template.edges:
        edges.setdefault(str(start), {})[str(end)] = {"color": EDGE_COLOR}
    return {
        "name": node.title,
        "width": SIZE,
        "height": SIZE,
        "skeleton": vertices,
        "skeletonEdges": edges,
        "feature_node_hash": node.hash,
        "shape": "skeleton",
    }


def fitted(node: ObjectNode, drawing: Template) -> Template | TargetMismatch:
    """The drawing in the order of the object's vertices, which Encord knows by their position alone."""
    wanted = [str(vertex.get("name", "")) for vertex in (node.template or {}).get("skeleton", {}).values()]
    nodes = {label: (label, x, y) for label, x, y in drawing.nodes}
    if sorted(wanted) != sorted(nodes):
        return TargetMismatch(what="skeleton", title=node.title, wanted=", ".join(nodes), found=", ".join(wanted))
    return drawing if wanted == list(nodes) else drawing._replace(nodes=tuple(nodes[label] for label in wanted), edges=())


def vertex_writer(template: dict[str, Any]) -> ShapeWriter:
    """The writer of skeletons of one template."""
    found = template.get("skeleton", {}).values()
    vertices = [{"color": EDGE_COLOR, "value": value_of(vertex["name"])} | vertex for vertex in found]
    return writer(vertices)
