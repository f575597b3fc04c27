"""A worker of the local pool: a process of its own that reads work from its input and writes what came of it.

It is started as a program and not by ``multiprocessing``: so it needs no guarded main module, inherits neither threads nor
locks, and its death is seen at once, as the end of its output.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from typing import Any, NoReturn

READY = "ready"
EXHAUSTED = 70
"""The exit code of a worker without memory."""


def main() -> None:
    """Work until the input ends."""
    tasks, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints must not end up among the results
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends us
    signal.signal(signal.SIGTERM, _leave)
    _send(results, READY)
    while True:
        try:
            work, order = pickle.load(tasks)  # noqa: S301 - from the process that started this one, by a pipe of theirs
        except EOFError:
            return
        try:
            done = work(order)
        except MemoryError:
            os._exit(EXHAUSTED)
        _send(results, done)


def _send(results: Any, value: object) -> None:
    try:
        pickle.dump(value, results)
        results.flush()
    except BrokenPipeError:  # the parent is gone; nobody is there to tell
        os._exit(1)


def _leave(_signal: int, _frame: object) -> NoReturn:
    """End by an exception, so that what is half-written is removed."""
    raise SystemExit(1)
