"""Issues of names, values and answers against a label schema: CHK811 to CHK817."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class UnknownLabel(Issue):
    """A condition names a label that the schema does not have.

    Why it matters: no shape has it, and the shapes that were meant go elsewhere.
    Example: `label: cra`, while the schema has `car`.
    What to do: correct the name. If the spec serves several schemas, leave it.
    """

    code = "CHK811"
    name = "unknown-label"
    severity = Severity.WARNING
    template = "the label schema has no label {value!r}"
    hint = "correct the name, unless the spec serves other schemas too"

    value: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest label, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else self.hint


class UnknownAttribute(Issue):
    """A condition or an attribute rule names an attribute that none of its labels declares.

    Why it matters: no shape has it, so the condition never holds, or the attribute is never answered.
    Example: `attributes: {colour: red}`, while the label has `color`.
    What to do: correct the name.
    """

    code = "CHK812"
    name = "unknown-attribute"
    severity = Severity.WARNING
    template = "no label that this applies to has an attribute {value!r}"
    hint = "correct the name"

    value: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest attribute, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else self.hint


class ImpossibleValue(Issue):
    """A condition compares an attribute with a value that CVAT does not offer for it.

    Why it matters: no shape that follows the schema has it, and the shapes that were meant go elsewhere.
    Example: `attributes: {type: lory}`, while the list has `lorry`.
    What to do: correct the value.
    """

    code = "CHK813"
    name = "impossible-value"
    severity = Severity.WARNING
    template = "attribute {attribute!r} is never {value}; CVAT offers {offered}"
    hint = "correct the value"

    attribute: str
    value: str
    offered: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest value, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else self.hint


class NoRowForValue(Issue):
    """A value of an attribute's list has no row in the table that turns it into a title.

    Why it matters: policy.unlisted_value decides what becomes of it, which is rarely what was meant.
    Example: the attribute `body` offers `coupe`, and neither the lookup nor its `otherwise` knows it.
    What to do: add the value to the table, or give the lookup an `otherwise`.
    """

    code = "CHK814"
    name = "no-row-for-value"
    severity = Severity.WARNING
    template = "value {value!r} of attribute {attribute!r} has no row in its table ({outcome})"
    hint = "add it to the table, or give the lookup an `otherwise`; an example: {witness}"

    attribute: str
    value: str
    outcome: str
    witness: str


class RequiredUnmapped(Issue):
    """The ontology requires an attribute that nothing answers.

    Why it matters: Encord's editor does not let an annotator submit an object that lacks a required answer.
    Example: object `Car` has the required radio `Body`, and no attribute rule gives `to: Body`.
    What to do: add an attribute rule for it, if need be with a `value` of its own.
    """

    code = "CHK815"
    name = "required-attribute-unmapped"
    severity = Severity.WARNING
    template = "{target!r} requires the attribute {title!r}, and nothing answers it"
    hint = "add an attribute rule `to: {title}`; an example: {witness}"

    target: str
    title: str
    witness: str


class ClassificationShared(Issue):
    """Several rules answer one classification, and not alike.

    Why it matters: an image has one answer; of two such tags the later is refused.
    Example: one rule makes `Weather: Rain` of the tag `rain`, another `Weather: Fog` of the tag `fog`.
    What to do: nothing if no image has both tags; else map them to a checklist's options or to classifications of their own.
    """

    code = "CHK816"
    name = "classification-shared"
    severity = Severity.WARNING
    template = "the rules {rules} answer the classification {title!r}, and not alike"
    hint = "nothing to do if no image has both; an example: {witness}"

    title: str
    rules: str
    witness: str


class NoConversion(Issue):
    """A rule takes a kind of shape that its conversion cannot be made of.

    Why it matters: each such shape is refused.
    Example: `match: {label: car}` with `geometry: {kind: polygon}`: a tag or a point of that label meets it too.
    What to do: name the kinds under `shapes`, and give the others a rule of their own.
    """

    code = "CHK817"
    name = "no-conversion"
    template = "the rule {rule!r} takes {what}, but {why}"
    hint = "name the kinds under `shapes`, and give the others a rule of their own; an example: {witness}"

    rule: str
    what: str
    why: str
    witness: str


ISSUES: tuple[type[Issue], ...] = (
    UnknownLabel, UnknownAttribute, ImpossibleValue, NoRowForValue, RequiredUnmapped, ClassificationShared, NoConversion,
)  # fmt: skip
