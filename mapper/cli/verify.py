"""``mapper verify``: reads a bundle back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, output_format, path
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper verify out/street
  mapper verify out/street --no-sdk --output-format json
"""


@click.command("verify", epilog=EPILOG)
@click.argument("out", metavar="OUT", type=path)
@click.option("--sdk/--no-sdk", default=None, help="Load the bundle with Encord's SDK too; without either, if the SDK is installed.")
@output_format
@color
def command(*, out: str, sdk: bool | None, output_format: str, color: str) -> int:
    """Read a bundle back and check it.

    OUT is a folder that `mapper convert` wrote. Its files are checked against each other and against Encord's rules, and
    its ontology and label rows are loaded with Encord's own SDK if that is installed (pip install
    "cvat-encord-mapper[encord]"). Nothing is uploaded.

    Exits with 0 if all is well, with 1 if an error was found, with 2 if OUT is no bundle or --sdk was asked for and the
    SDK is missing.
    """
    from mapper.connect.verify import verify  # noqa: PLC0415 - --help needs no checks
    from mapper.reports import REPORTS  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    style = style_of(color)
    with working(f"verifying {out}"):
        checked = verify(Path(out), sdk=sdk)
    head = {"out": shown_path(out), "ok": checked.ok, "counts": dict(checked.counts)}
    text = REPORTS[output_format](Request(findings=checked.findings, head=head, file=shown_path(out), style=style))
    if not output_format.startswith("json"):
        text += ("\n" if text and output_format == "full" else "") + _closing(shown_path(out), checked.counts, style, ok=checked.ok)
    click.echo(text, nl=False, color=style.color)
    return CLEAN if checked.ok else FINDINGS


def _closing(out: str, counts: Mapping[str, object], style: Style, *, ok: bool) -> str:
    from mapper.reports.style import paint  # noqa: PLC0415 - --help needs no report

    told = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in counts.items() if isinstance(value, int) and value)
    verdict = paint("All checks passed", style, "green") if ok else paint("Checks failed", style, "red", "bold")
    return f"{verdict}: {out}" + (f" ({told})\n" if told else "\n")
