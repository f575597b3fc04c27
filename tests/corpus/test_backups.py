"""Every backup that CVAT's own code wrote, against the XML that it wrote of the same task, frame by frame to 0.01 px."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mapper.cvat.readers import open_export
from mapper.findings.collector import Collector
from tests.support.by_frame import Frames, differences, of_images_xml, of_reading, of_video_xml, renamed, shown
from tests.support.reading import pack

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
GOLDEN, BACKUPS, XML = (CORPUS / "cvat-exporter" / name for name in ("golden", "backups", "test-db"))
TASKS, PROJECTS = (14, 17, 21, 22, 30, 31, 33), (5, 11, 14, 17)
HD = (1280, 720)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not part of the package")

REFUSED_MASK = {"A": 13, "B": 1, "C": 1}
"""The frame of the one mask whose runs do not fill its box, which CVAT exports unchanged and this package refuses."""

ONLY_IN_VIDEO: dict[int, list[int]] = {30: [0, 6], 33: [2, 5]}
"""Placeholder frames of tasks with honeypots; their shapes stand in the video view though the frames do not."""


def frames_of(path: Path, *, outside: bool = True, tags: bool = True, **options: Any) -> tuple[Frames, list[str]]:
    """What a source shows on its frames, and the codes of what was found."""
    findings = Collector()
    with open_export(path, findings, **options) as reader:
        return of_reading(reader, outside=outside, tags=tags), sorted({finding.code for finding in findings.findings()})


def without_mask(frames: Frames, name: str) -> Frames:
    """The same without the broken mask, which is there."""
    key = ("", REFUSED_MASK[name])
    kept = [seen for seen in frames[key] if seen.words[0] != "mask"]
    assert len(kept) == len(frames[key]) - 1
    return frames | {key: kept}


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_golden_backups(name: str) -> None:
    """Every shape kind, every track, every attribute and flag: the same as the images view and as the video view."""
    path = GOLDEN / f"task_{name}.backup.zip"
    found, codes = frames_of(path, frame_size=HD)
    assert codes == {"A": ["SRC137"], "B": ["SRC137", "SRC151", "SRC185"], "C": ["SRC137", "SRC182"]}[name]
    expected = without_mask(of_images_xml(GOLDEN / f"task_{name}.images.xml"), name)
    assert sum(map(len, expected.values())) == {"A": 164, "B": 308, "C": 164}[name]
    assert not (wrong := differences(found, expected)), shown(wrong)
    seen, _ = frames_of(path, outside=False, tags=False, frame_size=HD)
    assert not (wrong := differences(seen, without_mask(of_video_xml(GOLDEN / f"task_{name}.video.xml"), name))), shown(wrong)


def test_an_unmerged_task_would_be_another() -> None:
    """Both jobs of golden task C hold five boxes; without merging they would be there twice."""
    with zipfile.ZipFile(GOLDEN / "task_C.backup.zip") as archive:
        jobs = json.loads(archive.read("annotations.json"))
    assert [len(job["tracks"]) for job in jobs] == [23, 3]
    with open_export(GOLDEN / "task_C.backup.zip", Collector(), frame_size=HD) as reader:
        list(reader.images())
        assert len(list(reader.tracks())) == 25


@pytest.mark.parametrize("number", TASKS)
def test_task_backups(number: int) -> None:
    """Tasks of CVAT's own test data: images, video, skeletons, masks, several jobs, honeypots, consensus."""
    path = BACKUPS / f"task_{number}_backup.zip"
    found, codes = frames_of(path)
    assert set(codes) <= {"SRC181", "SRC186"}
    wrong = differences(found, of_images_xml(XML / f"task_{number}_images__annotations.xml"))
    assert not wrong, shown(wrong)
    seen, _ = frames_of(path, outside=False, tags=False)
    wrong = differences(seen, of_video_xml(XML / f"task_{number}_video__annotations.xml"))
    assert wrong == [f"('', {frame}) is only listed on one side" for frame in ONLY_IN_VIDEO.get(number, [])]


@pytest.mark.parametrize("number", PROJECTS)
def test_project_backups(number: int) -> None:
    """Projects: the tasks in the order of their ids, each with the frames of its own media."""
    xml = XML / f"project_{number}_images__annotations.xml"
    found, _ = frames_of(BACKUPS / f"project_{number}_backup.zip")
    tasks = etree.parse(str(xml)).getroot().findall("meta/project/tasks/task")
    ids = sorted((task.findtext("id", "") for task in tasks), key=int)
    offsets: dict[str, int] = {}
    totals: dict[str, int] = {}
    for task in sorted(tasks, key=lambda task: (task.findtext("subset", ""), int(task.findtext("id", "")))):
        subset, step = task.findtext("subset", ""), int((task.findtext("frame_filter") or "step=1").removeprefix("step="))
        offsets[task.findtext("id", "")] = totals.get(subset, 0)
        totals[subset] = totals.get(subset, 0) + int(task.findtext("start_frame", "")) + step * int(task.findtext("size", ""))
    names = {id_: f"task_{place}" for place, id_ in enumerate(ids)}
    expected = renamed(of_images_xml(xml), names, offsets)
    assert not (wrong := differences(found, expected)), shown(wrong)


def test_a_backup_from_before_2_59() -> None:
    """The unpacked backup of a task with honeypots and consensus, whose replicas also stand under a key of their own.

    Its ground truth has the source "Ground truth", which newer servers write as manual; it is kept as it stands.
    """
    found, codes = frames_of(CORPUS / "backup-consensus")
    assert codes == ["SRC181", "SRC186"]
    plain = {key: [seen._replace(words=tuple(map(as_read, seen.words))) for seen in group] for key, group in found.items()}
    assert plain != found
    wrong = differences(plain, of_images_xml(XML / "task_30_images__annotations.xml"))
    assert not wrong, shown(wrong)
    zipped, _ = frames_of(CORPUS / "cvat-docs/cvat-repository/backups/task_30_backup_pre_consensus_replica_removal.zip")
    assert zipped == found


def as_read(word: object) -> object:
    """What a newer server makes of a source."""
    return "manual" if word == "Ground truth" else word


def test_space_and_sound() -> None:
    """The backup of a point cloud and that of an audio task are told and give nothing."""
    assert frames_of(BACKUPS / "task_6_backup.zip") == ({}, ["SRC195"])
    assert frames_of(BACKUPS / "task_36_backup.zip") == ({}, ["SRC181", "SRC196"])


SPECS = {"car": ["model", "side", "parked", "speed", "plate # no."], "weather": ["kind"]}
MUTABLE = {"side", "parked", "speed", "visible%"}
IDS = {"car": 101, "person": 102, "weather": 103, "body": 104}
PARTS = {"head": 105, "hand & <l>": 106, "foot": 107}


def answers(name: str, folder: Path) -> Path:
    """The three answers of the API about a golden task; labels and frames as its backup has them, under the ids of its annotations."""
    with zipfile.ZipFile(GOLDEN / f"task_{name}.backup.zip") as archive:
        task = json.loads(archive.read("task.json"))
    spec_ids = iter(range(28, 35))
    for label in task["labels"]:
        label |= {"id": IDS[label["name"]], "has_parent": False, "parent_id": None, "task_id": 1}
        for attribute in label["attributes"]:
            attribute["id"] = next(spec_ids)
        for part in label["sublabels"]:
            part |= {"id": PARTS[part["name"]], "has_parent": True}
            for attribute in part["attributes"]:
                attribute["id"] = next(spec_ids)
        for part, key in PARTS.items():
            label["svg"] = label.get("svg", "").replace(f'data-label-name="{part}"', f'data-label-id="{key}"')
    data = task["data"]
    size = 30
    meta = {key: data[key] for key in ("start_frame", "stop_frame", "deleted_frames")} | {"frame_filter": data.get("frame_filter", "")}
    meta |= {"size": size, "frames": [{"name": "golden.mp4", "width": 1280, "height": 720, "related_files": 0}]}
    files = {"labels.json": json.dumps({"count": 4, "next": None, "results": task["labels"]}), "meta.json": json.dumps(meta)}
    return pack(folder / "answers.zip", files | {"annotations.json": (GOLDEN / f"task_{name}.api_annotations.json").read_text()})


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_answers_of_the_api(tmp_path: Path, name: str) -> None:
    """The annotations endpoint, with labels and frames beside it, gives the same objects; jobs are merged already."""
    path = answers(name, tmp_path)
    found, codes = frames_of(path)
    assert set(codes) <= {"SRC137", "SRC151", "SRC185"}
    expected = without_mask(of_images_xml(GOLDEN / f"task_{name}.images.xml"), name)
    assert not (wrong := differences(found, expected)), shown(wrong)
    with open_export(path, Collector()) as reader:
        assert [(label.name, len(label.elements), label.template is not None) for label in reader.export.labels] == [
            ("car", 0, False), ("person", 0, False), ("weather", 0, False), ("body", 3, True),
        ]  # fmt: skip
        assert reader.export.tasks[0].mode == "interpolation"
        list(reader.images())
        assert all(track.id.isdigit() for track in reader.tracks())
