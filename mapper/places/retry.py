"""What a failed call of a storage library means, and how long to wait before it is tried again."""

from __future__ import annotations

import os
import re
from itertools import chain
from typing import Literal

from mapper.places.urls import shown

WAITS = (0.5, 1.0, 2.0)
"""Seconds before the second, third and fourth attempt."""
VARIABLE = "MAPPER_RETRY_WAITS"
"""The environment variable that gives other waits: seconds with commas between them, empty for a single attempt."""

Verdict = Literal["missing", "denied", "again", "final"]

_FOREIGN = frozenset({"aiobotocore", "aiohttp", "adlfs", "azure", "botocore", "fsspec", "gcsfs", "google", "s3fs"})
_DENIED = frozenset({401, 403, 407})
_GONE = frozenset({404, 410})
_AGAIN = frozenset({408, 425, 429})
_SERVER = 500
_CREDENTIALS = re.compile(r"Credential|Authentication|Unauthorized|Forbidden")
_LONGEST = 240


def waits() -> tuple[float, ...]:
    """The pauses between attempts; a variable that is no list of seconds counts as not set."""
    text = os.environ.get(VARIABLE)
    if text is None:
        return WAITS
    try:
        return tuple(min(max(float(part), 0.0), 60.0) for part in text.split(",") if part.strip())
    except ValueError:
        return WAITS


def verdict(error: Exception) -> Verdict | None:
    """What an exception of a storage library means; None if it is none of theirs, and so a fault of ours."""
    if not isinstance(error, OSError | EOFError | ValueError) and _library(error) not in _FOREIGN:
        return None
    links = _chain(error)
    status = next((found for link in reversed(links) if (found := _status(link))), 0)
    if status:
        return _of_status(status)
    if any(isinstance(link, PermissionError) or _CREDENTIALS.search(type(link).__name__) for link in links):
        return "denied"
    if isinstance(links[-1], FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return "missing"
    return "final" if isinstance(error, ValueError) else "again"


def _of_status(status: int) -> Verdict:
    if status in _DENIED:
        return "denied"
    if status in _GONE:
        return "missing"
    return "again" if status in _AGAIN or status >= _SERVER else "final"


def reason(error: Exception) -> str:
    """What an exception says, in one line without secrets; that of its cause, if it has one."""
    last = _chain(error)[-1]
    text = " ".join((getattr(last, "strerror", None) or str(last) or type(last).__name__).split())
    text = "".join(character for character in shown(text) if character.isprintable())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _chain(error: BaseException) -> list[BaseException]:
    """An exception, its cause, the cause's cause, and so on."""
    found = [error]
    while (cause := found[-1].__cause__) is not None and cause not in found:
        found.append(cause)
    return found


def _library(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _status(error: BaseException) -> int:
    """The HTTP status that an exception carries, in whatever way its library has; 0 if none."""
    answer = getattr(error, "response", None)
    metadata = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    names = ("status",) if _library(error) == "aiohttp" else ("status", "status_code", "code")  # a broken connection has code 400 there
    said = chain([metadata.get("HTTPStatusCode")], (getattr(error, name, None) for name in names))
    return next((value for value in said if type(value) is int and 400 <= value < 600), 0)  # noqa: PLR2004 - HTTP's own bounds
