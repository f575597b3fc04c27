"""The text of an unexpected exception, for the terminal."""

from __future__ import annotations

from traceback import format_exception


def trace_of(error: Exception) -> str:
    """As Python prints it."""
    return "".join(format_exception(error))
