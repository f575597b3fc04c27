"""Reports: pure functions from results to text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mapper.reports.request import Request

    Report = Callable[[Request], str]

_FORMS: Final = {
    "full": ("mapper.reports.text", "full"),
    "concise": ("mapper.reports.text", "concise"),
    "json": ("mapper.reports.jsonl", "document"),
    "json-lines": ("mapper.reports.jsonl", "lines"),
    "github": ("mapper.reports.github", "commands"),
    "gitlab": ("mapper.reports.gitlab", "quality"),
    "junit": ("mapper.reports.junit", "suites"),
    "sarif": ("mapper.reports.sarif", "log"),
}
"""The module and the function of each form."""


class _Reports(Mapping[str, "Report"]):
    """The function of each form; its module is imported when it is asked for, because a run needs one and `--help` none."""

    def __getitem__(self, form: str) -> Report:
        module, name = _FORMS[form]
        report: Report = getattr(import_module(module), name)
        return report

    def __iter__(self) -> Iterator[str]:
        return iter(_FORMS)

    def __len__(self) -> int:
        return len(_FORMS)


REPORTS: Mapping[str, Report] = _Reports()
"""Every form of findings, by the name that ``--output-format`` takes."""
