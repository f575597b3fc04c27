"""Writes values as YAML that a person reads: comments, quotes only where they are needed, the same bytes each time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper.spec.scalars import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 110
"""Columns that a line takes at most, if its values can be broken."""

_PLAIN = re.compile(r"[^\W\d_][\w./()+-]*(?: [\w./()+-]+)*|\d+\.\d+\.\d+")
"""Texts that no reader of YAML takes for anything else, in block and flow style alike."""
_ESCAPED = re.compile("[^\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with comments: lines above it, and one beside it."""

    value: Any
    above: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping or list that is laid out over lines, however short it is."""

    value: Any


def yaml_text(document: dict[str, Any]) -> str:
    """A mapping as a document; values are text, numbers, booleans, None, lists, mappings, `Noted` and `Block`."""
    return "".join(f"{line}\n" for line in _mapping(document, ""))


def _mapping(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{indent}{scalar(key)}:", item, indent, gap=not indent)


def _list(value: list[Any], indent: str) -> Iterator[str]:
    for item in value:
        inner, above, beside = _bare(item)
        yield from (f"{indent}# {line}".rstrip() for line in above)
        if _is_short(inner, indent + "- ", beside):
            yield _with(f"{indent}- {_flow(_value(inner))}", beside)
            continue
        lines = _mapping(_value(inner), indent + "  ") if isinstance(_value(inner), dict) else _list(_value(inner), indent + "  ")
        first, *rest = lines
        yield _with(f"{indent}- {first.strip()}", beside)
        yield from rest


def _entry(head: str, item: Any, indent: str, *, gap: bool) -> Iterator[str]:
    inner, above, beside = _bare(item)
    value = _value(inner)
    if gap and isinstance(inner, Block):
        yield ""
    yield from (f"{indent}# {line}".rstrip() for line in above)
    if _is_short(inner, head + " ", beside):
        yield _with(f"{head} {_flow(value)}", beside)
        return
    yield _with(head, beside)
    yield from _mapping(value, indent + "  ") if isinstance(value, dict) else _list(value, indent + "  ")


def _bare(item: Any) -> tuple[Any, tuple[str, ...], str]:
    return (item.value, item.above, item.beside) if isinstance(item, Noted) else (item, (), "")


def _value(item: Any) -> Any:
    return item.value if isinstance(item, Block) else item


def _is_short(item: Any, head: str, beside: str) -> bool:
    """Whether a value stands on the line of its key: scalars always, others if they fit and hold no comment."""
    if not isinstance(item, (dict, list, Block)):
        return True
    if isinstance(item, Block):
        return not item.value
    return not _has_notes(item) and len(head) + len(_flow(item)) + (len(beside) + 4 if beside else 0) <= WIDTH


def _has_notes(item: Any) -> bool:
    if isinstance(item, (Noted, Block)):
        return True
    inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return any(map(_has_notes, inner))


def _flow(item: Any) -> str:
    if isinstance(item, dict):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(value)}" for key, value in item.items()) + "}"
    if isinstance(item, list):
        return "[" + ", ".join(map(_flow, item)) + "]"
    return scalar(item)


def scalar(value: Any) -> str:
    """A scalar; text is quoted if it could be read as anything else."""
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and resolve(value) == (value, ""):
        return value
    return _ESCAPED.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004 - what four digits hold


def _with(line: str, beside: str) -> str:
    return f"{line}  # {beside}" if beside else line


def comment(text: str) -> str:
    """Text of an export as it may stand in a comment: on one line, without what YAML does not allow."""
    return _ESCAPED.sub("?", " ".join(text.split()))
