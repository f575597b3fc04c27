"""Runs ``mapper`` in children of its own, under limits of time and memory: POSIX only.

Reads one run a line from stdin, a JSON list of the folder and the arguments; writes one JSON object a line: these, the
exit code or signal, the processor time in seconds, the peak memory in bytes, what went to stdout and to stderr.
Everything is imported once; children are forks.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import mapper.api
import mapper.reports  # noqa: F401 - as above
from mapper.cli import app
from mapper.cli.validate import command  # noqa: F401 - as above
from mapper.findings.table import ISSUES  # noqa: F401 - as above

SECONDS = 5
MEMORY = 1 << 30
PATIENCE = 60
"""Seconds on the clock, for what waits instead of working."""


def child(folder: str, arguments: list[str], out: int, err: int) -> None:
    """The command under its limits; never returns."""
    os.dup2(out, 1)
    os.dup2(err, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (in_use() + MEMORY, in_use() + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE)
    os.chdir(folder)
    app.main(arguments)


def in_use() -> int:
    """Bytes of address space that the imports take: the limit is for what a file costs."""
    status = Path("/proc/self/statm")
    return int(status.read_text("ascii").split()[0]) * resource.getpagesize() if status.exists() else 0


def run(folder: str, arguments: list[str]) -> dict[str, object]:
    """One run in a child."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = os.fork()
        if not process:
            code = 99
            try:
                child(folder, arguments, out.fileno(), err.fileno())
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else 99
            finally:
                sys.stdout.flush()
                os._exit(code)
        _, status, usage = os.wait4(process, 0)
        texts = [_read(file) for file in (out, err)]
    seconds = usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    return {"arguments": arguments, "code": code, "seconds": seconds, "bytes": usage.ru_maxrss * 1024, "out": texts[0], "err": texts[1]}


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)  # noqa: T201 - that is how it answers
