"""The words for what a spec may hold and for what it holds, in YAML's terms rather than pydantic's."""

from __future__ import annotations

import json
import math
import typing
from typing import TYPE_CHECKING, Any

from mapper.spec.model_types import Node, child, is_list, kind, members, unwrap, values, words
from mapper.spec.suggest import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mapper.spec.tree import Pointer

_ONE = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date such as 2027-01-31",
    "mapping": "a mapping",
    "": "another value",
}
_MANY = {"text": "text", "integer": "whole numbers", "number": "numbers", "mapping": "mappings", "list": "lists", "date": "dates"}

_LIMITS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
    "string_too_short": "text of at least {min_length} characters",
    "string_too_long": "text of at most {max_length} characters",
    "string_pattern_mismatch": "text that matches {pattern}",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "finite_number": "a finite number",
    "int_from_float": "a whole number",
    "none_required": "null",
}
"""pydantic's error types for a value of the right kind outside its limits."""

_SHOWN = 60
_BOOLEANS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def described(node: Node) -> str:
    """What a node takes: "text", "a list of numbers", "'left' or 'right'", "text or a mapping"."""
    parts = list(dict.fromkeys(_described(member) for member in members(node) if kind(member) != "words"))
    if _ONE["number"] in parts and _ONE["integer"] in parts:
        parts.remove(_ONE["integer"])
    chosen = [shown(value) for member in members(node) for value in values(member)]
    return either([*parts, *chosen]) if parts or chosen else _ONE[""]


def _described(node: Node) -> str:
    if kind(node) != "list":
        return _ONE[kind(node)]
    arguments = [argument for argument in typing.get_args(node.annotation) if argument is not Ellipsis]
    inner = [member for argument in arguments for member in members(unwrap(argument))]
    fixed = typing.get_origin(node.annotation) is tuple and len(arguments) == len(typing.get_args(node.annotation))
    return f"a list of {len(arguments)} {_many(inner)}" if fixed else f"a list of {_many(inner)}"


def _many(nodes: list[Node]) -> str:
    kinds = {kind(node) for node in nodes}
    if kinds == {"words"}:
        return f"words ({either(dict.fromkeys(shown(value) for node in nodes for value in values(node)))})"
    if kinds == {"integer", "number"}:
        return _MANY["number"]
    return _MANY.get(kinds.pop(), "entries") if len(kinds) == 1 else "entries"


def limit(error_type: str, context: Mapping[str, Any]) -> str:
    """What an error about a limit asks for; "" if the error is of another type."""
    numbers = {key: f"{value:g}" if isinstance(value, float) else value for key, value in context.items()}
    text = _LIMITS.get(error_type, "").format(**numbers)
    if error_type.startswith("date_"):
        return _ONE["date"]
    return text.replace(" 1 entries", " 1 entry").replace(" 1 characters", " 1 character")


def shown(value: Any) -> str:
    """A value as a message shows it, on one line and not too long."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")
    return "null" if value is None else json.dumps(value)


def got(value: Any) -> str:
    """What a value is: "the number 7", "the text 'car'", "a list of 3"."""
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if value is None:
        return "nothing (null)"
    return shown(value) if isinstance(value, bool) else f"the number {shown(value)}"


def where(pointer: Pointer) -> str:
    """The last key and the entries below it: "entry 2 of `shapes`"; the document if there is no key."""
    if not pointer:
        return "the document"
    *above, last = pointer
    return f"`{shown(last)[1:-1]}`" if isinstance(last, str) else f"entry {last + 1} of {where(tuple(above))}"


def either(words: Iterable[str]) -> str:
    """a, b or c."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def replacement(node: Node, value: Any, source: str) -> str:
    """What was probably meant, as YAML: a listed word, a text in quotes, a number without, a list of one; or "".

    ``source`` is the value as the spec spells it, "" if that is not one line.
    """
    kinds = {kind(member) for member in members(node)}
    if isinstance(value, str):
        return near(value, words(node)) or _unquoted(kinds, value) or _as_list(node, source)
    if value is not None and "text" in kinds and not isinstance(value, list | dict) and source:
        return json.dumps(source, ensure_ascii=False)
    return "" if value is None or isinstance(value, list | dict) else _as_list(node, source)


def _unquoted(kinds: set[str], text: str) -> str:
    if "boolean" in kinds:
        return _BOOLEANS.get(text.lower(), "")
    if not kinds & {"number", "integer"} or len(text) > _SHOWN or "_" in text:
        return ""
    try:
        number = float(text)
    except ValueError:
        return ""
    if not math.isfinite(number):
        return ""
    whole = number.is_integer() and "." not in text and "e" not in text.lower()
    return str(int(number)) if whole else json.dumps(number) if "number" in kinds else ""


def _as_list(node: Node, source: str) -> str:
    lists = [member for member in members(node) if is_list(member)]
    if not lists or not source or len(members(node)) > 1:
        return ""
    inner = child(lists[0], 0)
    return f"[{source}]" if inner and kind(inner) in {"text", "words", "integer", "number"} else ""
