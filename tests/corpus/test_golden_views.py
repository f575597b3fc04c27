"""CVAT's golden tasks in their three forms: every difference between the bundles stands in one file, with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper import convert
from tests.support.running import load
from tests.support.view_reasons import PAIRS, reason_of
from tests.support.views import differences, summary, view

if TYPE_CHECKING:
    from tests.support.views import View

GOLDEN = Path(__file__).parents[2].parent / "shared" / "corpus" / "cvat-exporter" / "golden"
FILE = Path(__file__).parent / "golden_views.json"
FORMS = {"images": "images.xml", "video": "video.xml", "backup": "backup.zip"}

pytestmark = pytest.mark.skipif(not GOLDEN.is_dir(), reason="the corpus is not part of the package")


def views(name: str, folder: Path) -> dict[str, View]:
    """The bundles of a task, one from each form, all with the shipped default."""
    options: dict[str, Any] = {"media": "video", "frame_size": (1280, 720)}  # the backups have no manifest
    return {form: view(load(convert(GOLDEN / f"task_{name}.{file}", folder / form, **options))) for form, file in FORMS.items()}


def told(found: dict[str, View]) -> dict[str, Any]:
    """The differences of each two forms: reasons, and under each what differs on which frames."""
    pages: dict[str, Any] = {}
    for pair in PAIRS:
        by_reason: dict[str, Any] = {}
        for one in differences(*(found[form] for form in pair)):
            reason = reason_of(pair, one, golden=True)
            assert reason is not None, (pair, one)
            by_reason.setdefault(reason, []).append(one)
        pages[" / ".join(pair)] = {reason: summary(group) for reason, group in sorted(by_reason.items())}
    return pages


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_every_difference_is_known(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The same ontology, geometry and answers from each form but for the differences in the file, which are CVAT's formats' own."""
    found = views(name, tmp_path)
    assert all(len(one.frames) >= 27 for one in found.values())
    page = told(found)
    known = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    if request.config.getoption("--update-golden"):
        FILE.write_text(json.dumps(known | {name: page}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    else:
        assert json.loads(json.dumps(page)) == known[name]
