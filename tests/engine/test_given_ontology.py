"""Mapping onto an ontology that exists: found by title or hash, never guessed, never changed."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from mapper.errors import SourceError
from tests.support import sdk
from tests.support.builders import Attribute, Label, box, element, export, image, path, skeleton, tag
from tests.support.running import run
from tests.support.specs import answer, classification, rule, spec, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Attributes, Element
    from tests.support.running import Bundle, Json


def attribute(number: str, name: str, type_: str, hash_: str, *options: Json, dynamic: bool = False) -> Json:
    """An attribute of an existing ontology."""
    made: Json = {"id": number, "name": name, "type": type_, "featureNodeHash": hash_, "required": False, "archived": False}
    return made | {"dynamic": dynamic} | ({"options": list(options)} if options else {})


def option(number: str, label: str, hash_: str) -> Json:
    """An option of an existing ontology."""
    return {"id": number, "label": label, "value": label.lower(), "featureNodeHash": hash_, "archived": False}


def entry(number: str, name: str, shape: str, hash_: str, *attributes: Json) -> Json:
    """An object of an existing ontology."""
    made = {"id": number, "name": name, "color": "#D33115", "shape": shape, "featureNodeHash": hash_, "required": False, "archived": False}
    return made | ({"attributes": list(attributes)} if attributes else {})


COLOR = attribute("1.1", "Color", "radio", "attrcolo", option("1.1.1", "Red", "optred00"), option("1.1.2", "Blue", "optblue0"))
SPEED = attribute("1.2", "Speed", "numeric", "attrspee", dynamic=True)
ONTOLOGY: Json = {
    "objects": [
        entry("1", "Car", "bounding_box", "objcar00", COLOR, SPEED),
        entry("2", "Lane", "polyline", "objlane0"),
        entry("3", "Twin", "bounding_box", "objtwin1"),
        entry("4", "Twin", "bounding_box", "objtwin2"),
        entry("5", "Both", "bounding_box", "objboth1"),
        entry("6", "Both", "polygon", "objboth2"),
        entry("7", "Fish", "skeleton", "objfish0"),
        entry("8", "Bone", "skeleton", "objbone0"),
    ],
    "classifications": [
        {
            "id": "1",
            "featureNodeHash": "clweathe",
            "attributes": [attribute("1.1", "Weather", "radio", "clattrwe", option("1.1.1", "Rain", "optrain0"))],
        }
    ],
    "skeleton_templates": [
        {
            "template": {
                "name": "Fish",
                "width": 0.2,
                "height": 0.2,
                "skeleton": {
                    "0": {"x": 0.5, "y": 0.9, "name": "tail", "color": "#111111", "value": "tail", "featureHash": "verttail"},
                    "1": {"x": 0.5, "y": 0.1, "name": "head", "color": "#222222", "value": "head", "featureHash": "verthead"},
                },
                "skeletonEdges": {"0": {"1": {"color": "#000000"}}},
                "feature_node_hash": "objfish0",
                "shape": "skeleton",
            }
        }
    ],
}
LABEL = Label("car", "rectangle", (Attribute("color", "select", ("Red", "Green")), Attribute("speed", "number")))


def made(folder: Path, *emit: Json, shapes: tuple[Element, ...] = (), attributes: Attributes = (), labels: Any = (LABEL,)) -> Bundle:
    """A car (or other shapes) mapped onto the ontology; what comes out is loaded by the SDK, the ontology is as it was."""
    drawn = shapes or (box("car", (1, 2, 30, 40), attributes),)
    found = run(folder, export(image(0, *drawn), labels=labels), spec(rule(*emit)), ontology=deepcopy(ONTOLOGY))
    assert found.ontology == ONTOLOGY
    sdk.check(found.ontology, found.rows)
    return found


def target(*attributes: Json, name: str = "Car", kind: str = "bounding_box", **more: Any) -> Json:
    """An object of the ontology."""
    return thing(*attributes, name=name, kind=kind, **more)


DROP: Json = {"from": {}, "drop": {"reason": "not here"}}


def test_found_by_title(tmp_path: Path) -> None:
    """An object, its attributes and options are found by their titles, and answered as the ontology wants it."""
    rules = [answer("color", "Color", "radio"), answer("speed", "Speed", "numeric")]
    found = made(tmp_path, target(*rules), attributes={"color": "Red", "speed": "5"})
    ((shape, answers),) = found.objects()
    assert (shape["featureHash"], answers) == ("objcar00", {"Color": ["Red"], "Speed": 5})
    assert list(found.rows[0]["object_actions"]) == [shape["objectHash"]], "speed is dynamic there"
    assert found.codes == {}


def test_found_by_hash(tmp_path: Path) -> None:
    """A target may be named by its feature hash instead of its title."""
    emit = {
        "object": {
            "feature_hash": "objtwin2",
            "geometry": {"kind": "bounding_box"},
            "attributes": [DROP],
        }
    }
    found = made(tmp_path, emit)
    assert [shape["featureHash"] for shape, _ in found.objects()] == ["objtwin2"]
    by_hash = {"from": "color", "feature_hash": "attrcolo", "type": "radio"}
    found = made(tmp_path, target(by_hash, DROP), attributes={"color": "Red"})
    assert found.answers() == [{"Color": ["Red"]}]


@pytest.mark.parametrize(
    ("name", "kind", "code", "hint"),
    [
        ("Cart", "bounding_box", "ENC501", "did you mean 'Car'?"),
        ("Car", "polygon", "ENC503", "choose a conversion"),
        ("Twin", "bounding_box", "ENC502", "feature_hash"),
    ],
)
def test_a_target_that_is_not_there(tmp_path: Path, name: str, kind: str, code: str, hint: str) -> None:
    """A missing, ambiguous or unfit target refuses the shapes with findings; it is reported at once, also without a shape."""
    found = made(tmp_path, target(DROP, name=name, kind=kind))
    assert found.books() == {"read": 1, "refused": 1}
    assert set(found.codes) == {code}
    assert all(hint in finding.hint for finding in found.result.findings)
    empty = run(tmp_path, export(image(0), labels=[LABEL]), spec(rule(target(DROP, name=name, kind=kind))), ontology=deepcopy(ONTOLOGY))
    assert empty.codes == {code: 1}


def test_one_title_of_several_shapes(tmp_path: Path) -> None:
    """Of several objects of one title the one of the right shape is meant."""
    shapes = (box("car", (1, 2, 30, 40)), path("polygon", "car", [1, 1, 9, 1, 9, 9]))
    found = made(tmp_path, thing(name="Both", kind="same") | {}, shapes=shapes[1:], labels=[Label("car")])
    assert [shape["featureHash"] for shape, _ in found.objects()] == ["objboth2"]
    found = made(tmp_path, target(name="Both"), shapes=shapes[:1], labels=[Label("car")])
    assert [shape["featureHash"] for shape, _ in found.objects()] == ["objboth1"]


@pytest.mark.parametrize(
    ("rules", "attributes", "code"),
    [
        ([answer("color", "Colour", "radio")], {"color": "Red"}, "ENC501"),
        ([answer("color", "Color", "text")], {"color": "Red"}, "ENC503"),
        ([answer("color", "Color", "radio", options={"Red": "Crimson"})], {"color": "Red"}, "ENC501"),
        ([answer("color", "Color", "radio")], {"color": "Green"}, "ENC501"),
        ([answer("color", "Color", "radio")], {"color": "Pink"}, "MAP302"),
    ],
)
def test_an_answer_that_the_ontology_does_not_hold(tmp_path: Path, rules: list[Json], attributes: Attributes, code: str) -> None:
    """A missing attribute or option, or one of another type, is a finding; the answer is refused, the object stays."""
    found = made(tmp_path, target(*rules, DROP), attributes=attributes)
    assert found.answers() == [{}]
    assert found.codes == {code: 1}
    assert found.books("attribute", "color") == {"read": 1, "refused": 1}


def test_tags_onto_an_existing_classification(tmp_path: Path) -> None:
    """A classification is found by its title, an option that it lacks is a finding."""
    labels = [Label("rain", "tag"), Label("sun", "tag")]
    emit = classification(name="Weather", option="{{ label|title }}")
    found = made(tmp_path, emit, shapes=(tag("sun"), tag("rain")), labels=labels)
    assert found.classifications() == [{"Weather": ["Rain"]}]
    assert found.codes == {"ENC501": 1}
    missing = made(tmp_path, classification(name="Wetter", option="Rain"), shapes=(tag("rain"),), labels=labels[:1])
    assert set(missing.codes) == {"ENC501"}


FISH = Label("fish", "skeleton", elements=(Label("head"), Label("tail")))


def fish(label: str = "fish") -> Element:
    """A skeleton of two points."""
    return skeleton(label, [element("head", 10, 5), element("tail", 20, 5)])


def test_a_skeleton_takes_the_template_that_is_there(tmp_path: Path) -> None:
    """Points go to the vertices of their names, with the hashes and the order of the ontology's template."""
    found = made(tmp_path, thing(name="Fish", kind="skeleton"), shapes=(fish(),), labels=[FISH])
    ((shape, _),) = found.objects()
    assert [(vertex["name"], vertex["x"], vertex["featureHash"]) for vertex in shape["skeleton"].values()] == [
        ("tail", 0.2, "verttail"),
        ("head", 0.1, "verthead"),
    ]


def test_a_skeleton_without_a_fitting_template(tmp_path: Path) -> None:
    """A template that is missing or has other vertices refuses the skeletons with findings."""
    bone = made(tmp_path, thing(name="Bone", kind="skeleton"), shapes=(fish(),), labels=[FISH])
    assert set(bone.codes) == {"ENC501"}
    ray = Label("fish", "skeleton", elements=(Label("head"), Label("tail"), Label("wing")))
    other = made(tmp_path, thing(name="Fish", kind="skeleton"), shapes=(fish(),), labels=[ray])
    assert set(other.codes) == {"ENC503"}
    assert other.books() == {"read": 1, "refused": 1}


@pytest.mark.parametrize("document", [{}, {"objects": [{}], "classifications": []}, {"objects": [], "classifications": [{"id": "1"}]}])
def test_a_document_that_is_no_ontology(tmp_path: Path, document: Json) -> None:
    """A given ontology that cannot be read stops the run with the reason, and publishes nothing."""
    with pytest.raises(SourceError, match="the given ontology cannot be used"):
        run(tmp_path, export(image(0)), spec(rule(thing())), ontology=document)
    assert not list(tmp_path.rglob("bundle.json"))
