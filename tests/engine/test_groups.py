"""Image groups and repairs that the pipeline reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper import convert
from mapper.engine.groups import LARGE
from mapper.findings.encord import LargeGroup
from mapper.findings.geometry import MaskCut
from mapper.findings.vertices import ElementAdded
from tests.support.builders import Element, Label, box, cuboid, element, export, image, mask, skeleton, write
from tests.support.running import run


def codes(folder: Path, *shapes: Element, labels: tuple[Label, ...] = ()) -> dict[str, int]:
    """The findings of one image with some shapes."""
    result = convert(write(folder, export(image(0, *shapes), labels=labels)))
    return {finding.code: finding.count for finding in result.findings}


@pytest.mark.parametrize(("images", "said"), [(LARGE, False), (LARGE + 1, True)])
def test_a_large_group_is_announced(tmp_path: Path, images: int, said: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Encord's SDK takes long for a large group, and the user hears it before uploading."""
    source = write(tmp_path, export(*(image(number) for number in range(images))))
    found = {finding.code for finding in convert(source, media="image_group").findings}
    assert (LargeGroup.code in found) == said
    assert LargeGroup.code not in {finding.code for finding in convert(source).findings}


def test_a_mask_beyond_the_image_is_cut_and_said(tmp_path: Path) -> None:
    """Pixels that lie outside are lost; the finding says so, the rest is kept."""
    found = codes(tmp_path, mask("puddle", [0, 20], [95, 0, 10, 2]), labels=(Label("puddle"),))
    assert found[MaskCut.code] == 1


def test_a_missing_skeleton_element_is_added_and_said(tmp_path: Path) -> None:
    """Encord counts vertices by position: the missing one stands there, invisible, and the finding names it."""
    pose = Label("pose", "skeleton", elements=(Label("head"), Label("hand")))
    found = codes(tmp_path, skeleton("pose", [element("head", 10, 10)]), labels=(pose,))
    assert found[ElementAdded.code] == 1


def test_a_cuboid_beyond_its_residual_becomes_what_the_spec_says(tmp_path: Path) -> None:
    """The limit is the spec's; without an `otherwise` the cuboid is refused with CuboidResidual's code."""
    corners = [10, 10, 10, 30, 30, 10, 30, 30, 48, 22, 48, 30, 20, 15, 20, 28]
    source = write(tmp_path, export(image(0, cuboid("parcel", corners)), labels=(Label("parcel"),)))
    standard = convert(source)
    assert [detail["reason"] for detail in standard.ledger["elements"][0]["details"]] == ["otherwise"]
    spec = tmp_path / "spec.yaml"
    text = (Path(__file__).parents[2] / "rules/standard/standard.yaml").read_text()
    before, _, rest = text.partition("          otherwise:")
    spec.write_text(before + rest.partition("geometry: {kind: polygon, outline: faces}\n")[2])
    assert [finding.code for finding in convert(source, spec=spec).findings if finding.severity.word == "error"] == ["GEO406"]


def test_an_upright_box_is_not_touched(tmp_path: Path) -> None:
    """Without anything wrong nothing is said."""
    assert codes(tmp_path, box("car", [1, 1, 20, 20]), labels=(Label("car"),)) == {}


def test_an_outside_point_that_became_nothing_is_dropped_in_the_ledger(tmp_path: Path) -> None:
    """A rule that emits keypoints and a box: the box is no keypoint, so the point outside is not booked as one."""
    pose = Label("pose", "skeleton", elements=(Label("a"), Label("b"), Label("c")))
    drawn = skeleton("pose", [element("a", 1, 1), element("b", 9, 9), element("c", 5, 5, outside="1")])
    text = (Path(__file__).parents[2] / "rules/standard/standard.yaml").read_text()
    both = "geometry: {kind: point}\n      - object: {name: extent, geometry: {kind: bounding_box}}\n"
    (tmp_path / "spec.yaml").write_text(text.replace("geometry: {kind: same}\n", both))
    result = convert(write(tmp_path, export(image(0, drawn), labels=(pose,))), spec=tmp_path / "spec.yaml")
    points = {entry["name"]: entry for entry in result.ledger["fields"] if entry["space"] == "point"}
    assert [points[name]["transformed"] for name in "abc"] == [1, 1, 0]
    assert points["c"]["dropped"] == 1


def test_an_export_without_tasks_is_a_group_too(tmp_path: Path) -> None:
    """Images of an export without meta are one group if groups are wanted, as those of a task are."""
    text = export(*(image(frame, box("car", (1, 2, 30, 40)), name=f"{frame}.png") for frame in range(3)), meta=False)
    found = run(tmp_path, text, media="image_group")
    assert [len(row["data_units"]) for row in found.rows] == [3]
