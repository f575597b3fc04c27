"""One large export and several jobs: what is shared between them, what is not, and that nothing of it shows in what comes out."""

from __future__ import annotations

import json
import zipfile
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from mapper import convert, load_spec
from mapper.cvat.slices import sliced
from mapper.engine.accounts import Verdict
from mapper.pipeline import Options, run
from mapper.spec.load import LoadedSpec
from tests.support.builders import Attribute, Element, Label, box, export, image, path, skeleton, tag, write
from tests.support.builders import element as point
from tests.support.jobs import SMALL, Outcome, same_with_jobs
from tests.support.specs import answer, classification, rule, spec, thing
from tests.support.specs import write as write_spec

STANDARD = load_spec("standard")
CORNERS = (1, 2, 30, 40)
TRIANGLE = (1, 1, 50, 3, 20, 60)


def shared(folder: Path, *images: Element, labels: tuple[Label, ...] = (), loaded: LoadedSpec = STANDARD, **options: Any) -> Outcome:
    """Convert by one job and by two; the latter's outcome."""
    return same_with_jobs(write(folder, export(*images, labels=labels)), loaded, 2, **options)[0]


def frames(*shapes: list[Element]) -> list[Element]:
    """An image for each list of shapes."""
    return [image(number, *drawn, name=f"folder/frame_{number:03d}.png") for number, drawn in enumerate(shapes)]


def many(*shapes: Element, count: int = 8) -> list[Element]:
    """Images with the same shapes."""
    return frames(*[list(shapes)] * count)


def test_declared_labels_are_shared(tmp_path: Path) -> None:
    """The usual export: labels of one kind with attributes of every input type."""
    attributes = (
        Attribute("color", "select", ("red", "blue")),
        Attribute("parked", "checkbox", ("false",)),
        Attribute("lit", "checkbox", ("false",), mutable=True),
        Attribute("speed", "number", ("0", "200", "1")),
        Attribute("plate", "text", ("",)),
    )
    drawn = box("car", CORNERS, {"color": "red", "parked": "true", "lit": "false", "speed": "7", "plate": "B-1"})
    found = shared(tmp_path, *many(drawn, tag("rain")), labels=(Label("car", "rectangle", attributes), Label("rain", "tag")))
    assert found.parts > 2


def test_what_data_add_is_shared(tmp_path: Path) -> None:
    """Labels and attributes that nobody declared, options that are not listed: each part meets others, in another order."""
    shapes = [[box(f"label {number % 5}", CORNERS, {f"note {number % 3}": "x", "color": f"shade {number}"})] for number in range(9)]
    shapes += [[*reversed(found), tag("sky", {"kind": "new"})] for found in reversed(shapes)]
    labels = (Label("label 0", attributes=(Attribute("color", "select", ("red",)),)),)
    assert shared(tmp_path, *frames(*shapes), labels=labels).parts > 2


def test_titles_that_change_are_the_same_everywhere(tmp_path: Path) -> None:
    """A label that is a box in one part and a polygon in another gets two objects, and rows of both parts their final titles."""
    shapes = [[box("car", CORNERS)]] * 5 + [[path("polygon", "car", TRIANGLE)]] * 5
    found = shared(tmp_path, *frames(*shapes))
    assert found.parts > 2
    rows = [json.loads(line) for line in found.files["label_rows.jsonl"].splitlines()]
    objects = [unit["labels"]["objects"][0]["name"] for row in rows for unit in row["data_units"].values()]
    assert len(set(objects)) == 2
    assert set(objects) == {item["name"] for item in json.loads(found.files["ontology.json"])["objects"]}


def test_findings_name_their_own_lines(tmp_path: Path) -> None:
    """Counts add up, the first five places are those of one job, and each line is that of the whole file."""
    source = write(tmp_path, export(*many(box("car", (1, 2, "x", 4)), path("polygon", "car", (1, 2)))))
    (found,) = same_with_jobs(source, STANDARD, 2)
    assert found.parts > 2
    lines = source.read_text("utf-8").splitlines()
    broken = next(finding for finding in found.findings if "xbr" in json.dumps(finding))
    assert broken["count"] == 8
    assert len(broken["samples"]) == 5
    assert all('xbr="x"' in lines[sample["source"]["line"] - 1] for sample in broken["samples"])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"name": "a.png"}, {"name": "a.png"}),
        ({"id": "3"}, {"id": "3"}),
        ({"id": "3", "name": "a.png"}, {"id": "3", "name": "a.png"}),
    ],
)
def test_images_that_repeat_far_apart_are_told(tmp_path: Path, first: dict[str, str], then: dict[str, str]) -> None:
    """A name or id of the first part that comes again in the last is found, and the rows' ids stay unique."""
    images = many(box("car", CORNERS), count=10)
    images[0], images[-1] = images[0].but(**first), images[-1].but(**then)
    found = shared(tmp_path, *images)
    assert {finding["name"] for finding in found.findings} & {"image-name-repeated", "image-id-repeated"}


def test_images_in_falling_order_are_shared(tmp_path: Path) -> None:
    """Ids that fall from image to image are reported at every image, also at the first of a part."""
    images = [image(9 - number, box("car", CORNERS), name=f"{number}.png") for number in range(10)]
    found = shared(tmp_path, *images)
    assert found.parts > 2
    assert [finding["count"] for finding in found.findings if finding["name"] == "images-unordered"] == [9]


@pytest.mark.parametrize("hidden", ["<!-- {} -->", "<foo><![CDATA[ {} ]]></foo>", "<?note {} ?>", "<foo>{}</foo>"])
def test_an_image_that_is_none_is_no_place_to_cut(tmp_path: Path, hidden: str) -> None:
    """Comments, CDATA, processing instructions and foreign elements full of images: one job reads it all, and the same comes out."""
    text = export(*many(box("car", CORNERS), count=3))
    inner = '<image id="7" name="x" width="1" height="1">\n</image>\n' * 40
    source = write(tmp_path, text.replace("</image>", "</image>" + hidden.format(inner), 1))
    assert same_with_jobs(source, STANDARD, 2, 3)[0].parts == 1


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_left_whole(tmp_path: Path, encoding: str) -> None:
    """Only UTF-8 can be cut by bytes."""
    text = export(*many(box("été", CORNERS)))
    source = tmp_path / "annotations.xml"
    source.write_bytes(text.replace("utf-8", encoding).encode(encoding))
    assert same_with_jobs(source, STANDARD, 2)[0].parts == 1


def test_line_breaks_of_every_kind_are_counted(tmp_path: Path) -> None:
    """CRLF, and CR alone: slices know how many lines stand before them."""
    text = export(*many(box("car", (1, 2, "x", 4)))).encode()
    for breaks in (b"\r\n", b"\r", b"\n\r\n"):
        source = tmp_path / "annotations.xml"
        source.write_bytes(text.replace(b"\n", breaks))
        assert same_with_jobs(source, STANDARD, 2)[0].parts > 2


def test_slices_are_the_whole(tmp_path: Path) -> None:
    """Slices follow on one another from the first byte to the last, each but the first begins with an image."""
    source = write(tmp_path, export(*many(box("car", CORNERS), count=50)))
    data, slices = source.read_bytes(), sliced(source, 7, 1)
    assert len(slices) == 7
    assert b"".join(data[piece.start : piece.end] for piece in slices) == data
    assert all(data[piece.start :].startswith(b"<image ") for piece in slices[1:])
    assert [piece.lines for piece in slices] == [data[: piece.start].count(b"\n") for piece in slices]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_shared_with_its_images(tmp_path: Path, packing: int) -> None:
    """The XML in a zip is shared too; each image finds its file, a file without image and an image without file are told."""
    images = many(box("car", CORNERS), count=8)
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", packing) as archive:
        archive.writestr("annotations.xml", export(*images))
        for number in (*range(1, 8), 99):
            archive.writestr(f"images/folder/frame_{number:03d}.png", b"")
    (found,) = same_with_jobs(source, STANDARD, 2)
    assert found.parts > 2
    media = json.loads(found.files["bundle.json"])["media"]
    assert [entry.get("file") for entry in media] == [None, *(f"folder/frame_{number:03d}.png" for number in range(1, 8))]


def test_a_damaged_zip_is_as_with_one_job(tmp_path: Path) -> None:
    """A check sum that does not hold is found, though several processes read."""
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("annotations.xml", export(*many(box("car", CORNERS), count=900)))
    source.write_bytes(source.read_bytes().replace(b"frame_005", b"frame_555", 1))
    (found,) = same_with_jobs(source, STANDARD, 2)
    assert found.parts == 1
    assert found.files == {}


def test_an_existing_ontology_is_shared(tmp_path: Path) -> None:
    """Mapping onto a given ontology: what it lacks is told once before any data is read, then with each shape."""
    labels = (Label("car", attributes=(Attribute("color", "select", ("red", "blue")),)),)
    drawn = (box("car", CORNERS, {"color": "red"}), box("bus", CORNERS))
    result = run(write(tmp_path, export(*many(*drawn), labels=labels)), STANDARD, None, Options())
    given = result.ontology | {"objects": result.ontology["objects"][:1]}
    found = shared(tmp_path, *many(*drawn, path("polygon", "car", TRIANGLE)), labels=labels, ontology=given)
    assert found.parts > 2


def test_titles_with_blanks_are_told_once(tmp_path: Path) -> None:
    """What is said once for each thing named is said once, however many parts name it."""
    found = shared(tmp_path, *many(box(" car ", CORNERS, {" note ": "x"}), path("polygon", "bus", TRIANGLE), tag(" rain")))
    assert found.parts > 2
    assert all(finding["count"] < 8 for finding in found.findings if finding["name"] == "title-trimmed")


CHECKLIST = [answer({"of": "any"}, "Flags", "checklist")]
ABSENT = [answer({"of": "any"}, "{{ attribute.name }}", "text", when_absent="report")]


@pytest.mark.parametrize("attributes", [CHECKLIST, ABSENT])
def test_what_depends_on_earlier_images_is_left_to_one_job(tmp_path: Path, attributes: list[Any]) -> None:
    """Options of a checklist in the order of the data; attributes that are missed once they were seen: no part can know."""
    loaded = load_spec(write_spec(tmp_path, spec(rule(thing(*attributes)))))
    values = ["a", "b", "c", "c", "b", "a", "d", "b"]
    shapes = [[box("car", CORNERS, {"x": value} if value != "d" else {"y": "a"})] for value in values]
    assert shared(tmp_path, *frames(*shapes), loaded=loaded).parts == 1


def test_one_classification_of_two_types_is_left_to_one_job(tmp_path: Path) -> None:
    """The first of two rules that want one title for different things wins, wherever the other begins."""
    document = spec(
        rule(classification(name="Scene", type_="text", value="{{ label }}"), name="a", tag="rain"),
        rule(classification(name="Scene", option="{{ label }}"), name="b", tag=True),
    )
    loaded = load_spec(write_spec(tmp_path, document))
    shapes = [[tag("rain")]] * 4 + [[tag("snow")]] * 4 + [[tag("rain"), tag("snow")]] * 2
    assert shared(tmp_path, *frames(*shapes), loaded=loaded).parts == 1


def test_points_are_judged_by_what_their_rule_made_before(tmp_path: Path) -> None:
    """Whether every point of a skeleton became a keypoint is counted by the targets of its rule, which later images may add to."""
    body = {"object": {"name": "body", "geometry": {"kind": "skeleton", "missing": "refuse"}}}
    loaded = load_spec(write_spec(tmp_path, spec(rule(thing(name="joint", kind="point"), body))))
    label = Label("person", "skeleton", elements=(Label("a"), Label("b"), Label("c")))
    points = [point("a", 3, 4), point("b", 9, 9), point("c", 50, 60)]
    partly, wholly = skeleton("person", points[:2]), skeleton("person", points)
    shapes = [[partly], [wholly], [partly], [partly]] * 3
    assert shared(tmp_path, *frames(*shapes), labels=(label,), loaded=loaded).parts == 1


def test_fidelity_is_summed_exactly(tmp_path: Path) -> None:
    """The mean of a fidelity is the same whatever the order of adding: the floats of approximated shapes are not."""
    loaded = load_spec(write_spec(tmp_path, spec(rule(thing(kind="bounding_box"), shapes=["polygon"]))))
    shapes = [[path("polygon", "car", (1, 1, 10 + number * 7.3, 3, 20, 11 + number * 5.1))] for number in range(12)]
    found = shared(tmp_path, *frames(*shapes), loaded=loaded)
    assert found.parts > 2
    assert b'"fidelity"' in found.files["ledger.json"]


def test_sums_of_fidelity_do_not_depend_on_order() -> None:
    """Floats that add up otherwise from the other end: the sum of a verdict is the same, and exact."""
    values = [0.1, 0.2, 0.3, 1 / 3]
    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1
    verdicts = [Verdict("polygon", "car", "rule", "transformed", metric="iou") for _ in range(3)]
    for value in values:
        verdicts[0].measure(value)
    for number, value in enumerate(reversed(values)):
        verdicts[1 + number % 2].measure(value)
    verdicts[1].add(verdicts[2])
    assert (verdicts[0].total, verdicts[0].worst, verdicts[0].measured) == (verdicts[1].total, verdicts[1].worst, verdicts[1].measured)
    assert verdicts[0].mean == verdicts[1].mean == fsum(values) / len(values)


def test_skeletons_are_shared(tmp_path: Path) -> None:
    """Points and flags of skeletons are counted together."""
    label = Label("person", "skeleton", elements=(Label("head"), Label("tail")))
    drawn = skeleton("person", [point("head", 3, 4, outside="1"), point("tail", 5, 60, occluded="1")])
    assert shared(tmp_path, *many(drawn), labels=(label,)).parts > 2


def test_sizes_that_the_caller_gives_hold_in_every_part(tmp_path: Path) -> None:
    """Images of old exports have no size: ``frame_size`` stands in for it, by several jobs as by one."""
    images = [drawn.but(width=None, height=None) for drawn in many(box("car", CORNERS))]
    found = shared(tmp_path, *images, frame_size=(200, 100))
    assert found.parts > 2
    assert {entry["width"] for entry in json.loads(found.files["bundle.json"])["media"]} == {200}


@pytest.mark.parametrize("media", ["image_group", "video"])
def test_rows_of_whole_tasks_are_left_to_one_job(tmp_path: Path, media: str) -> None:
    """What is one row cannot be shared."""
    assert shared(tmp_path, *many(box("car", CORNERS)), media=media).parts == 1


def test_nothing_written_is_shared_too(tmp_path: Path) -> None:
    """A dry run by two jobs says the same as by one, and leaves no file."""
    source = write(tmp_path, export(*many(box("car", CORNERS, {"new": "x"}))))
    one, two = (run(source, STANDARD, None, Options(jobs=jobs, part_bytes=SMALL, start="fork")) for jobs in (1, 2))
    assert (one.findings, one.ledger, one.bundle | {"counts": 0}) == (two.findings, two.ledger, two.bundle | {"counts": 0})
    assert two.parts > 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["source.xml"]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_processes_start_either_way(tmp_path: Path, start: str) -> None:
    """Forked or started anew, with all that has to travel between them."""
    attributes = (Attribute("color", "select", ("red", "blue")), Attribute("plate", "text", ("",)))
    shapes = [[box("car", CORNERS, {"color": "red", "plate": f"{number}"}), box("x", (1, 2, "x", 4))] for number in range(8)]
    source = write(tmp_path, export(*frames(*shapes), labels=(Label("car", attributes=attributes),)))
    (found,) = same_with_jobs(source, STANDARD, 2, start=start)
    assert found.parts >= 2


def test_small_exports_stay_whole(tmp_path: Path) -> None:
    """Nothing is shared that is done before a process has started; ``jobs=0`` is as many as there are cores."""
    source = write(tmp_path, export(*many(box("car", CORNERS))))
    assert [convert(source, jobs=jobs).parts for jobs in (0, 1, 2)] == [1, 1, 1]
    with pytest.raises(ValueError, match="jobs=-1"):
        convert(source, jobs=-1)
