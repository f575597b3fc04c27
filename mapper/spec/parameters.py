"""Parameters: ``{param: name}`` anywhere in a spec stands for a value that the spec declares and the caller may set."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from mapper.findings.spec_meaning.loading import BadParameter, UnknownParameter
from mapper.spec.suggest import near
from mapper.spec.wording import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located

Pointer = tuple[str | int, ...]
Found = tuple["Issue", "Location | None"]


def substitute(located: Located, given: Mapping[str, str]) -> tuple[Any, dict[str, Any], list[Found]]:
    """The document with every parameter filled in, the values that were chosen, and what is wrong with them."""
    declared = located.value.get("parameters")
    declared = declared if isinstance(declared, dict) else {}
    problems: list[Found] = []
    chosen: dict[str, Any] = {}
    for name, parameter in declared.items():
        if isinstance(parameter, dict):
            chosen[name] = _value(name, parameter, given.get(name), located, problems)
    problems += [(UnknownParameter(name, near(name, declared)), None) for name in given if name not in declared]
    value = {key: item if key == "parameters" else _fill(item, (key,), chosen, located, problems) for key, item in located.value.items()}
    return value, chosen, problems


def _value(name: str, parameter: Mapping[str, Any], text: str | None, located: Located, problems: list[Found]) -> Any:
    choices, wanted = parameter.get("choices"), parameter.get("type")
    if text is None and "default" not in parameter:
        return None  # the model says so
    value = parameter["default"] if text is None else _read(text, wanted)
    place = located.place(("parameters", name) if text is not None else ("parameters", name, "default"))
    if isinstance(choices, list):
        if value not in choices:
            problems.append((BadParameter(name, shown(value), f"one of {', '.join(map(shown, choices))}"), place))
    elif isinstance(wanted, str) and wanted in TYPES and not _is(value, wanted):
        problems.append((BadParameter(name, shown(value), WANTED[wanted]), place))
    return value


def _is(value: Any, wanted: str) -> bool:
    return isinstance(value, TYPES[wanted]) and isinstance(value, bool) == (wanted == "boolean")


TYPES: dict[str, type | tuple[type, ...]] = {"text": str, "number": (int, float), "boolean": bool}
WANTED: dict[str, str] = {"text": "text", "number": "a number", "boolean": "true or false"}


def _read(text: str, wanted: str | None) -> Any:
    """A caller's text as the declared type; text that does not fit stays text and is reported."""
    if wanted == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if wanted == "number":
        try:
            number = float(text) if "." in text or "e" in text.lower() else int(text)
        except ValueError:
            return text
        return number if isfinite(number) and "_" not in text else text
    return text


def _fill(node: Any, pointer: Pointer, chosen: Mapping[str, Any], located: Located, problems: list[Found]) -> Any:
    if isinstance(node, list):
        return [_fill(item, (*pointer, index), chosen, located, problems) for index, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if set(node) == {"param"}:
        name = node["param"]
        if isinstance(name, str) and name in chosen:
            return chosen[name]
        problems.append((UnknownParameter(str(name), near(str(name), chosen)), located.place((*pointer, "param"))))
        return None
    return {key: _fill(item, (*pointer, key), chosen, located, problems) for key, item in node.items()}
