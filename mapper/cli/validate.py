"""``mapper validate``: checks specs alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from mapper.cli.exit_codes import CLEAN, FINDINGS, USAGE
from mapper.cli.options import FOR_PEOPLE, color, delivered, locked, parameters, path, today
from mapper.cli.terminal import shown_path, style_of
from mapper.findings.base import Location, Severity
from mapper.reports.style import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from mapper.api import Validation
    from mapper.cli.delivery import Delivery
    from mapper.findings.base import Finding
    from mapper.reports.baseline import Judged
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
@today
@delivered
@color
def command(*, specs: Sequence[str], parameters: Mapping[str, str], locked: bool, today: date, delivery: Delivery, color: str) -> int:
    """Check mapping specs, without any data.

    SPEC is a YAML or JSON file, or the name of a shipped pack. Every error is shown with its place, its code and what to
    do about it; `mapper rule CODE` tells more. Warnings and hints do not fail.

    Exits with 0 if all specs are valid, 1 if one is not, 2 if a file is missing or an option is wrong.
    """
    from mapper import api  # noqa: PLC0415 - --help needs no spec
    from mapper.findings.spec_meaning.loading import SpecNotFound  # noqa: PLC0415 - as above

    style = style_of(color)
    known = delivery.known()
    options: dict[str, Any] = {"parameters": parameters, "locked": locked, "today": today}
    checked = [_Checked(shown_path(spec), api.validate(spec, **options)) for spec in dict.fromkeys(specs)]
    found = [finding for one in checked for finding in one.findings]
    judged = delivery.judge(found, known)
    report = _Report(checked, judged, delivery)
    delivery.write(report.text, judged.known)
    click.echo(report.text(delivery.form, style), nl=False, color=style.color)
    if any(finding.code == SpecNotFound.code for finding in found):
        return USAGE
    return FINDINGS if any(finding.severity == Severity.ERROR for finding in judged.new) else CLEAN


class _Checked:
    """A spec as it was named, and what was found in it; a finding without a place is about its file."""

    def __init__(self, name: str, validation: Validation) -> None:
        self.name = name
        self.validation = validation
        self.findings = [
            finding if finding.spec else replace(finding, spec=Location(file=validation.file)) for finding in validation.findings
        ]


class _Report:
    """What was found in all specs, less what is known, in any form."""

    def __init__(self, checked: Sequence[_Checked], judged: Judged, delivery: Delivery) -> None:
        self.checked, self.judged, self.delivery = checked, judged, delivery

    def text(self, form: str, style: Style = PLAIN) -> str:
        """The texts for people end with a line that sums up."""
        from mapper.reports import REPORTS  # noqa: PLC0415 - --help needs no report
        from mapper.reports.jsonl import dump, record  # noqa: PLC0415 - as above
        from mapper.reports.request import Request  # noqa: PLC0415 - as above

        if form == "json":
            about = self.delivery.about(self.judged)
            own = [record(finding) for finding in self.judged.new if finding.spec is None]
            return dump({"specs": [self._record(one) for one in self.checked]} | about | ({"findings": own} if own else {}), style)
        texts = {file: lines for one in self.checked for file, lines in one.validation.texts.items()}
        text = REPORTS[form](Request(findings=self._in_order(), texts=texts, file=", ".join(one.name for one in self.checked), style=style))
        if form not in FOR_PEOPLE:
            return text
        return text + ("\n" if text and form == "full" else "") + self.delivery.said(self.judged) + self._closing(style)

    def _in_order(self) -> list[Finding]:
        """Spec by spec, each once, and last what is about the baseline."""
        found = {_identity(finding): finding for one in self.checked for finding in self._of(one)}
        return [*found.values(), *(one for one in self.judged.new if one.spec is None)]

    def _of(self, one: _Checked) -> list[Finding]:
        """What was found in a spec and in those that it extends; several specs may extend one. A baseline may add to hints."""
        own = {_identity(finding) for finding in one.findings}
        new = {_identity(finding): finding for finding in self.judged.new if finding.spec is not None}
        return [finding for key, finding in new.items() if key in own]

    def _record(self, one: _Checked) -> dict[str, Any]:
        from mapper.reports.jsonl import record  # noqa: PLC0415 - as above

        return {"file": one.name, "ok": one.validation.ok, "findings": [record(finding) for finding in self._of(one)]}

    def _closing(self, style: Style) -> str:
        from mapper.reports.style import paint, plural  # noqa: PLC0415 - --help needs no report
        from mapper.reports.text import tally  # noqa: PLC0415 - as above

        found = self._in_order()
        specs = plural(len(self.checked), "spec")
        wrong = sum(any(finding.severity == Severity.ERROR for finding in self._of(one)) for one in self.checked)
        counts = f" ({tally(found)})" if found else ""
        if not wrong:
            return f"{paint('All checks passed', style, 'green')}: {specs}{counts}\n"
        return f"{paint('Checks failed', style, 'red', 'bold')}: {wrong:,} of {specs}{counts}\n"


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.spec, finding.rule, finding.label, finding.attribute, finding.message
