"""Issues of the mapping itself: MAP3xx. They say what a rule or policy could not place, or placed with a remark."""

from __future__ import annotations

from mapper.findings import mapping_values
from mapper.findings.base import Issue, Severity


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


class TitleTrimmed(Issue):
    """A title that has blanks around it in the export.

    Why it matters: Encord's titles have none, so `car` and ` car`, which are two labels in CVAT, become one.
    Example: the label ` car` under a rule named `{{ label }}`.
    What to do: rename the label in CVAT if it is a slip, or give it a rule with a title of its own if it is meant.
    """

    code = "MAP319"
    name = "title-trimmed"
    severity = Severity.WARNING
    template = "the {what} is titled {title!r} without the blanks around it"
    hint = "if two labels become one by that, give one of them a rule with a title of its own"

    what: str
    title: str


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


_OWN: tuple[type[Issue], ...] = (
    UnmatchedShape,
    UndeclaredLabel,
    RuleIssue,
    EmptyTitle,
    TitleTrimmed,
    SeveralShapes,
    TagConflict,
    ExpressionFailed,
    Dropped,
    LabelNotInOntology,
)

ISSUES: tuple[type[Issue], ...] = tuple(sorted((*_OWN, *mapping_values.ISSUES), key=lambda issue: issue.code))
