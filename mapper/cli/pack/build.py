"""``mapper pack build``: a folder to an archive."""

from __future__ import annotations

from pathlib import Path

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, output_format, path
from mapper.cli.pack.common import closing, report
from mapper.cli.terminal import shown_path, style_of

EPILOG = """\b
Examples:
  mapper pack build
  mapper pack build packs/traffic -o dist/traffic-1.2.0.tar
"""


@click.command("build", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", default=".", type=path)
@click.option("-o", "--output", metavar="FILE", type=path, help="File to write; NAME-VERSION.tar here if not given.")
@output_format
@color
def command(*, folder: str, output: str | None, output_format: str, color: str) -> int:
    """Write a pack's archive.

    DIR is a folder with a pack.yaml (the current one if not given). Manifest and exported specs are checked first. The
    archive holds all files of the folder but hidden ones, archives and mapper.lock; links are refused. The same files give
    the same bytes on every machine, so the sha256 that is shown can be compared.

    Exits with 0 if the archive was written, with 1 if the pack has errors, with 2 if the file cannot be written.
    """
    from mapper.errors import OutputError  # noqa: PLC0415 - --help needs no pack
    from mapper.packs.building import archive_of, check_pack  # noqa: PLC0415 - as above
    from mapper.packs.cache import digest_of  # noqa: PLC0415 - as above

    style = style_of(color)
    checked = check_pack(Path(folder))
    if not checked.ok:
        text = report(checked.found, checked.texts, output_format, {"ok": False}, style, shown_path(folder))
        click.echo(closing(text, output_format, "Nothing was written: the pack has errors"), nl=False, color=style.color)
        return FINDINGS
    name, data = archive_of(checked)
    target = Path(output or name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    head = {"ok": True, "file": shown_path(str(target)), "sha256": digest_of(data), "bytes": len(data), "files": sorted(checked.files)}
    text = report(checked.found, checked.texts, output_format, head, style, shown_path(folder))
    line = f"Wrote {shown_path(str(target))}: {len(checked.files)} files, {len(data):,} bytes\nsha256:{digest_of(data)}"
    click.echo(closing(text, output_format, line), nl=False, color=style.color)
    return CLEAN
