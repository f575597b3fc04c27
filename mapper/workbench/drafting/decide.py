"""Decisions in a draft, before it is known whether a person takes them or the first choice does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mapper.spec.deciding import KEY
from mapper.workbench.yaml_text import Block, Noted, comment, scalar


@dataclass(frozen=True, slots=True)
class Decide:
    """Choices for one value, the first that of the pack; ``why`` is what a person should know of it."""

    choices: tuple[Any, ...]
    why: str = ""


def settled(value: Any, *, accept: bool) -> Any:
    """The same draft with each decision as a ``decide`` node, or with ``accept`` as its first choice and the others beside it."""
    if isinstance(value, Decide):
        return _settled(value, accept=accept)
    if isinstance(value, Noted):
        inner = settled(value.value, accept=accept)
        if isinstance(inner, Noted):
            beside = "; ".join(filter(None, (value.beside, inner.beside)))
            return Noted(inner.value, (*value.above, *inner.above), beside)
        return Noted(inner, value.above, value.beside)
    if isinstance(value, Block):
        return Block(settled(value.value, accept=accept))
    if isinstance(value, dict):
        return {key: settled(item, accept=accept) for key, item in value.items()}
    return [settled(item, accept=accept) for item in value] if isinstance(value, list) else value


def _settled(node: Decide, *, accept: bool) -> Any:
    choices = [settled(choice, accept=accept) for choice in node.choices]
    if not accept:
        return Noted({KEY: choices}, beside=node.why)
    others = [scalar(choice) for choice in node.choices[1:] if not isinstance(choice, (dict, list, Noted, Block))]
    chosen = choices[0]
    said = f"or {', '.join(others)}" if others else ""
    return Noted(chosen, beside="; ".join(filter(None, (comment(said), node.why))))


def holds_decision(value: Any) -> bool:
    """Whether a part of a draft leaves anything open."""
    if isinstance(value, Decide):
        return True
    if isinstance(value, (Noted, Block)):
        return holds_decision(value.value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(holds_decision, inner))
