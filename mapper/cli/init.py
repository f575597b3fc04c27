"""``mapper init``: drafts a spec from an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, path
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from mapper.workbench.drafting.document import Draft

EPILOG = """\b
Examples:
  mapper init examples/street -o street.yaml
  mapper init examples/street -o accepted.yaml --accept-defaults
  mapper init examples/street -o importer.yaml --from encord-importer
  mapper init examples/street -o onto.yaml --ontology out/street/ontology.json
"""


@click.command("init", epilog=EPILOG)
@click.argument("source", type=path)
@click.option("-o", "--output", metavar="FILE", type=path, required=True, help="Write the spec there.")
@click.option("--from", "pack", metavar="PACK", default="standard", show_default=True, help="Draft from the rules of this pack or spec.")
@click.option("--ontology", metavar="FILE", type=path, help="Draft onto an Encord ontology that exists: its JSON, beside the spec.")
@click.option("--accept-defaults", is_flag=True, help="Take the first choice of each decision: what the pack does.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@color
def command(*, source: str, output: str, pack: str, ontology: str | None, accept_defaults: bool, force: bool, color: str) -> int:
    """Draft a mapping spec from an export.

    SOURCE is what `mapper inspect` reads. The draft has a rule for each label and shape, a rule for each attribute, and the
    whole policy, with counts. What a person must decide is a `decide` node: `mapper validate` refuses it and lists the
    choices; put one of them in its place. Tests are drafted, too.

    Exits with 0, with 1 if the export breaks off, with 2 if it cannot be read or the file is there already.
    """
    from mapper.errors import OutputError  # noqa: PLC0415 - --help needs no reader
    from mapper.packs.opening import load_pinned  # noqa: PLC0415 - as above
    from mapper.places.opening import place_of  # noqa: PLC0415 - as above
    from mapper.workbench.drafting.document import draft  # noqa: PLC0415 - as above
    from mapper.workbench.drafting.onto import read_ontology  # noqa: PLC0415 - as above
    from mapper.workbench.drafting.survey import survey  # noqa: PLC0415 - as above
    from mapper.workbench.writing import replace_file  # noqa: PLC0415 - as above

    target = Path(output)
    if target.exists() and not force:
        raise OutputError(f"{target.as_posix()} is there already; --force replaces it")
    onto = None if ontology is None else read_ontology(Path(ontology), target)
    loaded = load_pinned(pack, {})
    with working(f"reading {shown_path(source)}"):
        found = survey(place_of(source), loaded)
        made = draft(found, accept=accept_defaults, onto=onto)
    replace_file(target, made.text.encode())
    click.echo(_report(target, made, color), nl=False, color=style_of(color).color)
    return CLEAN if found.reader.complete else FINDINGS


def _report(target: Path, made: Draft, color: str) -> str:
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.request import Request  # noqa: PLC0415 - as above
    from mapper.reports.style import plural  # noqa: PLC0415 - as above

    found = REPORTS["full"](Request(findings=made.findings, style=style_of(color)))
    file = target.as_posix()
    open_ = f", {plural(made.decisions, 'decision')} to take" if made.decisions else ""
    then = f"mapper validate {file}" if made.decisions else f"mapper test {file}"
    return f"{found}{chr(10) if found else ''}written {file}: {plural(made.rules, 'rule')}{open_}\nnext: {then}\n"
