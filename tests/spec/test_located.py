"""Strict loading: every measured trap of YAML and JSON is a finding with a place, and nothing is guessed."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.findings.base import Severity
from mapper.spec.located import MAX_BYTES, MAX_DEPTH, MAX_NODES, Located, Pointer, Span, load_located

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])


def load(text: str | bytes, *, pure: bool = False) -> Located:
    """Load a text under the name ``spec.yaml``."""
    return load_located(text if isinstance(text, bytes) else text.encode(), "spec.yaml", pure=pure)


def found(located: Located) -> list[tuple[str, str]]:
    """Code and line:column of each finding."""
    return [(issue.code, f"{place.line}:{place.column}") for issue, place in located.findings]


@PARSERS
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("~", None),
        ("Null", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("-7", -7),
        ("1234567890123456789", 1234567890123456789),
        ("0.5", 0.5),
        ("-1.5e3", -1500.0),
        ("1e3", 1000.0),
        ("2027-01-01", "2027-01-01"),
        ("2.3.0", "2.3.0"),
        ("mapping/v1", "mapping/v1"),
        ("'true'", "true"),
        ('"007"', "007"),
        ("'no'", "no"),
        ("'~'", "~"),
        ("''", ""),
        ('"1e999"', "1e999"),
    ],
)
def test_scalars_are_what_json_says_in_the_same_letters(text: str, value: object, *, pure: bool) -> None:
    """Core scalars get their type, quoted ones and dates stay text, without any finding."""
    located = load(f"key: {text}\n", pure=pure)
    assert located.value == {"key": value}
    assert type(located.value["key"]) is type(value)
    assert located.findings == ()


@PARSERS
@pytest.mark.parametrize("text", ["yes", "No", "ON", "off", "y", "N"])
def test_words_that_others_read_as_booleans_stay_text(text: str, *, pure: bool) -> None:
    """`no` stays "no", as value and as key, with a hint that does not invalidate the spec."""
    located = load(f"{text}: {text}\n", pure=pure)
    assert located.value == {text: text}
    assert found(located) == [("SPC217", "1:1"), ("SPC217", f"1:{len(text) + 3}")]
    assert all(issue.severity is Severity.INFO for issue, _ in located.findings)
    assert located.valid
    assert load(f"'{text}': \"{text}\"\n", pure=pure).findings == ()


def test_on_and_yes_do_not_collapse_into_one_key() -> None:
    """YAML 1.1 makes {True: 2} of this."""
    assert load("on: 1\nyes: 2\n").value == {"on": 1, "yes": 2}


@PARSERS
@pytest.mark.parametrize(
    "text",
    [
        "007", "-010", "1_000", "1:30", "0x1F", "0o17", "0b1", "+5", ".5", "5.", "1e999", "-1e400", "1e-999", "0.0e", ".inf",
        "-.Inf", ".nan", "NaN", "Infinity", "-Infinity", "12345678901234567890", "9" * 4000, "1" + "0" * 70 + "e2",
    ],
)  # fmt: skip
def test_numbers_that_json_does_not_have_keep_their_text(text: str, *, pure: bool) -> None:
    """A number keeps its spelling where a float or JSON could not hold it."""
    located = load(f"key: {text}\n", pure=pure)
    assert located.value == {"key": text}
    assert located.valid
    if text not in {"0.0e", "1" + "0" * 70 + "e2"}:
        assert found(located) == [("SPC218", "1:6")]


@PARSERS
def test_a_key_given_twice_names_both_places(*, pure: bool) -> None:
    """The first value stays, the finding stands at the second key and names the first."""
    located = load("a: 1\nb: {c: 1}\nb: {c: 2, d: 3}\n", pure=pure)
    assert located.value == {"a": 1, "b": {"c": 1}}
    assert found(located) == [("SPC208", "3:1")]
    assert "line 2, column 1" in located.findings[0][0].message()
    assert located.values["b", "c"] == Span(2, 8, 2, 9)
    assert ("b", "d") not in located.values


@PARSERS
@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": 1, "\\u0061": 2}', "{a: 1, 'a': 2}"])
def test_keys_are_compared_as_text(text: str, *, pure: bool) -> None:
    """Quotes and escapes do not make another key."""
    assert [code for code, _ in found(load(text, pure=pure))] == ["SPC208"]


@PARSERS
def test_aliases_anchors_and_merge_keys_are_refused(*, pure: bool) -> None:
    """Each has its own code and place; nothing is merged."""
    located = load("base: &base {kind: polygon}\nrule:\n  <<: *base\n  geometry: *base\n*base : 1\n", pure=pure)
    assert found(located) == [
        ("SPC211", "1:7"), ("SPC210", "3:3"), ("SPC212", "3:7"), ("SPC212", "4:13"), ("SPC212", "5:1"),
    ]  # fmt: skip
    assert located.value == {"base": {"kind": "polygon"}, "rule": {"geometry": None}}
    assert not located.valid
    assert load('"<<": 1', pure=pure).findings == ()


@PARSERS
def test_an_alias_bomb_and_a_cycle_cost_nothing(*, pure: bool) -> None:
    """306 bytes that describe millions of nodes give findings only."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]\n" for above, name in zip("abcdef", "bcdefg", strict=True)
    )
    assert {code for code, _ in found(load(bomb, pure=pure))} == {"SPC211", "SPC212"}
    assert load("a: &a [*a]", pure=pure).value == {"a": [None]}


@PARSERS
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("!!str 5", ["1:1"]),
        ("a: ! b", ["1:4"]),
        ("!!set {a: 1}", ["1:1"]),
        ("a: !foo [1]", ["1:4"]),
        ("- !!omap\n  - a: 1\n", ["1:3"]),
        ("!k a: 1", ["1:1"]),
        ("!<tag:example.org,2026:x> 1", ["1:1"]),
        ("a: !!python/object/apply:os.system [ls]", ["1:4"]),
    ],
)
def test_tags_on_any_node_are_refused(text: str, places: list[str], *, pure: bool) -> None:
    """Scalars, keys, lists and mappings alike; the first loader checked scalars only."""
    assert [place for code, place in found(load(text, pure=pure)) if code == "SPC213"] == places


@PARSERS
@pytest.mark.parametrize("text", ["%YAML 1.1\n", "%TAG ! tag:example.org,2026:\n", "%FOO bar\n", "%YAML 9.9\n", "# note\n\n%YAML 1.2\r\n"])
def test_directives_are_refused(text: str, *, pure: bool) -> None:
    """Also those that one parser ignores and the other refuses."""
    located = load(f"{text}---\na: 1\n", pure=pure)
    assert found(located) == [("SPC206", f"{text.count(chr(10))}:1")]
    assert located.value == {"a": 1}
    assert load("# %YAML 1.1\na: '%x'\n", pure=pure).findings == ()


@PARSERS
@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "--- a\n--- b\n", "a\n...\n---\n", "a\n---\n"])
def test_a_second_document_is_refused(text: str, *, pure: bool) -> None:
    """Neither of two documents is taken."""
    located = load(text, pure=pure)
    assert "SPC205" in [code for code, _ in found(located)]
    assert located.value is None


@PARSERS
@pytest.mark.parametrize("text", ["", "\n\n", "# only a note\n", "---\n", "---\n...\n", "\ufeff"])
def test_an_empty_document_is_a_finding(text: str, *, pure: bool) -> None:
    """Nothing is not null."""
    assert [code for code, _ in found(load(text, pure=pure))] == ["SPC204"]
    assert load("null", pure=pure).findings == ()


@PARSERS
@pytest.mark.parametrize(
    ("text", "what"),
    [("1: x", "a number (1)"), ("1.5: x", "a number (1.5)"), ("true: x", "a boolean (true)"), ("null: x", "null (null)"),
     ("~: x", "null (~)"), ("{? : x}", "nothing"), ("[a]: x", "a list"), ("{a: 1}: x", "a mapping"), ("? - a\n: x", "a list")],
)  # fmt: skip
def test_keys_must_be_text(text: str, what: str, *, pure: bool) -> None:
    """JSON has no other keys."""
    located = load(text, pure=pure)
    assert [code for code, _ in found(located)] == ["SPC209"]
    assert located.findings[0][0].message() == f"a key must be text, this is {what}"


@PARSERS
def test_an_unquoted_template_gets_one_finding_that_says_so(*, pure: bool) -> None:
    """`name: {{ label }}` is a mapping in a mapping to YAML; the advice is to quote the text."""
    located = load("name: {{ label }}\n", pure=pure)
    assert found(located) == [("SPC209", "1:8")]
    assert located.findings[0][0].help() == "a text with a {{ template }} goes into quotes"


@PARSERS
@pytest.mark.parametrize(("text", "place"), [("{a: 1, b}", "1:8"), ("{b, a: 1}", "1:2"), ("{b # x: y\n}", "1:2"), ("? b\n", "1:3")])
def test_an_entry_without_colon_is_refused(text: str, place: str, *, pure: bool) -> None:
    """`{a: 1, b}` is not {b: null}; an explicit colon is YAML's null."""
    assert found(load(text, pure=pure)) == [("SPC214", place)]
    assert load("{a: 1, b: }", pure=pure).value == {"a": 1, "b": None}
    assert load("a:\nb:\n  -\n", pure=pure).value == {"a": None, "b": [None]}


@PARSERS
@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_depth_is_capped_while_reading(unit: str, *, pure: bool) -> None:
    """100 000 levels crash a composer; here reading stops at the limit."""
    located = load(unit * 100_000, pure=pure)
    assert "SPC215" in [code for code, _ in found(located)]
    assert located.value is None


@PARSERS
def test_the_depth_that_is_allowed(*, pure: bool) -> None:
    """32 levels load, 33 do not."""
    assert load("[" * MAX_DEPTH + "]" * MAX_DEPTH, pure=pure).findings == ()
    assert found(load("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), pure=pure)) == [("SPC215", f"1:{MAX_DEPTH + 1}")]


def test_the_number_of_values_is_capped() -> None:
    """The list itself counts as one."""
    assert load("- a\n" * (MAX_NODES - 1)).findings == ()
    assert [code for code, _ in found(load("- a\n" * MAX_NODES))] == ["SPC216"]


def test_size_is_capped_before_parsing() -> None:
    """4 MiB are read, one byte more is not even decoded."""
    assert load(b"# " + b"x" * (MAX_BYTES - 8) + b"\na: 1\n").findings == ()
    located = load(b"\xff" * (MAX_BYTES + 1))
    assert [issue.code for issue, _ in located.findings] == ["SPC201"]
    assert located.lines == ()


@pytest.mark.parametrize(
    ("data", "place"),
    [(b"a: \xe4\n", "1:4"), (b"a: 1\r\nb: \xc3\xa4\xff", "2:5"), ("a: 1".encode("utf-16"), "1:1"), (b"\xed\xa0\x80", "1:1")],
)
def test_bytes_that_are_not_utf8_are_refused(data: bytes, place: str) -> None:
    """The place counts characters, not bytes."""
    assert found(load(data)) == [("SPC202", place)]


def test_a_byte_order_mark_may_open_the_file() -> None:
    """It is not part of the first key, and columns do not count it."""
    located = load(b"\xef\xbb\xbfa: 1\n")
    assert located.value == {"a": 1}
    assert located.keys["a",] == Span(1, 1, 1, 2)


@PARSERS
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe"])
def test_characters_that_parsers_fold_or_hide_are_refused(character: str, *, pure: bool) -> None:
    """YAML 1.1 folds U+0085 and U+2028 as line breaks; JSON keeps them. Escaped, they are kept."""
    assert found(load(f'a: 1\nb: "x{character}y"\n', pure=pure)) == [("SPC203", "2:6")]
    assert load(f'"x\\u{ord(character):04x}y"', pure=pure).value == f"x{character}y"


@PARSERS
def test_json_surrogate_pairs_are_joined(*, pure: bool) -> None:
    """Libyaml refuses them and PyYAML's own parser leaves two halves; half of a pair is refused."""
    located = load('{"\\ud83d\\ude00": "a\\uD83D\\uDE00b", "x": "\\\\ud83d"}', pure=pure)
    assert located.value == {"😀": "a😀b", "x": "\\ud83d"}
    assert located.findings == ()
    assert found(load('["\\ud83d"]', pure=pure)) == [("SPC203", "1:2")]
    assert found(load('{"\\ude00": 1}', pure=pure)) == [("SPC203", "1:2")]


@PARSERS
def test_json_may_be_indented_with_tabs(*, pure: bool) -> None:
    """As json.dumps writes it with a tab for its indent."""
    value = {"a": [1, {"b": "😀"}], "c": {}}
    assert load(json.dumps(value, indent="\t"), pure=pure).value == value
    assert found(load("a:\n\tb: 1\n", pure=pure)) == [("SPC207", "2:1")]


@PARSERS
@pytest.mark.parametrize(
    ("text", "place", "advice"),
    [
        ("[1", "1:3", "bracket"),
        ("like: *.jpg\n", "1:8", "goes into quotes"),
        ("a: b: c\n", "1:5", "goes into quotes"),
        ("a: @x\n", "1:4", "goes into quotes"),
        ("a:\n\tb: 1\n", "2:1", "spaces"),
        ('name: "x" {{ label }}\n', "1:11", "quotes"),
        ('a: "\\d"\n', "1:6", "backslash"),
        ("'open", "1:6", "not closed"),
    ],
)
def test_a_syntax_error_has_a_place_and_advice(text: str, place: str, advice: str, *, pure: bool) -> None:
    """Nothing is taken from a text that cannot be read to its end."""
    located = load(text, pure=pure)
    ((code, at),) = found(located)
    line, column = map(int, at.split(":"))
    assert (code, line) == ("SPC207", int(place.split(":", maxsplit=1)[0]))
    assert abs(column - int(place.split(":")[1])) <= 1  # the parsers differ on escapes
    assert advice in located.findings[0][0].help()
    assert located.value is None


def test_an_escape_beyond_unicode_is_a_finding() -> None:
    """PyYAML's own parser raises OverflowError or ValueError for it."""
    for text in ('"\\UFFFFFFFF"', '"\\U00110000"'):
        for pure in (False, True):
            assert [code for code, _ in found(load(text, pure=pure))] == ["SPC207"]


@PARSERS
def test_spans_of_keys_and_values(*, pure: bool) -> None:
    """Lines and columns count from 1, ends are exclusive, a block ends with its last character."""
    located = load("rules:\n  - id: car\n    shapes: [box,\n      mask]\n\n  # note\ntext: |\n  one\n  two\n\nend: 'é😀'  # x\n", pure=pure)
    assert located.keys == {
        ("rules",): Span(1, 1, 1, 6),
        ("rules", 0, "id"): Span(2, 5, 2, 7),
        ("rules", 0, "shapes"): Span(3, 5, 3, 11),
        ("text",): Span(7, 1, 7, 5),
        ("end",): Span(11, 1, 11, 4),
    }
    assert located.values == {
        (): Span(1, 1, 11, 10),
        ("rules",): Span(2, 3, 4, 12),
        ("rules", 0): Span(2, 5, 4, 12),
        ("rules", 0, "id"): Span(2, 9, 2, 12),
        ("rules", 0, "shapes"): Span(3, 13, 4, 12),
        ("rules", 0, "shapes", 0): Span(3, 14, 3, 17),
        ("rules", 0, "shapes", 1): Span(4, 7, 4, 11),
        ("text",): Span(7, 7, 9, 6),
        ("end",): Span(11, 6, 11, 10),
    }
    assert located.lines[10] == "end: 'é😀'  # x"


def test_places_fall_back_to_what_is_there() -> None:
    """A pointer to nothing gives the nearest container, a list entry's key the entry."""
    located = load("a: {b: [1]}\n")
    assert str(located.place(("a", "b", 0, "x"))) == "spec.yaml:1:9"
    assert str(located.key_place(("a", "b"))) == "spec.yaml:1:5"
    assert str(located.key_place(("a", "b", 0))) == "spec.yaml:1:9"
    assert str(load("[").place(("a",))) == "spec.yaml"


@PARSERS
def test_line_breaks_of_every_system(*, pure: bool) -> None:
    """Lines are counted alike for LF, CRLF and CR."""
    for line_break in ("\n", "\r\n", "\r"):
        located = load(line_break.join(["a: 1", "b:", "  - 2", ""]), pure=pure)
        assert located.value == {"a": 1, "b": [2]}
        assert located.values["b", 0] == Span(3, 5, 3, 6)
        assert located.lines == ("a: 1", "b:", "  - 2", "")


TWINS = [
    ("a: [1, 0.5, true, null, no]\nb: {c: '007', d: 007}\n", '{"a": [1, 0.5, true, null, "no"], "b": {"c": "007", "d": "007"}}'),
    ("- x: >-\n    folded\n    text\n- |\n  kept\n", '[{"x": "folded text"}, "kept\\n"]'),
    ('options: {"true": Damaged, "false": null}\n', '{"options": {"true": "Damaged", "false": null}}'),
    ("until: 2027-01-01\nid: 12345678901234567890\n", '{"until": "2027-01-01", "id": "12345678901234567890"}'),
]


@PARSERS
@pytest.mark.parametrize(("text", "twin"), TWINS)
def test_a_yaml_document_equals_its_json_twin(text: str, twin: str, *, pure: bool) -> None:
    """The same loader reads both, and json agrees."""
    assert load(text, pure=pure).value == load(twin, pure=pure).value == json.loads(twin)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**19) + 1, 10**19 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
    | st.sampled_from(["no", "007", "~", "1e3", "<<", "a: b", "#", "- x", "{{ x }}", "%", "\u2028", " ", "\n", "é\n\n b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


class _QuotingDumper(yaml.SafeDumper):
    """Quotes every text: what is not quoted is typed by YAML 1.1's rules, which are not ours."""


_QuotingDumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def exactly(value: Any) -> Any:
    """A value that compares with its types and signs: 1, 1.0 and True differ, and so do 0.0 and -0.0."""
    if isinstance(value, dict):
        return {key: exactly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exactly(item) for item in value]
    return (type(value), value, math.copysign(1, value) if isinstance(value, float) else 0)


@given(value=json_values, ascii_only=st.booleans(), indent=st.sampled_from([None, 2, "\t"]), pure=st.booleans())
@settings(max_examples=150, deadline=None)
def test_json_loads_back(value: Any, ascii_only: bool, indent: int | str | None, pure: bool) -> None:  # noqa: FBT001 - hypothesis
    """Any JSON value comes back with its types; characters that must be escaped are refused, not changed."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).replace("\x7f", "\\u007f")
    located = load(text, pure=pure)
    if ascii_only or [code for code, _ in found(located)] != ["SPC203"]:
        assert located.findings == ()
        assert exactly(located.value) == exactly(value)


@given(value=json_values, unicode=st.booleans(), flow=st.sampled_from([True, False, None]))
@settings(max_examples=150, deadline=None)
def test_yaml_loads_back(value: Any, unicode: bool, flow: bool | None) -> None:  # noqa: FBT001 - hypothesis
    """Any JSON value dumped as YAML comes back with its types."""
    text = yaml.dump(value, Dumper=_QuotingDumper, allow_unicode=unicode, default_flow_style=flow)
    located = load(text)
    assert located.findings == ()
    assert exactly(located.value) == exactly(value)


def pointers(value: Any, pointer: Pointer = ()) -> set[Pointer]:
    """The pointers of all nodes."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {pointer}.union(*(pointers(item, (*pointer, key)) for key, item in entries))


@given(value=json_values)
@settings(max_examples=60, deadline=None)
def test_every_node_has_a_span(value: Any) -> None:
    """The span table knows exactly the nodes of the value."""
    located = load(json.dumps(value).replace("\x7f", "\\u007f"))
    assert set(located.values) == pointers(value)
    assert set(located.keys) == {pointer for pointer in pointers(value) if pointer and isinstance(pointer[-1], str)}


pieces = st.sampled_from(
    [*"{}[],:?-&*!|>'\"%@`#~ \n\r\t\\ab01.e", "\n  ", "\n    ", "- ", ": ", "? ", "<<: ", "---\n", "...\n", "%YAML 1.2\n", "!!str ",
     "&a ", "*a", "null", "007", "\\ud83d\\ude00", "\\ud83d", "\\UFFFFFFFF", "😀", "\u2028", "{{ a }}", "|-\n",
     "%TAG ! tag:x,2000:\n", f"%YAML {'9' * 5000}.1\n"]
)  # fmt: skip


@given(text=st.lists(pieces, max_size=25).map("".join), pure=st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_text_raises(text: str, pure: bool) -> None:  # noqa: FBT001 - hypothesis
    """Whatever the text, the answer is a value or findings, and a valid one has all its spans."""
    located = load(text, pure=pure)
    assert located.valid or located.findings
    if located.valid:
        assert pointers(located.value) <= set(located.values)
    for _, place in located.findings:
        assert place.line <= len(located.lines) + 1


@given(data=st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(data: bytes) -> None:
    """Not even bytes that are no text."""
    assert isinstance(load(data).findings, tuple)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", ["[", "{", '"', "'", "- ", "? ", "a: ", "&a ", "*a ", "!", "%\n", "#", "\t", "|\n", "\r\n", "[],", '"\\n'])
def test_hostile_repetition_ends(unit: str) -> None:
    """A mebibyte of one mark is answered (the timeout is the assertion)."""
    assert load(unit * (2**20 // len(unit) | 1)).findings
