"""Options that say on which cluster a batch is carried out."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

_ADDRESS = re.compile(r"(tcp|tls)://[^/\s@]+:[0-9]{1,5}")


def cluster_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--cluster`` and ``--cluster-timeout``; the command gets ``workers``, which opens the executor, None for that of this machine."""

    @wraps(function)
    def command(*, cluster: str | None, cluster_timeout: float, **rest: Any) -> Any:
        source = click.get_current_context().get_parameter_source("jobs")
        if cluster is not None and source is ParameterSource.COMMANDLINE:
            raise click.UsageError("--jobs and --cluster contradict each other: a cluster has workers of its own")
        return function(workers=partial(_executor, cluster, cluster_timeout), **rest)

    address = click.option(
        "--cluster", metavar="ADDRESS", callback=_address,
        help="Convert on the workers of this Dask scheduler, such as tcp://host:8786. Needs the extra 'dask'.",
    )  # fmt: skip
    timeout = click.option(
        "--cluster-timeout", type=click.FloatRange(min=0, min_open=True), default=10.0, show_default=True, metavar="SECONDS",
        help="How long to wait for the scheduler, and for its first worker.",
    )  # fmt: skip
    return address(timeout(command))


def _address(_: click.Context, param: click.Parameter, text: str | None) -> str | None:
    if text is not None and _ADDRESS.fullmatch(text) is None:
        raise click.BadParameter(f"{text!r} is not the address of a Dask scheduler, such as tcp://host:8786", param=param)
    return text


@contextmanager
def _executor(address: str | None, timeout: float) -> Iterator[Executor | None]:
    if address is None:
        yield None
        return
    from mapper.batch.cluster import cluster  # noqa: PLC0415 - only for a cluster

    with cluster(address, timeout) as executor:
        yield executor
