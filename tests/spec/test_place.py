"""From pydantic's errors to exact places, in words that speak of the spec."""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag, ValidationError, field_validator, model_validator

from mapper.findings.spec import ISSUES, UnknownKey, WrongChoice, WrongValue
from mapper.spec.located import Located, load_located
from mapper.spec.place import findings_from, locate


class Strict(BaseModel):
    """What the spec's models share."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Polygon(Strict):
    """A variant chosen by ``kind``."""

    kind: Literal["polygon"]
    points: int | None = None
    min_iou: Annotated[float, Field(ge=0, le=1)] | Literal["auto"] = "auto"


class Bitmask(Strict):
    """A variant with a forward reference, which pydantic resolves for its user only."""

    kind: Literal["bitmask", "mask"]
    otherwise: Target | None = None


class Target(Strict):
    """Holds a tagged union."""

    name: Annotated[str, Field(min_length=1)]
    geometry: Annotated[Polygon | Bitmask, Field(discriminator="kind")]


class Selector(Strict):
    """A member of plain unions; it nests."""

    like: str | None = None
    any: list[Selector] | None = None
    below: float | None = Field(None, alias="lt")


class Emit(Strict):
    """Chosen by its key, under a tag that equals the key."""

    id: str
    emit: list[Target]
    from_: str | Selector = Field("x", alias="from")


class Drop(Strict):
    """The other choice by key."""

    id: str
    drop: str
    until: date | None = None


def by_key(value: Any) -> str | None:
    """The tag of a rule: the key that it holds."""
    return next((key for key in ("emit", "drop") if isinstance(value, dict) and key in value), None)


class Color(Enum):
    """Words as an enumeration."""

    RED = "red"
    GREEN = "green"


class Names(RootModel[list[str]]):
    """A root model adds nothing to a location."""


class Spec(Strict):
    """All kinds of fields."""

    rules: list[Annotated[Annotated[Emit, Tag("emit")] | Annotated[Drop, Tag("drop")], Discriminator(by_key)]] = []
    label: str | list[str] | Selector | None = None
    tag: bool | str | list[str] | None = None
    number: int | float | list[int | float] | None = None
    lookups: dict[Annotated[str, Field(pattern="^[a-z]+$")], str | None] = {}
    box: tuple[float, float] | None = None
    severity: Literal["error", "warning"] = "error"
    shapes: list[Literal["rectangle", "mask"]] = []
    color: Color = Color.RED
    names: Names = Names([])
    flag: bool = False
    even: int = 0
    sizes: list[list[int]] = []

    @field_validator("even")
    @classmethod
    def _check_even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("{odd} numbers are not allowed")
        return value

    @model_validator(mode="after")
    def _check_both(self) -> Spec:
        if self.flag and self.shapes:
            raise ValueError("`flag` and `shapes` exclude one another")
        return self


def findings(text: str) -> tuple[Located, list[tuple[str, str, str, str]]]:
    """What is wrong with a spec: code, the text that the place marks, message, help."""
    located = load_located(text.encode(), "spec.yaml")
    assert located.valid, located.findings
    try:
        Spec.model_validate_json(json.dumps(located.value))
    except ValidationError as error:
        found = findings_from(error, located, Spec)
    else:
        found = []
    shown = []
    for issue, place in found:
        line = located.lines[place.line - 1]
        marked = line[place.column - 1 : place.end_column - 1 if place.line == place.end_line else None]
        shown.append((issue.code, marked, issue.message(), issue.help()))
    return located, shown


def only(text: str) -> tuple[str, str, str, str]:
    """The only thing that is wrong."""
    _, found = findings(text)
    assert len(found) == 1, found
    return found[0]


def test_ten_planted_mistakes_land_on_their_places() -> None:
    """Each on its own line and column, in the order of the text."""
    text = """\
rules:
  - id: 7
    emit:
      - {name: Car, geometry: {kind: polygn}}
      - {name: Car, geometry: {kind: polygon, points: many, pints: 3}}
    form: x
  - {id: a, drop: x, until: 2027-13-01}
lable: car
lookups: {sedan: 5}
severity: eror
box: [1, two]
"""
    located, found = findings(text)
    assert [marked for _, marked, _, _ in found] == [
        "7", "polygn", "many", "pints", "form", "2027-13-01", "lable", "5", "eror", "two",
    ]  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        Spec.model_validate_json(json.dumps(located.value))
    places = [(issue.code, f"{place.line}:{place.column}") for issue, place in findings_from(caught.value, located, Spec)]
    assert places == [
        ("SPC232", "2:9"), ("SPC233", "4:38"), ("SPC232", "5:55"), ("SPC230", "5:61"), ("SPC230", "6:5"), ("SPC232", "7:29"),
        ("SPC230", "8:1"), ("SPC232", "9:18"), ("SPC232", "10:11"), ("SPC232", "11:10"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        ("lable: x", "lable", "unknown key 'lable'", "did you mean `label`?"),
        ("Label: x", "Label", "unknown key 'Label'", "did you mean `label`?"),
        ("label: {lik: x}", "lik", "unknown key 'lik'", "did you mean `like`?"),
        ("label: {below: 1}", "below", "unknown key 'below'", "allowed here: like, any, lt"),
        ("rules: [{id: a, emit: [], form: x}]", "form", "unknown key 'form'", "did you mean `from`?"),
        ("rules: [{id: a, emit: [], drop: x}]", "drop", "unknown key 'drop'", "`drop` belongs to an entry without `emit`"),
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: mask, points: 1}}]}]", "points", "unknown key 'points'",
         "`points` belongs to `kind: polygon`"),
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: polygon, otherwise: 1}}]}]", "otherwise", "unknown key 'otherwise'",
         "`otherwise` belongs to `kind: bitmask` or `kind: mask`"),
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: mask, otherwise: {name: a, geometri: {}}}}]}]", "geometri",
         "unknown key 'geometri'", "did you mean `geometry`?"),
    ],
)  # fmt: skip
def test_unknown_keys(text: str, marked: str, message: str, hint: str) -> None:
    """The key is marked; the nearest key, the variant that has it, or all allowed keys are named."""
    assert only(text) == ("SPC230", marked, message, hint)


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("rules: [{emit: []}]", "{emit: []}", "entry 1 of `rules`: missing key id"),
        ("rules: [{id: a}]", "{id: a}", "entry 1 of `rules`: missing key emit or drop"),
        ("rules: [{id: a, emit: [{}]}]", "{}", "entry 1 of `emit`: missing keys name, geometry"),
        ("rules:\n- id: a\n  emit:\n  - name: a\n    geometry:\n      points: 1\n", "geometry", "`geometry`: missing key kind"),
    ],
)
def test_missing_keys(text: str, marked: str, message: str) -> None:
    """The key of the mapping that lacks them is marked, or the entry of a list; all missing keys are named at once."""
    code, at, said, hint = only(text)
    assert (code, at, said) == ("SPC231", marked, message)
    assert hint.startswith("add ")


def test_a_mistyped_key_is_not_missing_as_well() -> None:
    """One mistake, one finding; also for the key that chooses a variant."""
    assert only("rules: [{id: a, emit: [{nam: a, geometry: {kind: mask}}]}]")[0:2] == ("SPC230", "nam")
    assert only("rules: [{id: a, emit: [{name: a, geometry: {kin: mask}}]}]")[0:2] == ("SPC230", "kin")


def test_missing_keys_of_the_document() -> None:
    """The document is the place."""

    class Needy(Strict):
        one: int
        two: int

    located = load_located(b"{}", "spec.yaml")
    with pytest.raises(ValidationError) as caught:
        Needy.model_validate_json("{}")
    ((issue, place),) = findings_from(caught.value, located, Needy)
    assert (issue.message(), str(place)) == ("missing keys one, two", "spec.yaml:1:1")


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: polygn}}]}]", "polygn",
         "kind: 'polygn' is none of polygon, bitmask, mask", "did you mean `polygon`?"),
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: 7}}]}]", "7", "kind: 7 is none of polygon, bitmask, mask", ""),
        ("rules: [{id: a, emit: [{name: a, geometry: {kind: null}}]}]", "null", "kind: null is none of polygon, bitmask, mask", ""),
    ],
)  # fmt: skip
def test_wrong_choices(text: str, marked: str, message: str, hint: str) -> None:
    """The discriminator's value is marked, all choices are named."""
    assert only(text) == ("SPC233", marked, message, hint)


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        ("flag: no", "no", "`flag`: expected true or false, got the text 'no'", "did you mean `false`?"),
        ("even: '4'", "'4'", "`even`: expected a whole number, got the text '4'", "did you mean `4`?"),
        ("even: 4.5", "4.5", "`even`: expected a whole number, got the number 4.5", ""),
        ("even: true", "true", "`even`: expected a whole number, got true", ""),
        ("even: 3", "3", "`even`: {odd} numbers are not allowed", ""),
        ("severity: eror", "eror", "`severity`: expected 'error' or 'warning', got the text 'eror'", "did you mean `error`?"),
        ("severity: [error]", "[error]", "`severity`: expected 'error' or 'warning', got a list of 1", ""),
        ("color: gren", "gren", "`color`: expected 'red' or 'green', got the text 'gren'", "did you mean `green`?"),
        ("shapes: mask", "mask", "`shapes`: expected a list of words ('rectangle' or 'mask'), got the text 'mask'",
         "did you mean `[mask]`?"),
        ("shapes: [mask, Rectangle]", "Rectangle",
         "entry 2 of `shapes`: expected 'rectangle' or 'mask', got the text 'Rectangle'", "did you mean `rectangle`?"),
        ("shapes: {}", "{}", "`shapes`: expected a list of words ('rectangle' or 'mask'), got an empty mapping", ""),
        ("names: 7", "7", "`names`: expected a list of text, got the number 7", "did you mean `[7]`?"),
        ("names: [a, 7.50]", "7.50", "entry 2 of `names`: expected text, got the number 7.5", 'did you mean `"7.50"`?'),
        ("sizes: [[1], [2, x]]", "x", "entry 2 of entry 2 of `sizes`: expected a whole number, got the text 'x'", ""),
        ("sizes: 7", "7", "`sizes`: expected a list of lists, got the number 7", ""),
        ("box: [1]", "[1]", "`box`: expected a list of 2 numbers, got a list of 1", ""),
        ("box: [1, 2, 3]", "[1, 2, 3]", "`box`: expected at most 2 entries, got a list of 3", ""),
        ("lookups: {sedan: 007, SUV: x}", "SUV", "the key 'SUV': expected text that matches ^[a-z]+$, got the text 'SUV'", ""),
        ("lookups: {sedan: {}}", "{}", "`sedan`: expected text, got an empty mapping", ""),
        ("rules: {}", "{}", "`rules`: expected a list of mappings, got an empty mapping", ""),
        ("rules: [7]", "7", "entry 1 of `rules`: expected a mapping, got the number 7", ""),
        ("rules: [{id: a, drop: x, until: soon}]", "soon", "`until`: expected a date such as 2027-01-31, got the text 'soon'", ""),
        ("rules: [{id: a, drop: null}]", "null", "`drop`: expected text, got nothing (null)", ""),
        ("rules: [{id: a, emit: [{name: '', geometry: {kind: mask}}]}]", "''",
         "`name`: expected text of at least 1 character, got the text ''", ""),
        ("{flag: true, shapes: [mask]}", "{flag: true, shapes: [mask]}",
         "the document: `flag` and `shapes` exclude one another", ""),
        ("[1]", "[1]", "the document: expected a mapping, got a list of 1", ""),
        ("null", "null", "the document: expected a mapping, got nothing (null)", ""),
    ],
)  # fmt: skip
def test_wrong_values(text: str, marked: str, message: str, hint: str) -> None:
    """The value is marked; the message says what was expected and what is there, the help what was probably meant."""
    assert only(text) == ("SPC232", marked, message, hint)


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        ("label: 7", "7", "`label`: expected text, a list of text or a mapping, got the number 7", 'did you mean `"7"`?'),
        ("label: [a, 7]", "7", "entry 2 of `label`: expected text, got the number 7", 'did you mean `"7"`?'),
        ("label: {any: [{like: 7}]}", "7", "`like`: expected text, got the number 7", 'did you mean `"7"`?'),
        ("tag: 7", "7", "`tag`: expected true or false, text or a list of text, got the number 7", 'did you mean `"7"`?'),
        ("number: x", "x", "`number`: expected a number or a list of numbers, got the text 'x'", ""),
        ("number: [1, x]", "x", "entry 2 of `number`: expected a number, got the text 'x'", ""),
        ("rules: [{id: a, emit: [], from: [1]}]", "[1]", "`from`: expected text or a mapping, got a list of 1", ""),
    ],
)
def test_a_plain_union_gives_one_finding(text: str, marked: str, message: str, hint: str) -> None:
    """That of the member whose kind was given, or one that names all."""
    assert only(text) == ("SPC232", marked, message, hint)


@pytest.mark.parametrize(
    ("value", "message", "hint"),
    [
        ("7", "`min_iou`: expected at most 1, got the number 7", ""),
        ("-0.5", "`min_iou`: expected at least 0, got the number -0.5", ""),
        ("aut", "`min_iou`: expected a number or 'auto', got the text 'aut'", "did you mean `auto`?"),
        (".5", "`min_iou`: expected a number or 'auto', got the text '.5'", "did you mean `0.5`?"),
        ("true", "`min_iou`: expected a number or 'auto', got true", ""),
        ("[1]", "`min_iou`: expected a number or 'auto', got a list of 1", ""),
    ],
)
def test_a_number_or_a_word(value: str, message: str, hint: str) -> None:
    """A limit is named where a number was given, a near word where a word was."""
    text = f"rules: [{{id: a, emit: [{{name: a, geometry: {{kind: polygon, min_iou: {value}}}}}]}}]"
    assert only(text) == ("SPC232", value, message, hint)


def test_locations_are_resolved_to_pointers() -> None:
    """Tags and type names are passed over."""
    located = load_located(b"rules: [{id: a, emit: [{geometry: {kind: polygon, points: 2}}]}]\nlabel: [x]", "s")
    loc = ("rules", 0, "emit", "emit", 0, "geometry", "polygon", "points")
    assert locate(located, loc, Spec) == ("rules", 0, "emit", 0, "geometry", "points")
    assert locate(located, loc) == ("rules", 0, "emit", 0, "geometry", "points")
    assert locate(located, ("label", "list[str]", 0)) == ("label", 0)
    assert locate(located, ("label", "list[str]", 0), Spec) == ("label", 0)
    assert locate(located, ("rules", 0, "emit", 0, "geometry", "polygon", "name"), None) == ("rules", 0, "emit", 0, "geometry")
    assert locate(located, ("nothing",)) == ()


def test_a_tag_that_equals_a_key_needs_the_model() -> None:
    """Without it the tag is taken for the key; with it the key after the tag is found."""
    located = load_located(b"rules: [{emit: [], id: 7}]", "s")
    loc = ("rules", 0, "emit", "id")
    assert locate(located, loc) == ("rules", 0, "emit")
    assert locate(located, loc, Spec) == ("rules", 0, "id")


def test_values_that_replace_the_text_are_what_is_reported() -> None:
    """A parameter may have been filled in: the place is the text's, the value what was validated."""
    located = load_located(b"severity: {param: level}\n", "s")
    with pytest.raises(ValidationError) as caught:
        Spec.model_validate_json('{"severity": "eror"}')
    ((issue, place),) = findings_from(caught.value, located, Spec)
    assert issue == WrongValue(
        what="`severity`: expected 'error' or 'warning', got the text 'eror'", expected="'error' or 'warning'", suggestion="error"
    )
    assert str(place) == "s:1:11"


def test_messages_hold_no_control_characters_and_are_short() -> None:
    """A key or value from a hostile file cannot write to the terminal, nor fill it."""
    _, found = findings(json.dumps({"\x1b[31m": 1, "severity": "\x1b" + "x" * 500, "lookups": {"a\nb": 7}}))
    for _, _, message, hint in found:
        assert message.isprintable()
        assert hint.isprintable()
        assert len(message) < 300


def test_issues_stand_in_code_order_with_their_pages() -> None:
    """The table is complete and each class says why, gives an example and what to do."""
    codes = [issue.code for issue in ISSUES]
    assert codes == sorted(set(codes))
    assert {UnknownKey, WrongChoice, WrongValue} <= set(ISSUES)
    for issue in ISSUES:
        page = issue.__doc__ or ""
        assert all(part in page for part in ("Why it matters: ", "Example: ", "What to do: "))
        assert issue.name
        assert issue.template


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.sampled_from(["x", "", "error", "polygon", "no", ".5"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*Spec.model_fields, *Emit.model_fields, *Polygon.model_fields, "from", "drop", "x"]), inner)
    ),
    max_leaves=12,
)


@given(value=st.dictionaries(st.sampled_from([*Spec.model_fields, "x"]), anything) | anything)
@settings(max_examples=400, deadline=None)
def test_every_invalid_document_has_findings_with_places(value: Any) -> None:
    """Whatever is wrong, something is said, each at a place in the text, each once."""
    located = load_located(json.dumps(value).encode(), "s")
    try:
        Spec.model_validate_json(json.dumps(value))
    except ValidationError as error:
        found = findings_from(error, located, Spec)
        assert found
        assert len(set(found)) == len(found)
        for issue, place in found:
            assert place.line == 1
            assert place.end_column > place.column
            assert "Input should" not in issue.message()
            assert isinstance(issue.help(), str)
