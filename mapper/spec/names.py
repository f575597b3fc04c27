"""The names that templates may use, and which of them are known before any data is read."""

from __future__ import annotations

SCHEMA_NAMES = frozenset({
    "label", "label_color", "shape.kind", "target.shape",
    "attribute.name", "attribute.input_type", "attribute.default", "attribute.mutable",
    "element.label",
})  # fmt: skip
"""Known from the label schema: the only names that titles may use, or the ontology would depend on the data."""

VALUE_NAMES = frozenset({"value", "attributes.*"})
"""The value at hand, and the shape's attributes by name."""

SHAPE_NAMES = frozenset({
    "shape.index", "shape.hash", "shape.line", "split.index", "split.count", "split.label",
    "image.id", "image.name", "image.frame", "image.subset", "image.width", "image.height",
    "task.id", "task.name", "fields.group_id", "fields.z_order", "fields.source", "fields.occluded", "fields.track_id",
    "fields.score",
})  # fmt: skip
"""These differ from shape to shape: a value that uses them is computed for every shape."""

NAMES = SCHEMA_NAMES | VALUE_NAMES | SHAPE_NAMES
