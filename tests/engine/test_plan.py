"""All answers of one shape: which rule takes an attribute, what nests, what meets in one Encord attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support import sdk
from tests.support.builders import Attribute, Label, box, element, export, image, path, skeleton
from tests.support.running import run
from tests.support.specs import FIELDS, answer, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Attributes, Element
    from tests.support.running import Bundle, Json

CHECKBOXES = (Attribute("ripe", "checkbox"), Attribute("rotten", "checkbox"))
FLAGS = [
    answer("ripe", "Flags", "checklist", options={"true": "Ripe", "false": None}),
    answer("rotten", "Flags", "checklist", options={"true": "Rotten", "false": None}),
]


def car(attributes: Attributes = (), x: float = 1, **fields: Any) -> Element:
    """A box of label car."""
    return box("car", (x, 2, x + 20, 40), attributes, **fields)


def made(folder: Path, shapes: list[Element], declared: tuple[Attribute, ...], *rules: Json, **more: Any) -> Bundle:
    """Cars, one on each image, under attribute rules; what comes out is loaded by the SDK."""
    images = [image(number, shape) for number, shape in enumerate(shapes)]
    found = run(folder, export(*images, labels=[Label("car", attributes=declared)]), spec(rule(thing(*rules)), **more))
    sdk.check(found.ontology, found.rows)
    return found


def test_several_checkboxes_meet_in_one_checklist(tmp_path: Path) -> None:
    """Checkboxes that answer one checklist give one answer with the ticked options in the order of the ontology."""
    shapes = [car({"rotten": "true", "ripe": "true"}), car({"ripe": "false", "rotten": "true"}), car({"ripe": "false", "rotten": "false"})]
    found = made(tmp_path, shapes, CHECKBOXES, *FLAGS)
    assert found.answers() == [{"Flags": ["Ripe", "Rotten"]}, {"Flags": ["Rotten"]}, {"Flags": []}]
    assert [option["label"] for option in found.ontology["objects"][0]["attributes"][0]["options"]] == ["Ripe", "Rotten"]
    assert found.books("attribute", "ripe") == {"read": 3, "transformed": 3}


def test_a_checklist_of_a_shape_without_the_attributes(tmp_path: Path) -> None:
    """Where no checkbox stands in the export, nothing is answered: that is not the same as nothing ticked."""
    assert made(tmp_path, [car()], CHECKBOXES, *FLAGS).answers() == [{}]


def test_nothing_ticked_needs_something_to_tick(tmp_path: Path) -> None:
    """A checklist that is declared once used has its options as soon as it is answered, also by "none of them"."""
    used = answer("ripe", "Flags", "checklist", options={"true": "Ripe", "false": None}, declare="used")
    found = made(tmp_path, [car({"ripe": "false"})], CHECKBOXES, used, {"from": "rotten", "drop": {"reason": "not needed"}})
    assert found.answers() == [{"Flags": []}]
    assert [option["label"] for option in found.ontology["objects"][0]["attributes"][0]["options"]] == ["Ripe"]


def test_a_checklist_that_can_never_be_ticked(tmp_path: Path) -> None:
    """A table without any option gives no attribute and no answer, since Encord holds no checklist without options."""
    never = answer("ripe", "Flags", "checklist", options={"true": None, "false": None})
    found = made(tmp_path, [car({"ripe": "true"})], CHECKBOXES[:1], never)
    assert found.answers() == [{}]
    assert "attributes" not in found.ontology["objects"][0]


def test_two_answers_to_one_attribute(tmp_path: Path) -> None:
    """Of two different answers to one radio the first attribute's stands; the other is refused with a finding. Equal ones are one."""
    colors = (Attribute("top", "select", ("red", "blue")), Attribute("bottom", "select", ("red", "blue")))
    rules = [answer("top", "Color", "radio"), answer("bottom", "Color", "radio")]
    found = made(tmp_path, [car({"top": "red", "bottom": "blue"}), car({"top": "red", "bottom": "red"})], colors, *rules)
    assert found.answers() == [{"Color": ["red"]}, {"Color": ["red"]}]
    assert found.codes == {"MAP312": 1}
    assert found.books("attribute", "top") == {"read": 2, "kept": 2}
    assert found.books("attribute", "bottom") == {"read": 2, "kept": 1, "refused": 1}


def test_a_field_and_an_attribute_that_meet(tmp_path: Path) -> None:
    """A field that is kept under the title of an attribute answers the same Encord attribute, once."""
    kept = FIELDS | {"source": {"keep": True, "as": {"to": "Origin", "type": "text"}}}
    rules = [answer("origin", "Origin", "text")]
    found = made(tmp_path, [car({"origin": "hand"}), car({"origin": "manual"})], (Attribute("origin"),), *rules, fields=kept)
    assert found.answers() == [{"Origin": "hand"}, {"Origin": "manual"}]
    assert found.codes == {"MAP312": 1}
    assert found.books("field", "source") == {"read": 2, "kept": 1, "refused": 1}


def test_nested_answers(tmp_path: Path) -> None:
    """A nested answer is given below its chosen option; without the option it is refused with a finding."""
    declared = (Attribute("type", "select", ("car", "truck")), Attribute("axles", "number"))
    under = {"attribute": "Body", "option": "Truck"}
    rules = [
        answer("type", "Body", "radio", options={"car": "Car", "truck": "Truck"}),
        answer("axles", "Axles", "numeric", under=under),
    ]
    found = made(tmp_path, [car({"axles": "3", "type": "truck"}), car({"axles": "2", "type": "car"})], declared, *rules)
    assert found.answers() == [{"Axles": 3, "Body": ["Truck"]}, {"Body": ["Car"]}]
    assert found.codes == {"MAP313": 1}
    assert found.books("attribute", "axles") == {"read": 2, "kept": 1, "refused": 1}
    options = found.ontology["objects"][0]["attributes"][0]["options"]
    assert {option["label"]: [nested["name"] for nested in option.get("options", [])] for option in options} == {
        "Car": [],
        "Truck": ["Axles"],
    }


def test_a_field_below_an_option(tmp_path: Path) -> None:
    """A field may nest below an option that an attribute chooses."""
    kept = FIELDS | {"group_id": {"keep": True, "as": {"to": "Group", "type": "text", "under": {"attribute": "Body", "option": "truck"}}}}
    declared = (Attribute("type", "select", ("car", "truck")),)
    shapes = [car({"type": "truck"}, group_id="4"), car({"type": "car"}, group_id="4")]
    found = made(tmp_path, shapes, declared, answer("type", "Body", "radio"), fields=kept)
    assert found.answers() == [{"Body": ["truck"], "Group": "4"}, {"Body": ["car"]}]
    assert found.books("field", "group_id") == {"read": 2, "kept": 1, "refused": 1}


def test_mutable_attributes_are_dynamic(tmp_path: Path) -> None:
    """`dynamic: mutable` follows CVAT's flag: a mutable attribute's answer carries the frame, an immutable one's does not."""
    declared = (Attribute("speed", "number", mutable=True), Attribute("plate"))
    rules = [answer({}, "{{ attribute.name }}", "text", dynamic="mutable")]
    found = made(tmp_path, [car({"speed": "5", "plate": "AB"})], declared, *rules)
    row = found.rows[0]
    (key,) = row["object_answers"]
    assert [entry["name"] for entry in row["object_answers"][key]["classifications"]] == ["plate"]
    assert [(entry["name"], entry["range"], entry["dynamic"]) for entry in row["object_actions"][key]["actions"]] == [
        ("speed", [[0, 0]], True)
    ]


def test_the_first_fitting_rule_takes_an_attribute(tmp_path: Path) -> None:
    """An object's own attribute rules stand before the spec's, each list in order; `drop` ends an attribute with its reason."""
    declared = (Attribute("a"), Attribute("b"), Attribute("c", "number"), Attribute("lane_d"))
    own = [answer("a", "Own", "text"), {"from": {"like": "lane_*"}, "drop": {"reason": "lanes are elsewhere", "severity": "info"}}]
    shared = [
        answer("a", "Never", "text"),
        answer({"input_type": ["number"]}, "Number", "numeric"),
        answer({}, "Rest {{ attribute.name }}", "text"),
    ]
    found = made(tmp_path, [car({"a": "1", "b": "2", "c": "3", "lane_d": "4"})], declared, *own, attributes=shared)
    assert found.answers() == [{"Own": "1", "Rest b": "2", "Number": 3}]
    assert found.books("attribute", "lane_d") == {"read": 1, "dropped": 1}
    assert found.codes == {"MAP315": 1}


def test_an_attribute_that_no_rule_takes(tmp_path: Path) -> None:
    """An attribute without a rule is refused with a finding of the severity that policy says; the shape stays."""
    found = made(tmp_path, [car({"a": "1"})], (Attribute("a"),), policy={"unmapped_attribute": {"severity": "warning"}})
    assert found.answers() == [{}]
    assert [(finding.code, finding.severity.word) for finding in found.result.findings] == [("MAP305", "warning")]
    assert found.books("attribute", "a") == {"read": 1, "refused": 1}


def test_undeclared_attributes(tmp_path: Path) -> None:
    """An attribute that its label does not declare counts as text and is reported, or is left out, as policy says."""
    kept = made(tmp_path, [car({"note": "x"}), car({"note": "y"})], (), answer({}, "{{ attribute.name }}", "text"))
    assert (kept.answers(), kept.codes) == ([{"note": "x"}, {"note": "y"}], {"MAP304": 2})
    policy = {"undeclared_attribute": {"do": "drop", "severity": "error"}}
    left = made(tmp_path, [car({"note": "x"})], (), answer({}, "{{ attribute.name }}", "text"), policy=policy)
    assert (left.answers(), left.codes, left.result.ok) == ([{}], {"MAP304": 1}, False)
    assert left.books("attribute", "note") == {"read": 1, "refused": 1}


def test_an_attribute_without_a_name(tmp_path: Path) -> None:
    """An attribute whose name is empty is accounted for like any other; its empty title is a finding."""
    found = made(tmp_path, [car({"": "x", "a": "y"})], (Attribute("a"),), answer({}, "{{ attribute.name }}", "text"))
    assert found.answers() == [{"a": "y"}]
    assert found.books("attribute", "") == {"read": 1, "refused": 1}


def test_values_that_differ_from_shape_to_shape(tmp_path: Path) -> None:
    """A value that names the image or the shape is computed for each shape, whatever else the shapes have in common."""
    note = answer("note", "Note", "text", value="{{ image.name }}: {{ value }}", when_absent={"value": "-"})
    where = answer(None, "Where", "text", value="{{ image.frame }}/{{ shape.index }}")
    found = made(tmp_path, [car({"note": "x"}), car({"note": "x"}), car(), car()], (Attribute("note"),), note, where)
    assert found.answers() == [
        {"Note": "0.png: x", "Where": "0/0"},
        {"Note": "1.png: x", "Where": "1/0"},
        {"Note": "2.png: -", "Where": "2/0"},
        {"Note": "3.png: -", "Where": "3/0"},
    ]


def test_undeclared_values_that_differ_from_shape_to_shape(tmp_path: Path) -> None:
    """The same holds for an attribute that the label does not declare."""
    note = answer("note", "Note", "text", value="{{ image.name }}: {{ value }}")
    found = made(tmp_path, [car({"note": "x"}), car({"note": "x"}), car()], (), note)
    assert found.answers() == [{"Note": "0.png: x"}, {"Note": "1.png: x"}, {}]
    assert found.books("attribute", "note") == {"read": 2, "transformed": 2}


def test_a_varying_value_that_meets_a_steady_one(tmp_path: Path) -> None:
    """A computed value and a plain one that answer one attribute are held against each other on every shape."""
    rules = [answer("note", "Note", "text"), answer(None, "Note", "text", value="{{ image.name }}")]
    found = made(tmp_path, [car({"note": "0.png"}), car({"note": "0.png"})], (Attribute("note"),), *rules)
    assert found.answers() == [{"Note": "0.png"}, {"Note": "0.png"}]
    assert found.codes == {"MAP312": 1}


def test_a_value_made_of_other_attributes(tmp_path: Path) -> None:
    """A template may use all attributes of the shape; the value under `from` is `value`."""
    declared = (Attribute("a"), Attribute("b"))
    rules = [answer("a", "A", "text", value="{{ value }}+{{ attributes.b }}"), answer("b", "B", "text")]
    found = made(tmp_path, [car({"a": "1", "b": "2"}), car({"a": "1", "b": "3"})], declared, *rules)
    assert found.answers() == [{"A": "1+2", "B": "2"}, {"A": "1+3", "B": "3"}]


def test_fields_are_kept_as_the_spec_says(tmp_path: Path) -> None:
    """Each implicit field becomes an attribute or is dropped with its reason; what `skip` names is told by absence."""
    kept = {
        "occluded": {"keep": True, "as": {"to": "Occluded", "type": "radio", "options": {"true": "Yes", "false": "No"}}},
        "z_order": {"keep": True, "as": {"to": "Layer", "type": "numeric", "skip": ["0"]}},
        "group_id": {"keep": False, "reason": "no groups here"},
        "source": {"keep": True, "automatic": ["auto"], "as": {"to": "Source", "type": "text", "skip": ["manual"]}},
    }
    shapes = [car(occluded="1", z_order="-2", group_id="3", source="auto"), car()]
    found = made(tmp_path, shapes, (), fields=kept)
    assert found.answers() == [{"Occluded": ["Yes"], "Layer": -2, "Source": "auto"}, {"Occluded": ["No"]}]
    assert [entry["manualAnnotation"] for entry, _ in found.objects()] == [False, True]
    assert found.books("field", "group_id") == {"read": 1, "dropped": 1}
    assert found.books("field", "z_order") == {"read": 2, "kept": 2}


def test_rotation_has_an_account(tmp_path: Path) -> None:
    """A rotation that stays an angle is kept; one that goes into the coordinates is transformed."""
    turned = image(0, car(rotation="30"))
    for kind, account in (("rotatable_bounding_box", "kept"), ("polygon", "transformed")):
        found = run(tmp_path, export(turned, labels=[Label("car")]), spec(rule(thing(kind=kind))))
        assert found.books("field", "rotation") == {"read": 1, account: 1}


def test_attributes_of_skeleton_points(tmp_path: Path) -> None:
    """A point's attributes answer attributes of the whole skeleton; they have accounts of their own."""
    elements = (Label("head", attributes=(Attribute("seen", "checkbox"),)), Label("tail"))
    label = Label("fish", "skeleton", (Attribute("kind"),), elements=elements)
    shape = skeleton("fish", [element("tail", 5, 6, {"odd": "x"}), element("head", 1, 2, {"seen": "true"})], {"kind": "cod"})
    rules = [
        answer({"of": "element", "input_type": ["checkbox"]}, "{{ element.label }} seen", "radio", options={"true": "yes", "false": "no"}),
        answer({"of": "any"}, "{{ element.label or 'fish' }} {{ attribute.name }}", "text"),
    ]
    found = run(tmp_path, export(image(0, shape), labels=[label]), spec(rule(thing(*rules))))
    sdk.check(found.ontology, found.rows)
    assert found.answers() == [{"fish kind": "cod", "tail odd": "x", "head seen": ["yes"]}]
    assert found.books("element", "head.seen") == {"read": 1, "transformed": 1}
    assert found.books("element", "tail.odd") == {"read": 1, "kept": 1}
    assert found.codes == {"MAP304": 1}


def test_equal_shapes_that_are_split_have_hashes_of_their_own(tmp_path: Path) -> None:
    """Two equal points shapes give the parts of each a common text of its own, so that they can be put together again."""
    shapes = [path("points", "p", [1, 1, 5, 5]), path("points", "p", [1, 1, 5, 5])]
    rules = [
        answer(None, "Of", "text", value="{{ shape.hash }}"),
        answer(None, "Place", "text", value="{{ split.index }} of {{ split.count }}"),
    ]
    found = run(tmp_path, export(image(0, *shapes), labels=[Label("p")]), spec(rule(thing(*rules))))
    sdk.check(found.ontology, found.rows)
    answers = found.answers()
    assert [entry["Place"] for entry in answers] == ["0 of 2", "1 of 2"] * 2
    first, second, third, fourth = (entry["Of"] for entry in answers)
    assert first == second != third == fourth
    assert found.books() == {"read": 2, "split": 2}
