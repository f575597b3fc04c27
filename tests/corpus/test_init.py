"""`mapper init` on every published export: the draft converts what `standard` converts, to the same things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mapper import check, convert, run_tests, validate
from mapper.api import labels_of_export
from mapper.errors import SourceError
from mapper.spec.load import load_spec
from mapper.workbench.drafting.document import draft
from mapper.workbench.drafting.survey import survey

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
XML = sorted(CORPUS.rglob("*.xml"))
IMAGES = [path for path in XML if b"<image " in path.read_bytes()]
VIDEOS = [path for path in XML if b"<track " in path.read_bytes()]
pytestmark = pytest.mark.skipif(not XML, reason="the corpus is not here")


def drafted(source: Path, folder: Path) -> Path:
    """The draft with all defaults."""
    made = draft(survey(source, load_spec("standard")), accept=True)
    spec = folder / "spec.yaml"
    spec.write_text(made.text, "utf-8")
    return spec


def clean(source: Path, spec: Path) -> bool:
    """Whether `check` finds no gap in a draft over the labels of its export; CHK811 says that this uses others, too."""
    try:
        labels = labels_of_export(source)
    except SourceError:
        return True
    found = check(load_spec(spec), labels).findings
    return not [finding for finding in found if finding.severity.word != "info" and finding.code != "CHK811"]


def rows(bundle: Path) -> str:
    """The label rows as they are written."""
    return (bundle / "label_rows.jsonl").read_text("utf-8")


def accounts(ledger: dict[str, Any]) -> Any:
    """What was read and what became of it, by label and kind."""
    return [{key: value for key, value in entry.items() if key != "details"} for entry in ledger["elements"]]


@pytest.mark.parametrize("source", sorted({*IMAGES, *VIDEOS}), ids=lambda path: path.name)
def test_a_draft_with_its_defaults_is_standard(source: Path, tmp_path: Path) -> None:
    """Validated without a finding, its tests green; ontology and label rows are those of `standard`, byte by byte."""
    spec = drafted(source, tmp_path)
    assert validate(spec).findings == ()
    assert clean(source, spec)
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
    assert validate(spec).findings == ()
    assert all(result.passed for result in run_tests(spec))
    found = survey(source, load_spec("standard"))
    drawn = {(label, kind) for label, use in found.inspection.labels.items() for kind in use.tracks}
    assert {label for label, _ in drawn} <= {track.get("label") for track in etree.parse(source).iter("track")}
    rules = load_spec(spec).spec.rules
    assert drawn <= {(rule.match.label, kind) for rule in rules for kind in rule.match.shapes or ()}
