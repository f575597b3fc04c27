"""``mapper pack lock``: pins what specs extend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, output_format, path
from mapper.cli.pack.common import cache, closing, fetcher, network, project_lock, report
from mapper.cli.progress import working
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\b
Examples:
  mapper pack lock street.yaml
  mapper pack lock specs/*.yaml --allow-host packs.example.com
"""


@click.command("lock", epilog=EPILOG)
@click.argument("specs", metavar="[SPEC...]", nargs=-1, type=path)
@network
@output_format
@color
def command(
    *, specs: Sequence[str], hosts: Sequence[str], private_hosts: Sequence[str], ca_file: str | None, output_format: str, color: str
) -> int:
    """Pin what specs extend, in mapper.lock.

    Every source that is no file of the project gets two digests: of its bytes, and of what its rules mean. What is pinned
    already stays pinned, and must still be what it was; `mapper pack update` changes pins. Without SPEC, the specs that
    mapper.lock names are locked again. The file stands in the folder of the project: the nearest one above the spec that
    has a mapper.lock or pack.yaml, else the spec's own. Commit it.

    Uses the network for what is neither pinned nor in the cache: https only, and only to hosts that --allow-host names.

    Exits with 0 if the lock file is written, 1 if a source is refused or a spec is not valid.
    """
    from mapper.packs.lock import write_lock  # noqa: PLC0415 - --help needs no lock file
    from mapper.packs.locking import make_lock  # noqa: PLC0415 - as above
    from mapper.reports.style import plural  # noqa: PLC0415 - as above

    style = style_of(color)
    paths, file = project_lock(specs)
    with working("locking"):
        made = make_lock(paths, file, cache(), fetcher(hosts, private_hosts, ca_file))
    head = {"ok": made.lock is not None, "file": file.path.as_posix()}
    text = report(made.found, made.texts, output_format, head, style, file.path.as_posix())
    if made.lock is None:
        click.echo(closing(text, output_format, f"Nothing was written to {file.path.as_posix()}"), nl=False, color=style.color)
        return FINDINGS
    write_lock(file.path, made.lock)
    line = f"Wrote {file.path.as_posix()}: {plural(len(made.lock.specs), 'spec')}, {plural(len(made.lock.sources), 'source')}"
    click.echo(closing(text, output_format, line), nl=False, color=style.color)
    return CLEAN
