"""A video's row is shown to the SDK in slices that together hold all of it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from mapper.connect.video_slices import video_slices

FRAMES = [0, 1, 2, 5, 8, 9, 10, 20]


def row() -> dict[str, Any]:
    """A row with one object on eight frames, two values of a dynamic answer, a classification and a global one."""
    labels = {str(frame): {"objects": [{"objectHash": "car"}], "classifications": []} for frame in FRAMES}
    actions = [{"answers": 1, "range": [[0, 5]]}, {"answers": 2, "range": [[8, 20]]}]
    return {
        "data_type": "video",
        "data_units": {"unit": {"labels": labels}},
        "object_answers": {"car": {"classifications": []}},
        "object_actions": {"car": {"actions": actions}},
        "classification_answers": {"rain": {"range": [[1, 9]]}, "all": {"range": []}},
    }


def test_few_frames_stay_together() -> None:
    """A row of few labelled frames is checked as it is."""
    given = row()
    assert list(video_slices(given, 8)) == [given]


def test_every_frame_is_in_one_slice() -> None:
    """Frames, ranges and answers are shared out without loss, under their own numbers; the row itself stays."""
    given = row()
    before = deepcopy(given)
    parts = list(video_slices(given, 3))
    assert [[int(key) for key in part["data_units"]["unit"]["labels"]] for part in parts] == [[0, 1, 2], [5, 8, 9], [10, 20]]
    assert [part["object_answers"] for part in parts] == [given["object_answers"]] * 3
    ranges = [[action["range"] for action in part["object_actions"]["car"]["actions"]] for part in parts]
    assert ranges == [[[[0, 4]]], [[[5, 5]], [[8, 9]]], [[[10, 20]]]]
    assert [part["classification_answers"].get("rain", {}).get("range") for part in parts] == [[[1, 4]], [[5, 9]], None]
    assert all("all" in part["classification_answers"] for part in parts)
    assert given == before


def test_frames_that_are_no_numbers() -> None:
    """A row with a frame that nobody can place is not cut."""
    given = row()
    given["data_units"]["unit"]["labels"]["x"] = {"objects": []}
    assert list(video_slices(given, 3)) == [given]
