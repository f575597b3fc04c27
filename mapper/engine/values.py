"""One value of one attribute becomes an answer: choices by table, numbers by spelling, texts as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from mapper.encord.nodes import OptionNode
from mapper.findings.base import Severity
from mapper.findings.mapping import EmptyTitle, RuleIssue
from mapper.findings.mapping_values import NotANumber, NumberSpelling, UnlistedValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mapper.encord.nodes import AttributeNode
    from mapper.encord.ontology import Ontology
    from mapper.engine.accounts import AccountName
    from mapper.findings.base import Issue
    from mapper.spec.policy import Policy

PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
"""A spelling that a number holds, but for trailing zeros, if it has few enough digits."""

EXACT_INTEGER = 2**53
"""Beyond this a double loses digits."""

LARGEST_INTEGER = 2**63
"""Beyond this JSON writers take no integer."""


class Reply(NamedTuple):
    """What one value answers: options for a choice, a scalar otherwise, or nothing; and its account."""

    account: AccountName
    why: str = ""
    options: tuple[OptionNode, ...] | None = None
    scalar: str | int | float | None = None
    issues: tuple[tuple[Issue, Severity], ...] = ()
    refuse: bool = False

    def saying(self, issue: Issue, severity: Severity) -> Reply:
        """The same with one more issue."""
        return self._replace(issues=(*self.issues, (issue, severity)))


@dataclass(frozen=True, slots=True)
class Fallback:
    """What a table gives for a value it does not list: a title or None, and what to say."""

    title: str | None
    severity: Severity | None = None
    message: Callable[[str], str] | None = None

    def issues(self, text: str) -> tuple[tuple[Issue, Severity], ...]:
        """What to say about a value that is not listed."""
        if self.message is None or self.severity is None:
            return ()
        return ((RuleIssue(text=self.message(text)), self.severity),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Values to options of a radio or checklist.

    ``table``: from value to title, None for "no option"; None if values are titles themselves. ``listed``: the values
    that CVAT lists, None if anything goes.
    """

    name: str
    node: AttributeNode
    ontology: Ontology
    policy: Policy
    table: Mapping[str, str | None] | None = None
    otherwise: Fallback | None = None
    listed: frozenset[str] | None = None

    def __call__(self, text: str) -> Reply:
        """The reply to a value."""
        if self.table is not None:
            if text in self.table:
                title = self.table[text]
                return self._chosen(title, "kept" if title == text else "transformed")
            if self.otherwise is not None:
                return self._chosen(self.otherwise.title, "transformed", self.otherwise.issues(text))
            return self._unlisted(text)
        if self.listed is not None and text not in self.listed:
            return self._unlisted(text)
        return self._chosen(text, "kept")

    def is_plain(self, text: str) -> bool:
        """Whether a value is sure to be answered without a finding, so that nobody needs to ask."""
        if self.ontology.given is not None:
            return False
        if self.table is not None:
            return self.table.get(text, "") != ""
        return text != "" and (self.listed is None or text in self.listed)

    def _chosen(self, title: str | None, account: AccountName, issues: tuple[tuple[Issue, Severity], ...] = ()) -> Reply:
        if title is None:
            self._offer()
            return Reply(account, "no option chosen", (), issues=issues)
        if not title:
            problem: Issue = EmptyTitle(what=f"option of {self.name!r}")
            return Reply("refused", problem.code, issues=(*issues, (problem, problem.severity)))
        option = self.ontology.option(self.node, title)
        if isinstance(option, OptionNode):
            return Reply(account, "", (option,), issues=issues)
        return Reply("refused", option.code, issues=(*issues, (option, option.severity)))

    def _offer(self) -> None:
        """Put the table's options into the ontology: "none of them" is an answer only where there are some."""
        for title in (self.table or {}).values() if self.ontology.given is None else ():
            if title:
                self.ontology.option(self.node, title)

    def _unlisted(self, text: str) -> Reply:
        rule = self.policy.unlisted_value
        severity = Severity.parse(rule.severity)
        if rule.do == "add_option" and self.ontology.given is None:
            issue = UnlistedValue(attribute=self.name, value=text, outcome="added as an option")
            return self._chosen(text, "kept", ((issue, severity),))
        outcome = "the shape is refused" if rule.do == "refuse" else "left out"
        issue = UnlistedValue(attribute=self.name, value=text, outcome=outcome)
        return Reply("refused", issue.code, issues=((issue, severity),), refuse=rule.do == "refuse")


@dataclass(frozen=True, slots=True)
class Text:
    """Values stay the text that they are, or become what a table says."""

    name: str
    policy: Policy
    table: Mapping[str, str | None] | None = None
    otherwise: Fallback | None = None

    def __call__(self, text: str) -> Reply:
        """The reply to a value."""
        if self.table is None:
            return Reply("kept", scalar=text)
        if text in self.table:
            found = self.table[text]
            return Reply("kept" if found == text else "transformed", scalar=found)
        if self.otherwise is not None:
            return Reply("transformed", scalar=self.otherwise.title, issues=self.otherwise.issues(text))
        rule = self.policy.unlisted_value
        kept = rule.do == "add_option"
        outcome = "kept as it is" if kept else "the shape is refused" if rule.do == "refuse" else "left out"
        issue = UnlistedValue(attribute=self.name, value=text, outcome=outcome)
        issues = ((issue, Severity.parse(rule.severity)),)
        if kept:
            return Reply("kept", scalar=text, issues=issues)
        return Reply("refused", issue.code, issues=issues, refuse=rule.do == "refuse")


@dataclass(frozen=True, slots=True)
class Numeric:
    """Values become finite numbers; a spelling that a number cannot hold is reported."""

    name: str
    policy: Policy

    def __call__(self, text: str) -> Reply:
        """The reply to a value."""
        number = parse_number(text)
        if number is None:
            problem = NotANumber(attribute=self.name, value=text)
            return Reply("refused", problem.code, issues=((problem, problem.severity),))
        if PLAIN_NUMBER.fullmatch(text) and abs(number) < EXACT_INTEGER and Decimal(text) == Decimal(repr(number)):
            return Reply("kept", scalar=number)
        rule = self.policy.number_spelling
        keep = rule.do == "keep_value"
        issue = NumberSpelling(attribute=self.name, value=text, outcome="the value is kept" if keep else "left out")
        severity = Severity.parse(rule.severity)
        if keep:
            return Reply("transformed", "spelling", scalar=number, issues=((issue, severity),))
        return Reply("refused", issue.code, issues=((issue, severity),))


def parse_number(text: str) -> int | float | None:
    """The finite number that a text spells, an int where it is one; None otherwise."""
    if "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if not isfinite(value):
        return None
    if "." in text or "e" in text.lower() or abs(value) >= LARGEST_INTEGER:
        return value
    return int(text)


@dataclass(slots=True)
class Source:
    """One place a value can come from, compiled: what the target is and what each text answers.

    ``read``: the reply to a text. ``bounded``: replies remembered by text, up to a limit, so that free texts cost no memory.
    """

    read: Callable[[str], Reply]
    unset: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    known: dict[str, Reply] = field(default_factory=dict)

    def reply(self, text: str) -> Reply:
        """What a text answers."""
        found = self.known.get(text)
        if found is None:
            found = self._reply(text)
            if len(self.known) < REMEMBERED:
                self.known[text] = found
        return found

    def is_silent(self, text: str) -> bool:
        """Whether a text gives no answer by the rule."""
        return text in self.unset or text in self.skip

    def _reply(self, text: str) -> Reply:
        if text in self.unset:
            return UNSET
        if text in self.skip:
            return TOLD_BY_ABSENCE
        return self.read(text)


REMEMBERED = 4096
UNSET = Reply("kept", "unset")
TOLD_BY_ABSENCE = Reply("kept", "told by absence")
