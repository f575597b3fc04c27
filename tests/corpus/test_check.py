"""The shipped packs over the label schema of every published images export: nothing is found but what is explained here."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper import check, convert, load_spec
from mapper.api import labels_of_export
from mapper.errors import SourceError
from tests.corpus.test_convert import FILES, name_of

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@pytest.mark.parametrize("pack", ["standard", "encord-importer"])
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_packs_are_clean(path: Path, pack: str, tmp_path: Path) -> None:
    """Every label, kind and value has a rule, every rule is reached, and what is found is shown by its witness."""
    try:
        labels = labels_of_export(path)
    except SourceError:
        pytest.skip("the export declares no labels")
    found = check(load_spec(pack), labels)
    assert [finding.message for finding in found.findings if finding.severity.word != "info"] == []
    for number, witness in enumerate(found.witnesses):
        if witness:
            (tmp_path / f"{number}.xml").write_text(witness, "utf-8")
            convert(tmp_path / f"{number}.xml", spec=pack)
