"""Why a rule does not match a shape: its conditions one by one, with the functions that the compiled ones use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from mapper.engine.checks import number_passes, relational, text_passes, value_passes
from mapper.engine.conditions import FLAGS, NUMBERS, TEXTS, attribute, element_condition, other_value, relations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper.cvat.model import Image, Shape
    from mapper.engine.relations import Relates
    from mapper.spec.matching import Match


class Miss(NamedTuple):
    """A condition that does not hold: where it stands below ``match``, what was found, and what the rule wants.

    ``inner``: of ``any`` the misses of its alternatives.
    """

    pointer: tuple[str | int, ...]
    found: str
    wanted: str
    inner: tuple[Miss, ...] = ()

    @property
    def of_class(self) -> bool:
        """Whether the label and kind of the shape are enough to tell."""
        return self.pointer[0] in {"label", "shapes", "tag"}

    def path(self) -> str:
        """The place in words: ``attributes.type``, ``any[0].width``."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.pointer).removeprefix(".")

    def as_dict(self) -> dict[str, Any]:
        """The form of JSON reports."""
        record: dict[str, Any] = {"condition": self.path(), "found": self.found, "wanted": self.wanted}
        return record | ({"alternatives": [miss.as_dict() for miss in self.inner]} if self.inner else {})


def first_miss(match: Match, shape: Shape, image: Image) -> Miss | None:
    """The first condition of a rule that does not hold of a shape; None if the rule matches."""
    return next(_misses(match, shape, image), None)


def _misses(match: Match, shape: Shape, image: Image) -> Iterator[Miss]:
    yield from _of_class(match, shape, image)
    for name, get in TEXTS.items():
        yield from _tested((name,), getattr(match, name), text_passes, shape, image, text=get)
    for name, measure in NUMBERS.items():
        yield from _tested((name,), getattr(match, name), number_passes, shape, image, number=measure)
    for name, flag in FLAGS.items():
        wanted = getattr(match, name)
        if wanted is not None and flag(shape, image) != wanted:
            yield Miss((name,), _words(not wanted), _words(wanted))
    for name, test in (match.attributes or {}).items():
        yield from _tested(("attributes", name), test, value_passes, shape, image, text=_attribute_of(name))
    if match.elements is not None and not element_condition(match.elements)(shape, image):
        found = "no point is like this" if shape.kind == "skeleton" else f"a {shape.kind} has no points of its own"
        yield Miss(("elements",), found, _document(match.elements))
    yield from _nested(match, shape, image)


def _nested(match: Match, shape: Shape, image: Image) -> Iterator[Miss]:
    for number, inner in enumerate(match.all or ()):
        for miss in _misses(inner, shape, image):
            yield miss._replace(pointer=("all", number, *miss.pointer))
    if match.any is not None:
        firsts = [first_miss(inner, shape, image) for inner in match.any]
        misses = [miss._replace(pointer=("any", number, *miss.pointer)) for number, miss in enumerate(firsts) if miss is not None]
        if len(misses) == len(firsts):
            yield Miss(("any",), "none of them holds", "one of them", tuple(misses))
    if match.not_ is not None and first_miss(match.not_, shape, image) is None:
        yield Miss(("not",), "it holds", f"not {_document(match.not_)}")


def _of_class(match: Match, shape: Shape, image: Image) -> Iterator[Miss]:
    yield from _tested(("label",), match.label, text_passes, shape, image, text=_label)
    if match.shapes is not None and shape.kind not in match.shapes:
        yield Miss(("shapes",), shape.kind, _one_of(match.shapes))
    if match.tag is None:
        return
    if isinstance(match.tag, bool):
        if match.tag != (shape.kind == "tag"):
            yield Miss(("tag",), _words(shape.kind == "tag"), _words(match.tag))
    elif shape.kind != "tag":
        yield Miss(("tag",), shape.kind, "a tag")
    else:
        yield from _tested(("tag",), match.tag, text_passes, shape, image, text=_label)


def _tested(
    pointer: tuple[str, ...],
    test: Any,
    passes: Callable[[Any, Any], bool],
    shape: Shape,
    image: Image,
    *,
    text: Callable[[Shape, Image], str | None] | None = None,
    number: Callable[[Shape, Image], float | None] | None = None,
) -> Iterator[Miss]:
    """The operators of a test that do not hold; a value or list alone is one operator."""
    if test is None:
        return
    get = number or text
    value = get(shape, image) if get is not None else None
    for one in _operators(test):
        related: list[Relates] = relations(one, text, number)
        held = all(relation(shape, image) for relation in related) if related else passes(value, one)
        if not held:
            yield Miss(pointer, _words(value), _wanted(one, shape, image))


def _operators(test: Any) -> list[Any]:
    """A test taken apart: one for each of its operators."""
    if not hasattr(test, "model_fields_set"):
        return [test]
    given = [name for name in type(test).model_fields if getattr(test, name) is not None]
    return [type(test).model_construct(**{name: getattr(test, name)}) for name in given]


def _wanted(test: Any, shape: Shape, image: Image) -> str:
    if isinstance(test, list):
        return _one_of(test)
    if isinstance(test, str | int | float):
        return _words(test)
    others = [_words(other_value(getattr(test, name), shape, image)) for name in relational(test)]
    return _document(test) + (f", which is {others[0]}" if others else "")


def _document(node: Any) -> str:
    """A part of a spec as one may write it, on one line."""
    return _flow(node.model_dump(by_alias=True, exclude_none=True, mode="json"))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _words(value)


def _one_of(values: list[Any]) -> str:
    return _words(values[0]) if len(values) == 1 else f"one of {', '.join(map(_words, values))}"


def _words(value: Any) -> str:
    """A value as a sentence shows it: texts in quotes, numbers without superfluous digits."""
    if value is None:
        return "absent"
    if isinstance(value, float):
        return f"{round(value, 4):.12g}"
    return json.dumps(value, ensure_ascii=False)


def _label(shape: Shape, _: Image) -> str:
    return shape.label


def _attribute_of(name: str) -> Callable[[Shape, Image], str | None]:
    return lambda shape, _: attribute(shape, name)
