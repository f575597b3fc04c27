"""The one door to Dask distributed: a cluster as an executor, which carries out orders as the local pool does.

Dask gives an order to another worker if its own is killed. All workers must have this version of mapper. Paths that are not
URLs mean what they mean in the folder of the caller, so workers enter that folder, one order at a time in each process.
"""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mapper.errors import ClusterError
from mapper.findings.batch_cluster import ClusterLibraryMissing, ClusterUnreachable, ClusterWithoutWorkers, WorkerDiffers, WorkerElsewhere
from mapper.findings.collector import Collector
from mapper.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from mapper.findings.base import Issue

T = TypeVar("T")
R = TypeVar("R")

TIMEOUT = 10.0
"""Seconds to wait for the scheduler, and then for its first worker."""
RETRIES = 2
"""How often an order is tried again that raised; Dask counts killed workers by itself, and gives up at the fourth."""

_ALONE = threading.Lock()


@contextmanager
def cluster(address: str, timeout: float = TIMEOUT) -> Iterator[Executor]:
    """The cluster of a scheduler as an executor; on leaving, what is outstanding is cancelled.

    Raises ClusterError with its finding (BAT980 to BAT984) if it cannot be used.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and only for a cluster
    except ImportError:
        raise _error(ClusterLibraryMissing()) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong stands in rows
    try:
        client = Client(address, timeout=timeout, set_as_default=False, name="mapper")
    except (OSError, ValueError) as error:
        raise _error(ClusterUnreachable(address, timeout, _said(error))) from None
    with client:
        _check(client, address, timeout)
        executor = ClusterExecutor(client.get_executor(pure=False, retries=RETRIES))
        try:
            yield executor
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


class ClusterExecutor(Executor):
    """Dask's own executor, with the version and the folder of the caller beside each piece of work."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._folder = str(Path.cwd())

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hand over a piece of work."""
        return self._executor.submit(carry_out, __version__, self._folder, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - the base's signature
        """Take back what no worker has begun; Dask's own does so whenever it does not wait."""
        self._executor.shutdown(wait=wait and not cancel_futures)


def carry_out(version: str, folder: str, work: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Run a piece of work on a worker, in the caller's folder."""
    if version != __version__:  # the worker came later than the check
        raise _error(WorkerDiffers("that had this export", f"mapper {__version__}", version))
    with _ALONE:
        if str(Path.cwd()) != folder:
            os.chdir(folder)
        return work(*args, **kwargs)


def _probe(folder: str) -> Callable[[], tuple[str, str]]:
    """A function that tells a worker's version, and why it cannot enter a folder; nested, so that it travels by its code."""

    def told() -> tuple[str, str]:
        import os  # noqa: PLC0415 - runs where there may be no mapper

        try:
            from mapper.version import __version__ as found  # noqa: PLC0415 - as above
        except ImportError:
            found = ""
        try:
            os.listdir(folder)  # noqa: PTH208 - as above
        except OSError as error:
            return found, error.strerror or str(error)
        return found, ""

    return told


def _check(client: Any, address: str, timeout: float) -> None:
    """Wait for a worker, and look at all that are there."""
    from distributed import TimeoutError as DaskTimeoutError  # noqa: PLC0415 - as above

    try:
        client.wait_for_workers(1, timeout=timeout)
    except (TimeoutError, DaskTimeoutError):
        raise _error(ClusterWithoutWorkers(address, timeout)) from None
    folder = str(Path.cwd())
    for worker, (version, why) in sorted(client.run(_probe(folder)).items()):
        if version != __version__:
            raise _error(WorkerDiffers(worker, f"mapper {version}" if version else "no mapper", __version__))
        if why:
            raise _error(WorkerElsewhere(worker, folder, why))


def _said(error: Exception) -> str:
    return " ".join(str(error.__cause__ or error).split()) or type(error).__name__


def _error(issue: Issue) -> ClusterError:
    findings = Collector()
    findings.add(issue)
    return ClusterError(issue.message(), findings.findings())
