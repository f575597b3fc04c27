"""``mapper test``: runs the tests of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, locked, parameters, path, result_format, today
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from mapper.reports.style import Style
    from mapper.workbench.testing import Suite

EPILOG = """\b
Examples:
  mapper test standard encord-importer
  mapper test standard --min-coverage 90
  mapper test standard --output-format junit
"""


@click.command("test", epilog=EPILOG)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=path)
@parameters
@click.option(
    "--min-coverage", metavar="PERCENT", type=click.FloatRange(0, 100),
    help="Fail if fewer of a spec's rules are reached by its tests.",
)  # fmt: skip
@click.option("--update", is_flag=True, help="Write what comes out as the expected files of golden cases; read the difference.")
@locked
@today
@result_format("full", "concise", "json", "junit")
@color
def command(
    *,
    specs: Sequence[str],
    parameters: Mapping[str, str],
    min_coverage: float | None,
    update: bool,
    locked: bool,
    today: date,
    output_format: str,
    color: str,
) -> int:
    """Run the tests of mapping specs.

    Tests stand in a spec, in files STEM.test.yaml beside it, and as golden cases in STEM.golden/NAME/: a source.xml
    and what is expected of it in expected/. A case gives one shape and says what must come of it: rule, object, Encord
    shape, answers, classification, or that it is dropped or refused. A spec without tests passes, and covers no rule.

    Exits with 0 if all tests pass, 1 if one fails or too few rules are covered, 2 if a spec is invalid or missing.
    """
    from mapper.workbench.testing import run_suite  # noqa: PLC0415 - --help needs no spec

    style = style_of(color)
    suites = [run_suite(spec, parameters, locked=locked, today=today, update=update, name=shown_path(spec)) for spec in specs]
    invalid = [suite for suite in suites if suite.loaded is None and not suite.in_tests]
    if invalid and not output_format.startswith("j"):
        click.echo(_findings(invalid, output_format, style), nl=False, err=True)
    else:
        click.echo(_report(suites, min_coverage, output_format, style), nl=False, color=style.color)
    for suite in invalid:
        click.echo(f"error: {suite.name} is not a valid mapping spec", err=True)
    if invalid:
        return USAGE
    enough = all(min_coverage is None or suite.percent >= min_coverage for suite in suites)
    return CLEAN if enough and all(suite.ok for suite in suites) else FINDINGS


def _report(suites: Sequence[Suite], least: float | None, form: str, style: Style) -> str:
    from mapper.reports import test_results  # noqa: PLC0415 - --help needs no report
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    records: list[dict[str, Any]] = [suite.as_dict() | {"least": least} for suite in suites]
    if form == "json":
        return dump({"specs": records}, style)
    if form == "junit":
        return test_results.junit(records)
    found = _findings(suites, form, style)
    text = test_results.full(records, style) if form == "full" else test_results.concise(records, style)
    return found + ("\n" if found and form == "full" else "") + text


def _findings(suites: Sequence[Suite], form: str, style: Style) -> str:
    """What was found in specs and in files of tests."""
    from mapper.reports import REPORTS  # noqa: PLC0415 - as above
    from mapper.reports.request import Request  # noqa: PLC0415 - as above

    texts = [REPORTS[form](Request(findings=suite.findings, texts=suite.texts, file=suite.name, style=style)) for suite in suites]
    return ("\n" if form == "full" else "").join(filter(None, texts))
