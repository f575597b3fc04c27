"""``explain`` and ``rule_hits`` where rules are many, labels are refused, and values go different ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mapper import explain, load_spec, rule_hits
from tests.support import builders, specs


def source(folder: Path, *shapes: Any, labels: Any = (), **more: Any) -> Path:
    """An export of one image."""
    return builders.write(folder, builders.export(builders.image(0, *shapes), labels=labels, meta=bool(labels), **more))


def test_a_shape_among_many_rules_is_explained(tmp_path: Path) -> None:
    """Where the engine looks rules up by a number instead of asking each, the explanation is of the one that it found."""
    rules = [
        {"id": f"w{width}", "match": {"label": "car", "width": {"between": [width, width + 0.5]}}, "drop": {"reason": f"{width} wide"}}
        for width in range(30)
    ]
    spec = load_spec(specs.write(tmp_path, specs.spec(*rules)))
    export = source(tmp_path, *(builders.box("car", (0, 0, width, 9)) for width in (3, 17, 29.75)))
    found = explain(export, spec=spec).explanations
    assert [one.rule for one in found] == ["w3", "w17", ""]
    assert [len(one.tried) for one in found] == [3, 17, 30]
    assert found[1].tried[16].miss.wanted == "{between: [16, 16.5]}"
    hits = rule_hits(export, spec=spec)
    assert [rule.rule for rule in hits.rules if rule.hits] == ["w3", "w17"]
    assert (hits.read, hits.unmatched, hits.refused) == (3, 1, 0)


def test_a_label_that_policy_refuses_is_asked_no_rule(tmp_path: Path) -> None:
    """No rule is blamed for what policy decided, and the finding says why."""
    policy = {"undeclared_label": {"do": "refuse", "severity": "error"}}
    spec = load_spec(specs.write(tmp_path, specs.spec(specs.rule(specs.thing()), policy=policy)))
    export = source(tmp_path, builders.box("car", (0, 0, 5, 9)))
    (found,) = explain(export, spec=spec).explanations
    assert (found.rule, found.tried, found.account, found.made) == ("", (), "refused", ())
    assert [note.issue.code for note in found.notes] == ["MAP303"]
    assert rule_hits(export, spec=spec).refused == 1


def test_each_value_has_its_way(tmp_path: Path) -> None:
    """Kept, transformed by a lookup, nested, dropped with its reason, refused with its code, and what the spec adds."""
    thing = specs.thing(
        specs.answer("type", "Body", "radio", lookup="body"),
        specs.answer("speed", "Speed", "numeric"),
        specs.answer("load", "Load", "text", under={"attribute": "Body", "option": "Lorry"}),
        {"from": "note", "drop": {"reason": "not needed"}},
        specs.answer(None, "Image", "text", value="{{ image.name }}"),
    )
    lookups = {"body": {"rows": {"lorry": "Lorry"}}}
    spec = load_spec(specs.write(tmp_path, specs.spec(specs.rule(thing), lookups=lookups)))
    values = (("type", "lorry"), ("speed", "fast"), ("load", "sand"), ("note", "x"), ("other", "y"))
    (found,) = explain(source(tmp_path, builders.box("car", (0, 0, 5, 9), values)), spec=spec).explanations
    ways = {way.name: way for way in found.values}
    told = {name: (way.account, way.to, way.answer, way.under, way.lookup) for name, way in ways.items() if way.space == "attribute"}
    assert told == {
        "type": ("transformed", "Body", ["Lorry"], "", "body"),
        "speed": ("refused", "Speed", None, "", ""),
        "load": ("kept", "Load", "sand", "Lorry", ""),
        "note": ("dropped", "", None, "", ""),
        "other": ("refused", "", None, "", ""),
    }
    assert ways["note"].why == "not needed"
    assert (ways[""].space, ways[""].to, ways[""].answer) == ("spec", "Image", found.source.image)
    (made,) = found.made
    assert made.answers == {"Body": ["Lorry"], "Load": "sand", "Image": found.source.image}


def test_a_split_shape_names_every_object(tmp_path: Path) -> None:
    """Two objects of one rule, and two points of one shape, each have their hash."""
    several = specs.rule(specs.thing(name="A"), specs.thing(name="B", kind="polygon"), shapes=["rectangle"], name="two")
    points = specs.rule(specs.thing(kind="point", name="P"), name="points")
    spec = load_spec(specs.write(tmp_path, specs.spec(several, points)))
    shapes = (builders.box("car", (0, 0, 5, 9)), builders.path("points", "car", (1, 1, 5, 5)))
    box, corner = explain(source(tmp_path, *shapes), spec=spec).explanations
    assert [(made.title, made.shape) for made in box.made] == [("A", "rotatable_bounding_box"), ("B", "polygon")]
    assert [(attempt.title, attempt.metric) for attempt in box.attempts] == [("A", "exact"), ("B", "exact")]
    assert (corner.account, len({made.hash for made in corner.made})) == ("split", 2)


def test_a_classification_is_explained(tmp_path: Path) -> None:
    """A tag's option, what nests below it, and the merging of an equal one."""
    rule = specs.rule(specs.classification(specs.answer("sky", "Sky", "text"), name="Weather", option="{{ label }}"), tag=True)
    spec = load_spec(specs.write(tmp_path, specs.spec(rule)))
    tag = builders.tag("rain", (("sky", "grey"),))
    first, second = explain(source(tmp_path, tag, tag), spec=spec).explanations
    assert (first.account, second.account) == ("kept", "merged")
    (made,) = first.made
    assert (made.what, made.title, made.answers) == ("classification", "Weather", {"Weather": ["rain"], "Sky": "grey"})
    assert [(way.name, way.to, way.answer) for way in first.values if way.space == "attribute"] == [("sky", "Sky", "grey")]
    assert second.made == first.made
