"""Issues of rules, their conditions and their tests: SPC257 to SPC263."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class DuplicateRule(Issue):
    """Two rules have the same id.

    Why it matters: findings, the ledger and tests name a rule by its id.
    Example: two rules `- id: car`.
    What to do: rename one of them.
    """

    code = "SPC257"
    name = "duplicate-rule"
    template = "the rule id {rule!r} was already given at line {line}, column {column}"
    hint = "rename one of them"

    rule: str
    line: int
    column: int


class UnreachableRule(Issue):
    """A rule that never decides, since earlier rules take everything that it could match.

    Why it matters: the first rule that matches decides, so this one is dead, and somebody believes in it.
    Example: a rule below `match: {}`, or a second rule for `label: car`.
    What to do: move it up, narrow the earlier rule, or remove it; an inherited rule is removed by its id under `disable`.
    """

    code = "SPC258"
    name = "unreachable-rule"
    template = "the rule {rule!r} is never reached: all that it matches is taken by {by}"
    hint = "move it up, narrow the earlier rule, or remove it (an inherited rule by its id under `disable`)"

    rule: str
    by: str


class NeverHolds(Issue):
    """A condition that no shape can meet.

    Why it matters: the rule, or this part of it, is dead.
    Example: `width: {gt: 5, lt: 3}`, or `tag: true` beside `shapes: [polygon]`.
    What to do: correct the condition.
    """

    code = "SPC259"
    name = "never-holds"
    template = "this can never hold: {why}"
    hint = "correct the condition, or remove it"

    why: str


class EmptyCondition(Issue):
    """A condition without content.

    Why it matters: an empty list matches nothing and an empty mapping everything; neither says what was meant.
    Example: `label: []`, `width: {}`, `attributes: {}`.
    What to do: fill it in, or remove it; `match: {}` alone means everything.
    """

    code = "SPC260"
    name = "empty-condition"
    template = "{where} is empty and says nothing"
    hint = "fill it in, or remove it"

    where: str


class UnreachableAttributeRule(Issue):
    """An attribute rule that never takes an attribute, since earlier ones of its list take them all.

    Why it matters: the first attribute rule that fits takes the attribute.
    Example: an entry below `from: {}`, or a second entry with `from: color`.
    What to do: move it up, narrow the earlier one, or remove it.
    """

    code = "SPC261"
    name = "unreachable-attribute-rule"
    severity = Severity.WARNING
    template = "this attribute rule is never reached: all that it takes is taken by {by}"
    hint = "move it up, narrow the earlier one, or remove it"

    by: str


class UnknownRule(Issue):
    """A test expects a rule that does not exist.

    Why it matters: a typo in a test must not pass.
    Example: `expect: [{rule: trcuk}]`.
    What to do: correct the id.
    """

    code = "SPC262"
    name = "unknown-rule"
    template = "there is no rule {rule!r}"

    rule: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest rule, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else "correct the id"


class EmptyExpectation(Issue):
    """A test expects something, and does not say what.

    Why it matters: such a test holds whatever the rules do.
    Example: `expect: [{}]`.
    What to do: name at least the rule, or the object and its shape.
    """

    code = "SPC263"
    name = "empty-expectation"
    template = "this expectation names nothing to compare"
    hint = "name the rule, or the object and its shape, or `dropped: true`, or `refused: true`"


ISSUES: tuple[type[Issue], ...] = (
    DuplicateRule, UnreachableRule, NeverHolds, EmptyCondition, UnreachableAttributeRule, UnknownRule, EmptyExpectation,
)  # fmt: skip
