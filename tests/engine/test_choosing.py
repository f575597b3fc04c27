"""Many rules on one label: the index gives what asking rule by rule gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from mapper.cvat.model import Image, Shape, Task
from mapper.engine.choosing import FEW, chooser
from mapper.engine.compile import Way
from mapper.engine.conditions import compile_match
from mapper.geometry.shapes import Rectangle
from mapper.spec.matching import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapper.engine.choosing import Chooser

NUMBERS = st.sampled_from([0, 1, 2, 2.5, 3, 7.25])
TEXTS = st.sampled_from(["", "car", "van", "bus"])
NUMBER_TESTS = st.one_of(
    NUMBERS,
    st.lists(NUMBERS, min_size=1, max_size=2),
    st.dictionaries(st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]), NUMBERS, min_size=1, max_size=3),
    st.builds(lambda numbers: {"not_in": numbers}, st.lists(NUMBERS, min_size=1, max_size=2)),
    st.just({"present": True}),
)
TEXT_TESTS = st.one_of(
    TEXTS,
    st.lists(TEXTS, min_size=1, max_size=2),
    st.builds(lambda text: {"ne": text}, TEXTS),
    st.builds(lambda text: {"starts": text}, TEXTS),
    st.just({"present": False}),
)
MATCHES = st.fixed_dictionaries(
    {}, optional={"width": NUMBER_TESTS, "attributes": st.fixed_dictionaries({"type": TEXT_TESTS}), "occluded": st.booleans()}
)
IMAGE = Image(0, "a.png", 100, 100, Task(id="1"), "", 0, 1, [])


def shape(width: float, kind: str | None, occluded: str) -> Shape:
    """A box of one width, with one attribute or none."""
    attributes = () if kind is None else (("type", kind),)
    return Shape("rectangle", "car", Rectangle(0.0, 0.0, width, 1.0, 0.0), "", attributes, (occluded, None, None, None, None, None), 1)


def ways(matches: list[dict[str, Any]]) -> list[Way]:
    """Rules that only have conditions, and one without at the end."""
    conditions = [compile_match(Match.model_validate(match), "car", "rectangle") for match in matches]
    return [Way(condition, emit=str, emitter=None) for condition in [*conditions, True]]  # type: ignore[arg-type]


def first(candidates: Sequence[Way], subject: Shape) -> Way:
    """The first way whose condition holds."""
    return next(way for way in candidates if way.condition is True or way.condition(subject, IMAGE))


@given(st.lists(MATCHES, min_size=FEW, max_size=40), st.lists(st.tuples(NUMBERS, st.none() | TEXTS, st.sampled_from("01")), min_size=1))
def test_the_index_finds_the_rule_that_asking_in_turn_finds(
    matches: list[dict[str, Any]], shapes: list[tuple[float, str | None, str]]
) -> None:
    """First match in the order of the spec, whatever the index looks at."""
    rules = ways(matches)
    choose: Chooser | None = chooser(rules)
    for width, kind, occluded in shapes:
        subject = shape(width, kind, occluded)
        assert first(rules if choose is None else choose(subject, IMAGE), subject) is first(rules, subject)


@given(st.lists(MATCHES, min_size=FEW, max_size=40), st.lists(st.tuples(NUMBERS, st.none() | TEXTS, st.sampled_from("01")), min_size=1))
def test_for_tracks_the_index_leaves_out_only_what_does_not_hold(
    matches: list[dict[str, Any]], shapes: list[tuple[float, str | None, str]]
) -> None:
    """A rule behind one that holds stays, for on the track's other frames the first may not hold."""
    rules = ways(matches)
    choose = chooser(rules, first=False)
    for width, kind, occluded in shapes:
        subject = shape(width, kind, occluded)
        found = rules if choose is None else choose(subject, IMAGE)
        holding = [way for way in rules if way.condition is True or way.condition(subject, IMAGE)]
        assert [way for way in found if way in holding] == holding


def test_a_range_in_each_of_many_rules_leaves_one_rule_to_ask() -> None:
    """With a hundred ranges side by side, a shape meets the rule of its range and those without a range, no others."""
    rules = ways([{"width": {"ge": number, "lt": number + 1}} for number in range(100)])
    choose = chooser(rules)
    assert choose is not None
    assert [rules.index(way) for way in choose(shape(41.5, None, "0"), IMAGE)] == [41]
    assert [rules.index(way) for way in choose(shape(500, None, "0"), IMAGE)] == [100]


def test_a_value_in_each_of_many_rules_leaves_one_rule_to_ask() -> None:
    """The same for the values of an attribute."""
    rules = ways([{"attributes": {"type": f"model {number}"}} for number in range(100)])
    choose = chooser(rules)
    assert choose is not None
    assert [rules.index(way) for way in choose(shape(1, "model 7", "0"), IMAGE)] == [7, 100]
    assert [rules.index(way) for way in choose(shape(1, None, "0"), IMAGE)] == [100]


def test_numbers_too_large_to_tell_apart_are_asked_in_turn() -> None:
    """No index is made where a float could not stand between two bounds."""
    assert chooser(ways([{"width": {"ge": 10**300 + number}} for number in range(20)])) is None
