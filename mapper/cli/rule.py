"""``mapper rule``: the page of a code."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN
from mapper.cli.options import color, document_format
from mapper.cli.terminal import style_of

if TYPE_CHECKING:
    from mapper.findings.base import Issue
    from mapper.findings.page import Page
    from mapper.reports.style import Style

WIDEST = 100

EPILOG = """\b
Examples:
  mapper rule
  mapper rule MAP302
  mapper rule unlisted-value --output-format json
  mapper rule --all
"""


@click.command("rule", epilog=EPILOG)
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Print the pages of all codes.")
@document_format
@color
def command(*, code: str | None, everything: bool, output_format: str, color: str) -> int:
    """Explain the code of a finding.

    Prints what CODE means, why it matters, an example, what to do, and a finding as an example gave it. CODE may also be
    a name such as unlisted-value. Without CODE, all codes are listed, each with its name, its usual severity and its first line.
    """
    from mapper.findings.page import page_of  # noqa: PLC0415 - --help needs no issue
    from mapper.findings.table import ISSUES  # noqa: PLC0415 - as above

    if code is not None and everything:
        raise click.UsageError("give a CODE or --all, not both")
    style = style_of(color)
    listing = code is None and not everything
    chosen = ISSUES if code is None else (_issue(code),)
    if output_format == "json":
        from mapper.reports.jsonl import dump  # noqa: PLC0415 - as above

        text = dump({"rules": [record(issue, page_of(issue)) for issue in chosen]}, style)
    elif listing:
        text = "".join(f"{_entry(issue, style)}  {page_of(issue).summary}\n" for issue in chosen)
    else:
        text = "\n".join(_page(issue, page_of(issue), style) for issue in chosen)
    click.echo(text, nl=False, color=style.color)
    return CLEAN


def record(issue: type[Issue], page: Page) -> dict[str, Any]:
    """The JSON form of a page."""
    from mapper.findings.page import example_of  # noqa: PLC0415 - as above

    return {
        "code": issue.code,
        "name": issue.name,
        "severity": issue.severity.word,
        "summary": page.summary,
        "why_it_matters": page.why,
        "example": page.example,
        "what_to_do": page.advice,
        "shown": example_of(issue.code),
    }


def _issue(code: str) -> type[Issue]:
    from mapper.findings.table import ISSUES, issue_by_code  # noqa: PLC0415 - as above
    from mapper.spec.suggest import near  # noqa: PLC0415 - as above

    issue = issue_by_code(code)
    if issue is None:
        close = near(code, (word for known in ISSUES for word in (known.code, known.name)))
        raise click.UsageError(f"no such code: {code}" + (f"; did you mean {close}?" if close else "; `mapper rule` lists them all"))
    return issue


def _entry(issue: type[Issue], style: Style) -> str:
    from mapper.reports.style import paint, severity_look  # noqa: PLC0415 - as above

    severity = paint(f"{issue.severity.word:<7}", style, severity_look(issue.severity))
    return f"{paint(issue.code, style, 'bold')}  {severity}  {issue.name:<26}"


def _page(issue: type[Issue], page: Page, style: Style) -> str:
    from mapper.findings.page import example_of  # noqa: PLC0415 - as above
    from mapper.reports.style import paint, severity_look  # noqa: PLC0415 - as above

    word = paint(issue.severity.word, style, severity_look(issue.severity))
    lines = [f"{paint(issue.code, style, 'bold')} {issue.name} ({word})", "", _wrapped(page.summary, style)]
    for heading, text in (("Why it matters", page.why), ("Example", page.example), ("What to do", page.advice)):
        lines += ["", paint(heading, style, "bold"), _wrapped(text[:1].upper() + text[1:], style, "  ")]
    if shown := example_of(issue.code):
        lines += ["", paint("Shown as", style, "bold"), indent(shown.rstrip(), "  ", lambda _: True)]
    return "\n".join(line.rstrip() for line in "\n".join(lines).split("\n")) + "\n"


def _wrapped(text: str, style: Style, indent: str = "") -> str:
    width = min(style.width or WIDEST, WIDEST)
    return fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
