"""Issue codes: each is listed once and in order, has its page, is raised by the product and met in a test."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from functools import cache

import mapper.findings
from mapper.findings.base import Issue, Severity
from mapper.findings.page import page_of
from mapper.findings.table import ISSUES, issue_by_code
from tests.support.checkout import ROOT, modules

FORM = re.compile(r"(SRC1|SPC2|MAP3|GEO4|ENC5|PCK6|MED7|CHK8|DIF8|CFG9|BAT9)\d\d")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SUMMARY = 140


def finding_modules() -> list[str]:
    """Every module of `mapper.findings`, by its full name."""
    return sorted(module.name for module in pkgutil.walk_packages(mapper.findings.__path__, "mapper.findings."))


def defined() -> set[type[Issue]]:
    """Every issue class that is written anywhere in `mapper.findings`."""
    found: set[type[Issue]] = set()
    for name in finding_modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Issue) and value.__module__ == name:
                found.add(value)
    return found - {Issue}


@cache
def words_used() -> frozenset[str]:
    """The names that the product's modules use, `mapper/findings` apart; an import alone is no use."""
    used: set[str] = set()
    for path in modules("mapper"):
        if "findings" in path.relative_to(ROOT).parts[1:-1]:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
    return frozenset(used)


@cache
def words_tested() -> frozenset[str]:
    """The words of every test but this one, and the names of the files that tests read."""
    words: set[str] = set()
    for path in (ROOT / "tests").rglob("*"):
        if "__pycache__" in path.parts or "contract" in path.parts or not path.is_file():
            continue
        words.update(re.findall(r"\w+", path.stem.replace("_", " ")))
        if path.suffix in {".py", ".txt", ".yaml", ".json", ".jsonl"}:
            words.update(re.findall(r"\w+", path.read_text("utf-8", "replace")))
    return frozenset(words)


def test_every_issue_is_listed_once() -> None:
    """The table holds each issue class that exists, and no code, name or class twice."""
    assert set(ISSUES) == defined()
    assert len(set(ISSUES)) == len(ISSUES)
    assert len({issue.code for issue in ISSUES}) == len(ISSUES)
    assert len({issue.name for issue in ISSUES}) == len(ISSUES)


def test_modules_list_their_issues_in_order() -> None:
    """Each module's own table is in the order of codes, and holds the classes that the module defines."""
    for module in finding_modules():
        found = vars(importlib.import_module(module))
        own = {value for value in found.values() if isinstance(value, type) and value.__module__ == module and issubclass(value, Issue)}
        table = found.get("ISSUES") or next((value for name, value in found.items() if name.endswith("_ISSUES")), ())
        codes = [issue.code for issue in table]
        assert own - {Issue} <= set(table), module
        assert codes == sorted(codes), module


def test_issues_are_complete() -> None:
    """Code, name and severity have their forms; message and hint are filled from the fields, and from nothing else."""
    assert {issue.code: faults for issue in ISSUES if (faults := _faults(issue))} == {}
    assert all(issue_by_code(issue.code) is issue_by_code(issue.name) is issue for issue in ISSUES)


def _faults(issue: type[Issue]) -> list[str]:
    holes = {name.partition(".")[0] for text in (issue.template, issue.hint) for _, name, _, _ in string.Formatter().parse(text) if name}
    checks = {
        "code": FORM.fullmatch(issue.code),
        "name": NAME.fullmatch(issue.name),
        "severity": isinstance(issue.severity, Severity),
        "template": issue.template,
        "help": issue.severity < Severity.ERROR or issue.hint or issue.help is not Issue.help,
        "fields": holes <= set(issue.fields),
    }
    return [name for name, held in checks.items() if not held]


def test_issues_have_their_page() -> None:
    """The docstring is the page: one sentence, then why it matters, an example, and what to do."""
    lacking = []
    for issue in ISSUES:
        page = page_of(issue)
        if not (all(page) and page.summary.endswith(".") and len(page.summary) <= LONGEST_SUMMARY):
            lacking.append(issue.code)
    assert lacking == []


def test_issues_are_raised() -> None:
    """The product makes each issue somewhere: a code that cannot occur would be a promise without a deed."""
    assert [issue.code for issue in ISSUES if issue.__name__ not in words_used()] == []


def test_issues_are_tested() -> None:
    """A test meets each issue, by its code or its class."""
    assert [issue.code for issue in ISSUES if not {issue.code, issue.__name__} & words_tested()] == []
