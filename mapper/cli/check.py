"""``mapper check``: a spec against a label schema, before any data is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import USAGE, of_findings
from mapper.cli.options import color, output_format, parameters, path
from mapper.cli.schemas import NO_LABELS, labels_of, schema_options
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.api import Check, Validation
    from mapper.findings.base import Finding
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper check standard --source examples/street
  mapper check encord-importer --source examples/street --output-format json
"""


@click.command("check", epilog=EPILOG)
@click.argument("spec", type=path)
@schema_options
@click.option("--ontology", metavar="FILE", type=path, help="Check targets against this Encord ontology (its JSON).")
@click.option("--write-witness", metavar="FILE", type=path, help="Save an export that shows the first finding, or all in a folder: DIR/.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True,
    help="Exit with 1 if a finding is this severe or more.",
)  # fmt: skip
@parameters
@output_format
@color
def command(
    *,
    spec: str,
    labels: str | None,
    source: str | None,
    ontology: str | None,
    write_witness: str | None,
    fail_on: str,
    parameters: Mapping[str, str],
    output_format: str,
    color: str,
) -> int:
    """Check a mapping spec against a label schema, before any data is read.

    The label schema is CVAT's own: --labels takes what its label editor shows under "Raw", --source takes it from an
    export; without either, it is the file that the spec names as source.labels. Every label, kind of shape and attribute
    value is followed through the rules: which shapes no rule matches, which rules are never reached, which names and values
    do not exist, what the ontology lacks. Each finding names the smallest CVAT shape that shows it.

    Exits with 0 if nothing at or above --fail-on was found, 1 if something was, 2 if the spec is invalid or there is no
    label schema.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no spec

    style = style_of(color)
    checked = api.validate(spec, parameters=parameters)
    if checked.spec is None:
        _invalid(spec, checked, output_format, style)
        return USAGE
    schema = labels_of(checked.spec, labels, source)
    if schema is None:
        raise click.UsageError(NO_LABELS)
    result = api.check(checked.spec, schema, ontology=ontology)
    click.echo(_report(spec, checked, result, output_format, style), nl=False, color=style.color)
    if write_witness is not None:
        _save(result, write_witness)
    return of_findings(result.worst(), fail_on)


def _invalid(spec: str, checked: Validation, form: str, style: Style) -> None:
    from mapper.cli.validate import report  # noqa: PLC0415 - only for an invalid spec

    machine = form.startswith("json")
    click.echo(report([(spec, checked)], form, style), nl=False, err=not machine, color=style.color)
    click.echo(f"error: the spec {shown_path(spec)} cannot be used", err=True)


def _report(spec: str, checked: Validation, result: Check, form: str, style: Style) -> str:
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    if form == "json":
        return dump(_document(spec, result), style)
    request = Request(findings=result.findings, texts={checked.file: checked.lines}, file=shown_path(spec), style=style)
    text = REPORTS[form](request)
    if form == "json-lines":
        return text
    return ("\n" if form == "full" and text else "").join([*filter(None, [text]), _closing(result, style)])


def _document(spec: str, result: Check) -> dict[str, Any]:
    findings = [
        finding.as_dict() | ({"witness": witness} if witness else {})
        for finding, witness in zip(result.findings, result.witnesses, strict=True)
    ]
    return {"file": shown_path(spec), "ok": result.ok, "counts": result.counts, "findings": findings}


def _closing(result: Check, style: Style) -> str:
    from mapper.reports.style import paint, plural  # noqa: PLC0415 - --help needs no report
    from mapper.reports.text import tally  # noqa: PLC0415 - as above

    counts = result.counts
    size = f"{plural(counts['rules'], 'rule')}, {plural(counts['labels'], 'label')}, {plural(counts['cells'], 'cell')}"
    found: Sequence[Finding] = result.findings
    said = f" ({tally(found)})" if found else ""
    if result.ok:
        return f"{paint('All checks passed', style, 'green')}: {size}{said}\n"
    return f"{paint('Checks failed', style, 'red', 'bold')}: {size}{said}\n"


def _save(result: Check, where: str) -> None:
    """Write the first witness, or with a folder each by its code and number."""
    from mapper.errors import OutputError  # noqa: PLC0415 - only needed here

    made = [(finding.code, witness) for finding, witness in zip(result.findings, result.witnesses, strict=True) if witness]
    if not made:
        click.echo("no witness to write: no finding has one", err=True)
        return
    folder = Path(where)
    many = where.endswith("/") or folder.is_dir()
    names = [folder / f"{code}-{number}.xml" for number, (code, _) in enumerate(made, 1)] if many else [folder]
    try:
        if many:
            folder.mkdir(parents=True, exist_ok=True)
        for name, (_, witness) in zip(names, made, strict=False):
            name.write_bytes(witness.encode())
    except OSError as error:
        raise OutputError(f"cannot write {where}: {error.strerror or error}") from error
    click.echo(f"wrote {len(names)} witness{'es' if len(names) > 1 else ''} to {shown_path(where)}", err=True)
