"""What ``mapper test`` and ``mapper pack test`` share: their options, and how they show results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import color, locked, result_format, today
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper.reports.style import Style
    from mapper.workbench.testing import Suite


def testing(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--min-coverage``, ``--update``, ``--locked``, ``--today``, ``--output-format`` and ``--color``."""
    options = (
        click.option(
            "--min-coverage", metavar="PERCENT", type=click.FloatRange(0, 100),
            help="Fail if fewer of a spec's rules are reached by its tests.",
        ),
        click.option("--update", is_flag=True, help="Write what comes out as the expected files of golden cases; read the difference."),
        locked,
        today,
        result_format("full", "concise", "json", "junit"),
        color,
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def deliver(suites: Sequence[Suite], least: float | None, form: str, color: str) -> int:
    """Show the results in one of the forms; the exit code."""
    style = style_of(color)
    invalid = [suite for suite in suites if suite.loaded is None and not suite.in_tests]
    if invalid and not form.startswith("j"):
        click.echo(_findings(invalid, form, style), nl=False, err=True)
    else:
        click.echo(_report(suites, least, form, style), nl=False, color=style.color)
    for suite in invalid:
        click.echo(f"error: {suite.name} is not a valid {suite.what}", err=True)
    if invalid:
        return USAGE
    enough = all(least is None or suite.percent >= least for suite in suites)
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
