"""Numbers: the fast way and the strict way agree, and nothing else passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.numbers import UnevenError, number, pairs, plain, runs, whole

if TYPE_CHECKING:
    from collections.abc import Callable

COORDINATES = st.lists(st.tuples(*[st.floats(-1e6, 1e6, allow_nan=False)] * 2), min_size=1, max_size=20)


@given(COORDINATES)
def test_two_decimals_round_trip(points: list[tuple[float, float]]) -> None:
    """Points as CVAT writes them come back as the floats of their texts."""
    text = ";".join(f"{x:.2f},{y:.2f}" for x, y in points)
    assert pairs(text) == [float(part) for point in text.split(";") for part in point.split(",")]


@given(COORDINATES)
def test_any_notation_is_float(points: list[tuple[float, float]]) -> None:
    """Whole numbers, exponents and many digits give floats of the same value."""
    text = ";".join(f"{x!r},{int(y)}" for x, y in points)
    found = pairs(text)
    assert found == [float(part) for point in text.split(";") for part in point.split(",")]
    assert {type(value) for value in found} == {float}


@given(st.text(alphabet='0123456789.,;-+e_ntrua[]{}" ', max_size=12))
def test_fast_way_is_no_more_lenient(text: str) -> None:
    """Whatever passes is a list of pairs of finite floats that a reader without tricks finds too."""
    try:
        found = pairs(text)
    except ValueError:
        return
    naive = [float(part) for point in text.split(";") for part in point.split(",")] if text.strip() else []
    assert found == naive
    assert len(found) % 2 == 0


@pytest.mark.parametrize("text", ["1,2;3", "1,2,3;4", "1;2,3,4", "1", "1,2;", ";", "1,2;;3,4"])
def test_uneven_points_are_told_apart(text: str) -> None:
    """A list whose separators do not alternate is uneven, even if its length is even."""
    with pytest.raises(UnevenError):
        pairs(text)


def refused(function: Callable[..., object], *arguments: object) -> bool:
    """Whether a function refuses its argument as no number."""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


NO_NUMBERS = ("nan,1", "inf,1", "1_0,2", "1e400,2", "true,1", "null,1", "[1],2", '"1",2', "\uff11,2", "-,1", "9" * 400 + ",1")


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number_is_refused(text: str) -> None:
    """What JSON or float() take but CVAT never writes is refused."""
    assert refused(pairs, text)


OTHER = (("+1", 1.0), (".5", 0.5), ("1.", 1.0), ("007", 7.0), ("1e3", 1000.0), (" 2 ", 2.0), ("-0", 0.0))


@pytest.mark.parametrize(("text", "value"), OTHER)
def test_other_notations_are_read(text: str, value: float) -> None:
    """Numbers that JSON does not know are numbers all the same, in every list."""
    assert number(text) == value
    assert pairs(f"{text},{text}") == [value, value]
    assert plain((text, text)) == [value, value]


def test_plain_needs_one_number_a_text() -> None:
    """Texts that hold more or other than one number do not slip through."""
    assert plain(("1", "2.5")) == [1.0, 2.5]
    assert all(refused(plain, texts) for texts in (("1,2", "3"), ("", "1"), ("1", "true"), ("1;2", "3")))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_runs_round_trip(lengths: list[int]) -> None:
    """Run lengths come back as whole numbers, with and without blanks."""
    assert runs(", ".join(map(str, lengths))) == lengths
    assert runs(",".join(map(str, lengths))) == lengths


def test_runs_written_as_floats_are_whole() -> None:
    """Third parties write 3.0; that is 3, and 3.5 is none."""
    assert runs("3.0, 05, 1") == [3, 5, 1]
    assert all(refused(runs, text) for text in ("3.5, 1", "-1, 2", "", "1,,2", "1,true", "1;2"))


def test_whole_refuses_what_is_not_whole() -> None:
    """Sizes are whole and not negative."""
    assert whole("12") == 12
    assert all(refused(whole, text) for text in ("-1", "1.5", "nan", "x"))
