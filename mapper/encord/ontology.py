"""The ontology of a run: grown from rules and data, or given and then only looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper.encord.ids import feature_hash
from mapper.encord.nodes import AttributeNode, ClassificationNode, ObjectNode, OptionNode
from mapper.findings.encord import AmbiguousTitle, MissingTarget, TargetMismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper.encord.model import AttributeType
    from mapper.findings.base import Issue
    from mapper.geometry.kinds import EncordShape

PALETTE = (
    "#D33115", "#E27300", "#16406C", "#FE9200", "#FCDC00", "#DBDF00", "#A4DD00", "#68CCCA", "#73D8FF",
    "#AEA1FF", "#FCC400", "#B0BC00", "#68BC00", "#16A5A5", "#009CE0", "#7B64FF", "#FA28FF", "#B3B3B3",
    "#9F0500", "#C45100", "#FB9E00", "#808900", "#194D33", "#0C797D", "#0062B1", "#653294", "#AB149E",
)  # fmt: skip
"""The colours that Encord's SDK cycles through; ours are chosen by the object's hash, not by order."""


class Ontology:
    """Objects and classifications by title; ``given`` is the document of an existing ontology, then nothing is added."""

    def __init__(self, given: dict[str, Any] | None = None) -> None:
        self.given = given
        self.objects: list[ObjectNode] = []
        self.classifications: list[ClassificationNode] = []
        self._made: dict[tuple[str, EncordShape], ObjectNode] = {}

    # -- objects -------------------------------------------------------------------------------------------------

    def object(
        self,
        name: str | None,
        shape: EncordShape,
        *,
        several: str | None = None,
        color: str = "",
        hash_: str | None = None,
    ) -> ObjectNode | Issue:
        """The object of that name and shape, made if the ontology may grow."""
        if self.given is not None or hash_ is not None:
            return self._given_object(name, shape, several, hash_)
        title = name or ""
        known = self._made.get((title, shape))
        if known is not None:
            return known
        identity = feature_hash("object", title, shape)
        color = color.upper() if color else PALETTE[int(identity, 36) % len(PALETTE)]
        node = self._made[title, shape] = ObjectNode(base=title, shape=shape, color=color, hash=identity, several=several)
        node.rename(title)
        self.objects.append(node)
        return node

    def _given_object(self, name: str | None, shape: EncordShape, several: str | None, hash_: str | None) -> ObjectNode | Issue:
        wanted = hash_ or name or ""
        if hash_ is not None:
            found = [node for node in self.objects if node.hash == hash_]
        else:
            found = [node for node in self.objects if node.title == name]
            if several is not None and not any(node.shape == shape for node in found):
                found = [node for node in self.objects if node.title == several] or found
        fitting = [node for node in found if node.shape == shape]
        if len(fitting) > 1:
            return AmbiguousTitle(what="object", title=wanted, hashes=", ".join(node.hash for node in fitting))
        if fitting:
            return fitting[0]
        if found:
            shapes = ", ".join(node.shape for node in found)
            return TargetMismatch(what="object", title=wanted, wanted=shape, found=shapes)
        return MissingTarget(what="object", title=wanted, near=_near(wanted, (node.title for node in self.objects)))

    def listed(self, node: ObjectNode) -> list[ObjectNode]:
        """Put an object into the ontology; gives the objects that had to be renamed because of it."""
        if node.listed:
            return []
        node.listed = True
        if self.given is not None:
            return []
        family = [other for other in self.objects if other.listed and other.base == node.base]
        renamed = []
        for other in family if len(family) > 1 else ():
            title = other.several or other.base
            if other.title != title:
                other.rename(title)
                renamed.append(other)
        return renamed

    # -- classifications -----------------------------------------------------------------------------------------

    def classification(self, name: str | None, type_: AttributeType, *, hash_: str | None = None) -> ClassificationNode | Issue:
        """The classification of that title, made if the ontology may grow."""
        if self.given is not None or hash_ is not None:
            return self._given_classification(name, type_, hash_)
        title = name or ""
        for node in self.classifications:
            if node.root.title == title:
                return node if node.root.type == type_ else _unlike("classification", title, type_, node.root.type)
        identity = feature_hash("classification", title, type_)
        root = AttributeNode(title=title, type=type_, hash=feature_hash(identity, title, type_))
        self.classifications.append(ClassificationNode(hash=identity, root=root))
        return self.classifications[-1]

    def _given_classification(self, name: str | None, type_: AttributeType, hash_: str | None) -> ClassificationNode | Issue:
        wanted = hash_ or name or ""
        found = [node for node in self.classifications if wanted == (node.hash if hash_ else node.root.title)]
        if len(found) > 1:
            return AmbiguousTitle(what="classification", title=wanted, hashes=", ".join(node.hash for node in found))
        if not found:
            near = _near(wanted, (node.root.title for node in self.classifications))
            return MissingTarget(what="classification", title=wanted, near=near)
        if found[0].root.type != type_:
            return _unlike("classification", wanted, type_, found[0].root.type)
        return found[0]

    # -- attributes and options ----------------------------------------------------------------------------------

    def attribute(
        self,
        owner: ObjectNode | OptionNode,
        title: str | None,
        type_: AttributeType,
        *,
        dynamic: bool = False,
        required: bool = False,
        hash_: str | None = None,
    ) -> AttributeNode | Issue:
        """The attribute of an object, or nested below an option."""
        wanted = hash_ or title or ""
        found = [node for node in owner.attributes if (node.hash if hash_ else node.title) == wanted]
        if len(found) > 1:
            return AmbiguousTitle(what="attribute", title=wanted, hashes=", ".join(node.hash for node in found))
        if found:
            node = found[0]
            if node.type != type_:
                return _unlike("attribute", wanted, type_, node.type)
            if self.given is None and dynamic != node.dynamic:
                return _unlike("attribute", wanted, _mode(dynamic), _mode(node.dynamic))
            return node
        if self.given is not None or hash_ is not None:
            return MissingTarget(what="attribute", title=wanted, near=_near(wanted, (node.title for node in owner.attributes)))
        node = AttributeNode(
            title=wanted,
            type=type_,
            hash=feature_hash(owner.hash, wanted, type_),
            dynamic=dynamic,
            required=required,
            listed=False,
        )
        owner.attributes.append(node)
        return node

    def option(self, attribute: AttributeNode, title: str) -> OptionNode | Issue:
        """The option of that title."""
        found = attribute.option(title)
        if found is not None:
            return found
        if self.given is not None:
            near = _near(title, (option.title for option in attribute.options))
            return MissingTarget(what="option", title=title, near=near)
        return attribute.made(title)


def load_ontology(document: dict[str, Any]) -> Ontology:
    """An existing ontology, as ``OntologyStructure.to_dict`` writes it; KeyError or TypeError if it is none."""
    ontology = Ontology(given=document)
    for item in document["objects"]:
        node = ObjectNode(base=item["name"], shape=item["shape"], color=item["color"], hash=item["featureNodeHash"], listed=True)
        node.rename(item["name"])
        node.attributes = [_attribute(attribute) for attribute in item.get("attributes") or ()]
        ontology.objects.append(node)
    for wrapper in document.get("skeleton_templates") or ():
        template = wrapper["template"]
        for node in ontology.objects:
            if node.hash == template["feature_node_hash"]:
                node.template = template
    for item in document["classifications"]:
        root = _attribute(item["attributes"][0])
        ontology.classifications.append(ClassificationNode(hash=item["featureNodeHash"], root=root, listed=True))
    return ontology


def _attribute(item: dict[str, Any]) -> AttributeNode:
    node = AttributeNode(
        title=item["name"],
        type=item["type"],
        hash=item["featureNodeHash"],
        dynamic=bool(item.get("dynamic")),
        required=bool(item.get("required")),
    )
    for option in item.get("options") or ():
        nested: Sequence[dict[str, Any]] = option.get("options") or ()
        node.add(
            OptionNode(
                title=option["label"],
                value=option["value"],
                hash=option["featureNodeHash"],
                attributes=[_attribute(child) for child in nested],
            )
        )
    return node


def _near(wanted: str, titles: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only when something is missing

    return next(iter(get_close_matches(wanted, sorted(set(titles)), n=1)), "")


def _unlike(what: str, title: str, wanted: str, found: str) -> TargetMismatch:
    return TargetMismatch(what=what, title=title, wanted=wanted, found=found)


def _mode(dynamic: bool) -> str:  # noqa: FBT001 - a word for a flag
    return "dynamic" if dynamic else "static"
