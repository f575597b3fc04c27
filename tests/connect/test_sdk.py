"""Encord's official SDK as a judge: what it loads comes back equal, what it refuses or changes is a finding."""

from __future__ import annotations

import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from mapper.connect.canonical import canonical_row, differences, merged
from mapper.connect.sdk import Judge, sdk_version
from mapper.connect.slices import slices
from mapper.connect.verify import verify
from mapper.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CAR = "bounding_box"


def judge(sample: Any) -> Judge:
    """The SDK with the sample's ontology, which it takes as it is."""
    loaded, issues = Judge.load(sample.ontology)
    assert loaded is not None
    assert issues == []
    return loaded


def test_all_shapes_come_back_equal(sample: Any) -> None:
    """An image with every shape, a group and a video pass through the SDK unchanged, and are left as they were."""
    loaded = judge(sample)
    for row in sample.rows:
        before = deepcopy(row)
        assert list(loaded.row_issues(row)) == []
        assert row == before


def test_the_sdk_really_reads(sample: Any) -> None:
    """What passes has been instances of the SDK's classes: the export of the image row holds all ten shapes."""
    again = judge(sample)._again(sample.image)
    unit = next(iter(again["data_units"].values()))
    assert {found["shape"] for found in unit["labels"]["objects"]} == {found["shape"] for found in sample.ontology["objects"]}


REFUSED: dict[str, Callable[[Any], object]] = {
    "OntologyError": lambda s: s.shape(CAR).update(featureHash="nope"),
    "TypeError": lambda s: s.shape(CAR).update(featureHash="at-plate"),
    "LabelRowError": lambda s: s.shape(CAR).update(shape="point", point={"0": {"x": 0.1, "y": 0.1}}),
    "KeyError": lambda s: s.image.pop("branch_name"),
    "ValueError": lambda s: s.shape("bitmask")["bitmask"].update(height=10),
    "EncordException": lambda s: s.shape("skeleton")["skeleton"]["0"].update(visibility="hidden"),
    "IndexError": lambda s: s.shape("polygon").update(polygons=[[[0.1, 0.2, 0.3]]]),
}


@pytest.mark.parametrize("error", REFUSED)
def test_a_refusal_is_a_finding(error: str, sample: Any, tmp_path: Path) -> None:
    """An exception of the SDK is told with its type, text and row, the same in each run, and the other rows are still checked."""
    REFUSED[error](sample)
    report = verify(sample.write(tmp_path), sdk=True)
    (finding,) = (finding for finding in report.findings if finding.code == "ENC526")
    assert dict(finding.evidence)["error"] == error
    assert finding.source is not None
    assert (finding.source.file, finding.source.line, finding.source.image) == ("label_rows.jsonl", 1, "row 1")
    assert report.counts["sdk_rows"] == 3
    assert not report.ok
    assert report.findings == verify(tmp_path, sdk=True).findings


CHANGED: dict[str, Callable[[Any], object]] = {
    "/classification_answers/in-note": lambda s: s.image["classification_answers"]["in-note"].pop("featureHash"),
    "/label_status": lambda s: s.image.update(label_status="DONE"),
    "/color": lambda s: s.shape(CAR).update(color="#000000"),
    "/answers": lambda s: s.answers(s.image, CAR).append(s.answers(s.image, CAR)[3] | {"answers": "008"}),
    "/actions": lambda s: s.actions(s.image, CAR)[0].update(answers=[]),
    "/zOrder": lambda s: s.shape(CAR).update(zOrder=1),
    "/point/1": lambda s: s.shape("point")["point"].update({"1": {"x": 0.1, "y": 0.1}}),
    "/cuboid_2d/offset": lambda s: s.shape("cuboid_2d")["cuboid_2d"].update(offset={"x": 0.1, "y": 0.1}),
    "/polygon/0/x": lambda s: s.shape("polygon")["polygon"]["0"].update(x=0.2),
}


@pytest.mark.parametrize("path", CHANGED)
def test_a_silent_change_is_a_finding(path: str, sample: Any) -> None:
    """What the SDK loads and then drops or replaces is told by its path."""
    CHANGED[path](sample)
    found = [issue.message() for issue in judge(sample).row_issues(sample.image)]
    assert any(path in message and "gives back" in message for message in found)


def test_an_ontology_that_the_sdk_refuses(sample: Any, tmp_path: Path) -> None:
    """Then no row is loaded, and the finding stands at the ontology."""
    del sample.ontology["objects"][0]["attributes"][2]["required"]
    report = verify(sample.write(tmp_path), sdk=True)
    (finding,) = (finding for finding in report.findings if finding.code == "ENC526")
    assert finding.source is not None
    assert finding.source.file == "ontology.json"
    assert "sdk_rows" not in report.counts


def test_a_key_of_the_ontology_that_the_sdk_does_not_know(sample: Any, tmp_path: Path) -> None:
    """It is only a warning: an ontology may be given, by a newer Encord."""
    sample.ontology["objects"][0]["shortcut"] = "c"
    report = verify(sample.write(tmp_path), sdk=True)
    assert [(finding.code, finding.severity.word) for finding in report.findings] == [("ENC527", "warning")]
    assert report.ok


def test_large_groups_are_cut(large_group: Any) -> None:
    """A group of 120 images is checked in slices of 50, 50 and 20 which hold all of it, and each starts at 0."""
    parts = list(slices(large_group.image))
    assert [len(part["data_units"]) for part in parts] == [50, 50, 20]
    assert all(next(iter(part["data_units"].values()))["data_sequence"] == "0" for part in parts)
    ranges = [[action["range"] for action in part["object_actions"]["car"]["actions"]] for part in parts]
    assert ranges == [[[[0, 0]], [[1, 49]], [[0, 49]]], [[[0, 49]], [[0, 49]]], [[[19, 19]], [[0, 18]], [[0, 19]]]]
    assert [part["classification_answers"]["in-scene"]["range"] for part in parts] == [[[1, 49]], [[0, 49]], [[0, 19]]]
    assert list(judge(large_group).row_issues(large_group.image)) == []


def test_a_fault_in_a_late_slice_is_found(large_group: Any) -> None:
    """A wrong colour on image 101 of 120 comes back."""
    units = list(large_group.image["data_units"].values())
    units[100]["labels"]["objects"][0]["color"] = "#000000"
    (issue,) = judge(large_group).row_issues(large_group.image)
    assert f"/data_units/{units[100]['data_hash']}/labels/0/car/color" in issue.message()


def test_order_dates_and_ranges_do_not_count(sample: Any) -> None:
    """The comparison looks at content: reversed lists, another spelling of a date, and ranges in pieces are equal."""
    other = deepcopy(sample.video)
    other["object_answers"]["car"]["classifications"].reverse()
    other["object_actions"]["car"]["actions"].reverse()
    other["classification_answers"]["in-weather"]["range"] = [[6, 9], [0, 1], [2, 2], [5, 5]]
    other["created_at"] = "2026-01-02T04:04:05+01:00"
    assert list(differences(canonical_row(sample.video), canonical_row(other))) == []
    other["object_answers"]["car"]["classifications"][1]["answers"] = 7
    assert [difference.path for difference in differences(canonical_row(sample.video), canonical_row(other))] == [
        "/object_answers/car/classifications/at-plate/answers"
    ]


def test_text_is_no_number_and_true_is_no_one() -> None:
    """Values keep their types; whole numbers may come back as floats."""
    assert list(differences({"a": 1}, {"a": 1.0})) == []
    assert [tuple(found) for found in differences({"a": 1, "b": "1"}, {"a": True, "b": 1})] == [("/a", "1", "true"), ("/b", '"1"', "1")]
    assert merged([(0, 1), (2, 2), (4, 6), (5, 5)]) == [(0, 2), (4, 6)]


def test_the_sdk_is_an_extra(monkeypatch: pytest.MonkeyPatch, sample: Any, tmp_path: Path) -> None:
    """Without it, asking for it stops with the command that installs it; otherwise a remark says that it was not used."""
    assert sdk_version().startswith("0.1.")
    monkeypatch.setitem(sys.modules, "encord", None)
    out = sample.write(tmp_path)
    with pytest.raises(MissingExtraError, match=r"pip install 'cvat-encord-mapper\[encord\]'"):
        verify(out, sdk=True)
    report = verify(out)
    assert [finding.code for finding in report.findings] == ["ENC528"]
    assert report.ok
    assert report.sdk is None
