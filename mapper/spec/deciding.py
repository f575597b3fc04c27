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
        (Undecided(f"{_named(pointer)}{_rule(located.value, pointer)}", either(map(_text, _apart(choices)))), located.key_place((*pointer, KEY)))
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


def _named(pointer: Pointer) -> str:
    """The place in words; the top of a spec has no key."""
    above = f"`{pointer[-2]}.{pointer[-1]}`" if len(pointer) > 1 and all(isinstance(step, str) for step in pointer[-2:]) else ""
    return above or where(pointer)


def _rule(value: Any, pointer: Pointer) -> str:
    """The rule that a place belongs to, if it is in one that has an id."""
    if len(pointer) < 3 or pointer[0] != "rules" or not isinstance(pointer[1], int):  # noqa: PLR2004 - rules, number, key
        return ""
    own = value["rules"][pointer[1]].get("id") if isinstance(value["rules"][pointer[1]], dict) else None
    return f" in rule {own}" if isinstance(own, str) else ""


def _apart(choices: Sequence[Any]) -> list[Any]:
    """Of choices that are mappings only what tells them apart."""
    if len(choices) == 1 or not all(isinstance(choice, dict) for choice in choices):
        return list(choices)
    common = {key for key, item in choices[0].items() if all(key in other and other[key] == item for other in choices[1:])}
    return [{key: item for key, item in choice.items() if key not in common} for choice in choices]


def _text(choice: Any) -> str:
    text = choice if isinstance(choice, str) else json.dumps(choice, ensure_ascii=False)
    return f"`{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}`"
