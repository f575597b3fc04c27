"""Issues of a spec's file as a whole: SPC201 to SPC206; `mapper.findings.spec` has the table of all."""

from __future__ import annotations

from mapper.findings.base import Issue


class TooLarge(Issue):
    """A spec file of more than 4 MiB.

    Why it matters: it is refused before it is parsed, so that a hostile file costs nothing.
    Example: an export given where a spec is expected.
    What to do: give the spec; split a very long one over packs with `extends`.
    """

    code = "SPC201"
    name = "too-large"
    template = "the file has {size} bytes, more than the limit of {limit}"
    hint = "is this the spec? a long one can be split over packs with `extends`"

    size: int
    limit: int


class NotUtf8(Issue):
    """Bytes that are not UTF-8.

    Why it matters: guessing another encoding would change labels and titles in silence.
    Example: a file saved as Latin-1 or UTF-16 by an editor on Windows.
    What to do: save the file as UTF-8; a byte order mark at its start is fine.
    """

    code = "SPC202"
    name = "not-utf8"
    template = "byte 0x{byte:02x} is not UTF-8"
    hint = "save the file as UTF-8"

    byte: int


class ForbiddenCharacter(Issue):
    r"""A control character, an unusual line break, a byte order mark in mid-text or half of a surrogate pair.

    Why it matters: parsers drop or fold such characters, so that a value would not keep its text.
    Example: a pasted U+2028, or the escape "\ud83d" without its second half.
    What to do: remove it, or write it as an escape in double quotes, for example "\u2028".
    """

    code = "SPC203"
    name = "forbidden-character"
    template = "the character U+{point:04X} cannot stand here"
    hint = "remove it, or write it as an escape in double quotes"

    point: int


class EmptyDocument(Issue):
    """A file without content.

    Why it matters: an empty spec says nothing about any label.
    Example: a file that holds comments only, or `---` and nothing else.
    What to do: write the spec, or let `mapper init` draft one from an export.
    """

    code = "SPC204"
    name = "empty-document"
    template = "the file holds no document"
    hint = "write the spec, or let `mapper init` draft one from an export"


class SecondDocument(Issue):
    """More than one YAML document in a file.

    Why it matters: only one can be meant, and the other would be ignored in silence.
    Example: a line `---` between two halves of a spec.
    What to do: remove the line, or put the second document into a file of its own.
    """

    code = "SPC205"
    name = "second-document"
    template = "a second document begins here"
    hint = "one file holds one spec: remove the `---`, or use two files"


class Directive(Issue):
    """A YAML directive at the top of the file.

    Why it matters: it changes how the text is read, and a JSON twin cannot say it.
    Example: `%YAML 1.1` or `%TAG ! tag:example.org,2026:`.
    What to do: remove the line.
    """

    code = "SPC206"
    name = "directive"
    template = "the directive {directive} is not allowed"
    hint = "remove the line"

    directive: str


FILE_ISSUES: tuple[type[Issue], ...] = (
    TooLarge, NotUtf8, ForbiddenCharacter, EmptyDocument, SecondDocument, Directive,
)  # fmt: skip
