"""``mapper check``: a spec against a label schema, before any data is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import USAGE, of_findings
from mapper.cli.options import FOR_PEOPLE, color, delivered, locked, parameters, path
from mapper.cli.schemas import NO_LABELS, budget_option, labels_of, refused, schema_options
from mapper.cli.terminal import shown_path, style_of
from mapper.findings.base import Severity
from mapper.reports.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.api import Check, Validation
    from mapper.cli.delivery import Delivery
    from mapper.findings.base import Finding
    from mapper.reports.baseline import Judged
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
@budget_option
@parameters
@locked
@delivered
@color
def command(
    *,
    spec: str,
    labels: str | None,
    source: str | None,
    ontology: str | None,
    write_witness: str | None,
    fail_on: str,
    budget: int,
    parameters: Mapping[str, str],
    locked: bool,
    delivery: Delivery,
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

    style, known = style_of(color), delivery.known()
    checked = api.validate(spec, parameters=parameters, locked=locked)
    if checked.spec is None:
        refused(spec, checked, delivery.form, style)
        return USAGE
    schema = labels_of(checked.spec, labels, source)
    if schema is None:
        raise click.UsageError(NO_LABELS)
    result = api.check(checked.spec, schema, ontology=ontology, budget=budget)
    judged = delivery.judge(result.findings, known)
    report = _Report(spec, checked, result, delivery, judged)
    delivery.write(report.text, judged.known)
    click.echo(report.text(delivery.form, style), nl=False, color=style.color)
    if write_witness is not None:
        _save(result, write_witness)
    return of_findings(max((finding.severity for finding in judged.new), default=None), fail_on)


class _Report:
    """What was found, less what is known, in any form."""

    def __init__(self, spec: str, checked: Validation, result: Check, delivery: Delivery, judged: Judged) -> None:
        self.spec, self.checked, self.result = shown_path(spec), checked, result
        self.delivery, self.judged = delivery, judged

    def text(self, form: str, style: Style = PLAIN) -> str:
        """The texts for people end with a line that sums up."""
        from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
        from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above
        from mapper.reports.request import Request  # noqa: PLC0415 - as above

        if form == "json":
            return dump(self._document(), style)
        text = REPORTS[form](Request(findings=self.judged.new, texts=self.checked.texts, file=self.spec, style=style))
        if form not in FOR_PEOPLE:
            return text
        return (
            text
            + ("\n" if text and form == "full" else "")
            + self.delivery.said(self.judged)
            + _closing(self.result, self.judged.new, style)
        )

    def _document(self) -> dict[str, Any]:
        from mapper.reports.jsonl import record  # noqa: PLC0415 - --help needs no report

        witnesses = dict(zip(map(id, self.result.findings), self.result.witnesses, strict=True))
        findings = [record(finding) | ({"witness": text} if (text := witnesses.get(id(finding))) else {}) for finding in self.judged.new]
        ok = not any(finding.severity == Severity.ERROR for finding in self.judged.new)
        return {"file": self.spec, "ok": ok, "counts": self.result.counts} | self.delivery.about(self.judged) | {"findings": findings}


def _closing(result: Check, found: Sequence[Finding], style: Style) -> str:
    from mapper.reports.style import paint, plural  # noqa: PLC0415 - --help needs no report
    from mapper.reports.text import tally  # noqa: PLC0415 - as above

    counts = result.counts
    size = f"{plural(counts['rules'], 'rule')}, {plural(counts['labels'], 'label')}, {plural(counts['cells'], 'cell')}"
    said = f" ({tally(found)})" if found else ""
    if not any(finding.severity == Severity.ERROR for finding in found):
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
