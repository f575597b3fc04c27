"""Issues of which rule takes what: gaps, rules that are never reached, rules that overlap; CHK801 to CHK808."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class UnmatchedCells(Issue):
    """Shapes that the label schema allows and no rule matches.

    Why it matters: the first such shape is refused, in the middle of a conversion.
    Example: label `car` may be drawn as a polygon, and every rule for it says `shapes: [rectangle]`.
    What to do: add a rule for them, or a last rule that drops the rest with a reason. `--write-witness` saves such a shape.
    """

    code = "CHK801"
    name = "unmatched-cells"
    template = "no rule matches {what}"
    hint = "add a rule for it, or one that drops it with a reason; an example: {witness}"

    what: str
    cells: int
    witness: str


class UnmatchedElsewhere(Issue):
    """Shapes outside the label schema that no rule matches.

    Why it matters: real exports hold values outside an attribute's list, absent attributes and labels that are not declared.
    Example: rules for `type: [van, lorry]` only, and a shape from before the attribute was added.
    What to do: nothing if such data should be refused; else add a rule without that condition.
    """

    code = "CHK802"
    name = "unmatched-elsewhere"
    severity = Severity.INFO
    template = "no rule matches {what}, which the label schema does not allow ({why}) but an export may hold"
    hint = "nothing to do if such data should be refused; an example: {witness}"

    what: str
    why: str
    witness: str


class NeverReached(Issue):
    """A rule that takes no shape of any label, since earlier rules take all that it matches.

    Why it matters: the rule is dead, and somebody believes in it.
    Example: a rule for `type: van` below one for `type: [van, lorry]` of the same label.
    What to do: move it up, narrow the earlier rules, or remove it.
    """

    code = "CHK803"
    name = "never-reached"
    template = "the rule {rule!r} is never reached: {why}"
    hint = "move it up, narrow the earlier rules, or remove it"

    rule: str
    why: str
    witness: str

    def help(self) -> str:
        """What to do, with a shape that the rule does not get."""
        return f"{self.hint}; it does not get {self.witness}" if self.witness else self.hint


class ReachedElsewhere(Issue):
    """A rule that takes only shapes which the label schema does not allow.

    Why it matters: data that follows the schema never reaches it; often a name or value in it is misspelt.
    Example: `attributes: {type: lory}`, where CVAT offers `lorry`.
    What to do: correct the condition, or leave the rule there if exports hold such data.
    """

    code = "CHK804"
    name = "reached-elsewhere"
    severity = Severity.WARNING
    template = "the rule {rule!r} is reached only by data that the label schema does not allow: {why}"
    hint = "correct its condition, unless exports hold such data; an example: {witness}"

    rule: str
    why: str
    witness: str


class RulesOverlap(Issue):
    """Two rules match some of the same shapes, and neither is a special case of the other.

    Why it matters: their order alone decides, and whoever moves one changes the result.
    Example: `shapes: [rectangle]` above `attributes: {type: van}`: a van that is a rectangle meets both.
    What to do: nothing if the order is meant; else narrow one of them.
    """

    code = "CHK805"
    name = "rules-overlap"
    severity = Severity.INFO
    template = "the rule {rule!r} is shadowed in part by {by!r}: both match {what}"
    hint = "nothing to do if the order is meant; both match {witness}"

    rule: str
    by: str
    what: str
    witness: str


class Undecided(Issue):
    """The analysis cannot say whether every shape is matched.

    Why it matters: what is not proven may fail on the first export.
    Example: so many conditions on one label that their combinations exceed the budget, or a condition that is not analysed.
    What to do: raise `--budget`, simplify the conditions of that label, or add a last rule without a condition.
    """

    code = "CHK806"
    name = "undecided"
    template = "unknown whether a rule matches {what}: {why}"
    hint = "raise --budget, simplify the conditions, or add a last rule `match: {{}}` that takes or drops the rest"

    what: str
    why: str

    def help(self) -> str:
        """What to do; where the budget ended, more of it helps."""
        hint = Issue.help(self)
        return f"raise --budget, {hint}" if "budget" in self.why else hint


class ReachUndecided(Issue):
    """The analysis cannot say whether a rule is ever reached.

    Why it matters: the rule may be dead.
    Example: a rule with a condition that is not analysed, or one for labels at which the budget ended.
    What to do: raise `--budget` if it ended, or write a test for the rule, which shows a shape that reaches it.
    """

    code = "CHK807"
    name = "reach-undecided"
    severity = Severity.INFO
    template = "unknown whether the rule {rule!r} is ever reached"
    hint = "write a test for it, which shows a shape that reaches it"

    rule: str
    beyond: str = ""

    def help(self) -> str:
        """What to do; where the budget ended, more of it helps."""
        return f"the budget ended at {self.beyond}: raise --budget, or {self.hint}" if self.beyond else self.hint


class OverlapsUndecided(Issue):
    """Not all rules were compared with those before them: the budget ended.

    Why it matters: among the others may be some whose order alone decides.
    Example: hundreds of rules for all labels, each on other attributes.
    What to do: raise `--budget`, or name the labels that the rules are for.
    """

    code = "CHK808"
    name = "overlaps-undecided"
    severity = Severity.INFO
    template = "unknown whether {count} rules overlap with earlier ones, from {rule!r} on: the budget ended at {what}"
    hint = "raise --budget, or name the labels that the rules are for"

    count: int
    rule: str
    what: str


ISSUES: tuple[type[Issue], ...] = (
    UnmatchedCells, UnmatchedElsewhere, NeverReached, ReachedElsewhere, RulesOverlap, Undecided, ReachUndecided,
    OverlapsUndecided,
)  # fmt: skip
