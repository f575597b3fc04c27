"""``mapper pack update``: pins anew, and shows what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, path
from mapper.cli.pack.common import cache, fetcher, network, project_lock, report
from mapper.cli.progress import working
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mapper.packs.difference import Differ
    from mapper.packs.lock import Lock
    from mapper.packs.locking import Locked
    from mapper.spec.load import LoadedSpec

EPILOG = """\b
Examples:
  mapper pack update --diff --allow-host packs.example.com
  mapper pack update street.yaml --allow-host packs.example.com
"""


@click.command("update", epilog=EPILOG)
@click.argument("specs", metavar="[SPEC...]", nargs=-1, type=path)
@click.option("--diff", "only_show", is_flag=True, help="Only show what would change; write nothing.")
@network
@color
def command(
    *, specs: Sequence[str], only_show: bool, hosts: Sequence[str], private_hosts: Sequence[str], ca_file: str | None, color: str
) -> int:
    """Pin anew what specs extend, and show what changes.

    Everything is fetched again, whatever mapper.lock pins; only a `digest` in a spec still holds. For each spec it is shown
    which rules, tables and decisions would be new, gone or different.

    Exits with 0 if all could be fetched, 1 if a source is refused or a spec would no longer be valid; then nothing is written.
    """
    from mapper.packs.lock import write_lock  # noqa: PLC0415 - --help needs no lock file
    from mapper.packs.locking import make_lock  # noqa: PLC0415 - as above

    style = style_of(color)
    paths, file = project_lock(specs)
    with working("fetching"):
        made = make_lock(paths, file, cache(), fetcher(hosts, private_hosts, ca_file), renew=True)
    text = report(made.found, made.texts, "full", {}, style, file.path.as_posix())
    text += "\n" if text else ""
    if made.lock is None:
        click.echo(f"{text}Nothing was written to {file.path.as_posix()}", color=style.color)
        return FINDINGS
    text += "".join(f"{line}\n" for line in changes(file.lock, made, difference))
    changed = file.lock != made.lock
    if only_show or not changed:
        text += f"{'Would change' if changed else 'Nothing changes in'} {file.path.as_posix()}\n"
    else:
        write_lock(file.path, made.lock)
        text += f"Wrote {file.path.as_posix()}\n"
    click.echo(text, nl=False, color=style.color)
    return CLEAN


def difference(before: LoadedSpec, after: LoadedSpec) -> str:
    """Which parts of a spec differ, and what that does to shapes, as `mapper diff` says it."""
    from mapper import api  # noqa: PLC0415 - as above
    from mapper.cli.diff import report_of  # noqa: PLC0415 - as above
    from mapper.packs.difference import structural  # noqa: PLC0415 - as above
    from mapper.reports import difference as words  # noqa: PLC0415 - as above
    from mapper.reports.style import PLAIN  # noqa: PLC0415 - as above

    return structural(before, after) + words.text(report_of(("before", "after"), api.compare(before, after)), PLAIN)


def changes(old: Lock | None, made: Locked, differ: Differ) -> Iterator[str]:
    """What changes: a line for each source, and the difference that ``differ`` finds for each spec."""
    new = made.lock
    assert new is not None  # noqa: S101 - the caller looked
    before = {entry.source: entry for entry in old.sources} if old is not None else {}
    for entry in new.sources:
        known = before.pop(entry.source, None)
        if known is None:
            yield f"+ {entry.source}: {entry.name} {entry.version}"
        elif (known.sha256, known.meaning) != (entry.sha256, entry.meaning):
            what = "other bytes, the same meaning" if known.meaning == entry.meaning else "another meaning"
            versions = entry.version if known.version == entry.version else f"{known.version} -> {entry.version}"
            yield f"~ {entry.source}: {entry.name} {versions}, {what}"
    yield from (f"- {source}" for source in before)
    for path_, was, now in made.specs:
        if was is not None and was.meaning != now.meaning:
            yield f"{path_}:"
            yield from (f"  {line}" for line in differ(was, now).splitlines())
        elif was is None and old is not None:
            yield f"{path_}: what it meant before is not at hand"
