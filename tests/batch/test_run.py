"""Whole batches: what is written, that it is the same however it came about, and what is found over several exports."""

from __future__ import annotations

import json
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from mapper import api
from mapper.batch.digests import spec_digest
from mapper.batch.order import Order, convert_one
from mapper.batch.settle import Settling, settle_one
from mapper.connect.verify import verify
from mapper.errors import OutputError, SourceError
from tests.support import specs
from tests.support.builders import Attribute, Element, Label, box, export, image, path, tag
from tests.support.checkout import STREET, files

if TYPE_CHECKING:
    from pathlib import Path

    from mapper.batch.setting import BatchResult, News

BOX, ROUND = (1, 2, 30, 40), (5, 5, 40, 5, 40, 40)
BUNDLE = ["bundle.json", "findings.jsonl", "label_rows.jsonl", "ledger.json", "ontology.json"]


def put(folder: Path, name: str, *shapes: Element, labels: tuple[Label, ...] = (), task: int = 0) -> Path:
    """An export of one image in ``in``; each is of a task of its own, or of the task of that number."""
    source = folder / "in" / f"{name}.xml"
    source.parent.mkdir(parents=True, exist_ok=True)
    number = task or int(sha256(name.encode()).hexdigest()[:6], 16)
    source.write_text(export(image(0, *shapes), labels=labels, name=f"task {number}", task={"id": number}), "utf-8")
    return source


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three exports: cars as boxes, cars as polygons, and trees; no two of them have one ontology."""
    put(tmp_path, "b_boxes", box("car", BOX, {"kind": "bus"}), labels=(Label("car", attributes=(Attribute("kind", "select", ("bus",)),)),))
    put(tmp_path, "c_outlines", path("polygon", "car", ROUND), labels=(Label("car", color="#112233"),))
    put(tmp_path, "d_trees", box("tree", BOX), tag("wet"), labels=(Label("tree"),))
    return tmp_path


def run(folder: Path, out: str = "out", **options: Any) -> dict[str, bytes]:
    """Convert ``in`` to a folder, and read that; what the batch remembers for itself does not count."""
    batch(folder / "in", folder / out, **options)
    return results(folder / out)


def batch(*args: Any, **options: Any) -> BatchResult:
    """The same, without reading; in this process unless the pool or an executor is asked for."""
    if {"jobs", "executor"} & set(options):
        return api.batch(*args, **options)
    with ThreadPoolExecutor(1) as executor:
        return api.batch(*args, **options, executor=executor)


def results(out: Path) -> dict[str, bytes]:
    """All files of a batch but what it remembers for itself."""
    return {name: data for name, data in files(out).items() if not name.startswith(".batch/")}


def rows(out: Path) -> dict[str, Any]:
    """The lines of the index, by name."""
    return {record["name"]: record for record in map(json.loads, (out / "index.jsonl").read_text("utf-8").splitlines())}


def head(out: Path) -> Any:
    """``batch.json``."""
    return json.loads((out / "batch.json").read_text("utf-8"))


def codes(out: Path) -> list[str]:
    """The codes of what concerns several exports."""
    return [issue["code"] for issue in head(out)["issues"]]


def test_all_bundles_share_one_ontology(three: Path) -> None:
    """Its bytes are those of every bundle, rows and ledgers speak of its titles, and the SDK loads every bundle."""
    written = run(three)
    names = ["b_boxes", "c_outlines", "d_trees"]
    assert sorted(written) == sorted(
        [f"{name}/{file}" for name in names for file in BUNDLE] + ["batch.json", "index.jsonl", "ontology.json"]
    )
    assert {written[f"{name}/ontology.json"] for name in names} == {written["ontology.json"]}
    assert [item["name"] for item in json.loads(written["ontology.json"])["objects"]] == ["car (bounding_box)", "car (polygon)", "tree"]
    assert b'"name":"car (polygon)"' in written["c_outlines/label_rows.jsonl"]
    assert b'"car (polygon)"' in written["c_outlines/ledger.json"]
    for name in names:
        assert verify(three / "out" / name).ok
        assert json.loads(written[f"{name}/bundle.json"])["counts"]["ontology_objects"] == 3
    assert codes(three / "out") == ["BAT958"]


def test_what_agrees_is_what_convert_gives(three: Path) -> None:
    """With an ontology for each, every bundle is byte for byte that of `convert`; so is one alone with a shared one."""
    parted = run(three, ontology_per_export=True)
    for source in sorted((three / "in").iterdir()):
        api.convert(source, three / "single")
        assert {name: parted[f"{source.stem}/{name}"] for name in BUNDLE} == files(three / "single")
        shutil.rmtree(three / "single")
    assert "ontology.json" not in parted
    alone = batch(STREET, three / "alone")
    api.convert(STREET, three / "single")
    assert alone.ok
    assert files(three / "alone" / "street") == files(three / "single")


def test_the_same_bytes_however_it_is_run(three: Path) -> None:
    """One process or two, threads, or a pool of somebody else's; sources in any order."""
    once = run(three, jobs=1)
    assert run(three, "two", jobs=2) == once
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(1) as processes:
        assert run(three, "threads", executor=threads) == once
        assert run(three, "processes", executor=processes) == once
    batch(sorted((three / "in").iterdir(), reverse=True), three / "turned", jobs=2)
    assert results(three / "turned") == once


def test_a_resumed_run_that_adds_exports_is_one_over_all(three: Path) -> None:
    """Bundles that stood on a smaller ontology move to the larger one, and what has not changed is not converted again."""
    trees = three / "in/d_trees.xml"
    late = trees.read_bytes()
    trees.unlink()
    run(three)
    first = put(three, "a_early", box("car", BOX), labels=(Label("car", color="#998877"),))  # before all others: its colour wins
    trees.write_bytes(late)
    heard: list[News] = []
    resumed = run(three, resume=True, hear=heard.append)
    assert resumed == run(three, "fresh")
    assert b"#998877" in resumed["c_outlines/label_rows.jsonl"] or b"#112233" in resumed["c_outlines/label_rows.jsonl"]
    first.unlink()
    shutil.rmtree(three / "out/a_early")
    assert run(three, resume=True) == run(three, "without")


def test_resume_converts_only_what_changed(three: Path) -> None:
    """A changed source, a damaged bundle and a missing one are made again; the others keep their files."""
    before = run(three)
    kept = (three / "out/b_boxes/label_rows.jsonl").stat().st_ino
    put(three, "d_trees", box("tree", (2, 2, 9, 9)), tag("wet"), labels=(Label("tree"),))
    (three / "out/c_outlines/label_rows.jsonl").write_bytes(b"{}\n")
    after = run(three, resume=True)
    assert (three / "out/b_boxes/label_rows.jsonl").stat().st_ino == kept
    assert {name for name in before if before[name] != after[name]} == {"d_trees/label_rows.jsonl", "d_trees/bundle.json", "index.jsonl"}
    assert after == run(three, "fresh")


def test_other_options_or_another_spec_convert_anew(three: Path) -> None:
    """What was made by another spec, other parameters or options does not count as done; the day counts only by waivers that are over."""
    run(three, today=date(2026, 1, 1))
    inode = (three / "out/b_boxes/label_rows.jsonl").stat().st_ino
    run(three, resume=True, today=date(2026, 1, 2))
    assert (three / "out/b_boxes/label_rows.jsonl").stat().st_ino == inode
    for options in ({"parameters": {"upright_rectangle": "polygon"}}, {"media": "image_group"}, {"spec": "encord-importer"}):
        assert run(three, resume=True, **options) == run(three, "fresh", force=True, **options)


def test_ontologies_can_be_parted_and_joined_by_resuming(three: Path) -> None:
    """A batch with one ontology becomes one with several, and back, as if it had been run so."""
    joined = run(three)
    parted = run(three, resume=True, ontology_per_export=True)
    assert parted == run(three, "parted", ontology_per_export=True)
    assert run(three, resume=True) == joined


def test_a_given_ontology_is_that_of_all(three: Path) -> None:
    """Every bundle maps onto it, and nothing is added to it."""
    given = json.loads(run(three)["ontology.json"])
    written = run(three, "given", ontology=given)
    assert written["ontology.json"] == written["b_boxes/ontology.json"]
    assert json.loads(written["ontology.json"]) == given
    assert head(three / "given")["ontology"]["mode"] == "given"
    with pytest.raises(SourceError, match="the given ontology cannot be used"):
        run(three, "none", ontology={"objects": 3})


def test_a_broken_export_does_not_stop_the_others(three: Path) -> None:
    """Its line tells why, and there is no bundle; repaired and resumed, the batch is as if nothing had been."""
    whole = (three / "in/c_outlines.xml").read_text("utf-8")
    (three / "in/c_outlines.xml").write_text(whole[: whole.index("<polygon")], "utf-8")
    (three / "in/e_none.zip").write_bytes(b"PK\x03\x04 no zip")
    result = batch(three / "in", three / "out")
    found = rows(three / "out")
    assert {name: record["status"] for name, record in found.items()} == {
        "b_boxes": "converted", "c_outlines": "unpublished", "d_trees": "converted", "e_none": "refused",
    }  # fmt: skip
    assert not result.ok
    assert found["e_none"]["findings"] == {"SRC103": {"severity": "error", "count": 1}}
    assert "zip" in found["e_none"]["message"]
    assert found["c_outlines"]["message"] == "the export breaks off"
    assert sorted(path.name for path in (three / "out").iterdir() if path.is_dir()) == [".batch", "b_boxes", "d_trees"]
    (three / "in/e_none.zip").unlink()
    put(three, "c_outlines", path("polygon", "car", ROUND), labels=(Label("car", color="#112233"),))
    assert run(three, resume=True) == run(three, "fresh")


def test_a_contradiction_keeps_the_later_export_apart(three: Path) -> None:
    """BAT955 names both, its bundle has an ontology of its own that the SDK loads, and the others share theirs."""
    put(three, "x_text", box("car", BOX, {"kind": "7"}), labels=(Label("car", attributes=(Attribute("kind", "number", ("0", "9", "1")),)),))
    written = run(three)
    assert "BAT955" in codes(three / "out")
    assert rows(three / "out")["x_text"]["worst"] == "error"
    assert "b_boxes" in rows(three / "out")["x_text"]["message"]
    assert written["x_text/ontology.json"] != written["ontology.json"] == written["b_boxes/ontology.json"]
    assert verify(three / "out/x_text").ok
    (three / "in/b_boxes.xml").unlink()  # now nothing contradicts, and what was apart joins
    shutil.rmtree(three / "out/b_boxes")
    assert run(three, resume=True) == run(three, "fresh")


def test_a_bundle_that_joined_can_be_set_apart(three: Path) -> None:
    """An export that stands before it and contradicts it comes later; the result is that of one run over all."""
    run(three)
    put(three, "a_text", box("car", BOX, {"kind": "7"}), labels=(Label("car", attributes=(Attribute("kind", "number", ("0", "9", "1")),)),))
    assert run(three, resume=True) == run(three, "fresh")
    assert "a_text" in rows(three / "out")["b_boxes"]["message"]


def test_titles_that_part_again_are_right_in_every_ledger(tmp_path: Path) -> None:
    """Two objects of one title, of which one gets another: as ledgers know titles only, such bundles are converted anew."""
    put(tmp_path, "a", path("polygon", "car", ROUND), labels=(Label("car"),))
    put(tmp_path, "b", box("car", BOX), labels=(Label("car"),))
    put(tmp_path, "c", box("car (polygon)", BOX), labels=(Label("car (polygon)"),))
    run(tmp_path)
    put(tmp_path, "d", path("polygon", "car (polygon)", ROUND), labels=(Label("car (polygon)"),))
    resumed = run(tmp_path, resume=True)
    assert resumed == run(tmp_path, "fresh")
    assert b'"car (polygon)"' in resumed["a/ledger.json"]
    assert b'"car (polygon) (bounding_box)"' in resumed["c/ledger.json"]


def test_exports_of_one_task_are_told(three: Path) -> None:
    """BAT956: they have the same dataset id, so that uploading both would make one of them."""
    put(three, "y_old", box("tree", BOX), task=77)
    put(three, "y_new", box("tree", BOX), task=77)
    run(three)
    issue = next(issue for issue in head(three / "out")["issues"] if issue["code"] == "BAT956")
    assert issue["message"].endswith(": y_new, y_old")


def test_more_exports_may_change_a_name(tmp_path: Path) -> None:
    """A bundle whose name does not tell it apart any more makes room for one that does."""
    for folder in ("one", "two"):
        put(tmp_path / folder, "task", box("car", BOX), task=len(folder) + ord(folder[0]))
    batch(tmp_path / "one/in", tmp_path / "out")
    batch([tmp_path / "one/in", tmp_path / "two/in"], tmp_path / "out", resume=True)
    assert sorted(rows(tmp_path / "out")) == ["one-in-task", "two-in-task"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == [".batch", "one-in-task", "two-in-task"]


def test_bundles_of_others_are_not_touched(three: Path) -> None:
    """Without their sources among those given, BAT959; without resume, the place is taken; and force replaces bundles only."""
    before = run(three)
    with pytest.raises(SourceError) as strange:
        batch(STREET, three / "out", resume=True)
    assert [finding.code for finding in strange.value.findings] == ["BAT959"]
    with pytest.raises(OutputError, match="--resume to go on with it, or --force"):
        run(three)
    (three / "out/notes").mkdir()
    (three / "out/notes/mine.txt").touch()
    with pytest.raises(OutputError, match="more than bundles"):
        run(three, force=True)
    bundles = {name: data for name, data in before.items() if "/" in name}
    assert bundles.items() <= results(three / "out").items()
    shutil.rmtree(three / "out/notes")
    batch(STREET, three / "out", force=True)
    assert list(rows(three / "out")) == ["street"]
    assert not (three / "out/b_boxes").exists()


def test_a_dry_run_says_the_same_and_writes_nothing(three: Path) -> None:
    """Statuses, counts and findings are those of a run."""
    dry = batch(three / "in")
    assert not (three / "out").exists()
    result = batch(three / "in", three / "out")
    assert [record["bundle"] for record in dry.entries] == [None] * 3
    keys = ("name", "status", "worst", "findings", "message", "dataset")
    assert [[record[key] for key in keys] for record in dry.entries] == [[record[key] for key in keys] for record in result.entries]
    assert dry.findings == result.findings


def test_strict_keeps_bundles_back(three: Path) -> None:
    """An export with a warning is not published, and says so; those without are."""
    put(three, "z_clipped", box("tree", (1, 2, 900, 40)), labels=(Label("tree"),))
    run(three, strict=True)
    found = rows(three / "out")
    assert (found["z_clipped"]["status"], found["b_boxes"]["status"]) == ("unpublished", "converted")
    assert "strict" in found["z_clipped"]["message"]


def test_a_run_can_be_stopped_by_a_row(three: Path) -> None:
    """Nothing pretends to be complete, and resuming makes it so."""
    result = batch(three / "in", three / "out", jobs=1, stop=lambda _: True)
    assert (result.stopped, result.ok, len(result.entries)) == (True, False, 1)
    assert not (three / "out/batch.json").exists()
    assert run(three, resume=True) == run(three, "fresh")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a file that is there and cannot be read")
def test_a_source_that_breaks_while_it_is_read(tmp_path: Path) -> None:
    """What the system refuses to read is told as such, as `mapper convert` tells it, and not as a bundle that could not be written."""
    source = tmp_path / "broken.xml"
    source.symlink_to("/proc/self/mem")
    digest = spec_digest(api.load_spec("standard"))
    row = convert_one(Order(source=str(source), out=str(tmp_path / "out"), spec="standard", spec_digest=digest, key=""))
    assert (row.status, [code for code, _, _ in row.findings]) == ("refused", ["SRC102"])
    assert not (tmp_path / "out").exists()


def test_a_spec_that_changes_meanwhile_is_told(three: Path) -> None:
    """BAT957: a worker refuses to convert by another spec than the batch began with."""
    spec = specs.write(three, specs.spec(specs.rule(specs.thing())))
    order = Order(source=str(three / "in/d_trees.xml"), out=str(three / "x"), spec=str(spec), spec_digest="of another", key="")
    row = convert_one(order)
    assert (row.status, [code for code, _, _ in row.findings]) == ("refused", ["BAT957"])
    assert not (three / "x").exists()


def test_what_refuses_to_be_written_is_told(three: Path) -> None:
    """BAT954: a place that is taken by something else refuses one export; the others are converted."""
    (three / "out/c_outlines").mkdir(parents=True)
    (three / "out/c_outlines/mine.txt").touch()
    batch(three / "in", three / "out", resume=True)
    found = rows(three / "out")["c_outlines"]
    assert (found["status"], list(found["findings"])) == ("refused", ["BAT954"])
    assert (three / "out/c_outlines/mine.txt").exists()
    assert settle_one(Settling(out=str(three / "gone"), ontology=b"{}")).problem


def test_the_numbers_add_up(three: Path) -> None:
    """The head counts what the index lists, and digests are what they say."""
    run(three)
    out, found = three / "out", rows(three / "out")
    assert head(out)["exports"] == {"all": 3, "converted": 3, "unpublished": 0, "refused": 0, "failed": 0}
    for key in ("images", "label_rows", "read", "kept", "objects"):
        assert head(out)["counts"][key] == sum(record["counts"][key] for record in found.values())
    for name, record in found.items():
        assert record["sha256"]["source"] == sha256((three / "in" / record["source"]).read_bytes()).hexdigest()
        assert record["sha256"]["ontology"] == sha256((out / name / "ontology.json").read_bytes()).hexdigest()
        sums = "".join(f"{sha256((out / name / file).read_bytes()).hexdigest()}  {file}\n" for file in sorted(BUNDLE))
        assert record["sha256"]["bundle"] == sha256(sums.encode()).hexdigest()
    assert str(three) not in (out / "index.jsonl").read_text("utf-8") + (out / "batch.json").read_text("utf-8")


def test_an_order_carried_out_twice_gives_the_same(three: Path) -> None:
    """It may be repeated after a crash: the bundle is replaced by an equal one."""
    result = batch(three / "in", three / "out", ontology_per_export=True)
    assert result.ok
    digest = spec_digest(api.load_spec("standard"))
    order = Order(source=str(three / "in/d_trees.xml"), out=str(three / "out/d_trees"), spec="standard", spec_digest=digest, key="k")
    first = convert_one(order)
    before = files(three / "out/d_trees")
    assert replace(convert_one(order), own=None) == replace(first, own=None)
    assert files(three / "out/d_trees") == before
