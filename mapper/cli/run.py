"""The last line of defence: turns what a command raises into a message on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, CLOSED, INTERNAL, INTERRUPTED, TERMINATED, USAGE
from mapper.cli.signals import Terminated, terminable
from mapper.errors import ClusterError, ConfigError, LedgerError, MapperError, OutputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARIES = ("click", "jinja2", "lxml", "numpy", "orjson", "pydantic", "PyYAML", "rich", "shapely", "encord")
"""Whose versions are told when something unexpected happens."""


def exit_code(work: Callable[[], object]) -> int:
    """Run a command and give its exit code; never raises, but for SystemExit of others."""
    try:
        with terminable():
            code = work()
    except click.exceptions.Exit as left:  # --help and --version
        return left.exit_code
    except (Exception, KeyboardInterrupt, Terminated) as error:  # noqa: BLE001 - what nobody expected is shown in full and exits 3
        return _explained(error)
    return code if isinstance(code, int) else CLEAN


def _explained(error: BaseException) -> int:
    """Say on stderr what happened, and give the exit code for it."""
    code = USAGE
    if isinstance(error, click.Abort | KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = INTERRUPTED
    elif isinstance(error, Terminated):
        click.echo("terminated", err=True)
        code = TERMINATED
    elif isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, BrokenPipeError):
        code = _closed()
    elif isinstance(error, MapperError) and not isinstance(error, LedgerError):
        if isinstance(error, ConfigError | SourceError | OutputError | ClusterError) and error.findings:
            _show(error)
        click.echo(f"error: {error}", err=True)
    else:
        code = _internal(error)
    return code


def _show(error: ConfigError | SourceError | OutputError | ClusterError) -> None:
    """The findings about the configuration, a source, a bundle's place or a cluster, with their places."""
    from mapper.cli.terminal import style_of  # noqa: PLC0415 - only needed when something is wrong
    from mapper.reports.request import Request  # noqa: PLC0415 - as above
    from mapper.reports.text import full  # noqa: PLC0415 - as above

    style = style_of("auto", sys.stderr)
    click.echo(full(Request(findings=error.findings, texts=getattr(error, "texts", {}), style=style)), err=True, color=style.color)


def _closed() -> int:
    """Whoever read stdout has seen enough; without another stdout, Python would complain when it flushes at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED


def _internal(error: BaseException) -> int:
    import traceback  # noqa: PLC0415 - only needed when something went wrong

    click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo("\n".join(_versions()), err=True)
    click.echo("error: internal error: this is a bug in mapper, not in your data", err=True)
    click.echo("help: please report it, with the lines above and the command you ran", err=True)
    return INTERNAL


def _versions() -> list[str]:
    import platform  # noqa: PLC0415 - as above
    from importlib import metadata  # noqa: PLC0415 - as above

    from mapper.version import __version__  # noqa: PLC0415 - as above

    found = [f"mapper {__version__}", f"Python {platform.python_version()} on {platform.platform()}"]
    for name in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    return found
