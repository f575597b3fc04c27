"""What becomes of a shape's score, which only backups and answers of the API have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from mapper import convert
from mapper.spec.policy import ScoreField
from tests.support import sdk, specs
from tests.support.backups import backup, holding, job, members, shape, task
from tests.support.reading import pack
from tests.support.running import load
from tests.support.specs import rule, thing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.running import Bundle

AS = {"to": "Score", "type": "numeric"}


def made(folder: Path, decision: dict[str, Any] | None, *shapes: Any, spec: str | None = None, **match: Any) -> Bundle:
    """Shapes of a backup under a decision about the score; what comes out is loaded by the SDK."""
    fields = {} if decision is None else {"score": decision}
    document = spec or specs.write(folder, specs.spec(rule(thing(), name="sure", **match), fields=fields))
    found = load(convert(backup(folder, *shapes), folder / "bundle", spec=document))
    sdk.check(found.ontology, found.rows)
    return found


def confidences(found: Bundle) -> list[float]:
    """The confidence of every object."""
    return [entry["confidence"] for entry, _ in found.objects()]


SCORED = (shape(score=0.25), shape(1, score=1.0), shape(2), shape(3, score=0))


def test_standard_makes_it_the_confidence(tmp_path: Path) -> None:
    """The default loses nothing: the score is Encord's confidence; without one the confidence is 1."""
    found = made(tmp_path, None, *SCORED, spec="standard")
    assert confidences(found) == [0.25, 1, 1, 0]
    assert found.books("field", "score") == {"read": 3, "kept": 3}


def test_it_can_be_an_attribute_or_both(tmp_path: Path) -> None:
    """An attribute holds it beside the confidence, or instead of it."""
    found = made(tmp_path, {"keep": True, "confidence": True, "as": AS}, *SCORED)
    assert confidences(found) == [0.25, 1, 1, 0]
    assert [answers.get("Score") for answers in found.answers()] == [0.25, 1.0, None, 0]
    (tmp_path / "b").mkdir()
    alone = made(tmp_path / "b", {"keep": True, "as": AS}, *SCORED)
    assert confidences(alone) == [1, 1, 1, 1]


def test_it_can_be_dropped(tmp_path: Path) -> None:
    """With a reason, which the ledger tells."""
    found = made(tmp_path, {"keep": False, "reason": "not needed"}, *SCORED)
    assert confidences(found) == [1, 1, 1, 1]
    (entry,) = [entry for entry in found.ledger["fields"] if entry["name"] == "score"]
    assert [(detail["account"], detail["reason"], detail["count"]) for detail in entry["details"]] == [("dropped", "not needed", 3)]
    assert "MAP320" not in found.codes


def test_it_is_decided(tmp_path: Path) -> None:
    """A spec that does not speak of scores leaves them out, with a finding; shapes without one are not concerned."""
    found = made(tmp_path, None, *SCORED)
    assert confidences(found) == [1, 1, 1, 1]
    assert found.codes["MAP320"] == 3
    assert found.books("field", "score") == {"read": 3, "refused": 3}


def test_rules_match_on_it(tmp_path: Path) -> None:
    """A condition on the score is one on a number; a shape without one meets it only where that is asked."""
    found = made(tmp_path, None, *SCORED, score={"ge": 0.5})
    assert len(found.answers()) == 1
    assert found.codes["MAP301"] == 3


@pytest.mark.parametrize(
    "field",
    [
        {"keep": True},
        {"keep": False},
        {"keep": False, "reason": "x", "confidence": True},
        {"keep": True, "confidence": True, "reason": "x"},
        {"keep": True, "as": {"to": "Score", "type": None}},
        {"keep": True, "confidence": True, "as": {"type": "text", "feature_hash": "abcdefgh"}},
    ],
)
def test_undecided_scores(field: dict[str, Any]) -> None:
    """A kept score has a place, a dropped one a reason, never both."""
    with pytest.raises(ValidationError):
        ScoreField.model_validate(field)


def test_jobs_are_chosen_by_their_type(tmp_path: Path) -> None:
    """`--include-jobs`: the annotations by themselves, or ground truth in their place."""
    head = task(job(), job(type_="ground_truth", frames=[1, 3]))
    path = pack(tmp_path / "b.zip", members([holding(shape()), holding(shape(1), shape(3))], head))
    assert convert(path).stats["read"] == 3
    assert convert(path).stats["refused"] == 2
    truth = convert(path, include_jobs=["ground_truth"])
    assert (truth.stats["images"], truth.stats["objects"]) == (2, 2)
