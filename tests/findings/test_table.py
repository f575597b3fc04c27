"""The table of issues: complete, unambiguous, and every page whole."""

from __future__ import annotations

import importlib
import pkgutil
import re
from string import Formatter

import pytest

import mapper.findings
from mapper.findings import ISSUES, issue_by_code
from mapper.findings.base import Issue
from mapper.findings.page import page_of

PARAMETERS = [pytest.param(issue, id=issue.code) for issue in ISSUES]


def written() -> set[type[Issue]]:
    """Every issue class of every module below ``mapper.findings``."""
    found: set[type[Issue]] = set()
    for module in pkgutil.walk_packages(mapper.findings.__path__, "mapper.findings."):
        members = vars(importlib.import_module(module.name)).values()
        found |= {member for member in members if isinstance(member, type) and issubclass(member, Issue) and member.code}
    return found


def test_every_issue_class_is_in_the_table_once() -> None:
    """A class that is written but not listed would have no page."""
    assert sorted(issue.code for issue in written()) == [issue.code for issue in ISSUES]
    assert set(ISSUES) == written()


def test_codes_and_names_tell_issues_apart() -> None:
    """Codes and names are unique and sorted by code."""
    codes, names = [issue.code for issue in ISSUES], [issue.name for issue in ISSUES]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("issue", PARAMETERS)
def test_the_code_says_the_stage_and_the_name_is_kebab_case(issue: type[Issue]) -> None:
    """Codes are three letters and three digits; names are lower-case words."""
    assert re.fullmatch(r"[A-Z]{3}\d{3}", issue.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", issue.name)


@pytest.mark.parametrize("issue", PARAMETERS)
def test_the_page_is_whole(issue: type[Issue]) -> None:
    """What it is, why it matters, an example, what to do: all there, and the first is a sentence."""
    page = page_of(issue)
    assert all(page), page
    assert page.summary.endswith(".")
    assert "Why it matters" not in page.summary


@pytest.mark.parametrize("issue", PARAMETERS)
def test_templates_name_fields_of_the_issue(issue: type[Issue]) -> None:
    """A placeholder without a field would fail when the finding is rendered."""
    names = {
        field.split("!")[0].split(":")[0] for text in (issue.template, issue.hint) for _, field, _, _ in Formatter().parse(text) if field
    }
    assert names <= set(issue.fields)


def test_issues_are_found_by_code_and_by_name_in_any_case() -> None:
    """``mapper rule map302`` and ``mapper rule unlisted-value`` mean the same."""
    assert issue_by_code("map302") is issue_by_code("MAP302") is issue_by_code("Unlisted-Value")
    assert issue_by_code("MAP999") is None
