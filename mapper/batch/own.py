"""The ontology of one export as its row carries it: the document, and what the document does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from mapper.encord.ontology import Ontology


def own_ontology(ontology: Ontology, document: dict[str, Any]) -> bytes | None:
    """The document with, for each object by its hash, its name and what it is called if others share that; None if it was given.

    Titles are settled only when all exports are known: an object has another one if others draw the same label otherwise.
    """
    if ontology.given is not None:
        return None
    names = {node.hash: [node.base, node.several] for node in ontology.objects if node.listed}
    return orjson.dumps({"document": document, "names": names})
