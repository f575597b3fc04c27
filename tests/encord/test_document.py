"""The ontology document: complete, in an order that does not depend on the data, with ids by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support import sdk
from tests.support.builders import Attribute, Label, box, element, export, image, skeleton, tag
from tests.support.running import run
from tests.support.specs import answer, classification, rule, spec, thing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.running import Json

LABELS = [
    Label("van", "rectangle", (Attribute("size", "select", ("small", "large")),), color="#00ff7f"),
    Label("car", "rectangle", (Attribute("color", "radio", ("red", "blue")), Attribute("ok", "checkbox"), Attribute("note"))),
    Label("rain", "tag", (Attribute("mm", "number"),)),
    Label("fish", "skeleton", elements=(Label("head"), Label("tail"))),
    Label("anything"),
]


def nodes(document: Any, parent: str = "") -> Iterator[tuple[str, str, str]]:
    """Every node of an ontology with its id, its parent's id and its hash."""
    for key in ("objects", "classifications", "attributes", "options"):
        for node in document.get(key, []):
            yield node["id"], parent, node["featureNodeHash"]
            yield from nodes(node, node["id"])


def ontology(folder: Path, *images: Any, labels: Any = LABELS, **more: Any) -> Json:
    """The ontology of an export."""
    found = run(folder, export(*images, labels=labels), **more)
    sdk.check(found.ontology, found.rows)
    return found.ontology


def test_the_label_schema_is_enough(tmp_path: Path) -> None:
    """Without a single shape the ontology holds an object for each label of one declared type, with all its attributes."""
    found = ontology(tmp_path, image(0))
    assert [(entry["name"], entry["shape"], entry["color"]) for entry in found["objects"]] == [
        ("car", "bounding_box", "#00AAFF"),
        ("fish", "skeleton", "#00AAFF"),
        ("van", "bounding_box", "#00FF7F"),
    ]
    car = found["objects"][0]["attributes"]
    assert [(entry["name"], entry["type"]) for entry in car] == [("color", "radio"), ("ok", "checklist"), ("note", "text")]
    assert [option["label"] for option in car[0]["options"]] == ["red", "blue"]
    assert [option["label"] for option in car[1]["options"]] == ["ok"]
    assert [entry["attributes"][0]["name"] for entry in found["classifications"]] == ["rain"]
    (template,) = found["skeleton_templates"]
    assert template["template"]["feature_node_hash"] == found["objects"][1]["featureNodeHash"]
    assert [vertex["name"] for vertex in template["template"]["skeleton"].values()] == ["head", "tail"]


def test_ids_are_paths(tmp_path: Path) -> None:
    """Objects and classifications are numbered from 1; what is below has its parent's id before its own number."""
    shapes = [box("car", (1, 2, 30, 40), {"color": "red"}, group_id="3"), tag("rain", {"mm": "3"}), box("bus", (1, 2, 30, 40))]
    found = ontology(tmp_path, image(0, *shapes))
    seen = list(nodes({"objects": found["objects"]})), list(nodes({"classifications": found["classifications"]}))
    for part in seen:
        ids = [number for number, _, _ in part]
        assert len(set(ids)) == len(ids)
        assert all(number.rpartition(".")[0] == parent for number, parent, _ in part)
        tops = [number for number, parent, _ in part if not parent]
        assert tops == [str(place) for place in range(1, len(tops) + 1)]
    hashes = [hash_ for part in seen for _, _, hash_ in part]
    assert len(set(hashes)) == len(hashes)


def test_order_does_not_depend_on_the_data(tmp_path: Path) -> None:
    """Objects stand by title, options as CVAT lists them, whatever comes first in the images."""
    first, second = image(0, box("van", (1, 2, 9, 9), {"size": "large"})), image(1, box("car", (1, 2, 9, 9), {"color": "blue"}))
    assert ontology(tmp_path, first, second) == ontology(tmp_path, second, first)


def test_what_is_declared_once_used_stands_there_only_if_used(tmp_path: Path) -> None:
    """`declare: used` lists an attribute only if a value was written; `always` lists it in any case."""
    rules = [answer("color", "Color", "radio", declare="used"), answer("ok", "OK", "radio"), answer("note", "Note", "text", declare="used")]
    declared = spec(rule(thing(*rules), label="car"), rule(thing(answer({}, "{{ attribute.name }}", "text")), name="rest"))
    unused = ontology(tmp_path, image(0, box("car", (1, 2, 9, 9))), labels=LABELS[1:2], spec=declared)
    assert [entry["name"] for entry in unused["objects"][0]["attributes"]] == ["OK"]
    used = ontology(tmp_path, image(0, box("car", (1, 2, 9, 9), {"color": "red", "note": "x"})), labels=LABELS[1:2], spec=declared)
    assert [(entry["id"], entry["name"]) for entry in used["objects"][0]["attributes"]] == [
        ("1.1", "Color"),
        ("1.2", "OK"),
        ("1.3", "Note"),
    ]
    assert [option["label"] for option in used["objects"][0]["attributes"][0]["options"]] == ["red"]


def test_a_choice_without_options_is_not_listed(tmp_path: Path) -> None:
    """A select without values has nothing to choose from, so Encord could not show it."""
    labels = [Label("car", "rectangle", (Attribute("color", "select"),))]
    found = ontology(tmp_path, image(0), labels=labels, spec=spec(rule(thing(answer("color", "Color", "radio")))))
    assert "attributes" not in found["objects"][0]


def test_labels_without_a_color_of_their_own(tmp_path: Path) -> None:
    """A colour that is none gives one of Encord's palette, chosen by the object and not by the order."""
    labels = [Label(name, "rectangle", color="teal") for name in "abc"]
    forward, backward = ontology(tmp_path, image(0), labels=labels), ontology(tmp_path, image(0), labels=labels[::-1])
    assert forward == backward
    assert all(len(entry["color"]) == 7 and entry["color"].startswith("#") for entry in forward["objects"])


def test_required_flags(tmp_path: Path) -> None:
    """`required` of a rule stands on the attribute or the classification."""
    emit = [thing(answer("note", "Note", "text", required=True)), classification(name="W", option="x", required=True)]
    rules = [rule(emit[0], name="car", label="car"), rule(emit[1], name="tag", tag=True)]
    found = ontology(tmp_path, image(0, box("car", (1, 2, 9, 9), {"note": "x"}), tag("rain")), labels=(), spec=spec(*rules))
    assert found["objects"][0]["attributes"][0]["required"]
    assert found["classifications"][0]["attributes"][0]["required"]


def test_skeleton_templates_follow_a_renaming(tmp_path: Path) -> None:
    """A skeleton object that takes another title takes its template along: Encord keeps templates by name."""
    shapes = [skeleton("fish", [element("head", 5, 5), element("tail", 9, 9)]), box("fish", (1, 2, 9, 9))]
    found = ontology(tmp_path, image(0, *shapes), labels=LABELS[3:4])
    names = [entry["name"] for entry in found["objects"] if entry["shape"] == "skeleton"]
    assert names == [template["template"]["name"] for template in found["skeleton_templates"]] == ["fish (skeleton)"]


def test_skeletons_of_one_title_keep_their_templates(tmp_path: Path) -> None:
    """Encord's SDK keeps templates by name, so two objects that come to share a title have templates of two names."""
    labels = [LABELS[3], LABELS[3]._replace(name="fish (skeleton)")]
    shapes = [skeleton(label.name, [element("head", 5, 5), element("tail", 9, 9)]) for label in labels]
    found = ontology(tmp_path, image(0, *shapes, box("fish", (1, 2, 9, 9))), labels=labels)
    drawn = [entry for entry in found["objects"] if entry["shape"] == "skeleton"]
    templates = [entry["template"] for entry in found["skeleton_templates"]]
    assert [entry["name"] for entry in drawn] == ["fish (skeleton)"] * 2
    assert len({template["name"] for template in templates}) == 2
    assert [template["feature_node_hash"] for template in templates] == [entry["featureNodeHash"] for entry in drawn]
    other = ontology(tmp_path, image(0, box("fish", (1, 2, 9, 9)), *shapes[::-1]), labels=labels[::-1])
    assert other == found
