"""Drafts of whatever exports: valid once decided, and then what the pack does that they were made from."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings

from mapper import convert, load_spec, run_tests, validate
from mapper.spec.deciding import decisions
from mapper.spec.located import load_located
from mapper.workbench.drafting.document import draft
from mapper.workbench.drafting.onto import read_ontology
from mapper.workbench.drafting.survey import survey
from tests.properties import strategies
from tests.support.builders import write

if TYPE_CHECKING:
    from mapper import Result

usual = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def green(spec: Path) -> None:
    """A spec is valid without a finding, and its tests pass."""
    assert [finding.message for finding in validate(spec).findings] == []
    assert [result for result in run_tests(spec) if not result.passed] == []


def written(result: Result) -> list[str]:
    """The label rows, line by line."""
    return [] if result.out is None else (result.out / "label_rows.jsonl").read_bytes().decode().splitlines()


@pytest.mark.parametrize("pack", ["standard", "encord-importer"])
@given(text=strategies.exports())
@usual
def test_a_draft_does_what_its_pack_does(pack: str, text: str) -> None:
    """With all defaults: the same label rows, and the same ontology but for the order of what nothing uses."""
    with TemporaryDirectory() as folder:
        source, spec = write(Path(folder), text), Path(folder) / "spec.yaml"
        made = draft(survey(source, load_spec(pack)), accept=True)
        assert made == draft(survey(source, load_spec(pack)), accept=True)
        spec.write_text(made.text, "utf-8")
        green(spec)
        own = convert(source, Path(folder) / "own", spec=spec)
        usual_ = convert(source, Path(folder) / "usual", spec=pack)
        assert written(own) == written(usual_)
        assert own.ontology == usual_.ontology


@given(text=strategies.exports())
@usual
def test_open_decisions_are_all_that_a_draft_lacks(text: str) -> None:
    """Each is found by validate, once; with the first choice of each, the draft is that of --accept-defaults."""
    with TemporaryDirectory() as folder:
        source, spec = write(Path(folder), text), Path(folder) / "spec.yaml"
        seen = survey(source, load_spec("standard"))
        made = draft(seen, accept=False)
        spec.write_text(made.text, "utf-8")
        codes = [finding.code for finding in validate(spec).findings for _ in range(finding.count)]
        assert codes == ["SPC222"] * made.decisions
        value = load_located(made.text.encode(), "").value
        accepted = load_located(draft(seen, accept=True).text.encode(), "").value
        assert first(value) == accepted


@given(text=strategies.exports())
@usual
def test_a_draft_onto_any_ontology_converts(text: str) -> None:
    """Onto the ontology of another conversion: valid and green with all defaults, and no shape finds its target missing."""
    assume("<name>CVAT " not in text)  # an attribute named like what becomes of a field would lend it its options, which convert reports
    with TemporaryDirectory() as folder:
        source, spec, file = write(Path(folder), text), Path(folder) / "spec.yaml", Path(folder) / "ontology.json"
        file.write_bytes(orjson.dumps(convert(source, spec="encord-importer").ontology))
        made = draft(survey(source, load_spec("standard")), accept=True, onto=read_ontology(file, spec))
        spec.write_text(made.text, "utf-8")
        green(spec)
        found = {finding.code for finding in convert(source, spec=spec).findings}
        assert not found & {"ENC501", "ENC503"}


def first(value: Any) -> Any:
    """A document with the first choice of each decision in its place."""
    for pointer, choices in decisions(value):
        if not pointer:
            return first(choices[0])
    if isinstance(value, dict):
        return {key: first(item) for key, item in value.items()}
    return [first(item) for item in value] if isinstance(value, list) else value
