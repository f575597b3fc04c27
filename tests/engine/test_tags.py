"""Tags become classifications: one instance of each on an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import sdk
from tests.support.builders import Attribute, Label, export, image, tag
from tests.support.running import run
from tests.support.specs import FIELDS, answer, classification, rule, spec

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.builders import Element
    from tests.support.running import Bundle, Json

WEATHER = [
    Label("rain", "tag", (Attribute("mm", "number"), Attribute("note"))),
    Label("sun", "tag"),
    Label("scene", "tag", (Attribute("note"),)),
]
RADIO = classification(answer("mm", "mm/h", "numeric"), answer("note", "Note", "text"), name="Weather", option="{{ label|title }}")


def made(folder: Path, *tags: Element, emit: Json = RADIO, **more: Any) -> Bundle:
    """Tags on one image; what comes out is loaded by the SDK."""
    found = run(folder, export(image(0, *tags), labels=WEATHER), spec(rule(emit, tag=True), **more))
    sdk.check(found.ontology, found.rows)
    return found


def test_a_tag_is_a_classification(tmp_path: Path) -> None:
    """A tag chooses an option of a radio; its attributes nest below the option."""
    found = made(tmp_path, tag("rain", {"mm": "3", "note": "cold"}))
    assert found.classifications() == [{"Weather": ["Rain"], "mm/h": 3, "Note": "cold"}]
    (root,) = found.ontology["classifications"][0]["attributes"]
    assert [option["label"] for option in root["options"]] == ["Rain", "Sun", "Scene"]
    assert [nested["name"] for nested in root["options"][0]["options"]] == ["mm/h", "Note"]
    assert not any(nested["dynamic"] for nested in root["options"][0]["options"])
    assert found.books() == {"read": 1, "kept": 1}


def test_equal_tags_are_one(tmp_path: Path) -> None:
    """A second tag that says the same is merged into the first; its values are accounted for."""
    found = made(tmp_path, tag("rain", {"mm": "3"}), tag("rain", {"mm": "3"}))
    assert found.classifications() == [{"Weather": ["Rain"], "mm/h": 3}]
    assert found.books() == {"read": 2, "kept": 1, "merged": 1}
    assert found.books("attribute", "mm") == {"read": 2, "kept": 2}
    assert found.codes == {}


@pytest.mark.parametrize("second", [tag("sun"), tag("rain", {"mm": "4"}), tag("rain")])
def test_tags_that_contradict_one_another(tmp_path: Path, second: Element) -> None:
    """A later tag that answers the same classification otherwise is refused with a finding of the severity that the rule says."""
    emit = {"classification": RADIO["classification"] | {"conflict": {"do": "keep_first", "severity": "warning"}}}
    found = made(tmp_path, tag("rain", {"mm": "3"}), second, emit=emit)
    assert found.classifications() == [{"Weather": ["Rain"], "mm/h": 3}]
    assert [(finding.code, finding.severity.word) for finding in found.result.findings] == [("MAP311", "warning")]
    assert found.books() == {"read": 2, "kept": 1, "refused": 1}


def test_tags_of_one_checklist_are_united(tmp_path: Path) -> None:
    """Tags that answer one checklist classification tick their options together, in the order of the ontology."""
    emit = classification(name="Weather", type_="checklist", option="{{ label }}")
    found = made(tmp_path, tag("sun"), tag("rain"), tag("sun"), emit=emit)
    titles = [option["label"] for option in found.ontology["classifications"][0]["attributes"][0]["options"]]
    assert found.classifications() == [{"Weather": [title for title in titles if title in {"sun", "rain"}]}]
    assert found.books() == {"read": 3, "kept": 1, "merged": 2}


def test_a_text_classification(tmp_path: Path) -> None:
    """A text classification holds what its template makes of the tag; the attribute that it is made of is not lost."""
    found = made(
        tmp_path, tag("scene", {"note": "fog at dawn"}), emit=classification(name="Note", type_="text", value="{{ attributes.note }}")
    )
    assert found.classifications() == [{"Note": "fog at dawn"}]
    assert found.books("attribute", "note") == {"read": 1, "transformed": 1}
    assert found.codes == {}


def test_a_numeric_classification(tmp_path: Path) -> None:
    """A numeric classification holds a number; what is none is refused with a finding."""
    emit = classification(name="mm/h", type_="numeric", value="{{ attributes.mm|float }}")
    assert made(tmp_path, tag("rain", {"mm": "3.5"}), emit=emit).classifications() == [{"mm/h": 3.5}]
    found = made(tmp_path, tag("rain", {"mm": "much"}), emit=emit)
    assert (found.classifications(), found.codes) == ([], {"MAP314": 1})
    assert found.books() == {"read": 1, "refused": 1}


@pytest.mark.parametrize(
    "emit",
    [
        classification(name="Note", type_="text", value="x"),
        classification(name="Note", type_="checklist", option="x"),
    ],
)
def test_what_cannot_nest_is_refused(tmp_path: Path, emit: Json) -> None:
    """Below a text or a checklist Encord holds nothing: fields and attributes that would stand there are refused with findings."""
    kept = FIELDS | {"source": {"keep": True, "as": {"to": "Source", "type": "text", "skip": ["manual"]}}}
    found = made(tmp_path, tag("scene", {"note": "x"}, source="auto"), tag("scene"), emit=emit, fields=kept)
    assert found.books("field", "source") == {"read": 2, "kept": 1, "refused": 1}
    assert found.books("attribute", "note") == {"read": 1, "refused": 1}
    assert found.codes == {"MAP305": 2}


def test_classifications_of_their_own(tmp_path: Path) -> None:
    """Tags of different classifications stand side by side, each with a hash of its own."""
    found = made(tmp_path, tag("rain"), tag("sun"), emit=classification(name="{{ label }}", option="yes"))
    assert found.classifications() == [{"rain": ["yes"]}, {"sun": ["yes"]}]
    assert len(set(found.hashes())) == 2
    assert [entry["range"] for entry in found.rows[0]["classification_answers"].values()] == [[[0, 0]], [[0, 0]]]


def test_an_option_from_the_data(tmp_path: Path) -> None:
    """The option may come from an attribute: a value without text is refused, blanks around it do not count."""
    emit = classification(name="Note", option="{{ attributes.note }}")
    found = made(tmp_path, tag("scene", {"note": " fog "}), emit=emit)
    assert found.classifications() == [{"Note": ["fog"]}]
    empty = made(tmp_path, tag("scene", {"note": " "}), emit=emit)
    assert (empty.classifications(), empty.codes) == ([], {"MAP309": 1})


def test_a_classification_without_options_is_not_listed(tmp_path: Path) -> None:
    """A radio whose options come from the data stands in the ontology only once there is one."""
    emit = classification(name="Note", option="{{ attributes.note }}")
    found = run(tmp_path, export(image(0), labels=WEATHER[2:]), spec(rule(emit, tag=True)))
    assert found.ontology["classifications"] == []
