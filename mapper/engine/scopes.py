"""What the names in a template stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.cvat.model import FIELDS

if TYPE_CHECKING:
    from mapper.cvat.model import AttributeSpec, Image, LabelSpec, Shape
    from mapper.geometry.kinds import Kind

Scope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Split:
    """One of the objects that a shape became: its place from 0, their number, its own name in the shape if it has one."""

    index: int
    count: int
    label: str

    def names(self) -> Scope:
        """The names below ``split``."""
        return {"index": self.index, "count": self.count, "label": self.label}


WHOLE = Split(0, 1, "")


def schema_scope(label: LabelSpec, kind: Kind, target: str) -> Scope:
    """Names known from the label schema."""
    return {
        "label": label.name,
        "label_color": label.color,
        "shape": {"kind": kind},
        "target": {"shape": target},
        "element": {"label": ""},
        "attribute": {"name": "", "input_type": "", "default": "", "mutable": False},
    }


def attribute_scope(base: Scope, attribute: AttributeSpec, element: str = "") -> Scope:
    """The names of one attribute; ``element`` is the sublabel that it belongs to, if any."""
    names = {
        "name": attribute.name,
        "input_type": attribute.input_type,
        "default": attribute.default,
        "mutable": attribute.mutable,
    }
    return base | {"attribute": names, "element": {"label": element}}


def shape_scope(base: Scope, shape: Shape, image: Image, object_hash: str, split: Split = WHOLE) -> Scope:
    """All names of one shape; ``split`` is the part of it that is at hand."""
    return base | {
        "attributes": dict(shape.attributes),
        "fields": {name: text or "" for name, text in zip(FIELDS, shape.fields, strict=True)},
        "shape": {"kind": shape.kind, "index": _index(shape, image), "hash": object_hash, "line": shape.line},
        "split": split.names(),
        "task": {"id": image.task.id, "name": image.task.name},
        "image": {
            "id": image.id,
            "name": image.name,
            "frame": image.frame,
            "subset": image.subset,
            "width": image.width,
            "height": image.height,
        },
    }


def _index(shape: Shape, image: Image) -> int:
    return next((index for index, other in enumerate(image.shapes) if other is shape), 0)
