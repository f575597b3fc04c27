"""A Dask cluster on this machine: a scheduler and workers as real processes, which a test may kill."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLI = "distributed.cli.dask_"


@dataclass
class Cluster:
    """The ``address`` of a scheduler, and its workers by the process ids that they have."""

    address: str
    folder: Path
    workers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def hire(self, *more: str, **variables: str) -> None:
        """Start one more worker, which does one thing at a time."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(self.folder))
        process = subprocess.Popen(
            [sys.executable, "-m", f"{_CLI}worker", self.address, *options, *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment() | variables,
            cwd=self.folder,
        )
        self.workers[process.pid] = process

    def kill(self, pid: int) -> None:
        """End a worker by SIGKILL."""
        process = self.workers.pop(pid)
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "MAPPER_RETRY_WAITS": "0,0,0", "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}


@contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster as long as the context lasts."""
    command = [sys.executable, "-m", f"{_CLI}scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(command, stderr=subprocess.PIPE, env=_environment(), cwd=folder)
    assert scheduler.stderr is not None
    cluster: Cluster | None = None
    try:
        address = next(line.split()[-1].decode() for line in scheduler.stderr if b"Scheduler at:" in line)
        cluster = Cluster(address, folder)
        for _ in range(workers):
            cluster.hire()
        yield cluster
    finally:
        for pid in list(cluster.workers) if cluster is not None else ():
            cluster.kill(pid)  # type: ignore[union-attr]  # there are workers only of a cluster
        scheduler.kill()
        scheduler.stderr.close()
        scheduler.wait()
