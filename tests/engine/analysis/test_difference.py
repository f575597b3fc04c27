"""The difference of two specs: each kind of change with the step it calls for, and all of it against real conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mapper.cvat.model import LabelSpec, Shape
from mapper.engine.analysis.changes import Bump
from mapper.engine.analysis.counting import Counter
from mapper.engine.analysis.difference import Compared, Difference, compare
from mapper.engine.analysis.versions import raised, version_notes
from mapper.spec.targets import AttributeRule, ClassificationTarget, Drop, ObjectTarget
from tests.engine.analysis import strategies
from tests.engine.analysis.test_agreement import taken
from tests.support.analysis import label, loaded, outcome, select
from tests.support.specs import answer, classification, rule, spec, thing

if TYPE_CHECKING:
    from mapper.cvat.model import Image

CAR = label("car", select("type", "van", "sedan"), kind="rectangle")
BOX = thing(name="Car", kind="bounding_box")
DROP = {"id": "all", "match": {}, "drop": {"reason": "not wanted"}}
REFUSE = {"id": "all", "match": {}, "issue": {"severity": "error", "message": "not expected"}}


def of(before: Any, after: Any, *labels: LabelSpec) -> Compared:
    """The difference of two specs, given as documents."""
    return compare(loaded(before), loaded(after), labels or (CAR,))


def body(**more: Any) -> Any:
    """A spec whose one attribute rule has these keys."""
    return spec(rule(thing(answer("type", "Body", "radio", **more), name="Car", kind="bounding_box")))


def said(found: Compared) -> list[str]:
    """The changes of the schema's own cells in one line each."""
    return [
        f"{change.what}: {change.before} -> {change.after}" for entry in found.differences if entry.declared for change in entry.changes
    ]


@pytest.mark.parametrize(
    ("before", "after", "bump", "text"),
    [
        (spec(rule(BOX)), spec(rule(BOX)), Bump.NONE, []),
        (spec(rule(BOX), name="a"), spec(rule(BOX), name="b"), Bump.PATCH, []),
        (spec(rule(BOX)), spec(rule(BOX, name="other")), Bump.PATCH, ["rule: all -> other"]),
        (spec(rule(BOX)), spec(DROP), Bump.MAJOR, ["outcome: object Car [bounding_box] -> dropped"]),
        (spec(DROP), spec(rule(BOX)), Bump.MINOR, ["outcome: dropped -> object Car [bounding_box]"]),
        (spec(REFUSE), spec(rule(BOX)), Bump.MINOR, ["outcome: refused -> object Car [bounding_box]"]),
        (spec(DROP), spec(REFUSE), Bump.MAJOR, ["outcome: dropped -> refused"]),
        (
            spec(rule(BOX)),
            spec(rule(thing(name="Van", kind="bounding_box"))),
            Bump.MAJOR,
            ["outcome: object Car [bounding_box] -> object Van [bounding_box]"],
        ),
        (spec(rule(thing(name="Car"))), spec(rule(thing(name="{{ label|title }}"))), Bump.PATCH, []),
        (spec(rule(thing(name="Car", kind="rotatable_bounding_box"))), spec(rule(thing(name="Car", kind="same"))), Bump.PATCH, []),
        (spec(rule(BOX)), spec(rule(BOX, BOX)), Bump.MINOR, ["outcome: (nothing) -> object Car [bounding_box]"]),
        (body(), body(options={"van": "van", "sedan": "sedan"}), Bump.PATCH, None),
        (body(), body(options={"van": "Van", "sedan": "sedan"}), Bump.MAJOR, ["attribute type=van: van -> Van"]),
        (
            body(options={"van": "Van"}),
            body(options={"van": "Van", "sedan": "Sedan"}),
            Bump.MAJOR,
            ["attribute type=sedan: (unlisted: add_option) -> Sedan"],
        ),
        (spec(rule(BOX, frames="any")), spec(rule(BOX, frames="each")), Bump.MAJOR, ["frames: any -> each"]),
        (body(), body(dynamic=True), Bump.MAJOR, ["attribute type dynamic: false -> true"]),
        (spec(rule(BOX)), body(), Bump.MINOR, ["attribute type: not mapped -> Body (radio)"]),
        (body(), spec(rule(BOX)), Bump.MAJOR, ["attribute type: Body (radio) -> not mapped"]),
    ],
)  # fmt: skip
def test_the_step_that_a_change_calls_for(before: Any, after: Any, bump: Bump, text: list[str] | None) -> None:
    """Major: what was converted goes elsewhere; minor: only more is converted; patch: words; and what exactly changed."""
    found = of(before, after)
    expected = [entry.bump for entry in found.differences if entry.declared]
    assert max((min(found.bump, Bump.PATCH), *expected)) == bump
    assert text is None or said(found) == text


def test_a_row_for_a_value_that_was_left_out_is_minor() -> None:
    """A value that had no row was left out; its row adds an answer and changes none."""
    policy = {"unlisted_value": {"do": "drop", "severity": "error"}}
    before, after = (
        body(options=rows) | {"policy": spec(policy=policy)["policy"]} for rows in ({"van": "Van"}, {"van": "Van", "sedan": "S"})
    )
    assert of(before, after).bump == Bump.MINOR


def test_a_decision_of_the_policy_counts_for_all_cells() -> None:
    """A field that is dropped now is major, a severity minor, a reason patch."""
    before = spec(DROP)
    kept = {"occluded": {"keep": True, "as": {"to": "Occluded", "type": "text"}}}
    assert of(spec(DROP, fields=kept), before).bump == Bump.MAJOR
    assert of(before, spec(DROP, policy={"unmatched": {"severity": "info"}})).bump == Bump.MINOR
    assert of(before, spec(DROP, fields={"occluded": {"keep": False, "reason": "another"}})).bump == Bump.PATCH


def test_only_the_cells_that_go_elsewhere_are_named() -> None:
    """A condition that was widened names the values that it takes now, and the shape that shows it."""
    before, after = (spec(rule(thing(name="Van"), name="van", attributes={"type": types}), DROP) for types in ("van", ["van", "sedan"]))
    entry = next(entry for entry in of(before, after).differences if entry.declared)
    assert (entry.what, entry.rules) == ("label 'car' as rectangle with type=sedan", ("all", "van"))
    assert entry.witness.image.shapes[0].attributes == (("type", "sedan"),)


def test_without_labels_the_schema_is_what_the_specs_mention() -> None:
    """Labels, attributes and values that are named stand in for the schema, and one label for all others."""
    before, after = spec(rule(BOX, label="car"), DROP), spec(rule(BOX, label="car", attributes={"type": "van"}), DROP)
    found = compare(loaded(before), loaded(after), None)
    assert found.assumed
    assert {entry.label.name for entry in found.differences} == {"car"}
    other = compare(loaded(spec(DROP)), loaded(spec(rule(thing(name="x"), name="all"))), None)
    assert not any(entry.label.declared for entry in other.differences)


def test_beyond_the_budget_the_difference_is_open() -> None:
    """With too little budget it is said that something may differ (DIF842), never that nothing does."""
    before, after = (spec(rule(BOX, attributes={"type": value}, occluded=True), DROP) for value in ("van", "sedan"))
    found = compare(loaded(before), loaded(after), (CAR,), 1)
    assert found.open
    assert next(version_notes(loaded(before), loaded(after), found)).issue.code == "DIF842"


@pytest.mark.parametrize(
    ("before", "bump", "wanted"),
    [
        ("1.4.2", Bump.MAJOR, "2.0.0"), ("1.4.2", Bump.MINOR, "1.5.0"), ("1.4.2", Bump.PATCH, "1.4.3"), ("1.4.2", Bump.NONE, "1.4.2"),
        ("0.1.0-rc.1+b2", Bump.MINOR, "0.2.0"),
    ],
)  # fmt: skip
def test_the_version_that_a_step_leads_to(before: str, bump: Bump, wanted: str) -> None:
    """Steps follow SemVer; the lower numbers start again."""
    assert raised(before, bump) == wanted


def test_a_version_that_rose_by_too_little() -> None:
    """DIF841 names the version that is needed, and stands at metadata.version."""
    before, after = spec(rule(BOX)), spec(DROP)
    after["metadata"]["version"] = "1.1.0"
    (note,) = version_notes(loaded(before), loaded(after), of(before, after))
    assert note.issue.code == "DIF841"
    assert note.issue.message() == "the changes call for a major version, at least 2.0.0; metadata.version is 1.1.0 after 1.0.0"
    after["metadata"]["version"] = "2.0.0"
    assert not list(version_notes(loaded(before), loaded(after), of(before, after)))


# -- against real conversions -------------------------------------------------------------------------------------------

titles = st.sampled_from(("Car", "Van", "{{ label }}", "drop", "refuse"))


@st.composite
def rules(draw: st.DrawFn, match: dict[str, Any], number: int) -> dict[str, Any]:
    """A rule that makes, drops or refuses what it matches."""
    title = draw(titles)
    node: dict[str, Any] = {"id": f"r{number}", "match": match}
    if title == "drop":
        return node | {"drop": {"reason": "x"}}
    if title == "refuse":
        return node | {"issue": {"severity": "error", "message": "x"}}
    if match.get("tag"):
        return node | {"emit": [classification(name="Tag", option=title)]}
    lines = [answer("type", "Type", "radio", options=draw(st.sampled_from(({"van": "Van"}, {"van": "VAN"}, {"van": "Van", "5": "Five"}))))]
    return node | {"emit": [thing(*draw(st.sampled_from(([], lines))), name=title, kind=draw(st.sampled_from(("same", "bounding_box"))))]}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two specs, of which one is the other with a rule changed, added or moved."""
    matches = draw(st.lists(strategies.conditions(1), min_size=1, max_size=3))
    first = [draw(rules(match, number)) for number, match in enumerate(matches)]
    then = list(first)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(then) - 1))
        match = draw(st.sampled_from((then[at]["match"], draw(strategies.conditions(1)))))
        then[at] = draw(rules(match, at)) | {"id": then[at]["id"]}
    return spec(*first), spec(*draw(st.sampled_from((then, then[::-1]))))


def at(found: Compared, shape: Shape, pair: Any) -> list[Difference]:
    """The differences that concern a shape which these rules take."""
    return [entry for entry in found.differences if entry.label.name == shape.label and shape.kind in entry.kinds and entry.pair == pair]


@given(schema=strategies.schemas(), specs=pairs(), data=st.data())
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
def test_what_differs_is_what_conversions_make_different(schema: list[LabelSpec], specs: tuple[Any, Any], data: st.DataObject) -> None:
    """A shape that two specs convert differently lies in a difference; the witness of an outcome that differs is converted differently."""
    before, after = map(loaded, specs)
    found = compare(before, after, schema)
    for _ in range(4):
        shape, image = data.draw(strategies.shapes(data.draw(st.sampled_from(schema))))
        results = [outcome(side, schema, image) for side in (before, after)]
        pair = taken(before.spec, shape, image), taken(after.spec, shape, image)
        if results[0] != results[1]:
            assert found.open or at(found, shape, pair)
        elif not any(change.bump > Bump.PATCH for entry in at(found, shape, pair) for change in entry.changes):
            counter = Counter(before, after, [entry for entry in found.differences if entry.bump > Bump.PATCH])
            counter.take([image], "x")
            assert not counter.met
    for entry in found.differences:
        _check_witness(entry, before, after, schema)


def _check_witness(entry: Difference, before: Any, after: Any, schema: list[LabelSpec]) -> None:
    image: Image = entry.witness.image
    assert (taken(before.spec, image.shapes[0], image), taken(after.spec, image.shapes[0], image)) == entry.pair
    if any(change.what == "outcome" and change.bump > Bump.PATCH for change in entry.changes):
        results = [outcome(side, schema, image) for side in (before, after)]
        assert results[0] != results[1] or "refused" in results[0][0]


FIELDS_OF: dict[type, set[str]] = {
    ObjectTarget: {"name", "feature_hash", "title_if_several", "color", "geometry", "attributes", "inherit_attributes", "otherwise"},
    ClassificationTarget: {
        *("name", "feature_hash", "type", "option", "value", "attributes", "inherit_attributes", "conflict", "required"),
    },
    AttributeRule: {
        *("from_", "to", "type", "feature_hash", "options", "lookup", "unset", "skip", "when_absent", "dynamic", "under", "declare"),
        *("required", "value", "drop"),
    },
    Drop: {"reason", "severity", "until"},
}  # fmt: skip


@pytest.mark.parametrize("model", FIELDS_OF, ids=lambda model: model.__name__)
def test_every_key_of_what_rules_make_is_compared(model: Any) -> None:
    """A key that is new in the language must be added to `mapper.engine.analysis.meaning`, and then here."""
    assert set(model.model_fields) == FIELDS_OF[model]
