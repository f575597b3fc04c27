"""What can go wrong with the processes that read one export side by side: SRC197."""

from __future__ import annotations

from mapper.findings.base import Issue


class WorkerDied(Issue):
    """The process that converted a part of the export died, and so did the one that tried again.

    Why it matters: the part is missing, so there is no bundle.
    Example: `--jobs 8` on a machine with little memory, where the system kills what takes most.
    What to do: use fewer jobs, so that each has more memory; `--jobs 1` runs in one process and shows what happens there.
    """

    code = "SRC197"
    name = "worker-died"
    template = "the process for lines {first_line} to {last_line} (bytes {start} to {end}) died twice: {how}"
    hint = "use fewer jobs if the machine is short of memory, or --jobs 1 to see what happens"

    first_line: int
    last_line: int
    start: int
    end: int
    how: str


ISSUES: tuple[type[Issue], ...] = (WorkerDied,)
