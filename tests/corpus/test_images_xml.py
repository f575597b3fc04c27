"""Every published images export: read to its end, and counted as a naive reader counts it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mapper.cvat.elements import TAGS
from mapper.cvat.model import FIELDS
from tests.support.independent import Count, count
from tests.support.reading import Reading, read

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*.xml") if b"<image " in path.read_bytes())

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def books(found: Reading) -> dict[tuple[str, str], Count]:
    """The reader's tally in the form of the naive count."""
    tally = found.reader.tally
    counts = {("image", ""): Count()}
    counts["image", ""].elements = tally.images + tally.images_refused
    for (kind, label, presence, names), number in tally.shapes.items():
        entry = counts.setdefault((TAGS[kind], label), Count())
        entry.elements += number
        entry.fields += Counter({name: number for bit, name in enumerate(FIELDS) if presence >> bit & 1})
        entry.attributes += Counter(dict.fromkeys(names, number))
    for (skeleton, element, names), number in tally.elements.items():
        entry = counts.setdefault(("points", f"{skeleton}/{element}"), Count())
        entry.elements += number
        entry.attributes += Counter(dict.fromkeys(names, number))
    for (skeleton, element, flag), number in tally.flags.items():
        counts["points", f"{skeleton}/{element}"].fields[flag] += number
    return counts


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_counts_equal_a_naive_reader(path: Path) -> None:
    """Yielded and refused elements are all there are; where nothing was refused, fields and attributes agree too."""
    found = read(path)
    assert found.reader.complete
    wanted, ours = count(path), books(found)
    refused = found.reader.tally.refused
    for key in sorted(wanted.keys() | ours.keys() | refused.keys()):
        mine, naive = ours.get(key, Count()), wanted.get(key, Count())
        assert mine.elements + refused.get(key, 0) == naive.elements, key
        assert key in refused or repr(mine) == repr(naive), key


def test_findings_of_the_corpus() -> None:
    """Untouched exports read without a word; the rest has the faults that are known of it."""
    codes = {str(path.relative_to(CORPUS)): codes for path in FILES if (codes := read(path).codes)}
    documentation = "cvat-docs/documentation/2018-0{}_xml_format.md_{}_example_{}.xml"
    golden = "cvat-exporter/golden/task_{}.images.xml"
    assert codes == {
        "cvat-docs/datumaro-open-edge/for_images/export_project/annotations.xml": ["SRC126"],
        documentation.format(7, "1.0", 1): ["SRC124"],
        documentation.format(9, "1.1", 3): ["SRC124"],
        **{golden.format(name): ["SRC137"] for name in ("A", "B", "C", "C_job0")},
        "documents-no-meta.xml": ["SRC128", "SRC114", "SRC129"],
        "labelflow-images.xml": ["SRC129"],
        "polylines-descending-ids.xml": ["SRC129"],
    }


def test_frames_of_a_project_of_videos() -> None:
    """In the published project of 27 video tasks every id leads to a frame on its task's grid, named by its key once."""
    found = read(CORPUS / "project-subsets-video-tasks.xml")
    assert len(found.images) == 602
    by_id = {(image.subset, image.id): image for image in found.images}
    assert (by_id["Test", 825].task.id, by_id["Test", 825].frame) == ("1267571", 410)
    assert (by_id["Test", 1450].task.id, by_id["Test", 1450].frame) == ("1267573", 515)
    assert len({(image.task.id, image.frame) for image in found.images}) == 602


def test_skeleton_of_golden_set() -> None:
    """The drawing of the golden skeleton gives its nodes and edges; the sublabel with markup in its name is found."""
    label = next(label for label in read(CORPUS / "cvat-exporter/golden/task_A.images.xml").reader.export.labels if label.template)
    assert label.template
    assert [node[0] for node in label.template.nodes] == ["head", "hand & <l>", "foot"]
    assert label.template.edges == ((0, 1),)
