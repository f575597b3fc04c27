"""Issues of a spec as a whole: where it is, what it needs, its parameters; SPC250 to SPC256."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class SpecNotFound(Issue):
    """The spec is neither a shipped pack nor a file that can be read.

    Why it matters: without a spec there is nothing that says what a label becomes.
    Example: `mapper convert --spec standrad export.zip`.
    What to do: correct the path, or take the name of a shipped pack.
    """

    code = "SPC250"
    name = "spec-not-found"
    template = "the spec {reference!r} cannot be read: {why}"
    hint = "give the path of a file, or the name of a shipped pack"

    reference: str
    why: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest shipped pack, if one is near."""
        return f"did you mean the shipped pack `{self.suggestion}`?" if self.suggestion else self.hint


class NotAMapping(Issue):
    """The file is YAML or JSON, but holds a list or a single value.

    Why it matters: a spec is a mapping with the keys `apiVersion`, `kind`, `metadata`, `policy` and `rules`.
    Example: a file that begins with `- id: car`, the list of rules alone.
    What to do: give the spec, not a part of it.
    """

    code = "SPC251"
    name = "not-a-mapping"
    template = "a spec is a mapping with the keys apiVersion, kind, metadata, policy and rules"
    hint = "is this the spec? the list of rules stands under `rules:`"


class UnknownParameter(Issue):
    """A parameter that the spec does not declare.

    Why it matters: a typo would leave the default in force in silence.
    Example: `geometry: {kind: {param: boxes_becom}}`, or `--set boxes_becom=polygon`.
    What to do: correct the name, or declare it under `parameters`.
    """

    code = "SPC252"
    name = "unknown-parameter"
    template = "the spec declares no parameter {parameter!r}"
    hint = "declare it under `parameters`"

    parameter: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest parameter, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else self.hint


class BadParameter(Issue):
    """The value of a parameter is not of its type, or none of its choices.

    Why it matters: text, numbers and booleans are not converted into one another in silence.
    Example: `choices: [polygon, bitmask]` with `default: box`, or `--set cuboid_residual_px=wide`.
    What to do: give a value that the declaration allows.
    """

    code = "SPC253"
    name = "bad-parameter"
    template = "parameter {parameter!r}: {value} is not {wanted}"
    hint = "give a value that the declaration allows"

    parameter: str
    value: str
    wanted: str


class UnusedParameter(Issue):
    """A parameter that the spec declares and nowhere uses.

    Why it matters: whoever sets it believes that it decides something.
    Example: `parameters: {boxes_become: …}` without any `{param: boxes_become}`.
    What to do: use it, or remove the declaration.
    """

    code = "SPC254"
    name = "unused-parameter"
    severity = Severity.WARNING
    template = "the parameter {parameter!r} is used nowhere"
    hint = "write `{{param: {parameter}}}` where its value belongs, or remove the declaration"

    parameter: str


class BadEngineRange(Issue):
    """The range of engine versions that a spec requires cannot be read.

    Why it matters: whether this engine is new enough is decided before anything else is read.
    Example: `engine: ^1.2`, or `engine: {param: version}`.
    What to do: write comparisons joined by commas, such as ">=1.2,<2".
    """

    code = "SPC255"
    name = "bad-engine-range"
    template = "the range {range!r} cannot be read"
    hint = 'write comparisons joined by commas, such as ">=1.2,<2"'

    range: str


class ValueMissing(Issue):
    """A key stands there without a value.

    Why it matters: it says nothing, though whoever wrote it meant something; null has a meaning in value tables only.
    Example: `color:` with nothing behind the colon, or `lookup: null`.
    What to do: give the value, or remove the key.
    """

    code = "SPC256"
    name = "value-missing"
    template = "the key {key!r} has no value"
    hint = "give it one, or remove the key"

    key: str


ISSUES: tuple[type[Issue], ...] = (
    SpecNotFound, NotAMapping, UnknownParameter, BadParameter, UnusedParameter, BadEngineRange, ValueMissing,
)  # fmt: skip
