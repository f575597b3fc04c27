"""Every code of backups, API answers and manifests: what calls it forth, and what stays of the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mapper.cvat.archive import Limits
from mapper.cvat.readers import open_export
from mapper.errors import SourceError
from mapper.findings.base import Severity
from mapper.findings.collector import Collector
from mapper.findings.source import ISSUES
from tests.support.backups import (
    attribute,
    backup,
    holding,
    job,
    keyframe,
    label,
    manifest,
    members,
    shape,
    tag,
    task,
    track,
    video_manifest,
)
from tests.support.reading import pack

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.cvat.model import Image, Track
    from mapper.cvat.reading import Reading
    from mapper.findings.base import Finding

GOOD = shape(label="good")
PART = {"type": "points", "label": "head", "points": [1, 2], "attributes": []}
BODY = label("body", type_="skeleton", sublabels=[label("head", type_="points"), label("foot", type_="points")])
HEAD = track(keyframe(0, "points"), label="head")
LABELS = [label("car"), label("good"), BODY]


class Found:
    """What came of a source: the reader at its end, all it gave, all it found."""

    def __init__(self, path: Path, **options: Any) -> None:
        collector = Collector()
        with open_export(path, collector, **options) as reader:
            self.reader: Reading = reader
            self.images: list[Image] = list(reader.images())
            self.tracks: list[Track] = list(reader.tracks())
        self.findings: list[Finding] = list(collector.findings())

    @property
    def codes(self) -> list[str]:
        """The codes of the findings."""
        return sorted({finding.code for finding in self.findings})

    @property
    def labels(self) -> list[str]:
        """The labels of all shapes and tags, and of tracks."""
        return [shape.label for image in self.images for shape in image.shapes] + [track.label for track in self.tracks]


def refused(path: Path, limits: Limits | None = None) -> list[str]:
    """The codes with which a source is refused."""
    with pytest.raises(SourceError) as caught:
        Found(path, limits=limits)
    return [finding.code for finding in caught.value.findings if finding.severity is Severity.ERROR]


SHAPES: list[tuple[str, Any, bool]] = [
    ("SRC130", shape(kind="circle"), False),
    ("SRC134", shape(points=[1, 2, 3]), False),
    ("SRC134", shape(kind="cuboid", points=[1] * 15), False),
    ("SRC134", shape(kind="mask", points=[0, 2.5, 1, 1, 2, 2]), False),
    ("SRC134", shape(kind="mask", points=[1, 1, 2, 2]), False),
    ("SRC134", shape(kind="mask", points=[-1, 5, 1, 1, 2, 2]), False),
    ("SRC135", shape(kind="polygon", points=[1, 2, 3, 4, 5, 6, 7]), False),
    ("SRC136", shape(kind="polygon", points=[1, 2, 3, 4]), False),
    ("SRC137", shape(kind="mask", points=[0, 5, 1, 1, 2, 2]), False),
    ("SRC137", shape(kind="mask", points=[0, 4, 2, 2, 1, 1]), False),
    ("SRC140", shape(attributes=[{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]), True),
    ("SRC142", shape(kind="skeleton", label="body"), False),
    ("SRC143", shape(kind="skeleton", label="body", elements=[PART, PART | {"label": "foot", "type": "polygon"}]), True),
    ("SRC143", shape(kind="skeleton", label="body", elements=[PART, PART | {"label": "foot", "points": [1]}]), True),
    ("SRC144", shape(kind="skeleton", label="body", elements=[PART, PART]), True),
    ("SRC145", shape(kind="skeleton", label="body", elements=[PART | {"source": "auto"}]), True),
    ("SRC177", 7, False),
    ("SRC177", shape(points="1,2,3,4"), False),
    ("SRC177", shape(points=[1, 2, 3, "x"]), False),
    ("SRC177", shape(points=[1, 2, 3, True]), False),
    ("SRC177", shape(points=[1, 2, 3, 1e300]), False),
    ("SRC177", shape(points=[1, 2, 3, 10**30]), False),
    ("SRC177", shape(frame="7"), False),
    ("SRC177", shape(frame=-1), False),
    ("SRC177", shape(frame=True), False),
    ("SRC177", shape(frame=1.0), False),
    ("SRC177", shape(group=[]), False),
    ("SRC177", shape(occluded=1), False),
    ("SRC177", shape(z_order=0.5), False),
    ("SRC177", shape(rotation="90"), False),
    ("SRC177", shape(source=3), False),
    ("SRC177", shape(attributes={"a": 1}), False),
    ("SRC177", shape(attributes=["a"]), False),
    ("SRC177", shape(kind="skeleton", label="body", elements=[PART, 7]), True),
    ("SRC183", shape(visibility=2), True),
    ("SRC183", shape(kind="polygon", rotation=30), True),
    ("SRC183", shape(outside=True), True),
    ("SRC187", shape(frame=10), False),
    ("SRC187", shape(frame=999_999_999_999), False),
    ("SRC189", shape(label=None), False),
    ("SRC189", shape(label=7), False),
    ("SRC190", shape(attributes=[{"name": "a", "value": 7}]), True),
    ("SRC190", shape(attributes=[{"value": "7"}]), True),
    ("SRC191", shape(score=87), True),
    ("SRC191", shape(score="0.5"), True),
    ("SRC191", shape(score=True), True),
    ("SRC195", shape(kind="cuboid", points=[1, 2, 3, 0, 0, 0, 4, 5, 6, *[0] * 7]), False),
]

TRACKS: list[tuple[str, Any, bool]] = [
    ("SRC130", track(keyframe(0, "circle")), False),
    ("SRC134", track(keyframe(0, points=[1])), False),
    ("SRC137", track(keyframe(0, "mask", points=[0, 5, 1, 1, 2, 2])), False),
    ("SRC143", track(keyframe(0, "skeleton"), label="body", elements=[HEAD, track(keyframe(0), label="foot")]), True),
    ("SRC143", track(keyframe(0, "skeleton"), label="body", elements=[HEAD, track(keyframe(0, "points", points=[1]), label="foot")]), True),
    ("SRC144", track(keyframe(0, "skeleton"), label="body", elements=[HEAD] * 2), True),
    ("SRC177", [], False),
    ("SRC177", track(keyframe(0), frame="0"), False),
    ("SRC177", track(keyframe(0), shapes={}), False),
    ("SRC177", track(keyframe(0, outside="no")), False),
    ("SRC183", track(keyframe(0), colour="red"), True),
    ("SRC189", track(keyframe(0), label=None), False),
    ("SRC192", track(keyframe(2), keyframe(2, points=[5, 5, 9, 9])), False),
    ("SRC192", track(keyframe(2), keyframe(4, "polygon")), False),
    ("SRC150", track(), False),
    ("SRC150", track(keyframe(12)), False),
    ("SRC151", track(keyframe(3, outside=True)), True),
    ("SRC151", track(keyframe(3, "skeleton"), label="body"), True),
    ("SRC194", track(keyframe(0, "polygon"), keyframe(4, "polygon", points=[3, 3] * 4)), True),
]


@pytest.mark.parametrize(("code", "item", "kept"), SHAPES)
def test_code_of_shape(tmp_path: Path, code: str, item: Any, kept: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A finding names the place; a refused shape is counted, and what stands beside it is kept."""
    found = Found(backup(tmp_path, GOOD, item, GOOD, head=task(labels=LABELS)))
    assert found.codes == [code]
    assert len(found.labels) == 2 + kept
    assert sum(found.reader.tally.refused.values()) >= (not kept)
    (finding,) = found.findings
    assert finding.source is not None
    assert finding.source.file == "backup.zip"
    assert finding.source.shape.startswith("job 0, shapes[1]") or code == "SRC187"
    counted = sum(found.reader.tally.shapes.values())
    assert counted == len(found.labels)


@pytest.mark.parametrize(("code", "item", "kept"), TRACKS)
def test_code_of_track(tmp_path: Path, code: str, item: Any, kept: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A track that cannot be read is refused whole and counted; the others are kept."""
    good = track(keyframe(0), label="good")
    found = Found(backup(tmp_path, head=task(labels=LABELS), tracks=[good, item, good]))
    assert code in found.codes
    assert found.labels == ["good", *([item["label"]] if kept else []), "good"]
    assert (found.reader.tally.tracks, found.reader.tally.tracks_refused) == (2 + kept, 1 - kept)
    assert [key[::2] for key in found.reader.tally.codes if key[0] == "track"] == ([] if kept else [("track", code)])


def test_code_of_a_tag(tmp_path: Path) -> None:
    """Tags are read like shapes, without geometry; one without a known label is refused."""
    found = Found(backup(tmp_path, tags=[tag(2), tag(3, label=4), tag(0, score=1)]))
    assert found.codes == ["SRC183", "SRC189"]
    assert [(image.frame, shape.kind) for image in found.images for shape in image.shapes] == [(0, "tag"), (2, "tag")]


def test_code_of_lists(tmp_path: Path) -> None:
    """A list that is none, and an unknown key beside the lists, are told."""
    found = Found(pack(tmp_path / "b.zip", members([holding(GOOD, tracks=[]) | {"tracks": {}, "polygons": []}])))
    assert found.codes == ["SRC177", "SRC183"]
    assert found.labels == ["good"]


def test_frames_that_are_left_out(tmp_path: Path) -> None:
    """Annotations on deleted frames are refused by INFO findings; the frames are not listed."""
    head = task(data={"deleted_frames": [2, 5]})
    tracks = [track(keyframe(0), keyframe(5, outside=True))]
    found = Found(backup(tmp_path, shape(1), shape(2), head=head, tracks=tracks))
    assert found.codes == ["SRC185"]
    assert [image.frame for image in found.images] == [0, 1, 3, 4, 6, 7, 8, 9]
    assert [entry.frame for entry in found.tracks[0].entries] == [0, 1, 3, 4, 6, 7, 8, 9]
    assert found.reader.tally.codes == {("box", "car", "SRC185"): 2}


def test_jobs_that_are_left_out(tmp_path: Path) -> None:
    """Ground truth and replicas are excluded unless they are asked for; each annotation in them is counted."""
    head = task(job(), job(type_="ground_truth", frames=[1, 3]), job(type_="consensus_replica"))
    entries = [holding(shape(0)), holding(shape(1), shape(3), tags=[tag(1)]), holding(shape(2), tracks=[track(keyframe(0))])]
    path = pack(tmp_path / "b.zip", members(entries, head))
    found = Found(path)
    assert found.codes == ["SRC181"]
    assert len(found.labels) == 1
    refused_ones = {("box", "car", "SRC181"): 3, ("tag", "car", "SRC181"): 1, ("track", "car", "SRC181"): 1}
    assert found.reader.tally.codes == refused_ones
    only = Found(path, include_jobs=("ground_truth",))
    assert [(image.frame, len(image.shapes)) for image in only.images] == [(1, 2), (3, 1)]
    both = Found(path, include_jobs=("annotation", "consensus_replica"))
    assert (len(both.images), len(both.labels)) == (10, 3)


def test_placeholders_of_honeypots(tmp_path: Path) -> None:
    """Copies of validation frames in a job are left out with what stands on them; their ground truth is at the end."""
    files = [f"img_{number}.jpg" for number in range(10)]
    layout = {"mode": "gt_pool", "frames_per_job_count": 1, "frames": ["img_8.jpg", "img_9.jpg"]}
    first = job(0, 7, files=[*files[:3], "img_9.jpg", *files[4:8]])
    head = task(first, job(8, 9, "ground_truth", files=files[8:]), data={"validation_layout": layout})
    found = Found(pack(tmp_path / "b.zip", members([holding(shape(0), shape(3)), holding(shape(9))], head)))
    assert found.codes == ["SRC186"]
    assert [(image.frame, len(image.shapes)) for image in found.images if image.shapes] == [(0, 1), (9, 1)]
    assert 3 not in [image.frame for image in found.images]


def test_sizes_that_are_missing(tmp_path: Path) -> None:
    """Without a manifest no frame has a size; one that is given holds for all of them."""
    path = backup(tmp_path, GOOD, media="")
    found = Found(path)
    assert (found.codes, found.images) == (["SRC188"], [])
    assert (found.reader.tally.images_refused, found.reader.tally.codes) == (10, {("box", "good", "SRC188"): 1})
    given = Found(path, frame_size=(640, 480))
    assert {(image.width, image.height) for image in given.images} == {(640, 480)}
    assert given.images[3].name == "frame_000003"


def test_jobs_that_overlap(tmp_path: Path) -> None:
    """What stands in both is told once for each kind, and kept once."""
    head = task(job(0, 5), job(4, 9))
    entries = [holding(shape(4), tags=[tag(4)]), holding(shape(4), shape(4, "points"), tags=[tag(4)])]
    found = Found(pack(tmp_path / "b.zip", members(entries, head)))
    assert found.codes == ["SRC182"]
    assert [shape.kind for shape in found.images[4].shapes] == ["rectangle", "tag", "points"]
    assert found.reader.tally.codes == {("box", "car", "SRC182"): 1, ("tag", "car", "SRC182"): 1}


@pytest.mark.parametrize(
    ("line", "code"), [('{"name": "x"', "SRC184"), ("[]", "SRC184"), ('{"extension": ".jpg"}', "SRC184"), ("{}", None)]
)
def test_lines_of_a_manifest(tmp_path: Path, line: str, code: str | None) -> None:
    """A bad line stands for a frame without name and size; an empty entry does so without a word."""
    lines = manifest().splitlines()
    lines[5] = line
    found = Found(backup(tmp_path, GOOD, media="\n".join(lines)))
    assert found.codes == [*([code] if code else []), "SRC188"]
    assert [image.frame for image in found.images] == [0, 1, 2, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("media", ['{"version": "1.1"}\n{"type": "tapes"}\n', '{"version": "1.1"}\n{"type": "video"}\n{"properties": 3}\n'])
def test_manifests_that_are_none(tmp_path: Path, media: str) -> None:
    """A manifest of another type counts as none."""
    assert Found(backup(tmp_path, GOOD, media=media)).codes == ["SRC184", "SRC188"]


def test_point_clouds_and_audio(tmp_path: Path) -> None:
    """Tasks in space and of sound are recognised; nothing of them is taken for a picture, everything is counted."""
    cuboid = shape(kind="cuboid", points=[1, 2, 3, 0, 0, 0, 4, 5, 6, *[0] * 7])
    cloud = Found(backup(tmp_path, cuboid, media=manifest(ending=".pcd", size=None), tracks=[track(keyframe(0))], tags=[tag()]))
    assert (cloud.codes, cloud.images, cloud.tracks) == (["SRC195"], [], [])
    assert (cloud.reader.tally.images_refused, sum(cloud.reader.tally.refused.values())) == (10, 3)
    sound = {"chunk_type": "audio_mp3", "stop_frame": 6913}
    head = task(job(0, 6913), labels=[label("event", type_="interval")], data=sound)
    interval = {"start": 0, "stop": 6913, "label": "event", "group": 0, "source": "manual", "attributes": []}
    audio = Found(backup(tmp_path, head=head, media="", intervals=[interval]))
    assert (audio.codes, audio.images) == (["SRC196"], [])
    assert audio.reader.tally.codes == {("interval", "event", "SRC196"): 1}


def broken(**texts: str) -> dict[str, str]:
    """The files of a sound backup, some replaced."""
    return members([holding(GOOD)]) | {f"{name}.json": text for name, text in texts.items()}


ANSWERS = {"annotations.json": json.dumps(holding()), "labels.json": "[]", "meta.json": '{"size": 1, "frames": []}'}
REFUSALS: list[tuple[str, dict[str, str]]] = [
    ("SRC175", broken(annotations="")),
    ("SRC175", broken(annotations='[{"shapes": [NaN]}]')),
    ("SRC175", broken(annotations='[{"shapes": [1e999]}]')),
    ("SRC175", broken(annotations="[" * 3000)),
    ("SRC175", broken(task="<html>")),
    ("SRC175", broken(task='"\\ud800"')),
    ("SRC176", broken(annotations='[{"shapes": [], "shapes": []}]')),
    ("SRC176", broken(annotations='[{"shapes": [{"frame": 1, "fr\\u0061me": 2}], "tags": ["\\u0022"]}]')),
    ("SRC177", broken(annotations="{}")),
    ("SRC177", broken(annotations="[7]")),
    ("SRC177", broken(task="[]")),
    ("SRC177", broken(task=json.dumps(task(data={"start_frame": -1})))),
    ("SRC177", broken(task=json.dumps(task(data={"deleted_frames": ["x"]})))),
    ("SRC177", broken(task=json.dumps(task(job(5, 2))))),
    ("SRC177", broken(task=json.dumps(task(job(0, 10**9))))),
    ("SRC177", broken(task=json.dumps(task(job(type_="review"))))),
    ("SRC177", broken(task=json.dumps(task(job(frames=[[]]))))),
    ("SRC177", broken(task=json.dumps(task() | {"name": 3}))),
    ("SRC177", broken(task=json.dumps(task() | {"jobs": 3}))),
    ("SRC178", {"task.json": json.dumps(task())}),
    ("SRC178", {"annotations.json": "[]"}),
    ("SRC178", {"annotations.json": "{}", "labels.json": "[]"}),
    ("SRC178", ANSWERS | {"labels.json": '{"next": "http://localhost/2", "results": []}'}),
    ("SRC177", ANSWERS | {"labels.json": "7"}),
    ("SRC177", ANSWERS | {"meta.json": "[]"}),
    ("SRC177", ANSWERS | {"meta.json": "{}"}),
    ("SRC177", ANSWERS | {"annotations.json": "[]"}),
    ("SRC108", ANSWERS | {"meta.json": '{"size": 900000000}'}),
    ("SRC179", broken(task=json.dumps(task(labels=[label("a", attribute("x", "slider"))])))),
    ("SRC177", broken(task=json.dumps(task() | {"labels": {}}))),
    ("SRC180", broken(annotations="[{}, {}]")),
]


@pytest.mark.parametrize(("code", "files"), REFUSALS)
@pytest.mark.parametrize("zipped", [True, False])
def test_code_of_refusal(tmp_path: Path, code: str, files: dict[str, str], zipped: bool) -> None:  # noqa: FBT001
    """A document that cannot be read stops with a coded finding, from a zip and from a folder."""
    path = tmp_path / "source"
    if zipped:
        pack(path, files)
    else:
        for name, text in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
    assert refused(path) == [code]


def test_limits(tmp_path: Path) -> None:
    """Documents beyond the limits are refused before they are unpacked or parsed."""
    path = backup(tmp_path, *[GOOD] * 100)
    assert refused(path, Limits(json=5000)) == ["SRC108"]
    assert refused(path, Limits(ratio=2, ratio_from=100)) == ["SRC108"]
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in members([holding(*[GOOD] * 100)], media="").items():
        (folder / name).write_text(text)
    assert refused(folder, Limits(json=5000)) == ["SRC108"]


def test_a_project_of_tasks(tmp_path: Path) -> None:
    """Tasks are read in the order of their numbers, each with its own frames; names in the zip lead nowhere else."""
    files = {"project.json": json.dumps({"name": "all", "labels": LABELS, "version": "1.0"})}
    for number in (10, 2):
        files |= {f"task_{number}/{name}": text for name, text in members([holding(shape(number % 10))]).items()}
    files |= {"../task_3/task.json": "{}", "/etc/task_4/task.json": "{}", "task_5/data/x.jpg": ""}
    found = Found(pack(tmp_path / "p.zip", files))
    assert (found.codes, found.reader.export.scope, found.reader.export.name) == ([], "project", "all")
    assert [task.id for task in found.reader.export.tasks] == ["task_2", "task_10"]
    assert [(image.task.id, image.frame) for image in found.images if image.shapes] == [("task_2", 2), ("task_10", 0)]


def test_findings_are_told_once(tmp_path: Path) -> None:
    """Of several tasks each is read twice, for its images and for its tracks, but told of once."""
    files = {"project.json": json.dumps({"name": "all", "labels": LABELS})}
    for number in (0, 1):
        entry = holding(shape(99), tracks=[track(keyframe(0)), track(keyframe(0), label=None)])
        files |= {f"task_{number}/{name}": text for name, text in members([entry], media=video_manifest()).items()}
    found = Found(pack(tmp_path / "p.zip", files))
    assert {finding.code: finding.count for finding in found.findings} == {"SRC187": 2, "SRC189": 2}
    assert (len(found.tracks), found.reader.tally.tracks_refused) == (2, 2)
    assert found.reader.bytes == sum(len(text.encode()) for text in files.values())


def test_every_code_has_a_case() -> None:
    """Tables and tests, here and beside, name every code of backups, API answers, manifests and parts."""
    beside = {"SRC181", "SRC182", "SRC184", "SRC185", "SRC186", "SRC188", "SRC195", "SRC196", "SRC197"}
    cases = {code for code, *_ in (*SHAPES, *TRACKS, *REFUSALS)} | beside
    assert {issue.code for issue in ISSUES if issue.code >= "SRC175"} <= cases
