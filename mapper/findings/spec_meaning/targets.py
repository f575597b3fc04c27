"""Issues of what rules make: lookups, templates, titles, conversions; SPC264 to SPC272."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class UnknownLookup(Issue):
    """An attribute names a value table that the spec does not have.

    Why it matters: no value could be turned into a title.
    Example: `lookup: boddy`, while `lookups` has `body`.
    What to do: correct the name, or add the table under `lookups`.
    """

    code = "SPC264"
    name = "unknown-lookup"
    template = "there is no lookup {lookup!r}"
    hint = "add it under `lookups`"

    lookup: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest table, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else self.hint


class UnusedLookup(Issue):
    """A value table that no attribute uses.

    Why it matters: whoever edits it believes that it has an effect.
    Example: a table `body` under `lookups`, and no `lookup: body`.
    What to do: use it, or remove it.
    """

    code = "SPC265"
    name = "unused-lookup"
    severity = Severity.WARNING
    template = "the lookup {lookup!r} is used nowhere"
    hint = "write `lookup: {lookup}` at an attribute, or remove the table"

    lookup: str


class BadTemplate(Issue):
    """A template that cannot be read, or that names something that does not exist.

    Why it matters: what it stands for could not be filled in.
    Example: `name: "{{ lable }}"`, or `value: "{{ image.name"`.
    What to do: correct it; templates are text with `{{ expression }}` holes.
    """

    code = "SPC266"
    name = "bad-template"
    template = "the template cannot be used: {problem}"

    problem: str
    suggestion: str = ""

    def help(self) -> str:
        """The nearest name, if one is near."""
        return f"did you mean `{self.suggestion}`?" if self.suggestion else "correct the template"


class NameNotAllowed(Issue):
    """A template uses a name that exists, but has no value at this place.

    Why it matters: titles and options must be known before any data is read, or the ontology would depend on the data.
    Example: `name: "{{ image.name }}"`; the image's name may stand in the value of a text attribute.
    What to do: use one of the names that the message lists.
    """

    code = "SPC267"
    name = "name-not-allowed"
    template = "{role} may not use {names}; it may use {allowed}"
    hint = "use one of the names listed, or move it into the `value` of an attribute"

    role: str
    names: str
    allowed: str


class BlankTitle(Issue):
    """A title or option without any visible character.

    Why it matters: Encord cannot tell such options apart, and people cannot read them.
    Example: `options: {"true": ""}`.
    What to do: give a title; null chooses no option.
    """

    code = "SPC268"
    name = "blank-title"
    template = "{role} is blank"
    hint = "give a title; in options and lookups, null means that no option is chosen"

    role: str


class BadColor(Issue):
    """A colour that is not written as #RRGGBB.

    Why it matters: Encord stores colours as six hexadecimal digits.
    Example: `color: red`, or `color: "#f00"`.
    What to do: write all six digits in quotes, or take CVAT's colour with "{{ label_color }}".
    """

    code = "SPC269"
    name = "bad-color"
    template = "{color!r} is no colour of the form #RRGGBB"
    hint = 'write six hexadecimal digits in quotes, such as "#D33115", or "{{{{ label_color }}}}"'

    color: str


class ImpossibleConversion(Issue):
    """A rule matches a kind of shape that its geometry cannot be made of.

    Why it matters: every such shape would be refused.
    Example: `shapes: [points]` with `geometry: {kind: polygon}`, or a rule for tags that emits an object.
    What to do: take another geometry, or a rule of its own for that kind.
    """

    code = "SPC270"
    name = "impossible-conversion"
    template = "CVAT's {kind} cannot become {target}: {why}"
    hint = "take another geometry, or give that kind a rule of its own"

    kind: str
    target: str
    why: str


class NothingNests(Issue):
    """Attributes of a classification whose root is not a radio.

    Why it matters: Encord nests attributes below the options of a radio only; elsewhere they would vanish.
    Example: `classification: {name: Note, type: text, …, attributes: […]}`.
    What to do: make the root a radio, or remove the attributes.
    """

    code = "SPC271"
    name = "nothing-nests"
    template = "a classification of type {type} cannot have attributes; they nest below the options of a radio only"
    hint = "make its type radio, or remove the attributes"

    type: str


class NeverDynamic(Issue):
    """`dynamic: true` where Encord holds one answer for all frames.

    Why it matters: attributes of classifications and those nested below an option are never dynamic in Encord.
    Example: `{from: state, to: State, type: radio, under: {…}, dynamic: true}`.
    What to do: remove `dynamic: true`, or do not nest the attribute.
    """

    code = "SPC272"
    name = "never-dynamic"
    template = "{where} is never dynamic in Encord"
    hint = "remove `dynamic: true`, or put the attribute on the object itself"

    where: str


ISSUES: tuple[type[Issue], ...] = (
    UnknownLookup, UnusedLookup, BadTemplate, NameNotAllowed, BlankTitle, BadColor, ImpossibleConversion, NothingNests,
    NeverDynamic,
)  # fmt: skip
