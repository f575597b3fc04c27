"""All published exports in one batch: one ontology over them, and every bundle is what the SDK loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mapper import api
from mapper.connect.verify import verify
from mapper.findings.base import Severity

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
KNOWN = {"road-video-polygons"}
"""`mapper convert` writes rings there that `verify` complains of (ENC565)."""

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch, by two processes."""
    out = tmp_path_factory.mktemp("corpus") / "out"
    api.batch(CORPUS, out, jobs=2)
    return out


def rows(out: Path) -> list[Any]:
    """The lines of the index."""
    return [json.loads(line) for line in (out / "index.jsonl").read_text("utf-8").splitlines()]


def test_every_export_is_accounted_for(out: Path) -> None:
    """Converted, or refused with a code; never failed, and nobody's worker died."""
    found = rows(out)
    assert {record["status"] for record in found} == {"converted", "refused"}
    assert [record["name"] for record in found if record["status"] == "refused" and not record["findings"]] == []
    assert not [record["name"] for record in found if "attempts" in record]
    assert len([path for path in out.iterdir() if path.is_dir()]) - 1 == sum(record["status"] == "converted" for record in found)


def test_every_bundle_verifies_on_the_shared_ontology(out: Path) -> None:
    """All have the same ontology but for those that contradict it, which say so."""
    shared = (out / "ontology.json").read_bytes()
    for record in rows(out):
        if record["status"] != "converted":
            continue
        own = "BAT955" in record["findings"]
        assert ((out / record["name"] / "ontology.json").read_bytes() != shared) == own
        if record["name"] not in KNOWN:
            report = verify(out / record["name"], sdk=True, sample=5)
            assert report.ok, (record["name"], [finding for finding in report.findings if finding.severity == Severity.ERROR])
