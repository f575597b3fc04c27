"""Templates: what the safe subset computes, and that nothing else gets in, through or stuck."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.spec.expressions import ExpressionProblem, Template, TemplateError, parse_template

NAMES = frozenset({"label", "value", "shape.kind", "shape.index", "image.name", "attributes.*"})
SCOPE: dict[str, Any] = {
    "label": "car",
    "value": 7,
    "shape": {"kind": "rectangle", "index": 3},
    "image": {"name": "a.png"},
    "attributes": {
        "type": "lorry", "any name": "x y", "items": "mine", "number": "12", "nan": "nan", "huge": "1e400", "flag": True, "none": None,
        "long": "x" * 5000, "infinite": float("inf"), "id": 10**18,
    },
}  # fmt: skip


def render(text: str) -> Any:
    """The value of a template that must parse."""
    template = parse_template(text, NAMES)
    assert isinstance(template, Template), template
    return template.render(SCOPE)


def problem(text: str) -> ExpressionProblem:
    """What the data does not allow."""
    value = render(text)
    assert isinstance(value, ExpressionProblem), value
    assert value.source == text
    return value


def error(text: str) -> TemplateError:
    """Why a template is refused when the spec is loaded."""
    template = parse_template(text, NAMES)
    assert isinstance(template, TemplateError), template
    assert 0 <= template.offset < max(len(text), 1)
    return template


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Car", "Car"),
        ("", ""),
        ("Car ({{ shape.kind }})", "Car (rectangle)"),
        ("{{ image.name ~ '#' ~ shape.index }}", "a.png#3"),
        ("{{label}}/{{label}}", "car/car"),
        ("{{\n label\t}}", "car"),
        ("{{ attributes['any name'] }}", "x y"),
        ("{{ attributes.items }}", "mine"),
        ("{{ '{{' }} and {{ '}}' ~ \"{%\" }}", "{{ and }}{%"),
        (r"{{ 'it\'s' ~ '\\' ~ '\n' }}", "it's\\\n"),
        ("{{ 1 < value < 10 and not label == 'van' }}", True),
        ("{{ label in ['car', 'van'] }}", True),
        ("{{ 'a' not in label }}", False),
        ("{{ 'big' if value > 5 else 'small' }}", "big"),
        ("{{ attributes.x if false else label }}", "car"),
        ("{{ value * 2 + 1 - 6 / 3 }}", 13.0),
        ("{{ -value }}", -7),
        ("{{ attributes.missing|default('none') }}", "none"),
        ("{{ attributes.none|default('none') }}", "none"),
        ("{{ ''|default('empty', true) }}", "empty"),
        ("{{ attributes.missing is defined }}", False),
        ("{{ attributes.missing is undefined and label is defined }}", True),
        ("{{ label or attributes.missing }}", "car"),
        ("{{ value is odd and value is number and label is string and attributes.none is none }}", True),
        ("{{ attributes.flag is boolean and value is not boolean }}", True),
        ("{{ value is even or 'c' is in label }}", True),
        ("{{ ' A b '|trim|lower|upper|title }}", "A B"),
        ("{{ '--a--'|trim('-') }}", "a"),
        ('{{ "don\'t stop-it (now)"|title }}', "Don't Stop-It (Now)"),
        ("{{ 'a.b.c'|replace('.', '-') }}", "a-b-c"),
        ("{{ 'Grüne Tür / 2'|slug }}", "grüne-tür-2"),
        ("{{ 2.567|round(2) }}", 2.57),
        ("{{ 2.1|round(0, 'ceil')|int + 2.9|round(0, 'floor')|int }}", 5),
        ("{{ attributes.number|int + 1 }}", 13),
        ("{{ ' -1.9e1 '|int }}", -19),
        ("{{ label|int(0) + label|float(0.5) }}", 0.5),
        ("{{ attributes.flag }}|{{ 0.5 }}", "true|0.5"),
        ("{{ attributes.id }}/{{ attributes.id }}", f"{10**18}/{10**18}"),
    ],
)
def test_what_expressions_compute(text: str, value: object) -> None:
    """The subset means what Jinja means by it, with YAML's true and false."""
    assert render(text) == value
    assert type(render(text)) is type(value)


def test_a_single_hole_keeps_the_type_and_the_text() -> None:
    """Data is never evaluated again: text "1" stays text, and a long text is passed on whole."""
    scope = {"label": "x", "attributes": {}}
    for value in ("1", "None", "[1,2]", "1e3", "{{ label }}", "{% raw %}", 7, 0.5, True, None, "x" * 5000):
        template = parse_template("{{ attributes.a }}", NAMES)
        assert isinstance(template, Template)
        assert template.render(scope | {"attributes": {"a": value}}) is value
    assert render("{{ '1' ~ '2' }}") == "12"
    assert render(" {{ value }}") == " 7"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Car", set()),
        ("{{ 1 + 1 }}", set()),
        ("{{ label }} {{ label|lower }}", {"label"}),
        ("{{ shape.kind if attributes['any name'] is defined else attributes.type|default(label) }}",
         {"shape.kind", "attributes.any name", "attributes.type", "label"}),
        ("{{ value in [shape.index, 3] }}", {"value", "shape.index"}),
    ],
)  # fmt: skip
def test_names_are_known_before_any_data(text: str, names: set[str]) -> None:
    """All names of all branches, with their parts; a template without names is constant."""
    template = parse_template(text, NAMES)
    assert isinstance(template, Template)
    assert template.names == names
    assert template.is_constant == (not names)
    assert template.source == text


@pytest.mark.parametrize(
    ("text", "message", "name"),
    [
        ("{{ attributes.missing }}", "'attributes.missing' has no value here", "attributes.missing"),
        ("a {{ attributes.missing|lower }}", "'attributes.missing' has no value here", "attributes.missing"),
        ("{{ 'a' if label == 'van' }}", "there is no else", ""),
        ("{{ value / (value - 7) }}", "division by zero", ""),
        ("{{ label|int }}", "the text 'car' is not a number", ""),
        ("{{ '1_000'|int ~ label }}", "not a number", ""),
        ("{{ '\uff11'|int ~ label }}", "not a number", ""),
        ("{{ attributes.flag|int }}", "true is not a number", ""),
        ("{{ attributes.nan|float }}", "not a number", ""),
        ("{{ attributes.huge|float }}", "not finite", ""),
        ("{{ attributes.infinite }}", "not finite", ""),
        ("{{ attributes.infinite }}.", "not finite", ""),
        ("{{ attributes.infinite < 1 }}", "not finite", ""),
        ("{{ value|round(value + 6) }}", "0 to 12", ""),
        ("{{ value|round(-value) }}", "0 to 12", ""),
        ("{{ value|round(1, label) }}", "method", ""),
        ("{{ label + 'x' }}", "joined with ~", ""),
        ("{{ label * 300000000 }}", "not a number", ""),
        ("{{ attributes.flag + 1 }}", "true is not a number", ""),
        ("{{ value * 1000000 * 1000000 * 1000000 }}", "exceeds 1e15", ""),
        ("{{ [label] }}", "a list", ""),
        ("{{ attributes.none ~ label }}", "null cannot", ""),
        ("x{{ attributes.none }}", "null cannot", ""),
        ("{{ [label] ~ '' }}", "a list cannot", ""),
        ("{{ value > label }}", "not a number", ""),
        ("{{ [value] == [value] }}", "lists cannot", ""),
        ("{{ value in label }}", "cannot hold", ""),
        ("{{ attributes.long|lower }}", "4096", ""),
        ("{{ attributes.long ~ '' }}", "4096", ""),
        ("x{{ attributes.long }}", "4096", ""),
        ("{{ label|replace('', attributes.type * 1) }}", "not a number", ""),
    ],
)
def test_data_that_does_not_fit_is_returned(text: str, message: str, name: str) -> None:
    """A problem with its reason, never an exception."""
    found = problem(text)
    assert message in found.message
    assert found.name == name


def test_a_name_with_parts_is_no_value() -> None:
    """The scope may hold more than the allowed names say."""
    template = parse_template("{{ shape }}", {"shape"})
    assert isinstance(template, Template)
    assert "has parts" in template.render(SCOPE).message


def test_a_bug_is_not_turned_into_a_problem() -> None:
    """An exception that is not about the data passes through."""

    class Broken(dict[str, Any]):
        def __contains__(self, key: object) -> bool:
            raise ZeroDivisionError

    template = parse_template("{{ label }}", NAMES)
    assert isinstance(template, Template)
    with pytest.raises(ZeroDivisionError):
        template.render(Broken())


@pytest.mark.parametrize(
    ("text", "suggestion", "offset"),
    [
        ("{{ labl }}", "label", 3),
        ("Car {{ shape.knd }}", "shape.kind", 7),
        ("{{ atributes.type }}", "attributes.type", 3),
        ("{{ label|uper }}", "upper", 9),
        ("{{ label is strin }}", "string", 12),
        ("{{ label ~ imagename }}", "image.name", 11),
    ],
)
def test_unknown_names_are_errors_with_a_suggestion(text: str, suggestion: str, offset: int) -> None:
    """Names, filters and tests alike; the offset points at the name."""
    found = error(text)
    assert (found.suggestion, found.offset) == (suggestion, offset)
    assert f"did you mean '{suggestion}'?" in found.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ loop }}", "unknown name 'loop'; known: attributes.*, image.name"),
        ("{{ self }}", "unknown name"),
        ("{{ shape }}", "'shape' has parts"),
        ("{{ attributes }}", "'attributes' has parts"),
        ("{{ attributes.type.x }}", "'attributes.type' has no parts"),
        ("{{ label.upper }}", "use a filter: label|upper"),
        ("{{ label.__class__ }}", "'label' has no parts"),
        ("{{ attributes.__class__.__mro__ }}", "has no parts"),
        ("{{ label['x'] }}", "'label' has no parts"),
        ("{{ label[0] }}", "quoted text"),
        ("{{ label[1:2] }}", "quoted text"),
        ("{{ attributes[label] }}", "quoted text"),
        ("{{ 'a'.b }}", "only names have parts"),
        ("{{ ('a', 'b').count }}", "only names have parts"),
        ("{{ label.upper() }}", "calls are not allowed"),
        ("{{ range(9) }}", "calls are not allowed"),
        ("{{ '{0.__class__}'.format(label) }}", "calls are not allowed"),
        ("{{ 'a' * 300000000 }}", "not a number"),
        ("{{ '%0300000000d' % 1 }}", "remainders"),
        ("{{ 9 ** 9 ** 9 }}", "powers"),
        ("{{ 7 // 2 }}", "whole division"),
        ("{{ +7 }}", "sign"),
        ("{{ {'a': 1} }}", "mappings"),
        ("{{ 'x'|center(300000000) }}", "unknown filter"),
        ("{{ label|attr('upper') }}", "unknown filter"),
        ("{{ label|map('upper') }}", "unknown filter"),
        ("{{ label is callable }}", "unknown test"),
        ("{{ label|replace('a') }}", "takes 2 values, not 1"),
        ("{{ label|lower('a') }}", "takes 0 values, not 1"),
        ("{{ label|default }}", "takes 1 to 2 values, not 0"),
        ("{{ label|round(precision=2) }}", "by position"),
        ("{{ label|default(*value) }}", "by position"),
        ("{{ 12|round(-100000000) }}", "0 to 12"),
        ("{{ 12|round(1000000000) }}", "0 to 12"),
        ("{{ 12|round(true) }}", "0 to 12"),
        ("{{ 'nan'|float }}", "not a number"),
        ("{{ '1e400'|float }}", "not finite"),
        ("{{ 1e999 }}", "not finite"),
        (f"{{{{ {'9' * 900} }}}}", "exceeds 1e15"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ [1, 2] }}", "a list"),
        ("{{ 'x'|int }}", "not a number"),
        ("{{ }}", "empty"),
        ("{{}}", "empty"),
        ("{{- label }}", "not supported"),
        ("{{ label", "not closed"),
        ("{{ 'label }}", "not closed"),
        ("{{ label }} {{", "not closed"),
        ("{{ a }} {{ b", "not closed"),
        ("{{ label }} }}", "'}}' cannot stand"),
        ("a }} {{ b", "'}}' cannot stand"),
        ("{% if label %}x{% endif %}", "'{%' cannot stand"),
        ("{{ label }}{% raw %}", "'{%' cannot stand"),
        ("x {# note #}", "'{#' cannot stand"),
        ("{{ label; label }}", "unexpected ';'"),
        ("{{ label = 1 }}", "unexpected '='"),
        ("{{ label, value }}", "unexpected ','"),
        ("{{ label value }}", "unexpected 'value'"),
        ("{{ label }", "not closed"),
        ("{{ $ }}", "cannot be read"),
        ("{{ label. }}", "cannot be read"),
        ("{{ label| }}", "cannot be read"),
        ("{{ {{ label }} }}", "cannot stand"),
        (r"{{ '\d' }}", "backslash"),
        (r"{{ '\x41' }}", "backslash"),
        (r"{{ '\N{DIGIT ONE}' }}", "backslash"),
        ("{{ label }}" + "x" * 1000, "1000 characters"),
    ],
)
def test_what_is_not_on_the_list_is_refused(text: str, message: str) -> None:
    """At load, with a reason."""
    assert message in error(text).message


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "inner",
    [
        "(" * 450 + "1" + ")" * 450,
        "[" * 450 + "]" * 450,
        "{" * 900,
        "(" * 900,
        "[" * 17 + "]" * 17,
        "- " * 450 + "1",
        "not " * 240 + "1",
        "1 if 1 else " * 80 + "1",
        "1" + "+1" * 480,
        "1" + " and 1" * 150,
        "label" + "|lower" * 150,
        "label" + ".a" * 450,
        "label" + "['a']" * 190,
        "'x'" + "|replace('x','xxxxxxxxxxxxxxx')" * 30,
        "'" + "\\\\" * 450,
        "'" + "a" * 990,
        "label|replace(" * 60,
    ],
)
def test_hostile_expressions_are_refused_in_time(inner: str) -> None:
    """Depth, length and products are bounded before they cost anything (the timeout is the assertion)."""
    assert error(f"{{{{ {inner} }}}}").message


def test_chained_replacements_are_bounded_by_data_too() -> None:
    """Each step would multiply the text; the length is known before it is made."""
    assert "4096" in problem("{{ label" + "|replace('a', 'aaaaaaaaaaaaaaaa')" * 20 + " }}").message
    assert "4096" in problem("{{ label" + "|replace('', 'aaaaaaaaaaaaaaaa')" * 20 + " }}").message


def test_sixteen_brackets_are_enough_for_anyone() -> None:
    """The bound on brackets does not depend on how deep the caller is."""
    assert render(f"{{{{ {'(' * 16}label{')' * 16} }}}}") == "car"
    assert render("{{ '" + "(" * 100 + "' }}") == "(" * 100


def test_comparisons_do_not_mix_kinds() -> None:
    """Python holds True == 1; a spec does not."""
    assert render("{{ true == 1 }}") is False
    assert render("{{ value == '7' }}") is False
    assert render("{{ value in [true, 7.0] }}") is True
    assert render("{{ 1 in [true] }}") is False


def test_a_template_is_plain_data() -> None:
    """It compares, hashes and pickles, so that it can travel to a worker process."""
    text = "{{ label|replace('a', 'b') ~ shape.index if value in [1, 7] else -value }}"
    template = parse_template(text, NAMES)
    assert isinstance(template, Template)
    twin = pickle.loads(pickle.dumps(template))  # noqa: S301 - our own bytes
    assert twin == template
    assert hash(twin) == hash(template)
    assert twin.render(SCOPE) == "cbr3"


def test_constant_text_does_not_need_jinja() -> None:
    """Neither importing the module nor parsing text without holes loads jinja2."""
    code = (
        "import sys; from mapper.spec.expressions import parse_template;"
        "assert parse_template('Car {x}', ()).render({}) == 'Car {x}'; parse_template('{%', ());"
        "sys.exit('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


fragments = st.sampled_from(
    ["{{", "}}", " ", "label", "value", "attributes.type", "attributes.missing", "|", "lower", "int", "round", "replace", "default", "(",
     ")", "[", "]", ",", "'", "'a'", "7", "0", "1e9", "+", "-", "*", "/", "~", "==", "<", " in ", " is ", " not ", "and ", "or ", "if ",
     "else ", "none", "true", ".", "{", "}", "%", "#", "\\", "\n", "x", "defined"]
)  # fmt: skip


@given(parts=st.lists(fragments, max_size=14), hole=st.booleans())
@settings(max_examples=500, deadline=None)
def test_no_text_raises(parts: list[str], hole: bool) -> None:  # noqa: FBT001 - hypothesis
    """Any text is a template or an error, any template gives a value or a problem."""
    text = "".join(parts)
    template = parse_template(f"{{{{ {text} }}}}" if hole else text, NAMES)
    if isinstance(template, Template):
        value = template.render(SCOPE)
        assert value is None or isinstance(value, str | int | float | bool | ExpressionProblem)


@given(text=st.text(max_size=40).filter(lambda text: not any(mark in text for mark in ("{{", "}}", "{%", "{#"))))
def test_text_without_holes_is_itself(text: str) -> None:
    """Whatever it holds."""
    assert render(text) == text
