"""Limits of fetching, and the clock that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one source may take: bytes as sent, bytes of a repository, seconds in all, redirects on its own host."""

    sent: int = 8 * 1024 * 1024
    repository: int = 64 * 1024 * 1024
    seconds: int = 60
    redirects: int = 3


class Deadline:
    """The moment at which a fetch must have ended."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """The seconds that are left, at most ``timeout``; TimeoutError if there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left if timeout is None else min(left, timeout)

    @property
    def over(self) -> bool:
        """Whether the moment has passed."""
        return monotonic() >= self._end
