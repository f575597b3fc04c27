"""``mapper pack vendor``: copies what is pinned into the tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, output_format, path
from mapper.cli.pack.common import cache, closing, fetcher, network, project_lock, report
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\b
Examples:
  mapper pack vendor vendor --allow-host packs.example.com
"""


@click.command("vendor", epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=path)
@network
@output_format
@color
def command(*, folder: str, hosts: Sequence[str], private_hosts: Sequence[str], ca_file: str | None, output_format: str, color: str) -> int:
    """Copy what mapper.lock pins into the tree.

    Each pack from elsewhere gets a folder of its own below DIR, which must lie in the project, and mapper.lock records it.
    From then on the copies are used and nothing needs to be fetched; a copy that was changed is refused.

    Exits with 0 if everything was copied, 1 if something was refused, 2 if a file is in the way.
    """
    from mapper.packs.lock import write_lock  # noqa: PLC0415 - --help needs no lock file
    from mapper.packs.locking import vendored  # noqa: PLC0415 - as above
    from mapper.reports.style import plural  # noqa: PLC0415 - as above

    style = style_of(color)
    _, file = project_lock(())
    with working("copying"):
        lock, found = vendored(Path(folder), file, cache(), fetcher(hosts, private_hosts, ca_file))
    text = report(found, {}, output_format, {"ok": lock is not None}, style, file.path.as_posix())
    if lock is None:
        click.echo(closing(text, output_format, "Not everything was copied; mapper.lock is as it was"), nl=False, color=style.color)
        return FINDINGS
    write_lock(file.path, lock)
    copies = sum(entry.vendored is not None for entry in lock.sources)
    click.echo(closing(text, output_format, f"Copied {plural(copies, 'source')} to {shown_path(folder)}"), nl=False, color=style.color)
    return CLEAN
