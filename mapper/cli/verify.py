"""``mapper verify``: reads a bundle back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import FOR_PEOPLE, color, delivered, path
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of
from mapper.findings.base import Severity
from mapper.reports.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper.cli.delivery import Delivery
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper verify out/street
  mapper verify out/street --no-sdk --output-format json
"""


@click.command("verify", epilog=EPILOG)
@click.argument("out", metavar="OUT", type=path)
@click.option("--sdk/--no-sdk", default=None, help="Load the bundle with Encord's SDK too; without either, if the SDK is installed.")
@delivered
@color
def command(*, out: str, sdk: bool | None, delivery: Delivery, color: str) -> int:
    """Read a bundle back and check it.

    OUT is a folder that `mapper convert` wrote, or its URL on an object store. Its files are checked against each other and
    against Encord's rules, and its ontology and label rows are loaded with Encord's own SDK if that is installed (pip install
    "cvat-encord-mapper[encord]"). Nothing is uploaded.

    Exits with 0 if all is well, with 1 if an error was found, with 2 if OUT is no bundle or --sdk was asked for and the
    SDK is missing.
    """
    from mapper.connect.verify import verify  # noqa: PLC0415 - --help needs no checks
    from mapper.places.opening import place_of  # noqa: PLC0415 - as above
    from mapper.reports import REPORTS  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    style, shown = style_of(color), shown_path(out)
    known = delivery.known()
    with working(f"verifying {shown}"):
        checked = verify(place_of(out), sdk=sdk)
    judged = delivery.judge(checked.findings, known)
    ok = not any(finding.severity == Severity.ERROR for finding in judged.new)
    head = {"out": shown, "ok": ok, "counts": dict(checked.counts)} | delivery.about(judged)

    def text_of(form: str, style: Style = PLAIN) -> str:
        text = REPORTS[form](Request(findings=judged.new, head=head, file=shown, folder=shown, style=style))
        if form not in FOR_PEOPLE:
            return text
        return text + ("\n" if text and form == "full" else "") + delivery.said(judged) + _closing(shown, checked.counts, style, ok=ok)

    delivery.write(text_of, judged.known)
    click.echo(text_of(delivery.form, style), nl=False, color=style.color)
    return CLEAN if ok else FINDINGS


def _closing(out: str, counts: Mapping[str, object], style: Style, *, ok: bool) -> str:
    from mapper.reports.style import paint  # noqa: PLC0415 - --help needs no report

    told = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in counts.items() if isinstance(value, int) and value)
    verdict = paint("All checks passed", style, "green") if ok else paint("Checks failed", style, "red", "bold")
    return f"{verdict}: {out}" + (f" ({told})\n" if told else "\n")
