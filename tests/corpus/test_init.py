"""`mapper init` on every published export: the draft converts what `standard` converts, to the same things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapper import convert, run_tests, validate
from mapper.errors import SpecError
from mapper.spec.load import load_spec
from mapper.workbench.drafting.document import draft
from mapper.workbench.drafting.survey import survey

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
XML = sorted(CORPUS.rglob("*.xml"))
IMAGES = [path for path in XML if b"<image " in path.read_bytes()]
VIDEOS = [path for path in XML if b"<track " in path.read_bytes()]
NOTHING = {"keypoints-empty.xml"}
"""Exports that hold no shape and declare no label for one kind."""

pytestmark = pytest.mark.skipif(not XML, reason="the corpus is not here")


def drafted(source: Path, folder: Path) -> Path | None:
    """The draft with all defaults; None if there is nothing to draft from."""
    try:
        made = draft(survey(source, load_spec("standard")), accept=True)
    except SpecError:
        return None
    spec = folder / "spec.yaml"
    spec.write_text(made.text, "utf-8")
    return spec


def rows(bundle: Path) -> str:
    """The label rows as they are written."""
    return (bundle / "label_rows.jsonl").read_text("utf-8")


def accounts(ledger: dict[str, Any]) -> Any:
    """What was read and what became of it, by label and kind."""
    return [{key: value for key, value in entry.items() if key != "details"} for entry in ledger["elements"]]


@pytest.mark.parametrize("source", IMAGES, ids=lambda path: path.name)
def test_a_draft_with_its_defaults_is_standard(source: Path, tmp_path: Path) -> None:
    """Validated without a finding, its tests green; ontology and label rows are those of `standard`, byte by byte."""
    spec = drafted(source, tmp_path)
    if spec is None:
        assert convert(source).stats["read"] == 0
        return
    assert validate(spec).findings == ()
    assert all(result.passed for result in run_tests(spec))
    own = convert(source, spec=spec, out=tmp_path / "own")
    usual = convert(source, spec="standard", out=tmp_path / "usual")
    assert own.ontology == usual.ontology
    assert rows(tmp_path / "own") == rows(tmp_path / "usual")
    assert accounts(own.ledger) == accounts(usual.ledger)


@pytest.mark.parametrize("source", VIDEOS, ids=lambda path: path.name)
def test_tracks_are_drafted(source: Path, tmp_path: Path) -> None:
    """A draft from tracks is a valid spec with green tests, with a rule for every label and shape that a track has."""
    spec = drafted(source, tmp_path)
    assert spec is not None
    assert validate(spec).findings == ()
    results = run_tests(spec)
    assert results
    assert all(result.passed for result in results)
