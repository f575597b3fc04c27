"""Tests beside the rules can give a track."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mapper import load_spec, run_tests, validate
from tests.support.specs import rule, spec, thing, write

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = [{"box": [1, 1, 9, 9]}, {"box": [2, 1, 10, 9], "occluded": True}, {"outside": True, "box": [2, 1, 10, 9]}]


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ("any", [{"rule": "hidden", "object": "Hidden"}]),
        ("all", [{"rule": "all", "object": "Car", "shape": "rotatable_bounding_box"}]),
        ("each", [{"rule": "all", "object": "Car"}, {"rule": "hidden", "object": "Hidden"}]),
    ],
)
def test_a_track_in_a_case(tmp_path: Path, frames: str, expected: list[dict[str, Any]]) -> None:
    """Each object of the track is expected once, in order of its first frame."""
    rules = [rule(thing(name="Hidden"), name="hidden", occluded=True, frames=frames), rule(thing(name="Car"))]
    case = {"name": "a track", "given": {"label": "car", "shape": "rectangle", "track": FRAMES}, "expect": expected}
    (result,) = run_tests(write(tmp_path, spec(*rules, tests=[case])))
    assert result.passed, result.actual


def test_frames_that_a_rule_drops(tmp_path: Path) -> None:
    """What rules drop of a track is expected after its objects."""
    drop = {"id": "hidden", "match": {"occluded": True, "frames": "each"}, "drop": {"reason": "not seen"}}
    expected = [{"rule": "all", "object": "Car"}, {"rule": "hidden", "dropped": True}]
    case = {"name": "a track", "given": {"label": "car", "shape": "rectangle", "track": FRAMES}, "expect": expected}
    (result,) = run_tests(write(tmp_path, spec(drop, rule(thing(name="Car")), tests=[case])))
    assert result.passed, result.actual


def test_what_a_case_cannot_give(tmp_path: Path) -> None:
    """A frame without geometry, and a tag with frames, are mistakes in the spec."""
    for given in ({"label": "car", "shape": "rectangle", "track": [{"occluded": True}]}, {"label": "car", "tag": True, "track": FRAMES}):
        case = {"name": "a track", "given": given, "expect": [{"rule": "all"}]}
        assert not validate(write(tmp_path, spec(rule(thing()), tests=[case]))).ok


def test_the_standard_pack_speaks_of_tracks() -> None:
    """The shipped default has a case of a track, and it holds."""
    results = {result.name: result.passed for result in run_tests("standard")}
    assert results["a track that is rotated on one of its frames has one class"]
    assert all(results.values())
    assert load_spec("standard").spec.policy.changed_value is not None
