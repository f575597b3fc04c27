"""Every published images export as Encord's SDK gives it back, held against what we wrote without any code of the product."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mapper import convert, load_spec
from tests.support import sdk
from tests.support.books import check_books
from tests.support.checkout import environment
from tests.support.running import load

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = {str(path.relative_to(CORPUS)): path for path in sorted(CORPUS.rglob("*.xml")) if b"<image " in path.read_bytes()}
LARGE = 300
"""Images beyond which the SDK gets a part of the rows, spread evenly."""

TWICE = (
    "helmets-attributes.xml",
    "documents-no-meta.xml",
    "skeleton-project.xml",
    "cvat-exporter/golden/task_B.images.xml",
)

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@cache
def loaded(pack: str) -> Any:
    """A shipped pack, loaded once."""
    return load_spec(pack)


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_lost_on_the_way(name: str, tmp_path: Path) -> None:
    """The books hold what stands in the file, and the SDK gives back every object, answer and classification."""
    found = load(convert(FILES[name], tmp_path / "bundle", spec=loaded("standard")))
    check_books(found.ledger, FILES[name])
    sdk.check(found.ontology, found.rows[:: len(found.rows) // LARGE + 1])


def test_the_importer_pack_takes_every_export(tmp_path: Path) -> None:
    """The pack that stands for the hosted importer converts the whole corpus too, with balanced books."""
    for number, path in enumerate(FILES.values()):
        check_books(convert(path, tmp_path / str(number), spec=loaded("encord-importer")).ledger, path)


SCRIPT = """
import sys
from mapper import convert
out, *sources = sys.argv[1:]
for number, source in enumerate(sources):
    for media in ("image", "image_group"):
        convert(source, f"{out}/{number}-{media}", media=media)
"""


def test_groups_do_not_depend_on_chance_either(tmp_path: Path) -> None:
    """Two processes whose dictionaries and sets are hashed differently write the same bytes, image by image and in groups."""
    sources = [str(FILES[name]) for name in TWICE]
    for seed in ("1", "2"):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / seed), *sources]
        subprocess.run(command, check=True, env=environment({"PYTHONHASHSEED": seed}), cwd=tmp_path)
    first, second = (sorted(path for path in (tmp_path / seed).rglob("*") if path.is_file()) for seed in ("1", "2"))
    assert [path.relative_to(tmp_path / "1") for path in first] == [path.relative_to(tmp_path / "2") for path in second]
    assert len(first) == 5 * 2 * len(TWICE)
    assert [one.name for one, other in zip(first, second, strict=True) if one.read_bytes() != other.read_bytes()] == []
