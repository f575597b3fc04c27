"""Each thing that can be wrong with a bundle gives its code, and no other; every code has its example here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper.connect.verify import verify
from mapper.findings.base import Severity
from mapper.findings.verify import ISSUES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = "ENC521"
SDK = {"ENC526", "ENC527"}

UNIT = "00000000-0000-0000-0000-000000000001"
SECOND = "00000000-0000-0000-0000-000000000011"
CAR = "bounding_box"
RED = {"name": "Red", "value": "red", "featureHash": "op-red"}


def unit(sample: Any) -> Any:
    """The only unit of the image row."""
    return sample.image["data_units"][UNIT]


def frames(sample: Any) -> Any:
    """The frames of the video."""
    return next(iter(sample.video["data_units"].values()))["labels"]


def attribute(sample: Any, number: int) -> Any:
    """A top-level attribute of the car, from 0: Colour, Flags, Plate, Limit, Lit, Speed."""
    return sample.ontology["objects"][0]["attributes"][number]


def geometry(shape: str, field: str, **changes: Any) -> Callable[[Any], None]:
    """Change a geometry."""
    return lambda sample: sample.shape(shape)[field].update(changes)


def replaced(of: str, /, **fields: Any) -> Callable[[Any], None]:
    """Change fields of an object."""
    return lambda sample: sample.shape(of).update(fields)


def removed(path: Callable[[Any], Any], key: Any) -> Callable[[Any], None]:
    """Take something away."""
    return lambda sample: path(sample).pop(key)


def answered(index: int, value: Any) -> Callable[[Any], None]:
    """Change a static answer of the car: Colour, Which, Flags, Plate, Limit."""
    return lambda sample: sample.answers(sample.image, CAR)[index].update(answers=value)


def ranged(index: int, value: Any) -> Callable[[Any], None]:
    """Change the range of a dynamic answer of the video's car: Speed on 0..1, Speed on 5."""
    return lambda sample: sample.actions(sample.video, "car")[index].update(range=value)


def instance(**changes: Any) -> Callable[[Any], None]:
    """Change the video's classification."""
    return lambda sample: sample.video["classification_answers"]["in-weather"].update(changes)


def copied(sample: Any) -> None:
    """A second instance of one classification on the same frames."""
    table = sample.video["classification_answers"]
    table["in-second"] = table["in-weather"] | {"classificationHash": "in-second"}


def polygon(*ring: float) -> Callable[[Any], None]:
    """Another polygon, of one ring."""
    points = {str(i): {"x": x, "y": y} for i, (x, y) in enumerate(zip(ring[::2], ring[1::2], strict=True))}
    return replaced("polygon", polygon=points, polygons=[[list(ring)]])


def nested(depth: int) -> Callable[[Any], None]:
    """So many radio attributes below each other."""

    def nest(sample: Any) -> None:
        place = attribute(sample, 2)
        for level in range(depth):
            number, name = place["id"], f"level{level}"
            child = {"id": f"{number}.1.1", "name": name, "type": "text", "featureNodeHash": name, "required": False, "dynamic": False}
            option = {"id": f"{number}.1", "label": "o", "value": "o", "featureNodeHash": f"o{level}", "options": [child]}
            place |= {"type": "radio", "options": [option]}
            place = child
        sample.answers(sample.image, CAR).pop(3)
        sample.answers(sample.group, "car").pop(3)
        sample.answers(sample.video, "car").pop(3)

    return nest


def vertex(sample: Any, key: str) -> Any:
    """A vertex of the skeleton."""
    return sample.shape("skeleton")["skeleton"][key]


BUNDLE = {
    "no-such-key": (lambda s: s.head.update(owner="alice"), SCHEMA),
    "row-lost": (lambda s: s.rows.pop(), "ENC522 ENC523"),
    "row-twice": (lambda s: s.rows.append(s.image), "ENC522 ENC523 ENC525"),
    "count-of-findings": (lambda s: s.findings.clear(), "ENC522"),
    "count-of-objects": (lambda s: s.ontology["objects"].append(s.ontology["objects"][0] | {"id": "11"}), "ENC522 ENC530 ENC531"),
    "medium-twice": (lambda s: s.media.append(s.media[0]), "ENC523"),
    "medium-lost": (lambda s: s.media.pop(2), "ENC523"),
    "medium-of-another-size": (lambda s: s.media[0].update(width=41), "ENC523"),
    "medium-at-another-place": (lambda s: s.media[1].update(data_sequence=2), "ENC523"),
    "ledger-entry": (lambda s: s.ledger["elements"][0].update(dropped=1), "ENC524"),
    "ledger-detail": (lambda s: s.ledger["elements"][0]["details"].clear(), "ENC524"),
    "ledger-total": (lambda s: s.ledger["totals"].update(read=1), "ENC522 ENC524"),
    "ledger-not-balanced": (lambda s: s.ledger.update(balanced=False), "ENC524"),
}

ONTOLOGY = {
    "hash-twice": (lambda s: attribute(s, 3).update(featureNodeHash="point"), "ENC530 ENC542"),
    "vertex-hash-twice": (
        lambda s: s.ontology["skeleton_templates"][0]["template"]["skeleton"]["1"].update(featureHash="vertex00"),
        "ENC530 ENC569",
    ),
    "id-twice": (lambda s: s.ontology["objects"][1].update(id="1"), "ENC531"),
    "id-elsewhere": (lambda s: attribute(s, 3).update(id="7.4"), "ENC531"),
    "id-of-words": (lambda s: attribute(s, 3).update(id="1.d"), "ENC531"),
    "no-options": (lambda s: s.ontology["classifications"][1]["attributes"][0].update(options=[]), "ENC532 ENC542"),
    "unknown-type": (lambda s: attribute(s, 2).update(type="date"), "ENC532 ENC551"),
    "text-with-options": (lambda s: attribute(s, 2).update(options=[attribute(s, 1)["options"][0]]), "ENC530 ENC531 ENC532"),
    "nested-below-checklist": (lambda s: attribute(s, 1)["options"][0].update(options=[{"type": "text"}]), "ENC532"),
    "nested-dynamic": (lambda s: attribute(s, 0)["options"][1]["options"][0].update(dynamic=True), "ENC533 ENC554 ENC555"),
    "dynamic-classification": (
        lambda s: s.ontology["classifications"][2]["attributes"][0].update(dynamic=True),
        "ENC533 ENC555 ENC558",
    ),
    "no-root": (lambda s: s.ontology["classifications"][2].update(attributes=[]), "ENC534 ENC542 ENC558"),
    "two-roots": (
        lambda s: s.ontology["classifications"][2]["attributes"].append(
            s.ontology["classifications"][2]["attributes"][0] | {"id": "3.2", "featureNodeHash": "second"}
        ),
        "ENC534",
    ),
    "no-template": (lambda s: s.ontology["skeleton_templates"].clear(), "ENC535"),
    "template-of-another": (
        lambda s: s.ontology["skeleton_templates"][0]["template"].update(feature_node_hash="point"),
        "ENC535",
    ),
    "edge-to-nowhere": (
        lambda s: s.ontology["skeleton_templates"][0]["template"]["skeletonEdges"].update({"7": {"0": {"color": "#000000"}}}),
        "ENC535",
    ),
    "colour": (lambda s: s.ontology["objects"][2].update(color="red"), "ENC536 ENC543"),
    "deep": (nested(7), "ENC537"),
}

ROW = {
    "no-branch": (removed(lambda s: s.image, "branch_name"), "ENC540"),
    "unknown-status": (lambda s: s.image.update(label_status="DONE"), "ENC540"),
    "unknown-type": (lambda s: s.image.update(data_type="audio"), "ENC540"),
    "spaces": (lambda s: s.image.update(spaces={"a": {}}), "ENC540"),
    "spaces-of-a-classification": (instance(spaces={"a": {}}), "ENC540"),
    "frame-beyond-the-last": (lambda s: frames(s).update({"10": frames(s).pop("1")}), "ENC541 ENC556"),
    "frame-of-words": (lambda s: frames(s).update({"05": frames(s).pop("5")}), "ENC541 ENC556"),
    "frame-without-objects": (lambda s: frames(s)["5"].pop("objects"), "ENC541 ENC556"),
    "unknown-key": (replaced(CAR, zOrder=1), "ENC540"),
    "no-link": (removed(unit, "data_link"), "ENC540"),
    "unit-key": (lambda s: unit(s).update(data_hash="foo"), "ENC541"),
    "no-size": (removed(unit, "width"), "ENC523 ENC540 ENC541 ENC570"),
    "sequence-twice": (lambda s: s.group["data_units"][SECOND].update(data_sequence="0"), "ENC523 ENC541 ENC544 ENC556"),
    "sequence-as-number": (lambda s: s.group["data_units"][SECOND].update(data_sequence=1), "ENC522 ENC523 ENC541 ENC556"),
    "classifications-on-a-frame": (lambda s: unit(s)["labels"]["classifications"].append({}), "ENC541"),
    "group-hash": (lambda s: s.group.update(data_hash=SECOND), "ENC541"),
    "unknown-class": (replaced("point", featureHash="nope"), "ENC542"),
    "attribute-as-class": (replaced("point", featureHash="at-plate"), "ENC542"),
    "unknown-attribute": (lambda s: s.answers(s.image, CAR)[3].update(featureHash="nope"), "ENC542"),
    "option-of-another": (answered(0, [{"name": "Cut", "value": "cut", "featureHash": "op-cut"}]), "ENC542 ENC553"),
    "unknown-classification": (instance(featureHash="nope"), "ENC542"),
    "name": (replaced(CAR, name="x"), "ENC543"),
    "shape": (replaced(CAR, shape="point"), "ENC543"),
    "two-classes": (replaced("point", objectHash=CAR), "ENC544 ENC550"),
    "hash-of-both": (
        lambda s: s.video["classification_answers"].update(car=s.video["classification_answers"].pop("in-weather")),
        "ENC544 ENC550",
    ),
    "author": (replaced(CAR, createdBy="alice"), "ENC545"),
    "no-date": (removed(lambda s: s.shape(CAR), "createdAt"), "ENC546"),
    "no-row-date": (removed(lambda s: s.image, "created_at"), "ENC546"),
    "date": (replaced(CAR, lastEditedAt="soon"), "ENC546"),
    "confidence": (replaced(CAR, confidence=87), "ENC547"),
}

ANSWER = {
    "no-entry": (removed(lambda s: s.image["object_answers"], "point"), "ENC550"),
    "entry-of-none": (lambda s: s.image["object_answers"].update(ghost={"objectHash": "ghost", "classifications": []}), "ENC550"),
    "actions-of-none": (lambda s: s.image["object_actions"].update(ghost={"objectHash": "ghost", "actions": []}), "ENC550"),
    "number-as-text": (answered(4, "50"), "ENC551"),
    "boolean-as-number": (answered(4, value=True), "ENC551"),
    "text-as-number": (answered(3, 7), "ENC551"),
    "two-options": (
        lambda s: s.answers(s.image, CAR)[0]["answers"].append(RED),
        "ENC551",
    ),
    "empty-dynamic-checklist": (lambda s: s.actions(s.image, CAR)[0].update(answers=[]), "ENC551"),
    "twice": (lambda s: s.answers(s.image, CAR).append(s.answers(s.image, CAR)[3]), "ENC552"),
    "without-parent": (answered(0, [RED]), "ENC553"),
    "required": (lambda s: s.answers(s.image, CAR).pop(1), "ENC554"),
    "static-as-dynamic": (
        lambda s: s.actions(s.image, CAR).append(s.answers(s.image, CAR).pop(3) | {"dynamic": True, "range": [[0, 0]]}),
        "ENC555",
    ),
    "dynamic-as-static": (lambda s: s.answers(s.image, CAR).append(s.actions(s.image, CAR).pop()), "ENC555"),
    "past-the-end": (ranged(1, [[5, 10]]), "ENC556"),
    "backwards": (ranged(0, [[1, 0]]), "ENC556"),
    "overlap": (ranged(1, [[1, 1], [5, 5]]), "ENC556"),
    "without-geometry": (ranged(1, [[4, 5]]), "ENC556"),
    "classification-past-the-end": (instance(range=[[0, 50]]), "ENC556"),
    "classification-nowhere": (instance(range=[]), "ENC556"),
    "global-with-range": (lambda s: s.image["classification_answers"]["in-note"].update(range=[[0, 0]]), "ENC556"),
    "classification-twice": (copied, "ENC522 ENC557"),
    "classification-unanswered": (instance(classifications=[]), "ENC558"),
}

SHAPE = {
    "no-geometry": (removed(lambda s: s.shape(CAR), "boundingBox"), "ENC560"),
    "no-theta": (removed(lambda s: s.shape("rotatable_bounding_box")["rotatableBoundingBox"], "theta"), "ENC560"),
    "odd-ring": (replaced("polygon", polygons=[[[0.1, 0.1, 0.5, 0.1, 0.5, 0.5, 0.1]]]), "ENC560"),
    "gap-in-points": (replaced("polyline", polyline={"0": {"x": 0, "y": 0}, "2": {"x": 1, "y": 1}}), "ENC560"),
    "text": (geometry(CAR, "boundingBox", x="0.1"), "ENC561"),
    "infinite": (geometry(CAR, "boundingBox", x=1e999), "ENC520 ENC522 ENC523"),
    "beyond-the-image": (geometry(CAR, "boundingBox", x=0.8), "ENC562"),
    "circle-far-away": (geometry("circle", "circle", r=1.6), "ENC562"),
    "no-width": (geometry(CAR, "boundingBox", w=0), "ENC563"),
    "negative-height": (geometry("rotatable_bounding_box", "rotatableBoundingBox", h=-0.1), "ENC563"),
    "empty-mask": (geometry("bitmask", "bitmask", rleString="Pi0"), "ENC563"),
    "theta": (geometry("ellipse", "ellipse", theta=-30), "ENC564"),
    "two-points": (polygon(0.1, 0.1, 0.5, 0.5), "ENC565"),
    "closed": (polygon(0.1, 0.1, 0.5, 0.1, 0.5, 0.5, 0.1, 0.1), "ENC565"),
    "twins": (replaced("polygon", polygons=[[[0.1, 0.1, 0.5, 0.1, 0.5, 0.4]]]), "ENC566"),
    "eight": (polygon(0.1, 0.1, 0.5, 0.5, 0.5, 0.1, 0.1, 0.5), "ENC567"),
    "line-of-one": (replaced("polyline", polyline={"0": {"x": 0.1, "y": 0.1}}), "ENC568"),
    "two-in-a-point": (replaced("point", point={"0": {"x": 0.1, "y": 0.1}, "1": {"x": 0.2, "y": 0.1}}), "ENC568"),
    "vertex-lost": (lambda s: s.shape("skeleton")["skeleton"].pop("1"), "ENC569"),
    "vertices-swapped": (lambda s: s.shape("skeleton").update(skeleton={"0": vertex(s, "1"), "1": vertex(s, "0")}), "ENC569"),
    "vertices-out-of-order": (lambda s: s.shape("skeleton").update(skeleton={"1": vertex(s, "1"), "0": vertex(s, "0")}), "ENC569"),
    "visibility": (lambda s: vertex(s, "0").update(visibility="hidden"), "ENC569"),
    "cropped": (geometry("bitmask", "bitmask", height=10), "ENC570"),
    "short-runs": (geometry("bitmask", "bitmask", rleString="U5:"), "ENC570"),
    "garbage": (geometry("bitmask", "bitmask", rleString="é"), "ENC570"),
    "no-projection": (removed(lambda s: s.shape("cuboid_2d")["cuboid_2d"], "scaleRatio"), "ENC571"),
    "two-projections": (geometry("cuboid_2d", "cuboid_2d", offset={"x": 0.1, "y": 0.1}), "ENC571"),
}

CASES = {f"{part}-{name}": case for part, cases in {
    "bundle": BUNDLE, "ontology": ONTOLOGY, "row": ROW, "answer": ANSWER, "shape": SHAPE,
}.items() for name, case in cases.items()}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_fault_gives_its_code(name: str, sample: Any, tmp_path: Path) -> None:
    """Without the SDK, a fault gives its own code and what follows from it, and nothing else."""
    change, codes = CASES[name]
    change(sample)
    report = verify(sample.write(tmp_path), sdk=False)
    found = {finding.code for finding in report.findings}
    assert found - {SCHEMA} == set(codes.split()) - {SCHEMA}
    assert set(codes.split()) <= found
    assert report.ok is all(finding.severity < Severity.ERROR for finding in report.findings)


def test_every_code_has_an_example() -> None:
    """The cases above, with those about files and the SDK, use all codes."""
    covered = {code for _, codes in CASES.values() for code in codes.split()}
    elsewhere = SDK | {"ENC528"}  # tests of the SDK and of verify
    assert {issue.code for issue in ISSUES} == covered | elsewhere
    assert len(ISSUES) == len({issue.code for issue in ISSUES}) == len({issue.name for issue in ISSUES})
