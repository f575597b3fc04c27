"""Whether a JSON document is an ontology that can be loaded: the keys that Encord's own SDK needs, and their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from mapper.encord.model import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable

ATTRIBUTE_TYPES: tuple[AttributeType, ...] = get_args(AttributeType)
_CHOICES = ("radio", "checklist")


class Problem(NamedTuple):
    """What is wrong, and where in the JSON: ``objects[2].attributes[0].type``."""

    path: str
    text: str


def ontology_problems(document: Any) -> list[Problem]:
    """What keeps `mapper.encord.ontology.load_ontology` from reading a document; archived parts and ids are not looked at."""
    check = _Check([])
    if not isinstance(document, dict):
        return [Problem("ontology", "is not a mapping")]
    for key, entry in (("objects", check.object), ("classifications", check.classification)):
        if document.get(key) is None:
            check.add(key, "is missing")
        else:
            check.each(document[key], key, entry)
    check.each(document.get("skeleton_templates"), "skeleton_templates", check.template)
    return check.problems


class _Check(NamedTuple):
    problems: list[Problem]

    def add(self, path: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, text))

    def each(self, items: Any, path: str, entry: Callable[[dict[str, Any], str], None]) -> None:
        """Check every entry of a list of mappings; null stands for an empty one."""
        if items is None:
            return
        if not isinstance(items, list):
            self.add(path, "is not a list")
            return
        for index, item in enumerate(items):
            if isinstance(item, dict):
                entry(item, f"{path}[{index}]")
            else:
                self.add(f"{path}[{index}]", "is not a mapping")

    def object(self, item: dict[str, Any], path: str) -> None:
        """An object with its attributes."""
        self._texts(item, ("name", "color", "shape", "featureNodeHash"), path)
        self.each(item.get("attributes"), f"{path}.attributes", self._attribute)

    def classification(self, item: dict[str, Any], path: str) -> None:
        """A classification with its one root attribute."""
        self._texts(item, ("featureNodeHash",), path)
        roots = item.get("attributes")
        self.each(roots, f"{path}.attributes", self._attribute)
        if roots is None or (isinstance(roots, list) and len(roots) != 1):
            self.add(f"{path}.attributes", "is not a list of one root attribute")

    def template(self, item: dict[str, Any], path: str) -> None:
        """The template of a skeleton."""
        template = item.get("template")
        if not isinstance(template, dict):
            self.add(f"{path}.template", "is not a mapping")
            return
        self._texts(template, ("feature_node_hash",), f"{path}.template")
        vertices = template.get("skeleton")
        if not isinstance(vertices, dict):
            self.add(f"{path}.template.skeleton", "is not a mapping")
            return
        for key, vertex in vertices.items():
            if isinstance(vertex, dict):
                self._texts(vertex, ("name", "featureHash"), f"{path}.template.skeleton.{key}")
            else:
                self.add(f"{path}.template.skeleton.{key}", "is not a mapping")

    def _attribute(self, item: dict[str, Any], path: str) -> None:
        self._texts(item, ("name", "type", "featureNodeHash"), path)
        kind = item.get("type")
        if isinstance(kind, str) and kind not in ATTRIBUTE_TYPES:
            self.add(f"{path}.type", f"is none of {', '.join(ATTRIBUTE_TYPES)}")
        if kind in _CHOICES:
            self.each(item.get("options"), f"{path}.options", self._option)

    def _option(self, item: dict[str, Any], path: str) -> None:
        self._texts(item, ("label", "value", "featureNodeHash"), path)
        self.each(item.get("options"), f"{path}.options", self._attribute)

    def _texts(self, item: dict[str, Any], keys: tuple[str, ...], path: str) -> None:
        for key in keys:
            if not isinstance(item.get(key), str):
                self.add(f"{path}.{key}", "is not text" if key in item else "is missing")
