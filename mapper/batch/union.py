"""One ontology over many exports: the union of what each would have by itself, in the order of the exports' names.

Objects, classifications, attributes and options are the same where their hashes are, which follow from titles, shapes and types
(`mapper.encord.ids`). Of what hashes do not tell (colours, drawings of skeletons, which answers are required) the first export that
has the object decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from mapper.encord.document import ontology_document
from mapper.encord.ontology import Ontology, load_ontology
from mapper.findings.batch import DrawnDifferently, OntologyConflict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.encord.nodes import AttributeNode, ClassificationNode, ObjectNode


class _Clash(NamedTuple):
    what: str
    wanted: str
    found: str
    known: str
    """The hash of what is there already."""


class Union:
    """Grows export by export; one that contradicts those before it is left out as a whole."""

    def __init__(self) -> None:
        self._ontology = Ontology()
        self._objects: dict[str, ObjectNode] = {}
        self._classes: dict[str, ClassificationNode] = {}
        self._origin: dict[str, str] = {}
        self._titles: dict[str, set[str]] = {}

    def add(self, name: str, own: bytes) -> OntologyConflict | None:
        """Take in the ontology of one export, or say what keeps it out; ``own`` as `mapper.batch.own` writes it."""
        read = orjson.loads(own)
        ontology = load_ontology(read["document"])
        clash = next(self._clashes(ontology), None)
        if clash is not None:
            earlier = self._origin[clash.known]
            return OntologyConflict(what=clash.what, wanted=clash.wanted, later=name, found=clash.found, earlier=earlier)
        for node in ontology.objects:
            self._titles.setdefault(node.hash, set()).add(node.title)
            node.base, node.several = read["names"][node.hash]
            self._take_object(node, name)
        for item in ontology.classifications:
            known = self._classes.setdefault(item.hash, item)
            if known is item:
                self._ontology.classifications.append(item)
                self._sign([item.root], name)
                self._origin[item.hash] = name
            else:
                self._merge([known.root], [item.root], name)
        return None

    def document(self) -> dict[str, Any]:
        """The ontology as Encord's JSON."""
        for family in self._families():
            for node in family:
                node.rename((node.several or node.base) if len(family) > 1 else node.base)
        return ontology_document(self._ontology)

    def drawn_differently(self) -> Iterator[DrawnDifferently]:
        """The names whose objects have other titles than an export by itself would give them; after `document`."""
        for family in self._families():
            if any(self._titles[node.hash] != {node.title} for node in family):
                yield DrawnDifferently(base=family[0].base, titles=", ".join(sorted(node.title for node in family)))

    def _families(self) -> list[list[ObjectNode]]:
        families: dict[str, list[ObjectNode]] = {}
        for node in self._ontology.objects:
            families.setdefault(node.base, []).append(node)
        return [families[base] for base in sorted(families)]

    # -- merging -------------------------------------------------------------------------------------------------

    def _take_object(self, node: ObjectNode, name: str) -> None:
        known = self._objects.get(node.hash)
        if known is None:
            self._objects[node.hash] = node
            self._ontology.objects.append(node)
            self._origin[node.hash] = name
            self._sign(node.attributes, name)
            return
        if known.several is None:
            known.several = node.several
        if known.template is None:
            known.template = node.template
        self._merge(known.attributes, node.attributes, name)

    def _merge(self, known: list[AttributeNode], new: Sequence[AttributeNode], name: str) -> None:
        by_hash = {node.hash: node for node in known}
        for node in new:
            same = by_hash.get(node.hash)
            if same is None:
                known.append(node)
                self._sign([node], name)
                continue
            options = {option.hash: option for option in same.options}
            for option in node.options:
                former = options.get(option.hash)
                if former is None:
                    same.add(option)
                    self._sign(option.attributes, name)
                else:
                    self._merge(former.attributes, option.attributes, name)

    def _sign(self, nodes: Sequence[AttributeNode], name: str) -> None:
        for node in nodes:
            self._origin[node.hash] = name
            for option in node.options:
                self._sign(option.attributes, name)

    # -- contradictions ------------------------------------------------------------------------------------------

    def _clashes(self, ontology: Ontology) -> Iterator[_Clash]:
        for node in ontology.objects:
            known = self._objects.get(node.hash)
            if known is None:
                continue
            ours, theirs = _vertices(known), _vertices(node)
            if ours and theirs and ours != theirs:
                yield _Clash(f"the skeleton {node.title!r}", f"of {', '.join(theirs)}", f"of {', '.join(ours)}", node.hash)
            yield from _attribute_clashes(known.attributes, node.attributes, node.title)
        roots = {item.root.title: item for item in self._ontology.classifications}
        for item in ontology.classifications:
            there = roots.get(item.root.title)
            if there is not None and there.hash != item.hash:
                yield _Clash(f"the classification {item.root.title!r}", item.root.type, there.root.type, there.hash)
            elif there is not None:
                yield from _attribute_clashes([there.root], [item.root], item.root.title)


def _attribute_clashes(known: Sequence[AttributeNode], new: Sequence[AttributeNode], owner: str) -> Iterator[_Clash]:
    by_title = {node.title: node for node in known}
    for node in new:
        there = by_title.get(node.title)
        if there is None:
            continue
        if (there.hash, there.dynamic) != (node.hash, node.dynamic):
            yield _Clash(f"the attribute {node.title!r} of {owner!r}", _kind(node), _kind(there), there.hash)
            continue
        options = {option.hash: option for option in there.options}
        for option in node.options:
            if option.hash in options:
                yield from _attribute_clashes(
                    options[option.hash].attributes, option.attributes, f"{owner} / {node.title} / {option.title}"
                )


def _kind(node: AttributeNode) -> str:
    return f"{'dynamic' if node.dynamic else 'static'} {node.type}"


def _vertices(node: ObjectNode) -> list[str]:
    return [str(vertex["name"]) for vertex in (node.template or {}).get("skeleton", {}).values()]
