"""`mapper verify` passes on every published images export, with Encord's SDK, as images and as groups."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from mapper import convert
from mapper.connect.verify import verify
from mapper.findings.base import Severity

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*.xml") if b"<image " in path.read_bytes())
MOST_IMAGES = 60
"""Of larger exports the SDK loads a sample of this many rows; our own checks see all."""

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@pytest.mark.parametrize("media", ["image", "image_group"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_the_bundle_verifies(path: Path, media: Literal["image", "image_group"], tmp_path: Path) -> None:
    """What `standard` writes satisfies the schemas, our own checks and the SDK, which gives every value back."""
    convert(path, tmp_path / "out", media=media)
    report = verify(tmp_path / "out", sdk=True, sample=MOST_IMAGES)
    assert report.ok, [finding for finding in report.findings if finding.severity == Severity.ERROR]
