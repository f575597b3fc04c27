"""A label schema in JSON: what CVAT's label editor shows under "Raw", and the ``labels`` of a backup's task.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from mapper.cvat.model import AttributeSpec, InputType, LabelSpec
from mapper.cvat.svg import read_svg
from mapper.geometry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapper.geometry.shapes import Template

INPUT_TYPES: tuple[InputType, ...] = get_args(InputType)
LABEL_TYPES: tuple[str, ...] = ("any", *KINDS, "interval")
"""``interval`` is what labels of audio tasks are drawn as."""
LABEL_KEYS = ("name", "id", "color", "type", "attributes", "sublabels", "svg", "parent_id", "has_parent")
ATTRIBUTE_KEYS = ("name", "id", "mutable", "input_type", "default_value", "values")
_WORDS: dict[type, str] = {str: "text", bool: "true or false", list: "a list"}


class Problem(NamedTuple):
    """What is wrong, and where in the JSON: ``labels[2].attributes[0].values``."""

    path: str
    text: str


def read_labels_json(document: Any) -> tuple[tuple[LabelSpec, ...], list[Problem]]:
    """The labels of a parsed JSON document, in its order, and everything that is wrong with it.

    Keys that CVAT does not write are refused, so that a typo is not a missing attribute; server ids are accepted and not
    used. The labels are to be used only if there are no problems.
    """
    reader = _Reader([])
    if not isinstance(document, list):
        return (), [Problem("labels", "is not a list")]
    return reader.labels(document, "labels", top=True), reader.problems


class _Reader(NamedTuple):
    problems: list[Problem]

    def labels(self, items: Sequence[Any], path: str, *, top: bool) -> tuple[LabelSpec, ...]:
        """A list of labels, or of the sublabels of a skeleton."""
        return self._each(items, path, lambda item, at: self._label(item, at, top=top))

    def _add(self, path: str, text: str) -> None:
        self.problems.append(Problem(path, text))

    def _each(self, items: Sequence[Any], path: str, read: Callable[[Mapping[str, Any], str], Any]) -> tuple[Any, ...]:
        """What is read of each entry of a list; names are unique in it."""
        found: dict[str, Any] = {}
        for index, item in enumerate(items):
            at = f"{path}[{index}]"
            if not isinstance(item, dict):
                self._add(at, "is not a mapping")
                continue
            spec = read(item, at)
            if spec.name and spec.name in found:
                self._add(f"{at}.name", f"{spec.name!r} is given twice")
            found.setdefault(spec.name, spec)
        return tuple(found.values())

    def _label(self, item: Mapping[str, Any], path: str, *, top: bool) -> LabelSpec:
        self._check_keys(item, LABEL_KEYS, path)
        name = self._name(item, path)
        elements = self.labels(self._get(item, "sublabels", list, path, []), f"{path}.sublabels", top=False)
        if elements and not top:
            self._add(f"{path}.sublabels", "a sublabel cannot have sublabels")
        return LabelSpec(
            name=name,
            type=self._word(item, "type", LABEL_TYPES, path) if item.get("type") is not None else "any",
            color=self._get(item, "color", str, path, ""),
            attributes=self._each(self._get(item, "attributes", list, path, []), f"{path}.attributes", self._attribute),
            elements=elements,
            template=self._drawing(item, elements, path),
        )

    def _drawing(self, item: Mapping[str, Any], elements: tuple[LabelSpec, ...], path: str) -> Template | None:
        drawing = self._get(item, "svg", str, path, "")
        if not drawing.strip():
            return None
        try:
            return read_svg(drawing, [element.name for element in elements])
        except ValueError as error:  # also what the parser says of characters that XML cannot hold
            self._add(f"{path}.svg", str(error))
            return None

    def _attribute(self, item: Mapping[str, Any], path: str) -> AttributeSpec:
        self._check_keys(item, ATTRIBUTE_KEYS, path)
        name = self._name(item, path)
        word = self._word(item, "input_type", INPUT_TYPES, path)
        values = self._get(item, "values", list, path, [])
        for index, value in enumerate(values):
            if not isinstance(value, str):
                self._add(f"{path}.values[{index}]", "is not text")
        return AttributeSpec(
            name=name,
            input_type=next(known for known in INPUT_TYPES if known == word),
            mutable=self._get(item, "mutable", bool, path, default=False),
            default=self._get(item, "default_value", str, path, ""),
            values=tuple(values),
        )

    def _check_keys(self, item: Mapping[str, Any], known: tuple[str, ...], path: str) -> None:
        for key in item:
            if key not in known:
                self._add(f"{path}.{key}", f"is no key of CVAT's; known are {', '.join(known)}")

    def _name(self, item: Mapping[str, Any], path: str) -> str:
        name = item.get("name")
        if isinstance(name, str) and name:
            return name
        self._add(f"{path}.name", "is missing" if name is None else "is not a name")
        return ""

    def _word(self, item: Mapping[str, Any], key: str, words: Sequence[str], path: str) -> str:
        value = item.get(key)
        if isinstance(value, str) and value in words:
            return value
        self._add(f"{path}.{key}", f"{'is missing; it is one' if value is None else 'is none'} of {', '.join(words)}")
        return words[0]

    def _get(self, item: Mapping[str, Any], key: str, kind: type, path: str, default: Any) -> Any:
        value = item.get(key)
        if value is None or isinstance(value, kind):
            return default if value is None else value
        self._add(f"{path}.{key}", f"is not {_WORDS[kind]}")
        return default
