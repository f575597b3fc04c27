"""Builds small mapping specs from Python values; a spec is JSON as well as YAML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Node = dict[str, Any]

DROPPED: Node = {"keep": False, "reason": "not needed"}
POLICY: Node = {
    "unmatched": {"severity": "error"},
    "undeclared_label": {"do": "keep", "severity": "warning"},
    "undeclared_attribute": {"do": "keep", "severity": "warning"},
    "unmapped_attribute": {"severity": "error"},
    "unlisted_value": {"do": "add_option", "severity": "warning"},
    "number_spelling": {"do": "keep_value", "severity": "warning"},
    "invalid_geometry": {"severity": "error"},
    "repaired_geometry": {"severity": "warning"},
    "outside_image": {"do": "clip", "tolerance_px": 0.5, "severity": "warning"},
}
FIELDS: Node = {**dict.fromkeys(("occluded", "z_order", "group_id", "source"), DROPPED), "track_id": {"keep": True}}


def spec(
    *rules: Node, policy: Mapping[str, Any] | None = None, fields: Mapping[str, Any] | None = None, name: str = "test", **more: Any
) -> Node:
    """A spec of these rules; ``policy`` and ``fields`` replace single decisions, ``more`` are further top keys."""
    decided = POLICY | dict(policy or {}) | {"fields": FIELDS | dict(fields or {})}
    head = {"apiVersion": "mapping/v1", "kind": "MappingSpec", "metadata": {"name": name, "version": "1.0.0"}}
    return {**head, "policy": decided, "rules": list(rules), **more}


def rule(*emit: Node, name: str = "all", **match: Any) -> Node:
    """A rule that makes these; ``not_`` stands for ``not``."""
    return {"id": name, "match": {key.rstrip("_"): value for key, value in match.items()}, "emit": list(emit)}


def thing(*attributes: Node, name: str = "{{ label }}", kind: str = "same", **more: Any) -> Node:
    """An object of a geometry ``kind`` with attribute rules."""
    return {"object": {"name": name, "geometry": {"kind": kind}, "attributes": list(attributes), **more}}


def classification(*attributes: Node, name: str = "{{ label }}", type_: str = "radio", **more: Any) -> Node:
    """A classification; give ``option`` or ``value``."""
    return {"classification": {"name": name, "type": type_, "attributes": list(attributes), **more}}


def answer(source: str | Node | None, to: str, type_: str, **more: Any) -> Node:
    """An attribute rule; ``source`` None is a rule of a value of its own."""
    return ({} if source is None else {"from": source}) | {"to": to, "type": type_} | more


def write(folder: Path, document: Node, name: str = "spec.json") -> Path:
    """Put a spec into a folder."""
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    return path


def names(rules: Sequence[Node]) -> list[str]:
    """The ids of rules."""
    return [entry["id"] for entry in rules]
