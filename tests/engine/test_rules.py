"""Rules: the first that matches decides, and every shape ends in exactly one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import sdk
from tests.support.builders import Attribute, Label, box, cuboid, ellipse, export, image, mask, path, skeleton, tag
from tests.support.builders import element as point
from tests.support.running import run
from tests.support.specs import rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Element
    from tests.support.running import Bundle, Json

LABELS = [Label("car", attributes=(Attribute("type"),)), Label("van")]


def made(folder: Path, *shapes: Element, rules: list[Json], labels: list[Label] | None = None, **more: Any) -> Bundle:
    """Shapes on one image under rules; what comes out is loaded by the SDK."""
    used = {dict(shape.fields)["label"] for shape in shapes}
    declared = [label for label in LABELS if label.name in used] if labels is None else labels
    found = run(folder, export(image(0, *shapes), labels=declared), spec(*rules, **more))
    sdk.check(found.ontology, found.rows)
    return found


def car(kind: str = "sedan", **fields: Any) -> Element:
    """A box of label car with a type."""
    return box("car", (1, 2, 30, 40), {"type": kind}, **fields)


def names(found: Bundle) -> list[str]:
    """The classes of all objects."""
    return [entry["name"] for entry, _ in found.objects()]


TYPE: Json = {"from": "type", "drop": {"reason": "decides the class"}}


def test_the_first_rule_that_matches_decides(tmp_path: Path) -> None:
    """Rules are tried in order; a later rule gets what earlier ones leave, and the ledger names the rule."""
    rules = [
        rule(thing(TYPE, name="Truck"), name="truck", attributes={"type": ["truck", "lorry"]}),
        rule(thing(TYPE, name="Hidden"), name="hidden", any=[{"occluded": True}, {"attributes": {"type": {"like": "conv*"}}}]),
        rule(thing(TYPE, name="Car"), name="car", label="car", not_={"attributes": {"type": "toy"}}),
        rule(thing(TYPE, name="Rest"), name="rest"),
    ]
    found = made(tmp_path, car("lorry", occluded="1"), car("convertible"), car(), car("toy"), box("van", (1, 2, 30, 40)), rules=rules)
    assert names(found) == ["Truck", "Hidden", "Car", "Rest", "Rest"]
    kinds = {(entry["label"], detail["rule"]): detail["count"] for entry in found.ledger["elements"] for detail in entry["details"]}
    assert kinds == {("car", "truck"): 1, ("car", "hidden"): 1, ("car", "car"): 1, ("car", "rest"): 1, ("van", "rest"): 1}


def test_a_shape_without_a_rule(tmp_path: Path) -> None:
    """A shape that no rule matches is refused with a finding of the severity that policy says."""
    rules = [rule(thing(TYPE), label="car")]
    found = made(tmp_path, car(), box("van", (1, 2, 30, 40)), rules=rules, policy={"unmatched": {"severity": "warning"}})
    assert [(finding.code, finding.severity.word, finding.count) for finding in found.result.findings] == [("MAP301", "warning", 1)]
    assert found.books() == {"read": 2, "kept": 1, "refused": 1}


@pytest.mark.parametrize("severity", [None, "info", "error"])
def test_drop(tmp_path: Path, severity: str | None) -> None:
    """A rule that drops leaves the shape out with its reason; a finding is made only where it asks for one."""
    drop: Json = {"id": "no", "match": {}, "drop": {"reason": "training only"} | ({"severity": severity} if severity else {})}
    found = made(tmp_path, car(), rules=[drop])
    assert found.books() == {"read": 1, "dropped": 1}
    assert [(finding.code, finding.severity.word) for finding in found.result.findings] == ([("MAP315", severity)] if severity else [])
    assert found.ledger["elements"][0]["details"] == [{"account": "dropped", "rule": "no", "count": 1, "reason": "training only"}]


def test_issue(tmp_path: Path) -> None:
    """A rule that raises an issue refuses the shape with its message, severity and code."""
    issue = {"severity": "warning", "message": "no {{ attributes.type }} in {{ image.name }}", "code": "ACME001"}
    found = made(tmp_path, car(), car("truck"), rules=[{"id": "no", "match": {}, "issue": issue}])
    (finding,) = found.result.findings
    assert (finding.code, finding.severity.word, finding.count, finding.rule) == ("MAP306", "warning", 2, "no")
    assert [sample.message for sample in finding.samples] == ["no sedan in 0.png", "no truck in 0.png"]
    assert "ACME001" in finding.hint
    assert found.books() == {"read": 2, "refused": 2}


def test_an_issue_whose_message_fails(tmp_path: Path) -> None:
    """A message that the data does not allow is itself a finding; the shape is refused all the same."""
    issue = {"severity": "warning", "message": "of {{ attributes.color }}"}
    found = made(tmp_path, car(), rules=[{"id": "no", "match": {}, "issue": issue}])
    assert found.codes == {"MAP314": 1}
    assert found.books() == {"read": 1, "refused": 1}


def test_two_objects_of_one_shape(tmp_path: Path) -> None:
    """A rule that emits two objects splits the shape; their hashes differ and are the same in every run."""
    rules = [rule(thing(TYPE, name="Box"), thing(TYPE, name="Outline", kind="polygon"))]
    found = made(tmp_path, car(), rules=rules)
    assert names(found) == ["Box", "Outline"]
    assert found.books() == {"read": 1, "split": 1}
    assert len(set(found.hashes())) == 2
    assert found.hashes() == made(tmp_path, car(), rules=rules).hashes()


def test_one_of_two_objects_is_refused(tmp_path: Path) -> None:
    """Where only one of two objects can be made the shape is not split; the other is a finding."""
    flat = ellipse("van", (50, 40, 20, 10))
    rules = [rule(thing(name="Circle", kind="circle"), thing(name="Outline", kind="polygon"))]
    found = made(tmp_path, flat, rules=rules)
    assert names(found) == ["Outline"]
    assert found.codes == {"GEO407": 1}
    assert found.books() == {"read": 1, "transformed": 1}


def test_otherwise(tmp_path: Path) -> None:
    """Where the conversion refuses, `otherwise` makes another object instead, with nothing to report."""
    odd = (10, 20, 10, 50, 40, 20, 40, 50, 50, 0, 50, 60, 20, 15, 25, 35)
    rules = [rule(thing(name="Cuboid", kind="cuboid_2d", otherwise=thing(name="Faces", kind="polygon")))]
    found = made(tmp_path, cuboid("van", odd), rules=rules)
    assert (names(found), found.codes) == (["Faces"], {})
    assert found.books() == {"read": 1, "transformed": 1}


def test_a_kind_that_cannot_become_what_a_rule_wants(tmp_path: Path) -> None:
    """A conversion that does not exist refuses the shapes of that kind with a finding; other kinds go on."""
    rules = [rule(thing(TYPE, kind="rotatable_bounding_box"))]
    found = made(tmp_path, car(), path("polyline", "car", [1, 1, 5, 5]), tag("car"), rules=rules)
    assert found.books() == {"read": 3, "kept": 1, "refused": 2}
    assert found.codes == {"MAP306": 2}


def test_geometry_that_no_shape_can_hold(tmp_path: Path) -> None:
    """A box without area is refused with a finding of the severity that policy says; its values go with it."""
    found = made(tmp_path, box("van", (5, 5, 5, 9)), rules=[rule(thing())], policy={"invalid_geometry": {"severity": "warning"}})
    assert [(finding.code, finding.severity.word) for finding in found.result.findings] == [("GEO401", "warning")]
    assert found.books() == found.books("field", "occluded") == {"read": 1, "refused": 1}


def test_one_label_of_several_shapes(tmp_path: Path) -> None:
    """An object has one shape: a label of several becomes several objects, renamed where they meet, also in rows written before."""
    emit = thing(TYPE, title_if_several="{{ label }} ({{ target.shape }})")
    images = [image(0, car()), image(1, path("polygon", "car", [1, 1, 9, 1, 9, 9], {"type": "x"})), image(2, car())]
    found = run(tmp_path, export(*images, labels=LABELS), spec(rule(emit)))
    sdk.check(found.ontology, found.rows)
    assert names(found) == ["car (rotatable_bounding_box)", "car (polygon)", "car (rotatable_bounding_box)"]
    assert [entry["name"] for entry in found.ontology["objects"]] == ["car (polygon)", "car (rotatable_bounding_box)"]
    assert found.codes["MAP310"] == 1


def test_undeclared_labels(tmp_path: Path) -> None:
    """A label that the export does not declare counts as one of type any and is reported, or is refused, as policy says."""
    kept = made(tmp_path, box("bus", (1, 2, 30, 40)), rules=[rule(thing())])
    assert (names(kept), kept.codes["MAP303"]) == (["bus"], 1)
    policy = {"undeclared_label": {"do": "refuse", "severity": "error"}}
    refused = made(tmp_path, box("bus", (1, 2, 30, 40)), rules=[rule(thing())], policy=policy)
    assert (names(refused), refused.codes["MAP303"]) == ([], 1)
    assert refused.books() == {"read": 1, "refused": 1}


def test_a_label_without_a_name(tmp_path: Path) -> None:
    """A title that would be empty is refused with a finding."""
    found = made(tmp_path, box("", (1, 2, 30, 40)), rules=[rule(thing())])
    assert found.codes["MAP309"] == 1
    assert found.books() == {"read": 1, "refused": 1}


OUTSIDE = box("van", (90, 10, 120, 40))


@pytest.mark.parametrize(
    ("do", "codes", "books", "right"),
    [
        ("clip", {"GEO420": 1}, {"read": 1, "transformed": 1}, 1.0),
        ("keep", {"GEO422": 1}, {"read": 1, "kept": 1}, 1.2),
        ("refuse", {"GEO419": 1}, {"read": 1, "refused": 1}, None),
    ],
)
def test_a_shape_that_leaves_its_image(tmp_path: Path, do: str, codes: dict[str, int], books: dict[str, int], right: float | None) -> None:
    """A shape beyond its image is clipped, kept or refused, as policy says; never in silence."""
    decided = {"outside_image": {"do": do, "tolerance_px": 0.5, "severity": "warning"}}
    found = made(tmp_path, OUTSIDE, rules=[rule(thing(kind="bounding_box"))], policy=decided)
    assert found.codes == codes
    assert found.books() == books
    assert [entry["boundingBox"]["x"] + entry["boundingBox"]["w"] for entry, _ in found.objects()] == ([] if right is None else [right])


def test_float_noise_at_the_border_is_clipped_in_silence(tmp_path: Path) -> None:
    """What passes the border by no more than the tolerance is moved onto it without a finding."""
    found = made(tmp_path, box("van", (90, 10, 100.4, 40)), rules=[rule(thing(kind="bounding_box"))])
    assert [entry["boundingBox"]["x"] + entry["boundingBox"]["w"] for entry, _ in found.objects()] == [1.0]
    assert found.books() == {"read": 1, "transformed": 1}
    assert found.codes == {}


def test_what_cannot_be_clipped_stays(tmp_path: Path) -> None:
    """A turned box or an ellipse is not cut, as the rest would be of another kind; it stays with a finding."""
    found = made(tmp_path, box("van", (80, 10, 110, 40), rotation="20"), ellipse("van", (95, 40, 10, 5)), rules=[rule(thing())])
    assert found.codes["GEO422"] == 2
    assert found.books() == {"read": 2, "kept": 2}


def test_nothing_of_a_shape_is_inside(tmp_path: Path) -> None:
    """A shape that lies outside altogether is refused where it would be clipped."""
    found = made(tmp_path, box("van", (200, 10, 220, 40)), rules=[rule(thing())])
    assert found.codes["GEO421"] == 1
    assert found.books() == {"read": 1, "refused": 1}


FISH = (Label("head"), Label("tail"))


def fish(label: str, *elements: str) -> Element:
    """A skeleton with points at places of their own."""
    return skeleton(label, [point(name, 10 * number, 5) for number, name in enumerate(elements, 1)])


def test_two_labels_of_one_skeleton_object(tmp_path: Path) -> None:
    """Labels whose drawings have the same points may share an object: each point goes to the vertex of its name."""
    labels = [Label("cod", "skeleton", elements=FISH), Label("eel", "skeleton", elements=FISH[::-1])]
    found = made(tmp_path, fish("cod", "head", "tail"), fish("eel", "head", "tail"), rules=[rule(thing(name="Fish"))], labels=labels)
    vertices = [{vertex["name"]: vertex["x"] for vertex in entry["skeleton"].values()} for entry, _ in found.objects()]
    assert vertices == [{"head": 0.1, "tail": 0.2}] * 2
    assert [list(entry["skeleton"]) for entry, _ in found.objects()] == [["0", "1"]] * 2


def test_two_labels_with_other_drawings(tmp_path: Path) -> None:
    """Labels whose drawings have other points cannot share a skeleton object: the second is refused with a finding."""
    labels = [Label("cod", "skeleton", elements=FISH), Label("ray", "skeleton", elements=(*FISH, Label("wing")))]
    found = made(
        tmp_path, fish("cod", "head", "tail"), fish("ray", "head", "tail", "wing"), rules=[rule(thing(name="Fish"))], labels=labels
    )
    assert found.codes == {"ENC503": 1}
    assert found.books() == {"read": 2, "kept": 1, "refused": 1}


def test_a_skeleton_label_without_a_drawing(tmp_path: Path) -> None:
    """Without its drawing a skeleton is refused, and the ontology has no skeleton object that nobody can draw."""
    found = made(
        tmp_path, fish("cod", "head", "tail"), rules=[rule(thing())], labels=[Label("cod", "skeleton", elements=FISH, drawn=False)]
    )
    assert found.codes == {"GEO413": 1}
    assert found.ontology["objects"] == []


def test_an_unused_skeleton_label_without_a_drawing(tmp_path: Path) -> None:
    """If it is not used either, the label is reported as one that the ontology does not hold."""
    found = made(tmp_path, rules=[rule(thing())], labels=[Label("cod", "skeleton", elements=FISH, drawn=False)])
    assert found.codes == {"MAP316": 1}


def test_a_skeleton_of_one_point_that_becomes_a_keypoint(tmp_path: Path) -> None:
    """A skeleton that becomes one keypoint is no longer what it was: it is transformed, not kept."""
    found = made(tmp_path, fish("cod", "head"), rules=[rule(thing(kind="point"))], labels=[Label("cod", "skeleton", elements=FISH[:1])])
    assert found.books() == {"read": 1, "transformed": 1}


@pytest.mark.parametrize(("do", "codes"), [("clip", {"GEO409": 1}), ("keep", {"GEO409": 1}), ("refuse", {"GEO419": 1})])
def test_a_mask_that_leaves_its_image(tmp_path: Path, do: str, codes: dict[str, int]) -> None:
    """A bitmask holds no pixel outside: a mask that has some is cut with a finding, or refused where policy refuses."""
    decided = {"outside_image": {"do": do, "tolerance_px": 0.5, "severity": "warning"}}
    found = made(tmp_path, mask("van", [0, 12], (97, 10, 4, 3)), rules=[rule(thing())], policy=decided)
    assert found.codes == codes
    assert found.books() == {"read": 1, "refused" if do == "refuse" else "transformed": 1}


def test_labels_that_differ_in_blanks_become_one_object_with_a_warning(tmp_path: Path) -> None:
    """Encord's titles have no blanks around them: two labels share one object, and a finding says so once."""
    shapes = (box("car", (1, 2, 30, 40)), box(" car", (1, 2, 40, 50)), box(" car", (3, 2, 40, 50)))
    found = made(tmp_path, *shapes, rules=[rule(thing())], labels=[Label("car"), Label(" car")])
    assert names(found) == ["car", "car", "car"]
    assert found.codes == {"MAP319": 1}
