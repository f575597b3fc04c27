"""``mapper batch``: many exports to as many bundles, with one ontology and an index."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.cluster_options import cluster_options
from mapper.cli.conversion_options import check_outcome, conversion_options, outcome_options
from mapper.cli.exit_codes import EXPLAINED, FINDINGS, INTERNAL, INTERRUPTED, USAGE, of_findings
from mapper.cli.jobs import JobsType
from mapper.cli.options import color, path, quiet, result_format
from mapper.cli.progress import counting
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from mapper.api import Validation
    from mapper.batch.order import Row
    from mapper.batch.setting import BatchResult
    from mapper.findings.base import Finding

EPILOG = f"""\b
Examples:
  mapper batch examples/street -o out/one
  mapper batch examples -o out/all --jobs 2
  mapper batch examples -o out/all --resume
  mapper batch "examples/*/annotations.xml" -o out/xml --ontology-per-export
  mapper batch examples --dry-run --output-format json

Exit codes, by the worst of all exports: {EXPLAINED}
"""


@click.command("batch", epilog=EPILOG)
@click.argument("sources", nargs=-1, type=path)
@click.option("-o", "--output", metavar="DIR", type=path, help="Folder of the bundles; required unless --dry-run.")
@click.option("--from-file", "lists", metavar="FILE", type=path, multiple=True, help="A file with a source in each line; as @FILE is.")
@click.option(
    "-j", "--jobs", metavar="N|auto", type=JobsType(), default="auto", show_default=True,
    help="How many exports to convert side by side; 'auto' or 0 takes one for each usable core.",
)  # fmt: skip
@cluster_options
@click.option("--ontology-per-export", is_flag=True, help="Give each bundle an ontology of its own, instead of one that all share.")
@conversion_options
@outcome_options
@click.option("--fail-fast", is_flag=True, help="End at the first export that would make the exit code other than 0.")
@click.option("--resume", is_flag=True, help="Go on with a batch: what is complete, by its digests, is not converted again.")
@click.option("--force", is_flag=True, help="Replace the bundles that are in the way; nothing else is ever replaced.")
@result_format("full", "concise", "json")
@quiet
@color
def command(
    *,
    sources: tuple[str, ...],
    output: str | None,
    spec: str,
    parameters: Mapping[str, str],
    locked: bool,
    dry_run: bool,
    strict: bool,
    fail_on: str,
    fail_fast: bool,
    workers: Callable[[], AbstractContextManager[Executor | None]],
    output_format: str,
    quiet: bool,
    color: str,
    **options: Any,
) -> int:
    """Convert many CVAT exports to Encord bundles that share one ontology.

    SOURCES are exports (as `mapper convert` takes them), patterns such as "exports/*.zip", @FILE for a list of sources, and
    folders, which are searched for zips, XML files and unpacked exports. Each export becomes a bundle below DIR;
    DIR/index.jsonl has a line for each, and DIR/batch.json the totals. Results do not depend on --jobs, on --cluster or on
    what finishes first. Sources and DIR may be URLs of object stores.

    An export that fails never stops the others. A worker that dies costs one retry of one export. After Ctrl-C or a full
    disk, the same command with --resume converts what is missing.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no engine
    from mapper.errors import SourceError  # noqa: PLC0415 - as above

    check_outcome(output, "the folder of the bundles", dry_run=dry_run, strict=strict, fail_on=fail_on)
    _check(sources, options, dry_run=dry_run)
    limit = "warning" if strict and fail_on == "error" else fail_on
    stop = partial(_ends, limit=limit) if fail_fast else None
    checked = api.validate(spec, parameters=parameters, locked=locked)
    refused = partial(_refused, checked=checked, form=output_format, color=color)
    if checked.spec is None:
        return refused(f"the spec {shown_path(spec)} cannot be used", checked.findings)
    try:
        with workers() as executor, counting("converting", quiet=quiet) as hear:
            result = api.batch(
                sources, None if dry_run else output, spec=spec, parameters=parameters, locked=locked, strict=strict,
                executor=executor, stop=stop, hear=hear, **options,
            )  # fmt: skip
    except SourceError as error:
        return refused(str(error), error.findings, file="")
    except KeyboardInterrupt:
        return _interrupted(None if dry_run else output)
    return _print(result, output_format, color, limit, quiet=quiet)


def _check(sources: Sequence[str], options: dict[str, Any], *, dry_run: bool) -> None:
    """Refuse options that contradict each other; no size of groups is that of no limit."""
    options["group_size"] = options["group_size"] or 0
    if not sources and not options["lists"]:
        raise click.UsageError("missing argument 'SOURCES'; give exports, patterns, folders or --from-file")
    if options["resume"] and options["force"]:
        raise click.UsageError("--resume and --force contradict each other")
    if options["resume"] and dry_run:
        raise click.UsageError("--resume and --dry-run contradict each other: a dry run looks at all exports")


def _interrupted(output: str | None) -> int:
    if output is not None:
        click.echo(f"help: what is complete in {shown_path(output)} stays; go on with --resume", err=True)
    click.echo("interrupted", err=True)
    return INTERRUPTED


def exit_code(result: BatchResult, limit: str) -> int:
    """The code by the worst of all exports."""
    statuses = {record["status"] for record in result.entries}
    if "failed" in statuses:
        return INTERNAL
    if "refused" in statuses:
        return USAGE
    return FINDINGS if "unpublished" in statuses else of_findings(result.worst(), limit)


def _ends(row: Row, limit: str) -> bool:
    """Whether ``--fail-fast`` ends the run after this export."""
    return row.status != "converted" or bool(of_findings(row.worst(), limit))


def _refused(message: str, findings: Sequence[Finding], *, checked: Validation, form: str, color: str, file: str | None = None) -> int:
    """Nothing could be begun."""
    from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    machine = form == "json"
    style = style_of(color, None if machine else sys.stderr)
    head = {"ok": False, "error": message} if machine else {}
    place = checked.file if file is None else file
    request = Request(findings=findings, texts=checked.texts, head=head, file=place, style=style)
    if machine or findings:
        click.echo(REPORTS[form](request), nl=machine is False, err=not machine, color=style.color)
    click.echo(f"error: {message}", err=True)
    return USAGE


def _print(result: BatchResult, form: str, color: str, limit: str, *, quiet: bool) -> int:
    """Show what came of it; the exit code."""
    from mapper.reports.batch import BATCH_REPORTS, Many  # noqa: PLC0415 - brings rich

    for trace in result.traces:
        click.echo(trace, err=True)
    style = style_of(color)
    out = None if result.out is None else shown_path(str(result.out))
    many = Many(out=out, entries=result.entries, head=result.head, findings=result.findings, stopped=result.stopped, quiet=quiet)
    click.echo(BATCH_REPORTS[form](many, style), nl=False, color=style.color)
    return exit_code(result, limit)
