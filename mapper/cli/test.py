"""``mapper test``: runs the tests that stand in specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, document_format, locked, parameters, path
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.engine.cases import CaseResult
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper test standard encord-importer
  mapper test standard --output-format json
"""


@click.command("test", epilog=EPILOG)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=path)
@parameters
@locked
@document_format
@color
def command(*, specs: Sequence[str], parameters: Mapping[str, str], locked: bool, output_format: str, color: str) -> int:
    """Run the tests that stand in mapping specs.

    A test gives one shape and says what must come of it: the rule, the object and its Encord shape, the classification,
    or that it is dropped or refused. A spec without tests passes, and the closing line says so.

    Exits with 0 if all tests pass, 1 if one fails, 2 if a spec is invalid or missing.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no spec
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    style = style_of(color)
    ran = [(shown_path(spec), api.run_tests(spec, parameters=parameters, locked=locked)) for spec in specs]
    if output_format == "json":
        text = dump({"specs": [{"file": name, "tests": [record(result) for result in results]} for name, results in ran]}, style)
    else:
        text = "".join(failure(name, result, style) for name, results in ran for result in results if not result.passed)
        text += closing([result for _, results in ran for result in results], style)
    click.echo(text, nl=False, color=style.color)
    return CLEAN if all(result.passed for _, results in ran for result in results) else FINDINGS


def record(result: CaseResult) -> dict[str, Any]:
    """The JSON form of a test's result."""
    return {"name": result.name, "passed": result.passed, "expected": list(result.expected), "actual": list(result.actual)}


def failure(spec: str, result: CaseResult, style: Style) -> str:
    """What a failed test expected and what came out."""
    from mapper.reports.style import paint, visible  # noqa: PLC0415 - --help needs no report

    lines = [f"{paint('failed', style, 'red', 'bold')} {visible(result.name)}", f"  --> {spec}"]
    lines += [f"  expected {visible(_said(item))}" for item in result.expected]
    lines += [f"  got      {visible(_said(item))}" for item in result.actual]
    return "\n".join(lines) + "\n\n"


def _said(outcome: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {'true' if value is True else value}" for key, value in outcome.items())


def closing(results: Sequence[CaseResult], style: Style) -> str:
    """The line that sums up."""
    from mapper.reports.style import paint, plural  # noqa: PLC0415 - --help needs no report

    failed = sum(not result.passed for result in results)
    if failed:
        return f"{paint('Tests failed', style, 'red', 'bold')}: {failed:,} of {plural(len(results), 'test')}\n"
    return f"{paint('All tests passed', style, 'green')}: {plural(len(results), 'test')}\n"
