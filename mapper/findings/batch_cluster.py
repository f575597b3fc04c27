"""Issues of a batch on a cluster: BAT980 to BAT984."""

from __future__ import annotations

from mapper.findings.base import Issue


class ClusterLibraryMissing(Issue):
    """A cluster was asked for, and Dask distributed is not installed.

    Why it matters: orders are handed to a cluster through it; batches on this machine do without.
    Example: `mapper batch exports -o out --cluster tcp://scheduler:8786` after a plain `pip install cvat-encord-mapper`.
    What to do: install the extra here, and on the workers the same version of mapper.
    """

    code = "BAT980"
    name = "cluster-library-missing"
    template = "--cluster needs the package distributed, which is not installed"
    hint = 'pip install "cvat-encord-mapper[dask]"'


class ClusterUnreachable(Issue):
    """The scheduler of a cluster does not answer.

    Why it matters: nothing was begun.
    Example: a wrong port, a scheduler that has ended, a firewall in between.
    What to do: check the address, which a Dask scheduler prints when it starts; --cluster-timeout sets how long to wait.
    """

    code = "BAT981"
    name = "cluster-unreachable"
    template = "no Dask scheduler answered at {address} within {seconds:g} s: {reason}"
    hint = "check the address, and that the scheduler runs; --cluster-timeout sets how long to wait"

    address: str
    seconds: float
    reason: str


class ClusterWithoutWorkers(Issue):
    """A cluster has a scheduler and no worker.

    Why it matters: nothing would ever be converted.
    Example: workers that are still being started, or that cannot reach the scheduler.
    What to do: start workers, and wait for them; --cluster-timeout sets how long this command waits.
    """

    code = "BAT982"
    name = "cluster-without-workers"
    template = "the cluster at {address} had no worker within {seconds:g} s"
    hint = "start workers: dask worker {address} --nthreads 1"

    address: str
    seconds: float


class WorkerDiffers(Issue):
    """A worker of a cluster has no mapper, or another version of it.

    Why it matters: bundles of different versions may differ, and those of one batch must not.
    Example: a worker whose image was built last month.
    What to do: install the same version everywhere.
    """

    code = "BAT983"
    name = "worker-differs"
    template = "the worker {worker} has {found}, and this is mapper {wanted}"
    hint = "install cvat-encord-mapper {wanted} where the workers run"

    worker: str
    found: str
    wanted: str


class WorkerElsewhere(Issue):
    """A worker of a cluster cannot enter the folder that the command was called in.

    Why it matters: paths that are not URLs mean the same file only on machines that share their disks.
    Example: `mapper batch exports …` from a home folder that the workers do not have.
    What to do: call it from a folder that all machines share, or give URLs of an object store for sources and bundles.
    """

    code = "BAT984"
    name = "worker-elsewhere"
    template = "the worker {worker} cannot enter {folder}: {reason}"
    hint = "call it from a folder that all machines share, or give URLs for sources and bundles"

    worker: str
    folder: str
    reason: str


ISSUES: tuple[type[Issue], ...] = (ClusterLibraryMissing, ClusterUnreachable, ClusterWithoutWorkers, WorkerDiffers, WorkerElsewhere)
