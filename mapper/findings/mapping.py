"""Issues of the mapping itself: MAP3xx. They say what a rule or policy could not place, or placed with a remark."""

from __future__ import annotations

from dataclasses import dataclass

from mapper.findings.base import Issue, Severity


@dataclass(frozen=True, slots=True)
class UnmatchedShape(Issue):
    """A shape or tag that no rule matches.

    Why it matters: it has no place in Encord and is refused.
    Example: a label `puddle` while every rule names another label.
    What to do: add a rule for it, or a last rule that drops the rest with a reason.
    """

    code = "MAP301"
    name = "unmatched-shape"
    template = "no rule matches {kind} with label {label!r}"
    hint = "add a rule for it, or a last rule `match: {{}}` that drops the rest with a reason"

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class UndeclaredLabel(Issue):
    """A label that is used but not declared in the export.

    Why it matters: its type and attributes are unknown; they are taken from use.
    Example: `<box label="Grevy" …>` while `<labels>` lists no Grevy. An export without `<meta>` declares none.
    What to do: declare the label in CVAT, or give the label schema with `source.labels`.
    """

    code = "MAP303"
    name = "undeclared-label"
    severity = Severity.WARNING
    template = "label {label!r} is used but not declared ({outcome})"
    hint = "declare it in CVAT, or give the label schema with source.labels"

    label: str
    outcome: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class RuleIssue(Issue):
    """A rule or lookup of the spec that reports what it meets.

    Why it matters: the spec's author wants to know of it.
    Example: `issue: {severity: error, message: ellipses are not expected}`.
    What to do: what the message says; it comes from the spec.
    """

    code = "MAP306"
    name = "rule-issue"
    template = "{text}"
    hint = "the message comes from the spec{own}"

    text: str
    own: str = ""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class EmptyTitle(Issue):
    """A template that gives an empty title.

    Why it matters: Encord's editor cannot show an item without a name.
    Example: the label "" under a rule named `{{ label }}`.
    What to do: write a rule for the empty label or value with a title of its own.
    """

    code = "MAP309"
    name = "empty-title"
    template = "the {what} would have an empty title"
    hint = "write a rule with a title of its own for it"

    what: str


@dataclass(frozen=True, slots=True)
class SeveralShapes(Issue):
    """One name became several ontology objects, one for each shape.

    Why it matters: an Encord object has exactly one shape, so classes that were one label are told apart.
    Example: label `car` drawn as rectangle and as polygon.
    What to do: nothing if that is meant; else convert the shapes to one kind, or name the objects with `title_if_several`.
    """

    code = "MAP310"
    name = "several-shapes"
    severity = Severity.WARNING
    template = "{base!r} is used with several shapes and becomes {count} ontology objects: {titles}"
    hint = "convert the shapes to one kind in a rule, or choose names with title_if_several"

    base: str
    count: int
    titles: str


@dataclass(frozen=True, slots=True)
class TagConflict(Issue):
    """Two tags on one image that answer one classification differently.

    Why it matters: Encord allows one instance of a classification on a frame; the later tag is refused.
    Example: two `weather` tags with different attributes on one image.
    What to do: correct the tags in CVAT, or map them to a checklist.
    """

    code = "MAP311"
    name = "tag-conflict"
    template = "the image has another answer to classification {title!r} already"
    hint = "correct the tags in CVAT, or map them to a checklist classification"

    title: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ExpressionFailed(Issue):
    """An expression that could not be computed for a shape.

    Why it matters: the answer or title is left out.
    Example: `{{ attributes.width / attributes.height }}` where height is 0.
    What to do: guard the expression, for example with `default`.
    """

    code = "MAP314"
    name = "expression-failed"
    template = "expression {expression!r} failed: {why}"
    hint = "guard the expression, for example with the default filter"

    expression: str
    why: str


@dataclass(frozen=True, slots=True)
class Dropped(Issue):
    """Something that a rule drops and wants reported.

    Why it matters: the spec's author asked for it with `severity`.
    Example: `drop: {reason: below the detector's resolution, severity: info}`.
    What to do: nothing, unless the reason is not true for it.
    """

    code = "MAP315"
    name = "dropped"
    severity = Severity.INFO
    template = "dropped: {reason}"

    reason: str


@dataclass(frozen=True, slots=True)
class LabelNotInOntology(Issue):
    """A declared label that the ontology does not hold.

    Why it matters: a label of type any that nothing was drawn with has no shape, so no object can be made for it.
    Example: label `bicycle` of type any in an export without bicycles.
    What to do: nothing, or write a rule that names the object and its shape.
    """

    code = "MAP316"
    name = "label-not-in-ontology"
    severity = Severity.INFO
    template = "label {label!r} is declared with type {type} but never used; the ontology has no object for it"

    label: str
    type: str


@dataclass(frozen=True, slots=True)
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


ISSUES: tuple[type[Issue], ...] = (
    UnmatchedShape,
    UnlistedValue,
    UndeclaredLabel,
    UndeclaredAttribute,
    UnmappedAttribute,
    RuleIssue,
    NumberSpelling,
    NotANumber,
    EmptyTitle,
    SeveralShapes,
    TagConflict,
    AnsweredTwice,
    NestedWithoutOption,
    ExpressionFailed,
    Dropped,
    LabelNotInOntology,
    AttributeMissing,
)
