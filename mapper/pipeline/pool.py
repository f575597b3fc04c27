"""Processes for the parts of a run, watched over: one that dies costs one more try of its part.

On Linux they are forked, which costs a hundredth of a second; where other threads run, whose locks a forked process would
find closed for ever, and on other systems they start anew, which takes about a second each.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Start = Literal["auto", "fork", "spawn", "here"]
"""How processes start: as is best, or by a method of Python's; ``here`` starts none."""

Work = tuple[Any, ...]
"""The arguments of one part's function."""

TRIES = 2


class DiedTwice(Exception):  # noqa: N818 - told as a finding by whoever knows what the part is
    """The processes of one part died: ``number`` is the part's, ``how`` says by what the last one ended."""

    def __init__(self, number: int, how: str) -> None:
        super().__init__(how)
        self.number = number
        self.how = how


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_start(start: Start) -> bool:
    """Whether this process may start others; those of a pool may not."""
    return start == "here" or not multiprocessing.current_process().daemon


def method(start: Start) -> Start:
    """How processes are started."""
    if start != "auto":
        return start
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


class NotStarted(Exception):  # noqa: N818 - the work can still be done in this process
    """The system refuses another process."""


class Pool:
    """Runs a function on each part, in at most so many processes at a time; leaving it kills what still runs."""

    def __init__(self, function: Callable[..., Any], parts: Sequence[Work], jobs: int, start: Start) -> None:
        self._function = function
        self._parts = parts
        self._jobs = jobs
        self._context: Any = multiprocessing.get_context(start)
        self._waiting = list(range(len(parts)))
        self._running: dict[Connection, tuple[int, BaseProcess]] = {}
        self._tries = [0] * len(parts)

    def __enter__(self) -> Self:
        return self

    def start(self) -> None:
        """Start the first processes; ``results`` does it too, if they have not been."""
        self._fill()

    def __exit__(self, *_: object) -> None:
        for _number, process in self._running.values():
            process.kill()
        for connection, (_number, process) in self._running.items():
            process.join()
            process.close()
            connection.close()
        self._running.clear()

    def results(self) -> Iterator[tuple[int, Any]]:
        """Numbers of parts with what came of them, as they end.

        Raises:
            DiedTwice: a part could not be done.
            NotStarted: the system refuses another process.
            Exception: what the function raised.
        """
        self._fill()
        while self._running:
            ended = wait(list(self._running))
            for connection in [one for one in self._running if one in ended]:
                number, process = self._running.pop(connection)
                with connection:
                    told = _told(connection)
                process.join()
                code = process.exitcode
                process.close()
                if told is None:
                    self._retry(number, code)
                self._fill()
                if told is not None:
                    error, result = told
                    if error is not None:
                        raise error
                    yield number, result

    def _retry(self, number: int, code: int | None) -> None:
        if self._tries[number] == TRIES:
            raise DiedTwice(number, _ending(code))
        self._waiting.insert(0, number)

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._jobs:
            number = self._waiting.pop(0)
            self._tries[number] += 1
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._context.Process(target=_main, args=(theirs, self._function, self._parts[number]), daemon=True)
            try:
                with _uninterrupted():
                    process.start()
                    self._running[ours] = number, process
            except OSError as error:
                ours.close()
                raise NotStarted(str(error)) from error
            finally:
                theirs.close()


def _told(connection: Connection) -> tuple[BaseException | None, Any] | None:
    """What a process said before it ended, None if it ended without a word."""
    try:
        told: tuple[BaseException | None, Any] = connection.recv()
    except (EOFError, OSError):
        return None
    return told


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let signals wait while a process starts, so that none is started without being known, or dies of one meant for this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _main(connection: Connection, function: Callable[..., Any], work: Work) -> None:
    """What a process does: its part, and nothing on the way out, for the streams and locks are those of the first process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told as well, and ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        told: tuple[BaseException | None, Any] = (None, function(*work))
    except BaseException as error:  # noqa: BLE001 - raised again by the first process
        error.add_note("".join(traceback.format_exception(error)))
        told = (error, None)
    try:
        connection.send(told)
    except Exception as error:  # noqa: BLE001 - what cannot be sent is told in words
        connection.send((RuntimeError(f"{error}: {told[0] or told[1]!r}"), None))
    finally:
        connection.close()
        os._exit(0)


def _leave_with_parent() -> None:
    """End this process when the first one is gone, whatever ended that."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
