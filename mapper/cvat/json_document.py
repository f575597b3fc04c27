"""JSON that other programs wrote: parsed fast, and refused where readers would disagree about it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

from mapper.findings.source.backups import JsonBroken, JsonKeyRepeated

if TYPE_CHECKING:
    from mapper.cvat.reporter import Reporter


_TRACKS = re.compile(rb'"tracks"\s*:\s*\[\s*\{')


def parsed(data: bytes, member: str, report: Reporter) -> Any:
    """The document of a file.

    Raises:
        SourceError: not JSON (also NaN, numbers beyond a double, and nesting beyond 1024), or a key twice in one object.
    """
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise report.refuse(JsonBroken(member, str(error)), line=error.lineno, column=error.colno) from None
    if _may_repeat(data, document):
        try:
            key = _repeated(data)
        except RecursionError:
            raise report.refuse(JsonBroken(member, "it is nested too deeply")) from None
        if key is not None:
            raise report.refuse(JsonKeyRepeated(member, key))
    return document


def holds_tracks(data: bytes) -> bool:
    """Whether annotations have a list of tracks that is not empty, or a text that looks like one."""
    return _TRACKS.search(data) is not None


def _may_repeat(data: bytes, document: Any) -> bool:
    """Whether a key may have been lost: each loses two quotes at least; only escaped quotes could make up for them.

    The parser takes the last of several values without a word, and one that tells of it takes twenty times as long.
    """
    return b"\\u00" in data or data.count(b'"') != orjson.dumps(document).count(b'"')


class _RepeatedError(ValueError):
    """A key occurs twice."""


def _repeated(data: bytes) -> str | None:
    """The first key that occurs twice in an object."""

    def check(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedError(key)
            seen.add(key)

    try:
        json.loads(data, object_pairs_hook=check, parse_int=float)  # an int of 5000 digits is more than Python reads
    except _RepeatedError as error:
        return str(error)
    return None
