"""Work for pools of processes: functions that can be found by name in another process, and that end it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import NamedTuple, NoReturn


class Task(NamedTuple):
    """A number to square; ``deadly`` is the name of what ends the worker, ``marks`` a folder where every beginning leaves a file."""

    number: int
    marks: str
    deadly: str = ""


def begun(task: Task) -> int:
    """How often a task was begun, this time included."""
    folder = Path(task.marks)
    times = len(list(folder.glob(f"{task.number}.*")))
    (folder / f"{task.number}.{times}").write_text(",".join(sorted(path.name for path in folder.glob("busy.*"))), "utf-8")
    return times + 1


def square(task: Task) -> int:
    """Square the number, or die: "once" at the first attempt, "always" at each, "memory" for lack of it, "exit" of its own will."""
    busy = Path(task.marks) / f"busy.{task.number}"
    times = begun(task)
    busy.touch()
    if task.deadly == "always" or (task.deadly == "once" and times == 1):
        busy.unlink()
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if task.deadly == "memory":
        busy.unlink()
        raise MemoryError
    if task.deadly == "exit":
        busy.unlink()
        os._exit(5)
    busy.unlink()
    print("noise on the standard output")  # noqa: T201 - what it is for: it must not end up among the results
    return task.number**2


def refuse(task: Task) -> NoReturn:
    """Raise."""
    raise ValueError(f"no square of {task.number}")
