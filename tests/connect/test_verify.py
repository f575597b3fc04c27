"""The verification of a bundle as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper.connect.bundle import Bundle
from mapper.connect.checks_ontology import ontology_remarks
from mapper.connect.checks_rows import row_remarks
from mapper.connect.ontology_index import ontology_index
from mapper.connect.schemas import EVERY, FILES, FIRST, Schemas, is_sampled, schema_of
from mapper.connect.sdk import Judge
from mapper.connect.verify import verify
from mapper.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


def test_a_good_bundle_is_clean(sample: Any, tmp_path: Path) -> None:
    """With the SDK, nothing at all is found, and everything was looked at."""
    report = verify(sample.write(tmp_path), sdk=True)
    assert report.findings == ()
    assert report.ok
    assert report.sdk is not None
    assert report.counts == {
        "label_rows": 3,
        "images": 5,
        "objects": 16,
        "classifications": 4,
        "media": 5,
        "findings": 1,
        "ontology_objects": 10,
        "ontology_classifications": 3,
        "schema_rows": 3,
        "sdk_rows": 3,
    }


def test_a_sample_for_the_sdk(sample: Any, tmp_path: Path) -> None:
    """The SDK may load some rows only, evenly spread; our own checks see all."""
    first = sample.rows[0]
    sample.rows[:] = [json.loads(json.dumps(first)) for _ in range(10)]
    sample.head["counts"]["label_rows"] = 10
    sample.rows[7]["label_status"] = "DONE"
    out = sample.write(tmp_path)
    assert [verify(out, sample=number).counts["sdk_rows"] for number in (1, 4, 10, 99)] == [1, 4, 10, 10]
    assert "ENC540" in {finding.code for finding in verify(out, sample=1).findings}


@pytest.mark.parametrize("name", ["bundle.json", "ontology.json", "label_rows.jsonl", "findings.jsonl", "ledger.json"])
@pytest.mark.parametrize("damage", [None, b"{", b"[1, 2]\n", b"null\n", b"\xff\n"])
def test_damaged_files_are_findings(name: str, damage: bytes | None, sample: Any, tmp_path: Path) -> None:
    """A file that is missing or holds something else is told; nothing raises, and no other file is blamed for not being readable."""
    out = sample.write(tmp_path)
    if damage is None:
        (out / name).unlink()
    else:
        (out / name).write_bytes(damage)
    report = verify(out)
    assert not report.ok
    unreadable = [finding.message for finding in report.findings if finding.code == "ENC520"]
    assert all(name in message for message in unreadable)
    assert unreadable or damage in {b"[1, 2]\n", b"null\n"}


def test_a_broken_line_has_its_number(sample: Any, tmp_path: Path) -> None:
    """A row that is no JSON is told with its line, and the rows after it are checked."""
    out = sample.write(tmp_path)
    lines = (out / "label_rows.jsonl").read_bytes().splitlines(keepends=True)
    (out / "label_rows.jsonl").write_bytes(lines[0] + lines[1][:100] + b"\n" + lines[2])
    report = verify(out, sdk=False)
    (finding,) = (finding for finding in report.findings if finding.code == "ENC520")
    assert finding.source is not None
    assert finding.source.line == 2
    assert report.counts["label_rows"] == 2


def test_no_bundle_there(tmp_path: Path) -> None:
    """A folder without a bundle is a wrong argument, no finding."""
    with pytest.raises(SourceError, match=r"no bundle"):
        verify(tmp_path)


def test_media_are_read_in_any_layout(sample: Any, tmp_path: Path) -> None:
    """The writer's layout is read entry by entry; a bundle.json that was formatted anew is read all the same."""
    out = sample.write(tmp_path)
    whole = json.loads((out / "bundle.json").read_bytes())
    layouts = [None, json.dumps(whole), json.dumps(whole, indent=2) + "\n", json.dumps(whole, indent=2, sort_keys=True)]
    for layout in layouts:
        if layout is not None:
            (out / "bundle.json").write_text(layout)
        bundle = Bundle(out)
        assert bundle.head() == sample.head
        assert list(bundle.media()) == sample.media
        assert verify(out, sdk=False).ok
        assert bundle.problems == []


def test_a_bundle_without_images_is_fine(tmp_path: Path, sample: Any) -> None:
    """An export without images gives an empty media list and no rows."""
    empty = type(sample)([])
    assert verify(empty.write(tmp_path), sdk=True).findings == ()


def test_findings_have_a_place(sample: Any, tmp_path: Path) -> None:
    """A fault in a group is told with the image of the group, the object, and its class."""
    units = list(sample.group["data_units"].values())
    units[2]["labels"]["objects"][0]["boundingBox"]["x"] = -0.5
    (finding,) = verify(sample.write(tmp_path), sdk=False).findings
    assert finding.source is not None
    assert (finding.source.line, finding.source.image) == (2, units[2]["data_title"])
    assert (finding.source.shape, finding.label) == ("object car, A bounding_box", "A bounding_box")


@pytest.mark.parametrize("part", FILES)
def test_schemas_are_schemas(part: str) -> None:
    """Each is a valid draft-07 schema with a title."""
    from jsonschema import Draft7Validator  # noqa: PLC0415 - as in the code under test

    schema = schema_of(part)
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["title"]


@pytest.mark.parametrize("part", [part for part in FILES if part != "ontology"])
def test_schemas_of_our_formats_are_closed(part: str, sample: Any) -> None:
    """A key that the format does not have violates its schema."""
    documents = {
        "bundle": {**sample.head, "media": sample.media},
        "media": sample.media[0],
        "label_row": sample.image,
        "findings": sample.findings[0],
        "ledger": sample.ledger,
    }
    assert list(Schemas().violations(part, "file", documents[part])) == []
    assert list(Schemas().violations(part, "file", {**documents[part], "owner": "alice"})) != []


def test_rows_are_sampled_for_the_schema() -> None:
    """The first ones and every thousandth, so a large bundle costs little."""
    assert [number for number in range(1, 3 * EVERY) if is_sampled(number)] == [*range(1, FIRST + 1), EVERY, 2 * EVERY]


def test_a_number_beyond_floats_is_not_finite(sample: Any) -> None:
    """JSON may hold 1e999, which reads as infinity."""
    text = json.dumps(sample.image).replace('"x": 0.25', '"x": 1e999')
    assert "ENC561" in {remark.issue.code for remark in row_remarks(json.loads(text), ontology_index(sample.ontology))}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**12) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["0", "x", "objects", "featureHash"]), inner, max_size=3),
    max_leaves=5,
)


def replace_somewhere(document: Any, value: Any, choose: Any) -> Any:
    """Put a value at a place that is chosen while walking down."""
    if not isinstance(document, dict | list) or not document or choose(0, 4) == 0:
        return value
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    key = keys[choose(0, len(keys) - 1)]
    document[key] = replace_somewhere(document[key], value, choose)
    return document


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, data=st.data(), place=st.sampled_from(["row 0", "row 1", "row 2", "ontology"]))
def test_no_content_raises(sample: Any, value: Any, data: st.DataObject, place: str) -> None:
    """Whatever stands anywhere in a row or in the ontology, checks and SDK give findings, never an exception."""
    fresh = type(sample)()

    def choose(low: int, high: int) -> int:
        return data.draw(st.integers(low, high))

    if place == "ontology":
        fresh.ontology = replace_somewhere(fresh.ontology, value, choose)
    else:
        number = int(place[-1])
        fresh.rows[number] = replace_somewhere(fresh.rows[number], value, choose)
    ontology = orjson.loads(orjson.dumps(fresh.ontology))
    rows = [orjson.loads(orjson.dumps(row)) for row in fresh.rows]
    list(ontology_remarks(ontology))
    index = ontology_index(ontology)
    judge, _ = Judge.load(ontology)
    for row in rows:
        list(row_remarks(row, index))
        if judge is not None:
            list(judge.row_issues(row))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, data=st.data(), place=st.sampled_from(["head", "ledger", "media", "findings"]))
def test_no_books_raise(sample: Any, tmp_path: Path, value: Any, data: st.DataObject, place: str) -> None:
    """Whatever stands anywhere in the other files, verifying gives a report."""
    fresh = type(sample)()

    def choose(low: int, high: int) -> int:
        return data.draw(st.integers(low, high))

    changed = replace_somewhere({place: getattr(fresh, place)}, value, choose)
    part = changed.get(place) if isinstance(changed, dict) else value
    if type(part) is type(getattr(fresh, place)):
        setattr(fresh, place, part)
    verify(fresh.write(tmp_path), sdk=False)
