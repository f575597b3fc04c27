"""The published JSON Schemas of pack.yaml and mapper.lock.

``schemas/pack.v1.json`` and ``schemas/lock.v1.json`` are what `schema_texts` gives; a test says when one is stale:
``python -m mapper.packs.schema`` writes them into the folder ``schemas``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mapper.packs.lock import Lock
from mapper.packs.manifest import Pack
from mapper.resources import data_folder
from mapper.spec.schema import document_schema

if TYPE_CHECKING:
    from pydantic import BaseModel

SCHEMAS: dict[str, tuple[type[BaseModel], str]] = {
    "pack": (Pack, "Manifest of a pack, version 1"),
    "lock": (Lock, "Lock file of packs, version 1"),
}


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one kind of document, in JSON Schema draft 7."""
    model, title = SCHEMAS[name]
    return document_schema(model, f"urn:cvat-encord-mapper:{name}:v1", title)


def schema_texts() -> dict[str, str]:
    """The text of each file by its name."""
    return {f"{name}.v1.json": json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n" for name in SCHEMAS}


if __name__ == "__main__":
    for file, text in schema_texts().items():
        (data_folder("schemas") / file).write_text(text, "utf-8")
