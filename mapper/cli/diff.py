"""``mapper diff``: what two specs do differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, document_format, locked, parameters, path
from mapper.cli.schemas import budget_option, refused
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.api import Comparison
    from mapper.reports.difference import Report, Spec
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper diff encord-importer standard
  mapper diff encord-importer standard --source examples/street --output-format json
"""


@click.command("diff", epilog=EPILOG)
@click.argument("before", metavar="SPEC_A", type=path)
@click.argument("after", metavar="SPEC_B", type=path)
@click.option("--labels", metavar="FILE", type=path, help='Compare over this label schema: CVAT\'s JSON, as its editor shows under "Raw".')
@click.option("--source", "sources", metavar="EXPORT", type=path, multiple=True, help="Count on this CVAT export; repeatable.")
@click.option("--check-version", is_flag=True, help="Exit with 1 if metadata.version rose by less than the changes call for.")
@budget_option
@parameters
@locked
@document_format
@color
def command(
    *,
    before: str,
    after: str,
    labels: str | None,
    sources: Sequence[str],
    check_version: bool,
    budget: int,
    parameters: Mapping[str, str],
    locked: bool,
    output_format: str,
    color: str,
) -> int:
    """Show what two mapping specs do differently, by meaning and not by text.

    Compared is what becomes of every label, kind of shape and attribute value of the label schema: that of --labels, else
    that of the exports, else the one that a spec names as source.labels, else all that the specs mention. No data is
    needed; with --source, the shapes that each difference concerns are counted.

    Says which version step (SemVer) the changes call for: major if something that was converted goes elsewhere or is lost,
    minor if only more is converted than before, patch if only words changed.

    Exits with 0; with 1 under --check-version if the version rose by too little, or if something could not be decided;
    with 2 if a spec or file cannot be used.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no spec
    from mapper.places.opening import place_of  # noqa: PLC0415 - as above

    style = style_of(color)
    checked = [(name, api.validate(name, parameters=parameters, locked=locked)) for name in (before, after)]
    loaded = [found.spec for _, found in checked if found.spec is not None]
    if len(loaded) < len(checked):
        for name, found_in in checked:
            if not found_in.ok:
                refused(name, found_in, "full", style)
        return USAGE
    schema = api.read_labels(Path(labels)) if labels is not None else None
    found = api.compare(loaded[0], loaded[1], labels=schema, sources=[place_of(source) for source in sources], budget=budget)
    report = report_of((before, after), found)
    click.echo(_text(report, output_format, style), nl=False, color=style.color)
    return FINDINGS if check_version and found.findings else CLEAN


def report_of(names: Sequence[str], found: Comparison) -> Report:
    """What the report of a comparison is made from; ``names`` are those of the two specs."""
    from mapper.reports.difference import Report, Spec  # noqa: PLC0415 - --help needs no report

    def spec(name: str, loaded: Any) -> Spec:
        metadata = loaded.spec.metadata
        return Spec(shown_path(name), metadata.name, metadata.version)

    sides = [spec(name, loaded) for name, loaded in zip(names, (found.before, found.after), strict=True)]
    return Report(sides[0], sides[1], found.compared, found.met, found.shapes, found.findings, found.tracks)


def _text(report: Report, form: str, style: Style) -> str:
    from mapper.reports import REPORTS, difference  # noqa: PLC0415 - --help needs no report
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    if form == "json":
        return dump(difference.document(report), style)
    found = REPORTS["full"](Request(findings=report.findings, style=style))
    return difference.text(report, style) + (f"\n{found}" if found else "")
