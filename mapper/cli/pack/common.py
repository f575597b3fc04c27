"""What the commands of ``mapper pack`` share: options of the network, and how they show what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.options import path
from mapper.cli.settings.use import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mapper.findings.base import Finding, Issue, Location
    from mapper.packs.cache import Cache
    from mapper.packs.fetch import Fetcher
    from mapper.packs.lock import LockFile
    from mapper.reports.style import Style


def network(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--allow-host``, ``--allow-private-host`` and ``--ca-file``."""
    options = (
        click.option(
            "--allow-host", "hosts", metavar="HOST", multiple=True, help="Fetch from this host (HOST:PORT if not 443); repeatable."
        ),
        click.option(
            "--allow-private-host", "private_hosts", metavar="HOST", multiple=True,
            help="Fetch from this host though its address is private, loopback or link-local; repeatable.",
        ),
        click.option("--ca-file", metavar="FILE", type=path, help="Trust the certificate authorities in this PEM file, too."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def fetcher(hosts: Sequence[str], private_hosts: Sequence[str], ca_file: str | None) -> Fetcher:
    """What fetches under these options and the hosts that the configuration lists."""
    from mapper.packs.fetch import Fetcher  # noqa: PLC0415 - --help needs no network
    from mapper.packs.hosts import HostPolicy  # noqa: PLC0415 - as above

    settings = settings_of(click.get_current_context())

    if ca_file is not None and not Path(ca_file).is_file():
        raise click.BadParameter(f"there is no file {ca_file}", param_hint="--ca-file")
    given = ((*hosts, *settings.allowed_hosts), (*private_hosts, *settings.private_hosts))
    allowed, private = (frozenset(host.lower() for host in names) for names in given)
    return Fetcher(HostPolicy(allowed=allowed, private=private, ca_file=None if ca_file is None else Path(ca_file)))


def cache() -> Cache:
    """The user's cache of fetched packs."""
    from mapper.packs.cache import Cache, cache_folder  # noqa: PLC0415 - --help needs no cache

    return Cache(cache_folder())


def project_lock(specs: Sequence[str]) -> tuple[list[Path], LockFile]:
    """The specs and the lock file of their project; without specs, those that the nearest lock file names."""
    from mapper.packs.lock import LOCK, read_lock  # noqa: PLC0415 - --help needs no lock file
    from mapper.packs.pinning import lock_of  # noqa: PLC0415 - as above

    paths = [Path(spec) for spec in specs]
    for one in paths:
        if not one.is_file():
            raise click.UsageError(f"there is no spec {one}")
    places = dict.fromkeys(lock_of(one) for one in paths or [Path(LOCK)])
    if len(places) > 1:
        raise click.UsageError(f"the specs belong to several projects: {', '.join(str(place.parent) for place in places)}")
    place = shown(next(iter(places)))
    file = read_lock(place)
    if not paths:
        if file.lock is None and not file.found:
            raise click.UsageError(f"there is no {LOCK}; give the specs to lock: mapper pack lock SPEC...")
        paths = [file.folder / entry.path for entry in file.lock.specs] if file.lock is not None else []
    return paths, file


def shown(place: Path) -> Path:
    """A path relative to the working folder, if it lies below."""
    here = Path.cwd()
    return place.relative_to(here) if place.is_relative_to(here) else place


def findings(found: Sequence[tuple[Issue, Location | None]]) -> tuple[Finding, ...]:
    """What was found, aggregated."""
    from mapper.findings.collector import Collector  # noqa: PLC0415 - --help finds nothing

    collector = Collector()
    collector.extend(found)
    return tuple(collector.findings())


def report(
    found: Sequence[tuple[Issue, Location | None]],
    texts: Mapping[str, Sequence[str]],
    form: str,
    head: Mapping[str, Any],
    style: Style,
    file: str = "",
) -> str:
    """The findings in one of the forms; ``head`` are the keys of a JSON document besides them."""
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    return REPORTS[form](Request(findings=findings(found), texts=texts, head=head, style=style, file=file))


def closing(text: str, form: str, line: str) -> str:
    """A report for people with a last line that sums up; one for programs as it is."""
    if form.startswith("json"):
        return text
    return f"{text}{chr(10) if text and form == 'full' else ''}{line}\n"
