"""``mapper convert``: one export to one bundle."""

from __future__ import annotations

import posixpath
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.conversion_options import check_outcome, conversion_options, outcome_options
from mapper.cli.exit_codes import EXPLAINED, FINDINGS, USAGE, of_findings
from mapper.cli.jobs import jobs
from mapper.cli.options import FOR_PEOPLE, color, delivered, path, quiet
from mapper.cli.progress import working
from mapper.cli.terminal import shown_path, style_of
from mapper.findings.base import Severity
from mapper.reports.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.api import Validation
    from mapper.cli.delivery import Delivery
    from mapper.findings.base import Finding
    from mapper.pipeline import Result
    from mapper.reports.baseline import Judged
    from mapper.reports.style import Style

SHOWN = 20
"""How many findings stand below the summary; all are in findings.jsonl."""

EPILOG = f"""\b
Examples:
  mapper convert examples/street -o out/street
  mapper convert examples/street -o out/polygons --set upright_rectangle=polygon
  mapper convert examples/street -o out/group --media image_group
  mapper convert examples/street -o out/all-cores --jobs auto
  mapper convert examples/street --dry-run --output-format json
  mapper convert examples/street -o out/importer --spec encord-importer --fail-on never

Exit codes: {EXPLAINED}
"""


@click.command("convert", epilog=EPILOG)
@click.argument("source", type=path)
@click.option("-o", "--output", metavar="OUT", type=path, help="Folder of the bundle to write; required unless --dry-run.")
@conversion_options
@click.option("--dataset-title", metavar="TITLE", help="Title of the dataset; the export's own name if not given.")
@click.option("--project-title", metavar="TITLE", help="Title of the project; that of the dataset if not given.")
@outcome_options
@jobs
@click.option("--force", is_flag=True, help="Replace a bundle that is in the way; nothing else is ever replaced.")
@delivered
@quiet
@color
def command(
    *,
    source: str,
    output: str | None,
    spec: str,
    parameters: Mapping[str, str],
    locked: bool,
    dry_run: bool,
    strict: bool,
    fail_on: str,
    delivery: Delivery,
    quiet: bool,
    color: str,
    **options: Any,
) -> int:
    """Convert a CVAT export to an Encord bundle.

    SOURCE is an export in the format "CVAT for images 1.1" or "CVAT for video 1.1", a backup of a task or project, or
    answers of CVAT's API: the zip, the unpacked folder, or the annotations.xml. The spec decides what each label, shape,
    attribute and tag becomes; everything that was read is accounted for in the bundle's ledger.json, and everything worth a
    look is in its findings.jsonl.

    SOURCE and OUT may be URLs of object stores, such as s3://bucket/task.zip (pip install "cvat-encord-mapper[remote]").

    The bundle appears whole or not at all. Findings in the data do not keep it from being published, unless --strict is
    given; they decide on the exit code, by --fail-on.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no engine
    from mapper.errors import SourceError  # noqa: PLC0415 - as above

    check_outcome(output, "the bundle's folder", dry_run=dry_run, strict=strict, fail_on=fail_on)
    known = delivery.known()
    limit = "warning" if strict and fail_on == "error" else fail_on
    checked = api.validate(spec, parameters=parameters, locked=locked)
    out = _Output(source, checked, delivery, color, limit, quiet=quiet)
    if checked.spec is None:
        return out.refused(f"the spec {shown_path(spec)} cannot be used", checked.findings)
    try:
        with working(f"converting {shown_path(source)}", quiet=quiet, still=options["jobs"] != 1):
            target = None if dry_run else output
            options["group_size"] = options["group_size"] or 0
            new = partial(delivery.judge, known=known)
            result = api.convert(source, target, spec=checked.spec, strict=strict, counted=lambda found: new(found).new, **options)
    except SourceError as error:
        return out.refused(str(error), error.findings)
    judged = new(result.findings)
    result = replace(result, findings=judged.new)
    out.converted(result, judged, output, dry_run=dry_run, strict=strict)
    return FINDINGS if result.out is None and not dry_run else of_findings(result.worst(), limit)


class _Output:
    """What the command prints, and writes as reports; ``limit`` is the severity that fails the run."""

    def __init__(self, source: str, checked: Validation, delivery: Delivery, color: str, limit: str, *, quiet: bool) -> None:
        self.source = shown_path(source)
        self.checked = checked
        self.delivery = delivery
        self.limit = limit
        self.style = style_of(color)
        self.errors = style_of(color, sys.stderr)
        self.quiet = quiet

    def refused(self, message: str, findings: Sequence[Finding]) -> int:
        """Nothing could be converted: findings for people go to stderr with the message, those for programs to stdout."""
        head = {"ok": False, "error": message}
        replace(self.delivery, write_baseline=None).write(lambda form: self._report(form, findings, head, self.checked.file, PLAIN))
        machine = self.delivery.form not in FOR_PEOPLE
        style = self.style if machine else self.errors
        text = self._report(self.delivery.form, findings, head, self.checked.file, style)
        click.echo(text, nl=False, err=not machine, color=style.color)
        if not machine and findings:
            click.echo(err=True)
        click.echo(f"error: {message}", err=True)
        return USAGE

    def converted(self, result: Result, judged: Judged, output: str | None, *, dry_run: bool, strict: bool) -> None:
        """The summary and the findings, or the JSON document; and the same in files."""
        head, file = _head(result) | self.delivery.about(judged), result.bundle["source"]["file"]
        self.delivery.write(lambda form: self._report(form, result.findings, head, file, PLAIN), judged.known)
        form = self.delivery.form
        text = self._report(form, result.findings, head, file, self.style, SHOWN if form == "full" else None)
        if form == "full" and not self.quiet:
            text += _more(result, dry_run=dry_run)
        if form in FOR_PEOPLE and not self.quiet:
            said = self._summary(result, output, dry_run=dry_run, strict=strict)
            text = said + ("\n" + text if text else "") + ("\n" if self.delivery.said(judged) else "") + self.delivery.said(judged)
        click.echo(text, nl=False, color=self.style.color)

    def _report(
        self, form: str, findings: Sequence[Finding], head: Mapping[str, Any], file: str, style: Style, limit: int | None = None
    ) -> str:
        from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
        from mapper.reports.request import Request  # noqa: PLC0415 - as above

        texts = self.checked.texts
        threshold = None if self.limit == "never" else Severity.parse(self.limit)
        folder = posixpath.dirname(self.source.rstrip("/"))
        return REPORTS[form](
            Request(findings=findings, texts=texts, head=head, file=file, folder=folder, limit=limit, threshold=threshold, style=style)
        )

    def _summary(self, result: Result, output: str | None, *, dry_run: bool, strict: bool) -> str:
        from mapper.reports.summary import Conversion, summary  # noqa: PLC0415 - brings rich

        why = _unpublished(result, strict=strict)
        out = None if output is None else shown_path(output)
        return summary(Conversion(source=self.source, out=out, result=result, dry_run=dry_run, unpublished=why), self.style)


def _unpublished(result: Result, *, strict: bool) -> str:
    """Why there is no bundle, for a run that should have made one."""
    if result.bundle["source"]["complete"] is False:
        return "the export breaks off; --keep-partial publishes what was read"
    return "--strict, and there are warnings or errors" if strict else ""


def _head(result: Result) -> dict[str, Any]:
    """The JSON document besides its findings."""
    bundle = result.bundle
    return {
        "ok": result.ok,
        "out": None if result.out is None else result.out.as_posix(),
        **{key: bundle[key] for key in ("source", "spec", "project", "dataset", "media_mode", "counts")},
        "ledger": {key: result.ledger[key] for key in ("balanced", "images", "totals")},
    }


def _more(result: Result, *, dry_run: bool) -> str:
    """Where the findings are that are not shown."""
    hidden = len(result.findings) - SHOWN
    if hidden <= 0:
        return ""
    place = "shown by --output-format concise" if dry_run or result.out is None else f"in {result.out.as_posix()}/findings.jsonl"
    return f"\n… and {hidden:,} more findings, {place}\n"
