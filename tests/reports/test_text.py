"""Findings as text: the shape that people and editors rely on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.findings.base import Finding, Location, Sample, Severity
from mapper.reports import REPORTS
from mapper.reports.request import Request
from mapper.reports.style import Style, paint, plural, visible
from mapper.reports.text import concise, full, tally

LINES = ("rules:", *[""] * 50, "            - {from: type, to: Body, type: radio, lookup: body}")
SPEC = Location(file="traffic.yaml", line=52, column=59, end_line=52, end_column=63)
SOURCE = Location(file="annotations.xml", line=1482, image="street/0017.jpg", shape="rectangle 4")
MESSAGE = "attribute 'type' has value 'van', which the lookup does not list"


def finding(
    *,
    code: str = "MAP302",
    severity: Severity = Severity.ERROR,
    message: str = MESSAGE,
    spec: Location | None = SPEC,
    sources: tuple[Location, ...] = (SOURCE,),
    count: int = 1,
    label: str = "car",
    rule: str = "car",
    hint: str = "add the value to `lookups.body.rows`, or change what its `otherwise` says",
) -> Finding:
    """A finding; by default the one of the reference."""
    samples = tuple(Sample(message=message, source=source) for source in sources)
    return Finding(
        code=code,
        name="some-name",
        severity=severity,
        message=message,
        hint=hint,
        count=count,
        samples=samples,
        rule=rule,
        label=label,
        spec=spec,
    )


def request(*findings: Finding, style: Style = Style(), limit: int | None = None, file: str = "") -> Request:  # noqa: B008 - frozen
    """A request with the text of the spec."""
    return Request(findings=findings, texts={"traffic.yaml": LINES}, style=style, limit=limit, file=file)


def test_the_full_form_is_the_one_of_the_reference() -> None:
    """Code and message, arrow, excerpt with carets, place in the data, help."""
    assert full(request(finding())) == (
        "MAP302 attribute 'type' has value 'van', which the lookup does not list\n"
        "  --> traffic.yaml:52:59  rule car\n"
        "   |\n"
        "52 |             - {from: type, to: Body, type: radio, lookup: body}\n"
        "   |                                                           ^^^^\n"
        "  ::: annotations.xml:1482  image street/0017.jpg, rectangle 4, label car\n"
        "help: add the value to `lookups.body.rows`, or change what its `otherwise` says\n"
    )


def test_the_concise_form_is_one_line() -> None:
    """Editors and grep take ``file:line:column: CODE message``."""
    assert concise(request(finding())) == f"traffic.yaml:52:59: MAP302 {MESSAGE} (label car)\n"
    assert concise(request(finding(spec=None, count=1204))) == f"annotations.xml:1482: MAP302 {MESSAGE} (label car, 1,204 times)\n"
    assert (
        concise(request(finding(spec=None, sources=(), label="van", severity=Severity.INFO), file="a.yaml"))
        == f"a.yaml: MAP302 info: {MESSAGE}\n"
    )


def test_without_a_spec_place_the_data_has_the_arrow() -> None:
    """The first place is always behind an arrow; further ones and the count follow."""
    other = Location(file="annotations.xml", line=1490)
    text = full(request(finding(spec=None, sources=(SOURCE, other), count=7, severity=Severity.WARNING)))
    assert text.splitlines() == [
        f"MAP302 warning: {MESSAGE}",
        "  --> annotations.xml:1482  image street/0017.jpg, rectangle 4, label car",
        "  ::: annotations.xml:1490  label car",
        "  = 7 times in all",
        "help: add the value to `lookups.body.rows`, or change what its `otherwise` says",
    ]


def test_places_with_a_message_of_their_own_tell_it() -> None:
    """One cause can have several sentences; each place shows its own."""
    one = finding()
    samples = (*one.samples, Sample(message="attribute 'type' has value 'bus'", source=SOURCE))
    two = Finding(code="MAP302", name="n", severity=Severity.ERROR, message=MESSAGE, hint="", count=2, samples=samples)
    assert "label" not in full(request(two))
    assert full(request(two)).splitlines()[-1].endswith("rectangle 4: attribute 'type' has value 'bus'")


@pytest.mark.parametrize("line", [5, 52, 520])
def test_gutters_line_up(line: int) -> None:
    """The arrow points from under the bar, however many digits the line number has."""
    place = Location(file="traffic.yaml", line=line, column=1, end_line=line, end_column=3)
    lines = full(Request(findings=[finding(spec=place)], texts={"traffic.yaml": ["abc"] * 600})).splitlines()
    bars = {text.index("|") for text in lines[2:5]}
    assert bars == {lines[1].index("-->") + 1}


def test_errors_come_first_and_the_limit_counts() -> None:
    """A short report shows what matters most."""
    several = [finding(code="MAP303", severity=Severity.INFO), finding(code="MAP301"), finding(code="MAP304", severity=Severity.WARNING)]
    text = full(request(*several, limit=2))
    assert [line.split()[0] for line in text.splitlines() if line.startswith("MAP")] == ["MAP301", "MAP304"]
    assert text.count("\n\nMAP304") == 1


def test_colours_only_when_asked_for() -> None:
    """Plain text holds no escape sequence; in colour, taking them away gives the plain text."""
    plain, colored = full(request(finding())), full(request(finding(), style=Style(color=True)))
    assert "\x1b" not in plain
    assert "\x1b[31;1mMAP302" in colored
    stripped = colored
    for codes in ("31;1", "31", "34", "36;1", "0"):
        stripped = stripped.replace(f"\x1b[{codes}m", "")
    assert stripped == plain


def test_names_cannot_act_on_the_terminal() -> None:
    """Escape sequences and changes of the writing direction in a label, image or message are shown, not obeyed."""
    nasty = "a\x1b[31mb\u202ec\nd\x07"
    place = Location(file="annotations.xml", line=3, image=nasty)
    text = full(request(finding(message=nasty, label=nasty, spec=None, sources=(place,))))
    assert not set(text) & {"\x1b", "\u202e", "\x07"}
    assert len(text.splitlines()) == 3


@given(st.text())
def test_visible_is_one_line_that_a_terminal_only_prints(text: str) -> None:
    """Whatever comes in, what goes out is a single line of printable characters, and printable ASCII stays as it is."""
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert "\x1b" not in shown
    assert visible(shown) == shown


def test_words() -> None:
    """Counts agree with their nouns, have separators, and painting nothing gives nothing."""
    assert plural(1, "image") == "1 image"
    assert plural(1204, "image") == "1,204 images"
    assert plural(0, "shape or tag", "shapes and tags") == "0 shapes and tags"
    assert paint("", Style(color=True), "red") == ""
    found = [finding(), finding(), finding(severity=Severity.INFO)]
    assert tally(found) == "2 errors, 1 info"
    assert tally([]) == ""


def test_nothing_found_is_no_text() -> None:
    """An empty report of lines is empty, so that pipes see nothing."""
    assert [REPORTS[name](Request(findings=())) for name in ("full", "concise", "json-lines")] == ["", "", ""]
