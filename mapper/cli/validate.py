"""``mapper validate``: checks specs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, locked, output_format, parameters, path
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.api import Validation
    from mapper.findings.base import Finding
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper validate standard
  mapper validate standard encord-importer --output-format concise
  mapper validate standard --set upright_rectangle=polygon
"""


@click.command("validate", epilog=EPILOG)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=path)
@parameters
@locked
@output_format
@color
def command(*, specs: Sequence[str], parameters: Mapping[str, str], locked: bool, output_format: str, color: str) -> int:
    """Check mapping specs, without any data.

    SPEC is a YAML or JSON file, or the name of a shipped pack. Every error is shown with its place, its code and what to
    do about it; `mapper rule CODE` tells more. Warnings and hints do not fail.

    Exits with 0 if all specs are valid, 1 if one is not, 2 if a file is missing or an option is wrong.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no spec
    from mapper.findings.spec_meaning.loading import SpecNotFound  # noqa: PLC0415 - as above

    style = style_of(color)
    checked = [(spec, api.validate(spec, parameters=parameters, locked=locked)) for spec in specs]
    click.echo(report(checked, output_format, style), nl=False, color=style.color)
    if any(finding.code == SpecNotFound.code for _, found in checked for finding in found.findings):
        return USAGE
    return CLEAN if all(found.ok for _, found in checked) else FINDINGS


def report(checked: Sequence[tuple[str, Validation]], form: str, style: Style) -> str:
    """What was found in all specs; the texts end with a line that sums up."""
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    if form == "json":
        return dump({"specs": [_record(name, found) for name, found in checked]}, style)
    texts = [
        REPORTS[form](Request(findings=found.findings, texts=found.texts, file=shown_path(name), style=style)) for name, found in checked
    ]
    if form == "json-lines":
        return "".join(texts)
    return ("\n" if form == "full" else "").join([*filter(None, texts), _closing(checked, style)])


def _record(name: str, found: Validation) -> dict[str, Any]:
    return {"file": shown_path(name), "ok": found.ok, "findings": [finding.as_dict() for finding in found.findings]}


def _closing(checked: Sequence[tuple[str, Validation]], style: Style) -> str:
    from mapper.reports.style import paint, plural  # noqa: PLC0415 - --help needs no report
    from mapper.reports.text import tally  # noqa: PLC0415 - as above

    found: list[Finding] = [finding for _, validation in checked for finding in validation.findings]
    specs, wrong = plural(len(checked), "spec"), sum(not validation.ok for _, validation in checked)
    counts = f" ({tally(found)})" if found else ""
    if not wrong:
        return f"{paint('All checks passed', style, 'green')}: {specs}{counts}\n"
    return f"{paint('Checks failed', style, 'red', 'bold')}: {wrong:,} of {specs}{counts}\n"
