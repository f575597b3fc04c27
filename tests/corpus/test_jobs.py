"""Every published export comes out the same from several jobs as from one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mapper import load_spec
from mapper.spec.load import LoadedSpec
from tests.support.jobs import same_with_jobs

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.suffix in {".xml", ".zip"})
MOST = 20 << 20
"""Bytes of an export beyond which three conversions take too long."""

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@cache
def loaded(name: str) -> LoadedSpec:
    """A shipped pack, loaded once."""
    return load_spec(name)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stat().st_size < MOST], ids=lambda path: path.relative_to(CORPUS).as_posix()
)
def test_jobs_do_not_show(path: Path) -> None:
    """Two jobs, with parts as small as they may be: the same five files and findings, or the same error."""
    size = path.stat().st_size
    for name in ("standard", "encord-importer"):
        same_with_jobs(path, loaded(name), 2, part_bytes=max(200, size // 40))


@pytest.mark.parametrize("name", ["helmets-attributes.xml", "polylines-descending-ids.xml"])
def test_exports_of_images_are_shared(name: str) -> None:
    """The larger exports of image tasks are read in parts, one with images in falling order too."""
    (found,) = same_with_jobs(CORPUS / name, loaded("standard"), 2, part_bytes=20_000)
    assert found.parts > 2
