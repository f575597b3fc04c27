"""Label schemas in JSON."""

from __future__ import annotations

from typing import Any

import pytest

from mapper.cvat.labels_json import Problem, read_labels_json
from mapper.cvat.model import AttributeSpec, LabelSpec


def test_labels_as_a_backup_holds_them() -> None:
    """Names, colours, types and attributes are taken over; the order is that of the document."""
    document = [
        {
            "name": "cat",
            "color": "#6080c0",
            "type": "any",
            "attributes": [{"name": "sex", "mutable": True, "input_type": "radio", "default_value": "f", "values": ["f", "m"]}],
            "sublabels": [],
        },
        {"name": "rain", "type": "tag", "attributes": []},
    ]
    cat = LabelSpec(
        name="cat",
        color="#6080c0",
        attributes=(AttributeSpec(name="sex", input_type="radio", mutable=True, default="f", values=("f", "m")),),
    )
    assert read_labels_json(document) == ((cat, LabelSpec(name="rain", type="tag")), [])


def test_what_may_be_left_out() -> None:
    """Backups of before CVAT 2.2 have no types and sublabels; the editor writes null for what is not there."""
    document = [{"name": "cat"}, {"name": "dog", "type": None, "attributes": None, "sublabels": None, "svg": "", "color": None, "id": 7}]
    assert read_labels_json(document) == ((LabelSpec(name="cat"), LabelSpec(name="dog")), [])


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, Problem("labels", "is not a list")),
        ([{"name": ""}], Problem("labels[0].name", "is not a name")),
        ([{"name": "cat", "attributes": {}}], Problem("labels[0].attributes", "is not a list")),
        ([{"name": "cat", "svg": "<circle data-node-id='x'>"}], Problem("labels[0].svg", "a circle has no number or no place")),
        (
            [{"name": "man", "sublabels": [{"name": "arm", "sublabels": [{"name": "hand"}]}]}],
            Problem("labels[0].sublabels[0].sublabels", "a sublabel cannot have sublabels"),
        ),
    ],
)
def test_problems_have_a_path(document: Any, problem: Problem) -> None:
    """Each problem says where in the JSON it is."""
    assert read_labels_json(document)[1] == [problem]


@pytest.mark.parametrize("drawing", ["\x01", "<circle data-node-id='1' cx='1' cy='1' data-label-name='\x00'>"])
def test_characters_that_xml_cannot_hold_are_no_exception(drawing: str) -> None:
    """JSON may spell a control character in a drawing."""
    assert [problem.path for problem in read_labels_json([{"name": "man", "svg": drawing}])[1]] == ["labels[0].svg"]
