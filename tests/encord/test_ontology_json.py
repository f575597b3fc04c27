"""Whether a document is an ontology."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper.encord.ontology import load_ontology
from mapper.encord.ontology_json import ontology_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

ONTOLOGY: dict[str, Any] = json.loads((Path(__file__).parent.parent / "specs" / "valid" / "beside" / "ontology.json").read_text())
ONTOLOGY |= {
    "classifications": [{"id": "1", "featureNodeHash": "note", "attributes": [{"name": "Note", "type": "text", "featureNodeHash": "n"}]}],
    "skeleton_templates": [{"template": {"feature_node_hash": "carcar01", "skeleton": {}}}],
}


def _paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _paths(inner, (*path, key))


def test_an_ontology_has_no_problems() -> None:
    """What loads has no problems."""
    load_ontology(ONTOLOGY)
    assert ontology_problems(ONTOLOGY) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7], ...])
def test_what_has_no_problems_loads(value: Any) -> None:
    """Whatever one part of an ontology is replaced by (... is nothing), it has problems or can be loaded."""
    for *above, key in _paths(ONTOLOGY):
        document = copy.deepcopy(ONTOLOGY)
        parent: Any = document
        for step in above:
            parent = parent[step]
        if value is ...:
            del parent[key]
        else:
            parent[key] = value
        if not ontology_problems(document):
            load_ontology(document)
