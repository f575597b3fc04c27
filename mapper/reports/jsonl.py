"""Findings for programs: one JSON document, or one line of JSON a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.fingerprint import fingerprint
from mapper.reports.request import SCHEMA_VERSION
from mapper.version import __version__

if TYPE_CHECKING:
    from mapper.findings.base import Finding
    from mapper.reports.request import Request
    from mapper.reports.style import Style


def document(request: Request) -> str:
    """``{schema_version, tool, …head, findings}`` on one line, or indented on a terminal."""
    return dump({**request.head, "findings": [record(finding) for finding in request.ordered()]}, request.style)


def lines(request: Request) -> str:
    """One finding a line, as ``findings.jsonl`` has them, each with its fingerprint."""
    return "".join(f"{_text(record(finding), 0)}\n" for finding in request.ordered())


def record(finding: Finding) -> dict[str, Any]:
    """A finding as ``findings.jsonl`` has it, and its fingerprint."""
    return finding.as_dict() | {"fingerprint": fingerprint(finding)}


def dump(keys: dict[str, Any], style: Style) -> str:
    """A JSON document that says which tool wrote it, and in which version of the form."""
    head = {"schema_version": SCHEMA_VERSION, "tool": {"name": "mapper", "version": __version__}}
    return compact(head | keys, style)


def compact(value: object, style: Style) -> str:
    """JSON on one line, or indented on a terminal."""
    return _text(value, orjson.OPT_INDENT_2 if style.width else 0) + "\n"


def _text(value: object, option: int) -> str:
    try:
        return orjson.dumps(value, default=str, option=option).decode()
    except TypeError:  # a file name that is no UTF-8 arrives as lone surrogates, which JSON cannot hold
        return orjson.dumps(_clean(value), default=str, option=option).decode()


def _clean(value: Any) -> Any:
    """The same with question marks for what is no text."""
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
