"""SIGTERM, which services and schedulers end a process with: it unwinds like Ctrl-C, so that nothing half-written stays."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Terminated(BaseException):
    """SIGTERM came; like KeyboardInterrupt it is no Exception, so that nothing takes it for an error."""


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM raise Terminated while the block runs, unless somebody has decided otherwise."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one is enough: what follows is tidying up
    raise Terminated
