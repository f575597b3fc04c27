"""Each finding of the analysis by an example, with its place, and a witness that shows it in a conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert
from mapper.engine.analysis import cells, reach
from mapper.engine.analysis.check import check_spec
from mapper.findings.base import Severity
from tests.support.analysis import label, loaded, messages, notes, select
from tests.support.specs import answer, classification, rule, spec, thing, write

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.model import LabelSpec
    from mapper.engine.analysis.notes import Note

CAR = label("car", select("type", "van", "sedan", "lorry"), kind="rectangle")
FREE: Any = {"attributes": [answer({}, "{{ attribute.name }}", "text")]}
REST = rule(thing(name="Rest"), name="rest")


def drop(name: str, **match: Any) -> dict[str, Any]:
    """A rule that drops what it matches."""
    return {"id": name, "match": {key.rstrip("_"): value for key, value in match.items()}, "drop": {"reason": "not wanted"}}


def only(found: list[Note], code: str) -> Note:
    """The one note of a code."""
    (note,) = [note for note in found if note.issue.code == code]
    return note


def codes_of(tmp_path: Path, document: dict[str, Any], note: Note) -> dict[str, str]:
    """What converting a witness finds: rule by code."""
    assert note.witness is not None
    (tmp_path / "witness.xml").write_text(note.witness.xml, "utf-8")
    found = convert(tmp_path / "witness.xml", spec=loaded(document)).findings
    return {finding.code: finding.rule for finding in found}


def test_a_gap_is_named_with_a_shape_that_falls_through(tmp_path: Path) -> None:
    """CHK801 says which label, kinds and values no rule matches; the witness is unmatched when it is converted."""
    document = spec(rule(thing(name="Van"), name="van", label="car", attributes={"type": ["van", "sedan"]}), **FREE)
    found = notes(document, CAR)
    note = only(found, "CHK801")
    assert note.issue.message() == "no rule matches label 'car' as rectangle with type=lorry"
    assert note.issue.evidence()["cells"] == 1
    assert note.finding().severity == Severity.ERROR
    assert codes_of(tmp_path, document, note)["MAP301"] == ""


def test_the_policy_says_how_grave_a_gap_is() -> None:
    """A gap has the severity that policy.unmatched gives to an unmatched shape, and its place."""
    document = spec(drop("vans", attributes={"type": "van"}), policy={"unmatched": {"severity": "info"}})
    note = only(notes(document, CAR), "CHK801")
    assert note.finding().severity == Severity.INFO
    assert note.place == loaded(document).place(("policy", "unmatched"))


def test_values_outside_the_schema_are_a_hint(tmp_path: Path) -> None:
    """CHK802: what only foreign data has (values outside a list, absent ones) is no error; its witness falls through too."""
    document = spec(drop("all", label="car", attributes={"type": ["van", "sedan", "lorry"]}), drop("more", shapes=["polygon"]))
    found = notes(document, CAR)
    assert "CHK801" not in messages(found)
    hints = [note for note in found if note.issue.code == "CHK802"]
    assert {note.finding().severity for note in hints} == {Severity.INFO}
    assert all("MAP301" in codes_of(tmp_path, document, note) for note in hints)


def test_a_rule_below_others_that_take_all_of_it_is_never_reached(tmp_path: Path) -> None:
    """CHK803 names the rules that take everything, found by values and not by text; its witness goes to one of them."""
    document = spec(
        drop("vans", label="car", attributes={"type": ["van", "lorry"]}),
        drop("sedans", label="car", attributes={"type": {"not_in": ["van", "lorry"]}}),
        rule(thing(name="Van"), name="late", label="car", attributes={"type": {"starts": "v"}, "other": {"present": False}}),
        REST,
        **FREE,
    )
    note = only(notes(document, CAR), "CHK803")
    assert note.issue.message().startswith("the rule 'late' is never reached: all that it matches is taken by `vans`")
    assert note.place == loaded(document).place(("rules", 2, "id"))
    assert note.witness is not None
    assert codes_of(tmp_path, document, note).get("MAP301") is None


def test_sizes_that_exclude_each_other_make_a_rule_dead() -> None:
    """CHK803: a width and a height below 4 leave no rectangle an area of 16, though each condition alone can hold."""
    small: Any = {"shapes": ["rectangle"], "width": {"lt": 4}, "height": {"lt": 4}}
    dead = messages(notes(spec(drop("none", label="car", **small, area={"ge": 16}), REST, **FREE), CAR))
    assert dead["CHK803"] == ["the rule 'none' is never reached: no shape of any label meets its conditions"]
    alive = messages(notes(spec(drop("some", label="car", **small, area={"ge": 15}), REST, **FREE), CAR))
    assert "CHK803" not in alive


def test_a_rule_only_for_data_outside_the_schema_is_a_warning(tmp_path: Path) -> None:
    """CHK804: a rule for a value that CVAT does not offer; CHK813 names the value, with the nearest one."""
    document = spec(rule(thing(name="Lorry"), name="lorry", label="car", attributes={"type": "lory"}), REST, **FREE)
    found = notes(document, CAR)
    reached, value = only(found, "CHK804"), only(found, "CHK813")
    assert "type=lory" in reached.issue.message()
    assert value.issue.message() == "attribute 'type' is never 'lory'; CVAT offers van, sedan, lorry"
    assert value.issue.help() == "did you mean `lorry`?"
    assert value.place == loaded(document).place(("rules", 0, "match", "attributes", "type"))
    assert reached.witness is not None
    assert reached.witness.image.shapes[0].attributes == (("type", "lory"),)
    assert "MAP301" not in codes_of(tmp_path, document, reached)


def test_rules_that_overlap_are_an_info_unless_one_is_a_special_case() -> None:
    """CHK805: order alone decides between hidden cars and vans; a special case above the general one is the usual way."""
    van, hidden = drop("van", attributes={"type": "van"}), drop("hidden", occluded=True)
    note = only(notes(spec(van, hidden, REST, **FREE), CAR), "CHK805")
    assert note.issue.message() == (
        "the rule 'hidden' is shadowed in part by 'van': both match label 'car' as rectangle with occluded=true, type=van"
    )
    special = spec(drop("hidden van", attributes={"type": "van"}, occluded=True), van, REST, **FREE)
    special["rules"][0]["id"] = "hidden-van"
    assert "CHK805" not in messages(notes(special, CAR))


def test_beyond_the_budget_the_answer_is_unknown() -> None:
    """CHK806: with too little budget nothing is called fine, and no rule is called dead (CHK807); more budget is the advice."""
    document = spec(drop("van", label="car", occluded=True, attributes={"type": "van"}), drop("rest", label="car"))
    assert "CHK806" not in messages(notes(document, CAR))
    found = messages(notes(document, CAR, budget=1))
    assert found["CHK806"] == [
        "unknown whether a rule matches label 'car' as rectangle: its combinations of conditions go beyond the budget"
    ]
    assert found["CHK807"][0] == "unknown whether the rule 'van' is ever reached"
    assert "the budget ended at label 'car' as rectangle: raise --budget" in only_hint(document)
    assert "CHK803" not in found


def only_hint(document: Any) -> str:
    """What the first rule that nobody can follow is advised."""
    return next(note for note in notes(document, CAR, budget=1) if note.issue.code == "CHK807").issue.help()


def test_the_budget_of_one_label_does_not_hide_what_is_proven_of_another() -> None:
    """CHK803: a rule that is dead for its own label is called dead, though the budget ended at another label."""
    deep = [drop(f"deep{n}", label="deep", attributes={f"a{n % 6}": f"v{n % 4}"}, occluded=n % 2 == 0) for n in range(20)]
    document = spec(drop("cars", label="car"), drop("dead", label="car", occluded=True), *deep, drop("rest", label="deep"))
    wide = label("deep", *(select(f"a{n}", *(f"v{value}" for value in range(4))) for n in range(6)))
    found = messages(notes(document, CAR, wide, budget=400))
    assert found["CHK803"] == ["the rule 'dead' is never reached: all that it matches is taken by `cars` (line 65)"]
    assert any("label 'deep'" in text for text in found["CHK806"])


def many_rules() -> dict[str, Any]:
    """A spec of which dozens of rules, each on other values, are for all labels."""
    values = [{f"a{n % 5}": f"v{n % 4}", f"a{(n // 5 + n + 1) % 5}": f"v{n // 4 % 4}"} for n in range(60)]
    return spec(*(drop(f"rule{n}", attributes=value) for n, value in enumerate(values)), drop("rest"))


def test_rules_beyond_the_budget_are_not_called_free_of_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """CHK808: where comparing rules ends, one note says how many were left, from which rule on and at which label."""
    wide = label("wide", *(select(f"a{n}", *(f"v{value}" for value in range(4))) for n in range(5)), kind="rectangle")
    everything = notes(many_rules(), wide)
    assert "CHK808" not in messages(everything)
    monkeypatch.setattr(reach, "PAIR", 500_000)
    found = messages(notes(many_rules(), wide))
    assert "CHK806" not in found
    (said,) = found["CHK808"]
    assert said.startswith("unknown whether ")
    assert said.endswith("the budget ended at label 'wide' as rectangle")
    assert len(found["CHK805"]) < len(messages(everything)["CHK805"])


@pytest.mark.parametrize("many", [0, 10**6])
def test_sets_of_bits_and_diagrams_give_the_same_findings(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """How sets of cells are held is a matter of speed: either way the findings and their witnesses are the same."""
    wide = label("wide", *(select(f"a{n}", *(f"v{value}" for value in range(4))) for n in range(5)), kind="rectangle")
    before = notes(many_rules(), wide, CAR)
    monkeypatch.setattr(cells, "MANY", many)
    assert notes(many_rules(), wide, CAR) == before


def test_names_that_the_schema_does_not_have() -> None:
    """CHK811 and CHK812: labels and attributes that do not exist, each at its place and with the nearest name."""
    document = spec(
        drop("cra", label=["cra", "car"], attributes={"typ": "van"}),
        rule(thing(answer("tpye", "Type", "text"), name="Car"), name="car", label="car"),
        **FREE,
    )
    found = notes(document, CAR)
    assert only(found, "CHK811").issue.help() == "did you mean `car`?"
    assert only(found, "CHK811").place == loaded(document).place(("rules", 0, "match", "label", 0))
    unknown = [(note.issue.evidence()["value"], note.issue.help()) for note in found if note.issue.code == "CHK812"]
    assert sorted(unknown) == [("tpye", "did you mean `type`?"), ("typ", "did you mean `type`?")]


def test_values_without_a_row(tmp_path: Path) -> None:
    """CHK814: a listed value that the lookup lacks; what the rule never gets is not missed; the witness shows MAP302."""
    table = {"rows": {"sedan": "Sedan"}}
    document = spec(
        drop("vans", attributes={"type": "van"}),
        rule(thing(answer("type", "Body", "radio", lookup="body"), name="Car"), name="car"),
        policy={"unlisted_value": {"do": "drop", "severity": "error"}},
        lookups={"body": table},
    )
    note = only(notes(document, CAR), "CHK814")
    assert note.issue.message() == "value 'lorry' of attribute 'type' has no row in its table (left out)"
    assert note.finding().severity == Severity.ERROR
    assert codes_of(tmp_path, document, note)["MAP302"] == "car"
    document["lookups"]["body"]["otherwise"] = {"value": "Other"}
    assert "CHK814" not in messages(notes(document, CAR))


def ontology(*, required: bool = False, shape: str = "bounding_box") -> dict[str, Any]:
    """An ontology with one object and one radio."""
    options = [{"id": "1.1.1", "label": "van", "value": "van", "featureNodeHash": "oooooooo"}]
    radio = {"id": "1.1", "name": "Body", "type": "radio", "required": required, "featureNodeHash": "rrrrrrrr", "options": options}
    thing_ = {"id": "1", "name": "Car", "color": "#D33115", "shape": shape, "featureNodeHash": "cccccccc", "attributes": [radio]}
    return {"objects": [thing_], "classifications": []}


@pytest.mark.parametrize(
    ("made", "given", "code", "text"),
    [
        (thing(name="Lorry", kind="bounding_box"), ontology(), "ENC501", "the ontology has no object 'Lorry'"),
        (thing(name="Car", kind="polygon"), ontology(), "ENC503", "object 'Car' is bounding_box in the ontology, the rule needs polygon"),
        (
            thing(answer("type", "Bodi", "radio"), name="Car", kind="bounding_box"),
            ontology(),
            "ENC501",
            "the ontology has no attribute 'Bodi'",
        ),
        (
            thing(answer("type", "Body", "text"), name="Car", kind="bounding_box"),
            ontology(),
            "ENC503",
            "attribute 'Body' is radio in the ontology, the rule needs text",
        ),
        (
            thing(answer("type", "Body", "radio", options={"van": "van", "sedan": "Sedan"}), name="Car", kind="bounding_box"),
            ontology(),
            "ENC501",
            "the ontology has no option 'Sedan'",
        ),
        (
            thing(name="Car", kind="bounding_box"),
            ontology(required=True),
            "CHK815",
            "'Car' requires the attribute 'Body', and nothing answers it",
        ),
    ],
)  # fmt: skip
def test_what_the_ontology_lacks(made: Any, given: Any, code: str, text: str, tmp_path: Path) -> None:
    """Objects, shapes, attributes, types and options that an ontology lacks are found before any data, each with a witness."""
    document = spec(rule(made, name="car"), policy={"unmapped_attribute": {"severity": "info"}})
    note = only(notes(document, CAR, ontology=given), code)
    assert note.issue.message() == text
    assert note.rule == "car"
    assert note.witness is not None
    (tmp_path / "witness.xml").write_text(note.witness.xml, "utf-8")
    found = {finding.code for finding in convert(tmp_path / "witness.xml", spec=loaded(document), ontology=given).findings}
    assert code in found or code == "CHK815"


def test_rules_that_answer_one_classification_differently(tmp_path: Path) -> None:
    """CHK816: two rules write one classification; an image with both tags shows it; equal answers are no matter."""
    labels = (label("rain", kind="tag"), label("fog", kind="tag"))
    rain, fog = (rule(classification(name="Weather", option=name), name=name, tag=[name]) for name in ("rain", "fog"))
    note = only(notes(spec(rain, fog), *labels), "CHK816")
    assert note.issue.message() == "the rules `rain`, `fog` answer the classification 'Weather', and not alike"
    assert "MAP311" in codes_of(tmp_path, spec(rain, fog), note)
    same = [rule(classification(name="Weather", option="wet"), name=name, tag=[name]) for name in ("rain", "fog")]
    assert "CHK816" not in messages(notes(spec(*same), *labels))


def test_a_kind_that_a_conversion_cannot_read(tmp_path: Path) -> None:
    """CHK817: a rule takes tags of a label of any type, and cannot make an object of them."""
    document = spec(rule(thing(name="Car"), name="car", label="car"))
    note = only(notes(document, label("car")), "CHK817")
    assert note.issue.message() == "the rule 'car' takes label 'car' as tag, but a tag cannot become same"
    assert codes_of(tmp_path, document, note)["MAP306"] == "car"


def labels_many(count: int) -> list[LabelSpec]:
    """Labels with many attributes that no rule names."""
    free = [select(f"free{number}", *"abcdefgh") for number in range(40)]
    return [label(f"label{number}", select("type", "van", "sedan"), *free, kind="rectangle") for number in range(count)]


def test_attributes_that_no_rule_names_multiply_nothing() -> None:
    """Forty free attributes of eight values each leave two cells a label, not 8^40."""
    found = check_spec(loaded(spec(drop("van", attributes={"type": "van"}), drop("rest"))), labels_many(3))
    assert found.counts == (2, 3, 6)
    assert found.notes == ()


def test_the_place_of_a_finding_is_in_the_file(tmp_path: Path) -> None:
    """Every note about a rule stands at a line of the spec."""
    write(tmp_path, spec(drop("van", attributes={"type": "vann"}), REST))
    found = notes(spec(drop("van", attributes={"type": "vann"}), REST, **FREE), CAR)
    assert all(note.place is not None and note.place.line > 1 for note in found)


def test_a_condition_that_is_not_analysed_leaves_open_only_what_it_may_take() -> None:
    """CHK807 of the rule that compares two fields and of one behind it that it may shadow; rules before it are decided."""
    tall = drop("tall", label="car", height={"gt": {"field": "width"}})
    document = spec(drop("van", label="car", attributes={"type": "van"}), tall, drop("hidden", label="car", occluded=True), drop("rest"))
    found = notes(document, CAR)
    assert {note.rule for note in found if note.issue.code == "CHK807"} == {"tall", "hidden"}
    assert not {note for note in found if note.rule == "van"}
    typo = notes(spec(drop("vna", label="car", attributes={"type": "vna"}), tall, drop("rest")), CAR)
    assert only([note for note in typo if note.rule == "vna"], "CHK804").witness is not None
