"""The difference of two specs, part by part: which rules, tables and decisions are new, gone, changed or moved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mapper.spec.load import LoadedSpec

    Differ = Callable[[LoadedSpec, LoadedSpec], str]
    """Says in lines what differs between two specs; "" if nothing does."""


def structural(old: LoadedSpec, new: LoadedSpec) -> str:
    """A line for each part that differs: ``~ rule car: match`` names what changed in it."""
    return "".join(f"{line}\n" for line in _lines(_parts(old), _parts(new)))


def _parts(loaded: LoadedSpec) -> dict[str, dict[str, Any]]:
    """The parts of a spec by kind and name, as plain values."""
    plain = loaded.spec.model_dump(by_alias=True, exclude_unset=True)
    policy = dict(plain["policy"])
    fields = {f"fields.{name}": value for name, value in policy.pop("fields").items()}
    return {
        "parameter": plain.get("parameters", {}),
        "policy": policy | fields,
        "lookup": plain.get("lookups", {}),
        "attribute rule": {_label(rule): rule for rule in plain.get("attributes", [])},
        "rule": {rule["id"]: {key: value for key, value in rule.items() if key != "id"} for rule in plain["rules"]},
        "test": {case["name"]: case for case in plain.get("tests", [])},
    }


def _label(rule: Mapping[str, Any]) -> str:
    source = rule.get("from")
    return source if isinstance(source, str) else json.dumps(source if source is not None else rule.get("to"), ensure_ascii=False)


def _lines(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> Iterator[str]:
    for kind, after in new.items():
        before = old[kind]
        yield from (f"- {kind} {name}" for name in before if name not in after)
        for name, value in after.items():
            if name not in before:
                yield f"+ {kind} {name}"
            elif before[name] != value:
                yield f"~ {kind} {name}{_keys(before[name], value)}"
        if kind == "rule":
            common = [name for name in before if name in after]
            if common != [name for name in after if name in before]:
                yield "~ the order of the rules"


def _keys(before: Any, after: Any) -> str:
    """Which keys differ, and how, if that is short."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return f": {_short(before)} -> {_short(after)}"
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    shown = (f"{key}: {_short(before.get(key))} -> {_short(after.get(key))}" for key in keys)
    return f" ({'; '.join(shown)})"


def _short(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line for people
