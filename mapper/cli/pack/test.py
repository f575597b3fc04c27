"""``mapper pack test``: the tests of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS
from mapper.cli.options import color, document_format, path
from mapper.cli.pack.common import findings, report
from mapper.cli.terminal import shown_path, style_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mapper.engine.cases import CaseResult
    from mapper.reports.style import Style

EPILOG = """\b
Examples:
  mapper pack test
  mapper pack test packs/traffic --output-format json
"""


@click.command("test", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", default=".", type=path)
@document_format
@color
def command(*, folder: str, output_format: str, color: str) -> int:
    """Run the tests of a pack.

    DIR is a folder with a pack.yaml (the current one if not given). The tests in its exported specs run first, inherited
    ones among them, then those in the files under `tests` of the manifest.

    Exits with 0 if all tests pass, 1 if one fails or the pack has errors.
    """
    from mapper.packs.building import check_pack, run_pack_tests  # noqa: PLC0415 - --help needs no pack
    from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

    style = style_of(color)
    checked = check_pack(Path(folder))
    ran = run_pack_tests(checked, Path(folder)) if checked.ok else []
    results = [result for tested in ran for result in tested.results]
    if output_format == "json":
        files = [{"file": shown_path(tested.file), "tests": [record(result) for result in tested.results]} for tested in ran]
        found = [finding.as_dict() for finding in findings(checked.found)]
        text = dump({"ok": checked.ok, "files": files, "findings": found}, style)
    else:
        text = report(checked.found, checked.texts, "full", {}, style, shown_path(folder))
        text += "\n" if text else ""
        text += "".join(failure(shown_path(tested.file), result, style) for tested in ran for result in tested.results if not result.passed)
        text += closing(results, style) if checked.ok else "The pack has errors\n"
    click.echo(text, nl=False, color=style.color)
    return CLEAN if checked.ok and all(result.passed for result in results) else FINDINGS


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
