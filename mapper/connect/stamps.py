"""When and by whom: dates, authors and confidence of rows, objects and classifications."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from mapper.connect.records import is_number, text
from mapper.findings.verify_rows import BadAuthor, BadConfidence, BadDate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper.connect.records import Record
    from mapper.findings.base import Issue

_AUTHOR = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@lru_cache(maxsize=4096)
def instant(date: str) -> datetime | None:
    """The moment that ``Fri, 02 Jan 2026 03:04:05 UTC`` or an ISO 8601 text means, in UTC; None if it is no date.

    Without a zone it is UTC, as for the SDK. Rows repeat few dates, so they are remembered.
    """
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(date)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def stamp_issues(what: str, found: Record) -> Iterator[Issue]:
    """Dates, authors and confidence of an object or a classification."""
    yield from date_issues(what, found, ("createdAt", "lastEditedAt"))
    for key in ("createdBy", "lastEditedBy"):
        author = found.get(key)
        if author is not None and not _AUTHOR.fullmatch(text(author)):
            yield BadAuthor(what=what, key=key, author=str(author))
    confidence = found.get("confidence", 1)
    if not is_number(confidence) or not 0 <= confidence <= 1:
        yield BadConfidence(what=what, confidence=repr(confidence))


def date_issues(what: str, found: Record, keys: tuple[str, str]) -> Iterator[Issue]:
    """Dates that are missing or cannot be read."""
    for key in keys:
        date = found.get(key)
        if date is None:
            yield BadDate(what=what, key=key, problem="is missing, the SDK would write the present time")
        elif instant(text(date)) is None:
            yield BadDate(what=what, key=key, problem=f"{date!r} is no date")
