"""Issues of a spec's text, before its meaning is looked at: SPC207 to SPC218; `mapper.findings.spec` has the table of all."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class SyntaxProblem(Issue):
    """Text that is neither YAML nor JSON.

    Why it matters: nothing after that place can be read.
    Example: a bracket that is not closed, or `message: no rule: stop` without quotes.
    What to do: correct the place shown; text with special characters goes into quotes.
    """

    code = "SPC207"
    name = "syntax"
    template = "this is not valid YAML: {problem}"
    hint = "{advice}"

    problem: str
    advice: str = ""


class DuplicateKey(Issue):
    """A key that occurs twice in one mapping.

    Why it matters: most tools keep the last in silence; here neither is taken on trust.
    Example: two entries `car:` in one lookup.
    What to do: remove or rename one of them.
    """

    code = "SPC208"
    name = "duplicate-key"
    template = "the key {key!r} occurs again; it was first given at line {line}, column {column}"
    hint = "remove or rename one of them"

    key: str
    line: int
    column: int


class KeyNotText(Issue):
    """A key that is a number, a boolean, null, a list or a mapping.

    Why it matters: JSON has text keys only, and `true` unquoted would not be the value "true" of an attribute.
    Example: `options: {true: Damaged}`, or `name: {{ label }}` without quotes.
    What to do: put the key into quotes; for a template, put the whole text into quotes.
    """

    code = "SPC209"
    name = "key-not-text"
    template = "a key must be text, this is {what}"
    hint = "{advice}"

    what: str
    advice: str = "put it into quotes"


class MergeKey(Issue):
    """The YAML merge key `<<`.

    Why it matters: it is not part of YAML 1.2 nor of JSON, and what it overrides depends on the tool.
    Example: `<<: *defaults`.
    What to do: use `lookups`, `policy` or `extends`; quote "<<" if it is text.
    """

    code = "SPC210"
    name = "merge-key"
    template = "the merge key `<<` is not allowed"
    hint = "use `lookups`, `policy` or `extends` to share settings"


class Anchor(Issue):
    """A YAML anchor.

    Why it matters: anchors and aliases can explode in memory, and a JSON twin cannot say them.
    Example: `base: &base {kind: polygon}`.
    What to do: use `lookups`, `policy` or `extends`; quote the text if `&` begins a name.
    """

    code = "SPC211"
    name = "anchor"
    template = "the anchor {anchor!r} is not allowed"
    hint = "write the value out, or share it with `lookups` or `extends`; text that begins with & goes into quotes"

    anchor: str


class Alias(Issue):
    """A YAML alias.

    Why it matters: aliases can explode in memory, and a JSON twin cannot say them.
    Example: `geometry: *base`, or the glob `*_left` without quotes.
    What to do: write the value out; put a glob into quotes.
    """

    code = "SPC212"
    name = "alias"
    template = "the alias {alias!r} is not allowed"
    hint = "write the value out; text that begins with * goes into quotes"

    alias: str


class Tag(Issue):
    """An explicit YAML tag on a value, list or mapping.

    Why it matters: tags make some loaders build objects, and a JSON twin cannot say them.
    Example: `!!set {a, b}` or `!custom text`.
    What to do: remove the tag; put text that begins with `!` into quotes.
    """

    code = "SPC213"
    name = "tag"
    template = "the tag {tag!r} is not allowed"
    hint = "remove it; text that begins with ! goes into quotes"

    tag: str


class EntryWithoutValue(Issue):
    """A mapping entry that has no colon and no value.

    Why it matters: YAML would read it as null, which means something else here.
    Example: `{a: 1, b}`.
    What to do: give it a value; write `b: null` if null is meant.
    """

    code = "SPC214"
    name = "entry-without-value"
    template = "the key {key!r} has no value"
    hint = "give it one, or write `null`"

    key: str


class TooDeep(Issue):
    """Lists and mappings nested deeper than any spec needs.

    Why it matters: deep nesting crashes parsers; reading stops at the limit.
    Example: a thousand opening brackets.
    What to do: flatten the conditions; `any` and `all` rarely need more than three levels.
    """

    code = "SPC215"
    name = "too-deep"
    template = "lists and mappings are nested more than {limit} levels deep"
    hint = "flatten it; nothing after this place was read"

    limit: int


class TooManyNodes(Issue):
    """More values than any spec needs.

    Why it matters: reading stops at the limit, so that a hostile file cannot fill the memory.
    Example: an export in JSON given where a spec is expected.
    What to do: give the spec; split a very long one over packs with `extends`.
    """

    code = "SPC216"
    name = "too-many-nodes"
    template = "the document has more than {limit} values"
    hint = "is this the spec? a long one can be split over packs with `extends`"

    limit: int


class BooleanLookalike(Issue):
    """An unquoted word that is text here and a boolean to some other tools.

    Why it matters: a formatter or editor may rewrite `no` as `false`.
    Example: `options: {no: Absent}`.
    What to do: put the word into quotes.
    """

    code = "SPC217"
    name = "boolean-lookalike"
    severity = Severity.INFO
    template = "{text!r} is text here; some tools read it as a boolean when it is not quoted"
    hint = "put it into quotes"

    text: str


class NumberLookalike(Issue):
    """An unquoted number in a spelling that JSON does not have, so that it is text here.

    Why it matters: `007` must not become 7; where a number is meant, text is refused.
    Example: `007`, `0x1F`, `1_000`, `.5`, `1e999`, or an integer of more than 19 digits.
    What to do: put text into quotes; write a number as JSON does (7, 31, 1000, 0.5).
    """

    code = "SPC218"
    name = "number-lookalike"
    severity = Severity.INFO
    template = "{text!r} is text here; some tools read it as a number when it is not quoted"
    hint = "put it into quotes if it is text; write a number as JSON does (7, 0.5, 1000)"

    text: str


TEXT_ISSUES: tuple[type[Issue], ...] = (
    SyntaxProblem, DuplicateKey, KeyNotText, MergeKey, Anchor, Alias, Tag, EntryWithoutValue, TooDeep,
    TooManyNodes, BooleanLookalike, NumberLookalike,
)  # fmt: skip
