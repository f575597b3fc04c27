"""Dates as Encord writes them, made from the texts that CVAT exports hold."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = "Thu, 01 Jan 1970 00:00:00 UTC"
"""What stands where an export has no date: a missing one would become the time of loading."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def encord_date(text: str) -> str | None:
    """``2026-01-02 03:04:05.6+01:00`` as ``Fri, 02 Jan 2026 02:04:05 UTC``; None if it is no date.

    Without a zone it is taken as UTC, as the SDK does. Names of days and months never follow the locale.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one that falls out of the calendar when its zone is taken off
        return None
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} UTC"
