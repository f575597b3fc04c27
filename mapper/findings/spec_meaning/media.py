"""Issues of a spec's `media:` section: SPC282 to SPC284."""

from __future__ import annotations

from mapper.findings.base import Issue, Severity


class BadFilenameRule(Issue):
    """A rule under `media.filenames` that makes no name.

    Why it matters: an image has a name, so a file whose name comes out empty would belong to nothing.
    Example: an empty table, a row with an empty name, or `{2}` in `name` where `like` has one `*`.
    What to do: give the names, or take the rule out.
    """

    code = "SPC282"
    name = "bad-filename-rule"
    template = "{problem}"
    hint = "give the names, or take the rule out"

    problem: str


class FilenameClash(Issue):
    """Two rows of a table under `media.filenames` give the same image.

    Why it matters: no telling which of the two files the image is, so neither would be taken.
    Example: `table: {left.png: a.png, right.png: a.png}`.
    What to do: keep the row of the file that the image is.
    """

    code = "SPC283"
    name = "filename-clash"
    template = "{file!r} and {other!r} are both said to be image {image!r}"
    hint = "keep the row of the file that the image is"

    file: str
    other: str
    image: str


class IdleFilenameRule(Issue):
    """A rule under `media.filenames` that can change nothing, because of the rules before it.

    Why it matters: it looks as if it did something.
    Example: a table that speaks of `day1/a.png` behind `strip: folder`, or `strip: folder` twice.
    What to do: move it up, or take it out.
    """

    code = "SPC284"
    name = "idle-filename-rule"
    severity = Severity.WARNING
    template = "{rule} has no effect: {why}"
    hint = "move it before the rule that it depends on, or take it out"

    rule: str
    why: str


ISSUES: tuple[type[Issue], ...] = (BadFilenameRule, FilenameClash, IdleFilenameRule)
