"""What a draft says of an export, and what it leaves to a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from mapper import convert, load_spec, run_tests, validate
from mapper.errors import SourceError
from mapper.spec.deciding import decisions
from mapper.spec.located import load_located
from mapper.workbench.drafting.document import draft
from mapper.workbench.drafting.onto import read_ontology
from mapper.workbench.drafting.survey import survey
from tests.engine.test_given_ontology import ONTOLOGY
from tests.support.builders import Attribute, Element, Label, box, ellipse, export, image, path, tag, write

COLOR = Attribute("color", "select", ("red", "blue"))
CAR = Label("car", attributes=(COLOR, Attribute("note"), Attribute("parked", "checkbox", mutable=True)))


def drafted(folder: Path, *shapes: Element, labels: tuple[Label, ...] = (CAR,), accept: bool = False, onto: Path | None = None) -> str:
    """The draft of one image of 100 by 80."""
    source = write(folder, export(image(0, *shapes), labels=labels))
    made = draft(survey(source, load_spec("standard")), accept=accept, onto=read_ontology(onto, folder / "spec.yaml") if onto else None)
    (folder / "spec.yaml").write_text(made.text, "utf-8")
    return made.text


def car(*numbers: float, **values: str) -> Element:
    """A box of a car."""
    return box("car", numbers or (1, 2, 30, 40), values)


def opened(text: str) -> dict[str, list[Any]]:
    """The open decisions of a draft, by their places."""
    located = load_located(text.encode(), "draft.yaml")
    return {located.named(pointer): choices for pointer, choices in decisions(located.value)}


def test_every_label_and_shape_has_its_rule_and_count(tmp_path: Path) -> None:
    """Used labels by kind, declared ones by their type; what is only declared for any shape is named in a comment."""
    labels = (CAR, Label("sign", "polygon"), Label("bus"))
    text = drafted(tmp_path, car(), car().but(rotation="30"), path("polygon", "car", [1, 1, 9, 1, 9, 9]), tag("rain"), labels=labels)
    value = load_located(text.encode(), "draft.yaml").value
    assert [rule["id"] for rule in value["rules"]] == [
        "car-rectangle-rotated", "car-rectangle", "car-polygon", "sign-polygon", "rain-tag", "anything-else",
    ]  # fmt: skip
    assert "  # car: 1 of 2 rectangles\n  - id: car-rectangle-rotated\n" in text
    assert "  # sign: no polygon\n" in text
    assert "  # rain: 1 tag; the export does not declare this label\n" in text
    assert "# Declared for any shape and not used, so without a rule: bus.\n" in text
    assert text.startswith("# yaml-language-server: $schema=mapping-spec.v1.json\n")


def test_what_the_export_uses_is_asked(tmp_path: Path) -> None:
    """A field that is used, a label that is not declared, a shape outside, a parameter of the pack; nothing else."""
    text = drafted(tmp_path, car(color="red").but(z_order="3"), box("bus", (90, 10, 130, 40)))
    places = opened(text)
    assert set(places) == {
        "/policy/undeclared_label/do",
        "/policy/outside_image/do",
        "/policy/fields/z_order",
        "/rules/car-rectangle/emit/0/object/geometry/kind",
        "/rules/bus-rectangle/emit/0/object/geometry/kind",
    }
    assert places["/policy/outside_image/do"] == ["clip", "keep", "refuse"]
    assert places["/policy/fields/z_order"][1] == {"keep": False, "reason": "not needed"}
    found = validate(tmp_path / "spec.yaml").findings
    assert [finding.code for finding in found] == ["SPC222"] * 5


def test_attributes_are_named_with_their_values(tmp_path: Path) -> None:
    """A rule for each attribute; a text of few values that come again and again is asked about."""
    shapes = [car(color="red", note=note) for note in ("wet", "wet", "dry", "dry")]
    text = drafted(tmp_path, *shapes, car(color="pink"))
    assert "  # color (select) of car: red 4, pink 1\n" in text
    choices = opened(text)["/attributes/1"]
    assert choices[0] == {"from": "note", "to": "note", "type": "text"}
    assert choices[1]["options"] == {"dry": "dry", "wet": "wet"}
    assert opened(text)["/policy/unlisted_value/do"] == ["add_option", "drop", "refuse"]


def test_one_name_of_several_types_has_several_rules(tmp_path: Path) -> None:
    """Each is chosen by its input type, and by whether it is mutable where that differs, and they go where the pack puts them."""
    labels = (
        Label("car", attributes=(Attribute("size", "number"), Attribute("ok", "checkbox", mutable=True))),
        Label("bus", attributes=(Attribute("size", "select", ("s", "m")), Attribute("ok", "checkbox"))),
    )
    shapes = (box("car", (1, 2, 3, 4), {"size": "3", "ok": "true"}), box("bus", (1, 2, 3, 4), {"size": "s", "ok": "true"}))
    text = drafted(tmp_path, *shapes, labels=labels, accept=True)
    selectors = [rule["from"] for rule in load_located(text.encode(), "").value["attributes"]]
    assert {"name": "size", "input_type": ["number"]} in [
        {key: item for key, item in one.items() if key != "declared"} for one in selectors
    ]
    source = tmp_path / "source.xml"
    assert convert(source, spec=tmp_path / "spec.yaml").ontology == convert(source, spec="standard").ontology


def test_decisions_are_taken_by_hand(tmp_path: Path) -> None:
    """With other choices than the first the draft is valid, and its tests are green all the same."""
    text = drafted(tmp_path, car(), car().but(z_order="3"))
    text = text.replace("{decide: [bounding_box, rotatable_bounding_box, polygon]}", "polygon")
    text = text.replace(
        "kind:  # What an upright rectangle becomes\n              decide: [bounding_box, rotatable_bounding_box, polygon]", "kind: polygon"
    )
    (tmp_path / "spec.yaml").write_text(text, "utf-8")
    assert [pointer for pointer in opened(text) if "rules" in pointer] == []
    start = text.index("    z_order:\n") if "    z_order:\n" in text else 0
    head, tail = text[:start], text[start:]
    after = tail[tail.index("    group_id:") :]
    (tmp_path / "spec.yaml").write_text(f"{head}    z_order: {{keep: false, reason: not needed}}\n{after}", "utf-8")
    assert validate(tmp_path / "spec.yaml").findings == ()
    results = run_tests(tmp_path / "spec.yaml")
    assert results
    assert all(result.passed for result in results)


def test_an_export_without_shapes_gets_the_rules_of_the_pack(tmp_path: Path) -> None:
    """They stand as they are, with their parameters as decisions; the draft is valid once they are taken."""
    text = drafted(tmp_path, labels=(Label("car"),))
    assert "/rules/rectangle/emit/0/object/geometry/kind" in opened(text)
    drafted(tmp_path, labels=(Label("car"),), accept=True)
    assert validate(tmp_path / "spec.yaml").findings == ()


def onto(folder: Path) -> Path:
    """The ontology of other tests, as a file."""
    file = folder / "ontology.json"
    file.write_bytes(orjson.dumps(ONTOLOGY))
    return file


def test_targets_are_found_by_name_and_kind(tmp_path: Path) -> None:
    """Case, blanks and underscores do not count; what fits alone needs no decision, and is converted onto the ontology."""
    source = export(
        image(0, box("CAR", (1, 2, 30, 40), {"COLOR": "red"})), labels=(Label("CAR", attributes=(Attribute("COLOR", "select", ("red",)),)),)
    )
    write(tmp_path, source)
    seen = survey(tmp_path / "source.xml", load_spec("standard"))
    made = draft(seen, accept=False, onto=read_ontology(onto(tmp_path), tmp_path / "spec.yaml"))
    (tmp_path / "spec.yaml").write_text(made.text, "utf-8")
    assert (made.decisions, opened(made.text)) == (0, {})
    value = load_located(made.text.encode(), "").value
    assert value["target"] == {"ontology": "ontology.json"}
    thing = value["rules"][1]["emit"][0]["object"]
    assert thing["name"] == "Car"
    result = convert(tmp_path / "source.xml", spec=tmp_path / "spec.yaml")
    assert result.ok
    assert result.stats["kept"] == 1


def test_doubts_are_decisions(tmp_path: Path) -> None:
    """Another shape, two of one name, nothing of that name: the rule is a decision, and nothing is guessed by likeness."""
    shapes = (
        path("polygon", "lane", [1, 1, 9, 1, 9, 9]),
        path("polygon", "twin", [1, 1, 9, 1, 9, 9]),
        box("carr", (1, 2, 3, 4)),
        ellipse("orb", (9, 9, 3, 2)),
    )
    text = drafted(tmp_path, *shapes, labels=tuple(map(Label, ("lane", "twin", "carr", "orb"))), onto=onto(tmp_path))
    choices = {
        options[0]["id"]: [next(key for key in ("emit", "drop") if key in one) for one in options] for options in opened(text).values()
    }
    assert choices["carr-rectangle"] == ["drop", "emit"]
    assert choices["orb-ellipse"] == ["drop"]
    drafted(tmp_path, *shapes, labels=tuple(map(Label, ("lane", "twin", "carr", "orb"))), onto=onto(tmp_path), accept=True)
    assert validate(tmp_path / "spec.yaml").findings == ()
    assert all(result.passed for result in run_tests(tmp_path / "spec.yaml"))


@pytest.mark.parametrize("content", ["", "[]", '{"objects": 1, "classifications": []}'])
def test_what_is_no_ontology_is_refused(tmp_path: Path, content: str) -> None:
    """By name, before the export is read."""
    (tmp_path / "ontology.json").write_text(content, "utf-8")
    with pytest.raises(SourceError, match="ontology"):
        read_ontology(tmp_path / "ontology.json", tmp_path / "spec.yaml")


def test_an_ontology_elsewhere_is_not_named(tmp_path: Path) -> None:
    """A spec names files below its own folder only; one that lies elsewhere is given to `convert`."""
    (tmp_path / "specs").mkdir()
    assert read_ontology(onto(tmp_path), tmp_path / "specs" / "spec.yaml").reference == ""
    assert read_ontology(onto(tmp_path), tmp_path / "spec.yaml").reference == "ontology.json"


@pytest.mark.parametrize(("folder", "sparse"), [("video_sparse_tracks", True), ("video_boxes", False)])
def test_of_tracks_it_is_asked_what_changes_and_what_is_between(tmp_path: Path, folder: str, sparse: bool) -> None:  # noqa: FBT001 - a case
    """Which value stands where a static one changes is asked of every export with tracks; filling gaps only where there are some."""
    source = Path(__file__).parents[1] / "golden" / folder / "source.xml"
    found = opened(draft(survey(source, load_spec("standard")), accept=False).text)
    assert found["/policy/changed_value/do"] == ["first", "drop"]
    assert found.get("/source/sparse_tracks") == (["report", "interpolate"] if sparse else None)
    taken = draft(survey(source, load_spec("standard")), accept=True).text
    for text in (taken, taken.replace("sparse_tracks: report", "sparse_tracks: interpolate").replace("{do: first", "{do: drop")):
        (tmp_path / "spec.yaml").write_text(text, "utf-8")
        assert convert(source, spec=tmp_path / "spec.yaml").ok


def test_attributes_below_options_are_found(tmp_path: Path) -> None:
    """An attribute that the ontology has below an option is proposed there, and asked, since it holds only with the option."""
    load = {"id": "1.1.1.1", "name": "Load", "type": "text", "required": False, "featureNodeHash": "load0000"}
    lorry = {"id": "1.1.1", "label": "Lorry", "value": "lorry", "featureNodeHash": "lorry000", "options": [load]}
    body = {"id": "1.1", "name": "Body", "type": "radio", "required": False, "featureNodeHash": "body0000", "options": [lorry]}
    thing = {"id": "1", "name": "Car", "color": "#D33115", "shape": "bounding_box", "featureNodeHash": "car00000", "attributes": [body]}
    onto = tmp_path / "ontology.json"
    onto.write_bytes(orjson.dumps({"objects": [thing], "classifications": []}))
    labels = (Label("car", "rectangle", attributes=(Attribute("body", "select", ("lorry", "van")), Attribute("load"))),)
    shapes = car(body="lorry", load="sand"), car(5, 5, 20, 20, body="van", load="none")
    found = opened(drafted(tmp_path, *shapes, labels=labels, onto=onto))
    (proposed,) = [choices for place, choices in found.items() if any("under" in choice for choice in choices if isinstance(choice, dict))]
    under = {"attribute": "Body", "option": "Lorry"}
    assert proposed[0] == {"from": "load", "to": "Load", "type": "text", "under": under}
    assert "drop" in proposed[1]
    drafted(tmp_path, *shapes, labels=labels, onto=onto, accept=True)
    result = convert(tmp_path / "source.xml", tmp_path / "out", spec=tmp_path / "spec.yaml")
    (row,) = [orjson.loads(line) for line in (tmp_path / "out" / "label_rows.jsonl").read_bytes().splitlines()]
    answers = [[answer["name"] for answer in entry["classifications"]] for entry in row["object_answers"].values()]
    assert sorted(answers) == [[], ["Body", "Load"]]
    assert "MAP313" in {finding.code for finding in result.findings}
