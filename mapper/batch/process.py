"""One process of the local pool, seen from the process that started it."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from mapper.batch.worker import EXHAUSTED
from mapper.errors import MapperError

if TYPE_CHECKING:
    from queue import Queue

GRACE = 5.0
"""Seconds that a worker has to remove what it has half-written."""


ENDED = object()
"""What is heard last of every worker."""

_NEW_GROUP = 0x200
"""Windows' CREATE_NEW_PROCESS_GROUP."""

_PROGRAM = "import sys; sys.path[:] = {path!r}; from mapper.batch.worker import main; main()"


class StartError(MapperError):
    """No worker can be started on this machine."""


class Process:
    """A worker; what it says is put into ``events``, and ENDED at last. ``started``: it has said something."""

    def __init__(self, events: Queue[tuple[Process, Any]]) -> None:
        self.started = False
        # A group of its own: Ctrl-C is for us, and we end the workers.
        apart: dict[str, Any] = {"creationflags": _NEW_GROUP} if sys.platform == "win32" else {"process_group": 0}
        program = [sys.executable, "-c", _PROGRAM.format(path=sys.path)]
        self._child = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart)  # noqa: S603 - our own program
        self._events = events
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def id(self) -> int:
        """The id of the process."""
        return self._child.pid

    def _read(self) -> None:
        assert self._child.stdout is not None  # noqa: S101 - asked for above
        with suppress(EOFError, pickle.UnpicklingError, OSError, ValueError):  # it died, perhaps in the middle of a word
            while True:
                news = pickle.load(self._child.stdout)  # noqa: S301 - from our own worker
                self.started = True
                self._events.put((self, news))
        self._events.put((self, ENDED))

    def send(self, task: object) -> None:
        """Give it something to do; if it has died, that is heard of by its end."""
        assert self._child.stdin is not None  # noqa: S101 - asked for above
        with suppress(OSError):
            self._child.stdin.write(pickle.dumps(task))
            self._child.stdin.flush()

    def end(self, *, kindly: bool) -> None:
        """Let it end when it has nothing to do, or now."""
        assert self._child.stdin is not None  # noqa: S101 - asked for above
        if not kindly and self._child.poll() is None:
            self._child.terminate()
        with suppress(OSError):
            self._child.stdin.close()

    def wait(self) -> None:
        """Until it has ended; it is killed if it takes too long."""
        try:
            self._child.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join()
        assert self._child.stdout is not None  # noqa: S101 - asked for above
        self._child.stdout.close()

    def obituary(self) -> str:
        """How it ended, in words."""
        self.end(kindly=True)
        self.wait()
        code = self._child.returncode
        if code == EXHAUSTED:
            return "out of memory"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
