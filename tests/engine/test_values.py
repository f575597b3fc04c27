"""One value becomes one answer: choices, numbers and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.engine.values import Numeric, parse_number
from mapper.spec.policy import Policy
from tests.support import specs
from tests.support.builders import Attribute, Label, box, export, image
from tests.support.running import run
from tests.support.specs import answer, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.running import Bundle


def policy(**more: Any) -> Policy:
    """A policy with some decisions replaced."""
    return Policy.model_validate(specs.POLICY | {"fields": specs.FIELDS} | more)


def one(folder: Path, value: str | None, attribute: Attribute, target: dict[str, Any], **more: Any) -> Bundle:
    """A car with one attribute under one attribute rule."""
    shape = box("car", (1, 2, 30, 40), {} if value is None else {attribute.name: value})
    return run(folder, export(image(0, shape), labels=[Label("car", attributes=(attribute,))]), spec(rule(thing(target)), **more))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("12", 12), ("-5", -5), ("1.5", 1.5), ("1.50", 1.5), ("-0.25", -0.25), ("9007199254740991", 9007199254740991)],
)
def test_plain_numbers_are_kept(text: str, value: float) -> None:
    """A number whose spelling a number holds is kept, integers as integers."""
    reply = Numeric("n", policy())(text)
    assert (reply.account, reply.scalar, reply.issues) == ("kept", value, ())
    assert type(reply.scalar) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("007", 7),
        ("+5", 5),
        ("1e3", 1000.0),
        (" 5", 5),
        ("5.", 5.0),
        (".5", 0.5),
        ("१२", 12),
        ("9007199254740993", 9007199254740993),
        ("12345678901234567890", 1.2345678901234567e19),
        ("1" * 30, 1.111111111111111e29),
        ("0.1000000000000000055", 0.1),
        ("1.00000000000000000001", 1.0),
    ],
)
def test_spellings_that_a_number_cannot_hold(text: str, value: float) -> None:
    """The value is kept and the spelling reported, or both left out, as policy says; never is a digit lost in silence."""
    reply = Numeric("n", policy())(text)
    assert (reply.account, reply.scalar) == ("transformed", value)
    assert [(issue.code, severity.word) for issue, severity in reply.issues] == [("MAP307", "warning")]
    dropped = Numeric("n", policy(number_spelling={"do": "drop", "severity": "error"}))(text)
    assert (dropped.account, dropped.why, dropped.scalar) == ("refused", "MAP307", None)
    assert [severity.word for _, severity in dropped.issues] == ["error"]


@pytest.mark.parametrize("text", ["", "fast", "1e400", "-1e999", "nan", "inf", "1_000", "1,5", "0x10", "--1"])
def test_what_is_no_number(text: str) -> None:
    """A text that spells no finite number is refused with a finding."""
    reply = Numeric("n", policy())(text)
    assert (reply.account, reply.why, reply.scalar) == ("refused", "MAP308", None)


@given(st.text(max_size=40) | st.integers().map(str) | st.floats().map(str) | st.decimals().map(str))
def test_any_text_has_a_reply(text: str) -> None:
    """Whatever stands in a number attribute has exactly one outcome, and a number that is kept in silence reads back equal."""
    reply = Numeric("n", policy())(text)
    assert (reply.scalar is None) == (reply.account == "refused")
    if reply.account == "kept":
        assert str(reply.scalar).rstrip("0") in {text.rstrip("0"), text.rstrip("0").removeprefix("-")} or float(text) == reply.scalar
    if isinstance(reply.scalar, int):
        assert abs(reply.scalar) < 2**63


def test_parse_number_gives_integers_where_it_can() -> None:
    """``5`` is an int, ``5.0`` a float: Encord's numeric holds both."""
    assert [type(parse_number(text)) for text in ("5", "5.0", "5e0")] == [int, float, float]


COLOR = Attribute("color", "select", ("red", "blue"))


def test_a_listed_value_is_its_own_option(tmp_path: Path) -> None:
    """Without a table a listed value becomes the option of that title, and the ontology lists CVAT's values in their order."""
    found = one(tmp_path, "blue", COLOR, answer("color", "Color", "radio"))
    assert found.answers() == [{"Color": ["blue"]}]
    assert [option["label"] for option in found.ontology["objects"][0]["attributes"][0]["options"]] == ["red", "blue"]
    assert found.books("attribute", "color") == {"read": 1, "kept": 1}


@pytest.mark.parametrize(
    ("do", "answers", "books", "objects"),
    [
        ("add_option", [{"Color": ["pink"]}], {"read": 1, "kept": 1}, 1),
        ("drop", [{}], {"read": 1, "refused": 1}, 1),
        ("refuse", [], {"read": 1, "refused": 1}, 0),
    ],
)
def test_an_unlisted_value(tmp_path: Path, do: str, answers: list[Any], books: dict[str, int], objects: int) -> None:
    """A value outside CVAT's list becomes an option, is left out, or refuses the shape, as policy says; always with a finding."""
    decided = {"unlisted_value": {"do": do, "severity": "warning"}}
    found = one(tmp_path, "pink", COLOR, answer("color", "Color", "radio"), policy=decided)
    assert found.answers() == answers
    assert found.books("attribute", "color") == books
    assert found.codes == {"MAP302": 1}
    assert found.result.stats["objects"] == objects


def test_options_rename_and_null_chooses_none(tmp_path: Path) -> None:
    """A table of options gives titles; null is "no option", which a radio tells by having no answer."""
    table = {"red": "Red {{ value }}", "blue": None}
    assert one(tmp_path, "red", COLOR, answer("color", "C", "radio", options=table)).answers() == [{"C": ["Red red"]}]
    found = one(tmp_path, "blue", COLOR, answer("color", "C", "radio", options=table))
    assert found.answers() == [{}]
    assert found.books("attribute", "color") == {"read": 1, "transformed": 1}


@pytest.mark.parametrize("type_", ["radio", "text"])
def test_lookup_with_otherwise(tmp_path: Path, type_: str) -> None:
    """A lookup's otherwise answers what its rows do not list, and says so if it is to; for choices and for texts."""
    say = {"severity": "info", "message": "unknown color {{ value }}"}
    lookups = {"colors": {"rows": {"red": "Red"}, "otherwise": {"value": "Other", "issue": say}}}
    target = answer("color", "Color", type_, lookup="colors")
    found = one(tmp_path, "pink", COLOR, target, lookups=lookups)
    assert found.answers() == [{"Color": ["Other"] if type_ == "radio" else "Other"}]
    assert [(finding.code, finding.severity.word, finding.message) for finding in found.result.findings] == [
        ("MAP306", "info", "unknown color pink")
    ]
    assert found.books("attribute", "color") == {"read": 1, "transformed": 1}
    assert one(tmp_path, "red", COLOR, target, lookups=lookups).answers() == [{"Color": ["Red"] if type_ == "radio" else "Red"}]


@pytest.mark.parametrize(("do", "answers"), [("add_option", [{"T": "pink"}]), ("drop", [{}]), ("refuse", [])])
def test_a_text_that_its_lookup_does_not_list(tmp_path: Path, do: str, answers: list[Any]) -> None:
    """Without an otherwise, policy decides on unlisted texts as it does on options, with its severity."""
    decided = {"unlisted_value": {"do": do, "severity": "info"}}
    target = answer("color", "T", "text", lookup="colors")
    found = one(tmp_path, "pink", COLOR, target, policy=decided, lookups={"colors": {"rows": {"red": "Red"}}})
    assert found.answers() == answers
    assert [(finding.code, finding.severity.word) for finding in found.result.findings] == [("MAP302", "info")]


def test_unset_and_skip(tmp_path: Path) -> None:
    """A value under `unset` or `skip` gives no answer, is no loss, and is no option."""
    target = answer("color", "C", "radio", unset=["__undefined__"], skip=["red"])
    undefined = one(tmp_path, "__undefined__", COLOR, target)
    skipped = one(tmp_path, "red", COLOR, target)
    assert undefined.answers() == skipped.answers() == [{}]
    assert undefined.books("attribute", "color") == skipped.books("attribute", "color") == {"read": 1, "kept": 1}
    assert undefined.codes == {}


@pytest.mark.parametrize("text", ["", " ", "true", "007", "été 漢字 \U0001f697", 'a"b\\c\n\tend', "<&>", "x" * 5000])
def test_texts_stay_as_they_are(tmp_path: Path, text: str) -> None:
    """A text attribute keeps its text to the last blank; nothing becomes a boolean or a number."""
    found = one(tmp_path, text, Attribute("note"), answer("note", "Note", "text"))
    assert found.answers() == [{"Note": text}]


def test_a_number_of_many_digits_is_written(tmp_path: Path) -> None:
    """Thirty digits, more than JSON writers take as an integer, are written as the nearest number and reported."""
    found = one(tmp_path, "1" * 30, Attribute("n", "number"), answer("n", "N", "numeric"))
    assert found.answers() == [{"N": 1.111111111111111e29}]
    assert found.codes == {"MAP307": 1}


@pytest.mark.parametrize("when", ["report", {"value": "unknown"}, "skip"])
def test_an_attribute_that_a_shape_lacks(tmp_path: Path, when: Any) -> None:
    """An absent attribute is passed over, reported, or answered with a stand-in; it is in no account, as nothing was read."""
    found = one(tmp_path, None, COLOR, answer("color", "Color", "text", when_absent=when))
    assert found.answers() == [{"Color": "unknown"} if isinstance(when, dict) else {}]
    assert found.codes == ({"MAP317": 1} if when == "report" else {})
    assert found.ledger["fields"]
    assert found.books("attribute", "color") == {}


def test_an_expression_that_fails_on_the_data(tmp_path: Path) -> None:
    """A value that cannot be computed is refused with a finding; the shape stays."""
    found = one(tmp_path, "x", COLOR, answer("color", "C", "text", value="{{ value|int }}"))
    assert found.answers() == [{}]
    assert found.codes == {"MAP314": 1}
    assert found.books("attribute", "color") == {"read": 1, "refused": 1}


def test_options_whose_template_fails(tmp_path: Path) -> None:
    """A title that cannot be computed is a finding, never the text of an error as an option."""
    found = one(tmp_path, "red", COLOR, answer("color", "C", "radio", options={"red": "{{ value|int }}"}))
    assert found.codes == {"MAP314": 1}
    assert found.answers() == [{}]


def test_computed_numbers_have_no_spelling(tmp_path: Path) -> None:
    """A number that an expression gives is written as it is; only a text of CVAT's can have a spelling to lose."""
    found = one(tmp_path, "1", Attribute("n", "number"), answer("n", "N", "numeric", value="{{ value|float / 10000000 }}"))
    assert found.answers() == [{"N": 1e-07}]
    assert found.codes == {}
