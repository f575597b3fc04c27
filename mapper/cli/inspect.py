"""``mapper inspect``: what an export holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, document_format, path
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.findings.base import Finding
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper inspect examples/street
  mapper inspect examples/street/annotations.xml --output-format json
"""


@click.command("inspect", epilog=EPILOG)
@click.argument("source", type=path)
@document_format
@color
def command(*, source: str, output_format: str, color: str) -> int:
    """Show what a CVAT export holds.

    SOURCE is an export in the format "CVAT for images 1.1" or "CVAT for video 1.1", a backup of a task or project, or
    answers of CVAT's API: the zip, the unpacked folder, or the annotations.xml; also as a URL. Shown are its tasks, image sizes, labels
    with the shapes they are drawn as, tracks with their keyframes, attributes with their values, the fields that are in
    use, and what is odd. Nothing is written, and no spec is needed. An entry of a track counts as a shape where the object
    is seen.

    Exits with 0, with 1 if the export breaks off, with 2 if it cannot be read.
    """
    from mapper.cvat.inspection import Inspection  # noqa: PLC0415 - --help needs no reader
    from mapper.cvat.inspection_document import document  # noqa: PLC0415 - as above
    from mapper.cvat.readers import open_export  # noqa: PLC0415 - as above
    from mapper.errors import SourceError  # noqa: PLC0415 - as above
    from mapper.findings.collector import Collector  # noqa: PLC0415 - as above
    from mapper.places.opening import place_of  # noqa: PLC0415 - as above

    style = style_of(color)
    collector = Collector()
    try:
        with working(f"reading {shown_path(source)}"), open_export(place_of(source), collector) as reader:
            inspection = Inspection(reader.export).take_all(reader.images(), reader.tracks())
    except SourceError as error:
        return _refused(str(error), error.findings, output_format, style)
    record = {"source": _source(reader)} | document(inspection)
    click.echo(_text(record, collector.findings(), output_format, style), nl=False, color=style.color)
    return CLEAN if reader.complete else FINDINGS


def _source(reader: Any) -> dict[str, Any]:
    keys = ("file", "bytes", "sha256", "complete")
    refused = {key: getattr(reader.tally, key) for key in ("images_refused", "tracks_refused")}
    return {key: getattr(reader, key) for key in keys} | refused


def _text(record: dict[str, Any], findings: Sequence[Finding], form: str, style: Style) -> str:
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    if form == "json":
        return REPORTS["json"](Request(findings=findings, head=record, style=style))
    from mapper.reports.inspection import inspection  # noqa: PLC0415 - brings rich

    found = REPORTS["full"](Request(findings=findings, style=style))
    return inspection(record, style) + (f"\n{found}" if found else "")


def _refused(message: str, findings: Sequence[Finding], form: str, style: Style) -> int:
    from mapper.reports import REPORTS  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    if form == "json":
        click.echo(REPORTS["json"](Request(findings=findings, head={"error": message}, style=style)), nl=False)
    elif findings:
        click.echo(REPORTS["full"](Request(findings=findings)), err=True)
    click.echo(f"error: {message}", err=True)
    return USAGE
