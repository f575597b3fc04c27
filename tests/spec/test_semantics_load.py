"""Loading around the checks: where a spec is, its parameters, and the documents beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapper.errors import SpecError
from mapper.geometry.shapes import Template
from mapper.spec.beside import MAX_BYTES
from mapper.spec.load import LoadedSpec, load_spec, read_spec

VALID = Path(__file__).parent.parent / "specs" / "valid"


def _messages(path: Path | str, **parameters: str) -> list[str]:
    return [f"{issue.code} {issue.message()}" for issue, _ in read_spec(path, parameters)[1]]


def _loaded(path: Path | str, **parameters: str) -> LoadedSpec:
    return load_spec(path, parameters)


def test_a_spec_that_is_not_there() -> None:
    """A name that is neither a pack nor a file is a finding with the nearest pack."""
    loaded, found, located = read_spec("standrad", {})
    assert loaded is None
    assert located is None
    (issue, place), *rest = found
    assert (issue.code, place, rest) == ("SPC250", None, [])
    assert issue.message() == "the spec 'standrad' cannot be read: neither a shipped pack nor a file"
    assert issue.help() == "did you mean the shipped pack `standard`?"


def test_a_spec_that_is_a_folder(tmp_path: Path) -> None:
    """A folder is no spec, and no exception."""
    assert [message[:6] for message in _messages(tmp_path)] == ["SPC250"]


def test_load_spec_raises_with_all_findings() -> None:
    """Whoever wants a spec and not findings gets an exception that carries them."""
    with pytest.raises(SpecError) as caught:
        load_spec(VALID.parent / "invalid" / "SPC270_points_to_polygon.yaml")
    assert [finding.code for finding in caught.value.findings] == ["SPC270"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"severty": "error"}, "SPC252 the spec declares no parameter 'severty'"),
        ({"severity": "fatal"}, "SPC253 parameter 'severity': 'fatal' is not one of 'error', 'warning'"),
        ({"fidelity": "high"}, "SPC253 parameter 'fidelity': 'high' is not a number"),
        ({"fidelity": "1_0"}, "SPC253 parameter 'fidelity': '1_0' is not a number"),
        ({"fidelity": "1e999"}, "SPC253 parameter 'fidelity': '1e999' is not a number"),
        ({"occluded": "yes"}, "SPC253 parameter 'occluded': 'yes' is not true or false"),
        ({"fidelity": "1.5"}, "SPC232 `min_iou`: expected at most 1, got the number 1.5"),
        ({"geometry": "bitmask", "label": " "}, "SPC268 the title of an object is blank"),
    ],
)
def test_parameters_of_the_caller_are_checked(parameters: dict[str, str], message: str) -> None:
    """A value that the spec does not allow is a finding, whoever gave it."""
    assert message in _messages(VALID / "parameters.yaml", **parameters)


def test_parameters_change_the_meaning_and_not_the_bytes() -> None:
    """The digest of the bytes stays, that of the meaning does not."""
    first, second = _loaded(VALID / "parameters.yaml"), _loaded(VALID / "parameters.yaml", fidelity="0.5", label="bus")
    assert (first.sha256 == second.sha256, first.meaning == second.meaning) == (True, False)
    assert second.parameters["fidelity"] == 0.5
    assert second.spec.rules[0].match.area == 0.5
    assert second.spec.lookups["body"].rows == {"sedan": "bus"}


def test_documents_beside_a_spec_are_read() -> None:
    """The label schema is read into labels, the ontology stays a document."""
    loaded = _loaded(VALID / "beside.yaml")
    car, person = loaded.labels
    assert [attribute.values for attribute in car.attributes] == [("sedan", "lorry"), ("0", "200", "1")]
    assert [element.name for element in person.elements] == ["foot", "head & neck"]
    assert person.template == Template((("head & neck", 0.5, 0.1), ("foot", 0.5, 0.9)), ((0, 1),))
    assert loaded.ontology is not None
    assert loaded.ontology["objects"][0]["name"] == "Car"


def _beside(folder: Path, name: str, data: bytes | None = None) -> list[str]:
    """What is found when a spec in the folder names a file as its label schema."""
    document = json.loads((VALID / "minimal.json").read_text()) | {"source": {"labels": name}}
    (folder / "spec.json").write_text(json.dumps(document))
    if data is not None:
        (folder / name).write_bytes(data)
    return _messages(folder / "spec.json")


def test_a_whole_task_json_is_a_label_schema(tmp_path: Path) -> None:
    """The labels may stand under ``labels``, as in a backup."""
    assert _beside(tmp_path, "task.json", b'{"name": "a task", "labels": [{"name": "car", "attributes": []}]}') == []
    assert [label.name for label in _loaded(tmp_path / "spec.json").labels] == ["car"]


def test_links_must_stay_inside(tmp_path: Path) -> None:
    """A link may lead to a file of the folder, not out of it, nor in a circle."""
    (tmp_path / "outside.json").write_text("[]")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside.json").write_text("[]")
    (folder / "good.json").symlink_to("inside.json")
    (folder / "bad.json").symlink_to("../outside.json")
    (folder / "up").symlink_to("..")
    (folder / "circle.json").symlink_to("circle.json")
    assert _beside(folder, "good.json") == []
    assert _beside(folder, "bad.json") == ["SPC273 'bad.json' is not in the spec's own folder: a link leads out of it"]
    assert _beside(folder, "up/outside.json") == ["SPC273 'up/outside.json' is not in the spec's own folder: a link leads out of it"]
    assert [message[:6] for message in _beside(folder, "circle.json")] == ["SPC274"]


def test_a_spec_reached_by_a_link_has_its_own_folder(tmp_path: Path) -> None:
    """Names are relative to the folder in which the spec is named."""
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to("real")
    assert _beside(tmp_path / "linked", "labels.json", b"[]") == []


def test_size_is_capped(tmp_path: Path) -> None:
    """A file beyond the cap is not parsed."""
    with (tmp_path / "labels.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert _beside(tmp_path, "labels.json") == ["SPC274 'labels.json' cannot be read: it has more than 64 MiB"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'["\xff"]', "byte 2 is not UTF-8"),
        (b'[{"name": "\\ud83d"}]', "a text holds half of a surrogate pair"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[Infinity]", "Infinity is no JSON"),
        (b'[{"name": {"a": 1, "b": 2, "a": 3}}]', "the key 'a' is given twice in one mapping"),
        (b"", "Expecting value at line 1, column 1"),
    ],
)
def test_json_is_strict(tmp_path: Path, data: bytes, problem: str) -> None:
    """What is not plain JSON in UTF-8 is a finding, never an exception."""
    assert _beside(tmp_path, "labels.json", data) == [f"SPC275 'labels.json' is not valid JSON: {problem}"]


def test_a_number_of_many_digits_is_no_exception(tmp_path: Path) -> None:
    """Python refuses integers of more than 4 300 digits; that is a finding."""
    assert [message[:6] for message in _beside(tmp_path, "labels.json", b"[" + b"9" * 5000 + b"]")] == ["SPC275"]


@pytest.mark.parametrize("name", ["a\x00b", ".", "", "x" * 5000])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    """A name that the system refuses is a finding."""
    assert [message[:6] for message in _beside(tmp_path, name)] == ["SPC274"]


@pytest.mark.parametrize(
    ("used", "type_", "problem"),
    [("param", 7, "`type`"), ("param", ["text"], "`type`"), (7, "text", "no parameter '7'"), ("param", "text", "is not text")],
)
def test_odd_declarations_of_parameters_are_findings(tmp_path: Path, used: Any, type_: Any, problem: str) -> None:
    """Nothing in a declaration can raise before the model has looked at it."""
    document = json.loads((VALID / "minimal.json").read_text())
    document["parameters"] = {"param": {"description": "A parameter.", "type": type_, "default": {"param": used}}}
    document["metadata"]["description"] = {"param": used}
    (tmp_path / "spec.json").write_text(json.dumps(document))
    messages = _messages(tmp_path / "spec.json")
    assert any(problem in message for message in messages)
