"""Every published video export: every value of every entry as a naive reader finds it; both views of one task agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper.cvat.model import FIELDS
from mapper.geometry.shapes import Ellipse, Mask, Rectangle
from tests.support.independent_tracks import tracks
from tests.support.reading import read

if TYPE_CHECKING:
    from mapper.cvat.model import Entry, Shape, Track
    from tests.support.reading import Reading

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


def _is_video(path: Path) -> bool:
    text = path.read_bytes()
    return b"<track " in text and b"<annotations" in text


FILES = sorted(path for path in CORPUS.rglob("*.xml") if _is_video(path))
PAIRS = sorted(
    [path for path in CORPUS.rglob("*_video__annotations.xml") if path in FILES]
    + [path for path in CORPUS.rglob("task_*.video.xml") if path in FILES],
)

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def name_of(path: Path) -> str:
    """The file within the corpus."""
    return path.relative_to(CORPUS).as_posix()


def plain(entry: Entry) -> dict[str, Any]:
    """An entry in the form of the naive reader."""
    shape = entry.shape
    geometry: Any = shape.geometry
    rotation = 0.0
    if isinstance(geometry, Rectangle | Ellipse):
        *geometry, rotation = geometry
    elif isinstance(geometry, Mask):
        geometry = [*geometry[1:], *geometry.runs]
    elif shape.kind == "skeleton":
        geometry = {label: (x, y, outside, occluded, list(pairs)) for label, x, y, outside, occluded, pairs, _ in geometry}
    return {
        "kind": shape.kind,
        "frame": entry.frame,
        "line": shape.line,
        "keyframe": entry.keyframe,
        "outside": entry.outside,
        "attributes": list(shape.attributes),
        "rotation": rotation % 360,
        "fields": shape.fields,
        "geometry": geometry,
    }


def head(track: Track) -> dict[str, Any]:
    """A track in the form of the naive reader."""
    named = {"id": track.id or None, "label": track.label, "source": track.source, "group_id": track.group_id}
    return named | {"subset": track.subset or None, "line": track.line, "entries": [plain(entry) for entry in track.entries]}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_tracks_equal_those_of_a_naive_reader(path: Path) -> None:
    """Nothing is missing, nothing added, and every value is the same; but for masks whose runs contradict their boxes."""
    wanted = [track for track in tracks(path) if not any(faulty(entry) for entry in track["entries"])]
    found = read(path)
    assert found.reader.complete
    assert not found.images
    assert len(found.tracks) == len(wanted)
    for track, other in zip(found.tracks, wanted, strict=True):
        task = other.pop("task_id")
        assert head(track) == other
        assert task is None or track.task.id == task


def faulty(entry: dict[str, Any]) -> bool:
    """A mask that is refused."""
    return bool(entry["kind"] == "mask" and sum(entry["geometry"][4:]) != entry["geometry"][2] * entry["geometry"][3])


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_books_are_those_of_what_stands_there(path: Path) -> None:
    """Seen entries, outside entries, keyframes, fields, attributes and points are counted as the naive reader counts them."""
    seen, outside, keyframes, fields, attributes, points, flags = (Counter[Any]() for _ in range(7))
    refused = 0
    for track in tracks(path):
        for entry in track["entries"]:
            key = entry["kind"], track["label"]
            if faulty(entry):
                refused += 1
                continue
            keyframes[key] += entry["keyframe"]
            if entry["outside"]:
                outside[key] += 1
                continue
            seen[key] += 1
            fields.update((*key, name) for name, text in zip(FIELDS, entry["fields"], strict=True) if text is not None)
            attributes.update((*key, name) for name, _ in entry["attributes"])
            if entry["kind"] == "skeleton":
                points.update((track["label"], label) for label in entry["geometry"])
                for label, point in entry["geometry"].items():
                    flags.update((track["label"], label, name) for name, on in zip(("outside", "occluded"), point[2:4], strict=True) if on)
    tally = read(path).reader.tally
    mine, my_fields, my_attributes, my_points = (Counter[Any]() for _ in range(4))
    for (kind, label, presence, names), count in tally.shapes.items():
        mine[kind, label] += count
        my_fields += Counter({(kind, label, name): count for bit, name in enumerate(FIELDS) if presence >> bit & 1})
        my_attributes += Counter({(kind, label, name): count for name in names})
    for (skeleton, element, _), count in tally.elements.items():
        my_points[skeleton, element] += count
    assert (mine, my_fields, my_attributes) == (seen, fields, attributes)
    assert (my_points, tally.flags) == (points, flags)
    assert (tally.outside, tally.keyframes) == (+outside, +keyframes)
    assert sum(tally.refused.values()) == refused


def test_findings_of_the_corpus() -> None:
    """Untouched exports read without a word; the rest has the faults that are known of it."""
    golden = "cvat-exporter/golden/task_{}.video.xml"
    codes = {name_of(path): codes for path in FILES if (codes := read(path).codes)}
    assert codes == {
        **{golden.format(name): ["SRC137"] for name in ("A", "C", "C_job0")},
        golden.format("B"): ["SRC137", "SRC151"],
        "jaad-legacy-attributes.xml": ["SRC116"],
    }


def of_images(found: Reading) -> Counter[Any]:
    """What is seen on each frame of an images view, tags apart."""
    shapes = [(image.subset, image.task.id, image.frame, shape) for image in found.images for shape in image.shapes]
    return Counter((*place, _thing(shape)) for *place, shape in shapes if shape.kind != "tag" and _seen(shape))


def of_tracks(found: Reading) -> Counter[Any]:
    """What is seen on each frame of a video view."""
    return Counter(
        (track.subset, track.task.id, entry.frame, _thing(entry.shape))
        for track in found.tracks
        for entry in track.entries
        if not entry.outside
    )


def _seen(shape: Shape) -> bool:
    return shape.kind != "skeleton" or not all(element.outside for element in shape.geometry)


def _thing(shape: Shape) -> Any:
    """A shape without what one of the views leaves out: the order of attributes, where hidden points are."""
    geometry = shape.geometry
    if shape.kind == "skeleton":
        geometry = tuple(sorted((element.label, *_place(element), tuple(sorted(element.attributes))) for element in geometry))
    elif not isinstance(geometry, tuple) or isinstance(geometry, Mask):
        geometry = str(geometry)
    fields = tuple("0" if text is None and name != "source" else text for name, text in zip(FIELDS, shape.fields, strict=True))
    if shape.kind == "skeleton":
        fields = fields[1:]  # occluded is lost in one view
    return shape.kind, shape.label, geometry, tuple(sorted(shape.attributes)), fields


def _place(element: Any) -> tuple[Any, ...]:
    return (True,) if element.outside else (False, element.x, element.y, element.occluded)


PLACEHOLDERS = {"task_29", "task_30", "task_33", "project_17"}
"""Honeypots: the video view has shapes on frames that the images view leaves out."""

BEYOND = {"job_32"}
"""A ground-truth job: the video view has shapes on frames that are not the job's."""


@pytest.mark.parametrize("path", PAIRS, ids=name_of)
def test_both_views_of_one_task_agree(path: Path) -> None:
    """On every frame the video view shows what the images view shows, but where CVAT itself writes more."""
    other = path.with_name(path.name.replace("video", "images"))
    images = read(other)
    video, still = of_tracks(read(path)), of_images(images)
    name = path.name.partition("_video")[0]
    if name in PLACEHOLDERS | BEYOND:
        listed = {(image.subset, image.task.id, image.frame) for image in images.images}
        assert any(key[:3] not in listed for key in video)
        video = Counter({key: count for key, count in video.items() if key[:3] in listed})
    assert video == still
