"""``mapper pack sync``: fetches what is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, output_format
from mapper.cli.pack.common import cache, closing, fetcher, network, project_lock, report
from mapper.cli.progress import working
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\b
Examples:
  mapper pack sync --allow-host packs.example.com
  mapper pack sync --allow-private-host git.acme.example --ca-file acme-ca.pem
"""


@click.command("sync", epilog=EPILOG)
@network
@output_format
@color
def command(*, hosts: Sequence[str], private_hosts: Sequence[str], ca_file: str | None, output_format: str, color: str) -> int:
    """Fetch what mapper.lock pins.

    Exactly what the nearest mapper.lock names is fetched into the cache, as far as it is not there; anything else that a
    server sends is refused. From then on, all other commands work without the network. The cache is the folder that
    MAPPER_CACHE_DIR names, else mapper in the user's cache folder.

    Exits with 0 if everything is there, 1 if something was refused.
    """
    from mapper.packs.locking import synced  # noqa: PLC0415 - --help needs no lock file
    from mapper.reports.style import plural  # noqa: PLC0415 - as above

    style = style_of(color)
    _, file = project_lock(())
    with working("fetching"):
        fetched, found = synced(file, cache(), fetcher(hosts, private_hosts, ca_file))
    texts = {file.located.file: file.located.lines} if file.located is not None else {}
    text = report(found, texts, output_format, {"ok": not found, "fetched": fetched}, style, file.path.as_posix())
    line = f"Fetched {plural(len(fetched), 'source')}" + ("; not everything is there" if found else "; everything that is pinned is there")
    click.echo(closing(text, output_format, line), nl=False, color=style.color)
    return FINDINGS if found else CLEAN
