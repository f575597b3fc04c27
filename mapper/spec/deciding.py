"""Decisions that a draft leaves to a person: ``{decide: [choice, …]}`` in the place of any value.

They are looked for in each document as it is written, before parents are merged and parameters filled in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mapper.findings.spec_meaning.drafting import Undecided
from mapper.spec.wording import either, where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.findings.base import Issue, Location
    from mapper.spec.located import Located, Pointer

KEY = "decide"
_SHOWN = 100
"""How much of one choice a message shows."""


def undecided(located: Located) -> list[tuple[Issue, Location]]:
    """One finding for each decision that is open, at its node, with the choices."""
    return [
        (Undecided(_named(located.value, pointer, choices), either(map(_text, _apart(choices)))), located.key_place((*pointer, KEY)))
        for pointer, choices in decisions(located.value)
    ]


def decisions(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, list[Any]]]:
    """Where decisions stand, in the order of the document, and their choices; one within a choice waits for its turn."""
    open_: list[tuple[Pointer, Any]] = [(pointer, value)]
    while open_:
        here, node = open_.pop()
        if isinstance(node, dict):
            if set(node) == {KEY} and isinstance(node[KEY], list) and node[KEY]:
                yield here, node[KEY]
                continue
            inner: list[tuple[str | int, Any]] = list(node.items())
        else:
            inner = list(enumerate(node)) if isinstance(node, list) else []
        open_ += [((*here, step), item) for step, item in reversed(inner)]


def _named(value: Any, pointer: Pointer, choices: Sequence[Any]) -> str:
    """The place in words: by its last two keys, and by the id of the rule that it is or belongs to."""
    own = choices[0].get("id") if isinstance(choices[0], dict) else None
    if isinstance(own, str):
        return f"rule {own}"
    keys = len(pointer) > 1 and all(isinstance(step, str) for step in pointer[-2:])
    place = f"`{pointer[-2]}.{pointer[-1]}`" if keys else where(pointer)
    rule = value["rules"][pointer[1]] if pointer[:1] == ("rules",) and len(pointer) > 1 else None
    name = rule.get("id") if isinstance(rule, dict) else None
    return f"{place} in rule {name}" if isinstance(name, str) else place


def _apart(choices: Sequence[Any]) -> list[Any]:
    """Of choices that are mappings only what tells them apart."""
    if not all(isinstance(choice, dict) for choice in choices):
        return list(choices)
    common = (
        {"id", "match", "from"}
        if len(choices) == 1
        else {key for key, item in choices[0].items() if all(key in other and other[key] == item for other in choices[1:])}
    )
    return [{key: item for key, item in choice.items() if key not in common} for choice in choices]


def _text(choice: Any) -> str:
    text = choice if isinstance(choice, str) else json.dumps(choice, ensure_ascii=False)
    return f"`{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}`"
