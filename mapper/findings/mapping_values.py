"""Issues of attributes and their values on the way to an answer: a part of MAP3xx."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class UnlistedValue(Issue):
    """An attribute value that neither the rule's table nor CVAT's list of values holds.

    Why it matters: a guess would put a wrong answer into Encord, silence would lose it.
    Example: checkbox value `maybe`, or a lookup that lacks `van`.
    What to do: add the value to the lookup or options, or change policy.unlisted_value.
    """

    code = "MAP302"
    name = "unlisted-value"
    template = "attribute {attribute!r} has value {value!r}, which is not listed ({outcome})"
    hint = "add the value to the rule's options or lookup, or change policy.unlisted_value"

    attribute: str
    value: str
    outcome: str


class UndeclaredAttribute(Issue):
    """An attribute that its label does not declare.

    Why it matters: its input type is unknown; it is taken as text.
    Example: `<attribute name="age">` on a label without such an attribute.
    What to do: declare it in CVAT, or give the label schema with `source.labels`.
    """

    code = "MAP304"
    name = "undeclared-attribute"
    severity = Severity.WARNING
    template = "label {label!r} declares no attribute {attribute!r} ({outcome})"
    hint = "declare it in CVAT, or give the label schema with source.labels"

    label: str
    attribute: str
    outcome: str


class UnmappedAttribute(Issue):
    """An attribute that no attribute rule takes.

    Why it matters: its values are left out.
    Example: a rule that names `type` only, for a label that also has `damaged`.
    What to do: add an attribute rule for it, or one that drops it with a reason.
    """

    code = "MAP305"
    name = "unmapped-attribute"
    template = "no attribute rule takes {attribute!r} of label {label!r}"
    hint = "add an attribute rule for it, or drop it with a reason"

    label: str
    attribute: str


class NumberSpelling(Issue):
    """A number whose spelling Encord's numeric attribute cannot hold.

    Why it matters: `007` becomes 7 and 12345678901234567890 loses digits: the text cannot be had back.
    Example: number attribute `house` with value `007`.
    What to do: map the attribute to text, or accept the number with policy.number_spelling.
    """

    code = "MAP307"
    name = "number-spelling"
    severity = Severity.WARNING
    template = "attribute {attribute!r}: a number cannot hold the spelling {value!r} ({outcome})"
    hint = "map the attribute to text if its spelling matters"

    attribute: str
    value: str
    outcome: str


class NotANumber(Issue):
    """A value for a numeric attribute that is no finite number.

    Why it matters: Encord refuses text as a numeric answer; the answer is left out.
    Example: number attribute `speed` with value `fast` or `1e400`.
    What to do: correct the value in CVAT, or map the attribute to text.
    """

    code = "MAP308"
    name = "not-a-number"
    template = "attribute {attribute!r} has value {value!r}, which is no number"
    hint = "map the attribute to text, or list the value under `unset`"

    attribute: str
    value: str


class AnsweredTwice(Issue):
    """Two values that answer one attribute of one object.

    Why it matters: Encord keeps one answer; the first rule's stands, the other is left out.
    Example: two attribute rules `to: Colour` of type radio.
    What to do: give the rules different titles, or make the attribute a checklist.
    """

    code = "MAP312"
    name = "answered-twice"
    template = "attribute {title!r} already has an answer; the value of {attribute!r} is left out"
    hint = "give the attribute rules different titles, or use a checklist"

    title: str
    attribute: str


class NestedWithoutOption(Issue):
    """A nested answer whose parent option was not chosen.

    Why it matters: Encord shows nested attributes only below their option; the answer is left out.
    Example: `under: {attribute: Body, option: Truck}` on an object whose Body is Car.
    What to do: move the attribute to the top level, or split the rule.
    """

    code = "MAP313"
    name = "nested-without-option"
    severity = Severity.WARNING
    template = "attribute {attribute!r} has a value, but the option it is nested under was not chosen"
    hint = "move the attribute to the top level"

    attribute: str


class AttributeMissing(Issue):
    """A shape that lacks an attribute which its rule wants reported.

    Why it matters: the spec says `when_absent: report`.
    Example: a shape drawn before the attribute was added to the label.
    What to do: fill the attribute in CVAT, or give a value with `when_absent`.
    """

    code = "MAP317"
    name = "attribute-missing"
    severity = Severity.WARNING
    template = "the shape has no attribute {attribute!r}"

    attribute: str


class ScoreUndecided(Issue):
    """The spec does not say what becomes of CVAT's scores.

    Why it matters: the shapes lose how sure a model was of them. That is to be a decision, not an accident.
    Example: a spec that was written for exports in XML, which have no scores, and a backup.
    What to do: add `score: {keep: true, confidence: true}` or `score: {keep: false, reason: …}` to `policy.fields`.
    """

    code = "MAP320"
    name = "score-undecided"
    severity = Severity.WARNING
    template = "policy.fields does not decide about `score`; it is left out"
    hint = "add `score: {{keep: true, confidence: true}}` to policy.fields, or say why it is dropped"


ISSUES: tuple[type[Issue], ...] = (
    UnlistedValue,
    UndeclaredAttribute,
    UnmappedAttribute,
    NumberSpelling,
    NotANumber,
    AnsweredTwice,
    NestedWithoutOption,
    AttributeMissing,
    ScoreUndecided,
)
