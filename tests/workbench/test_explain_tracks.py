"""``explain`` and ``rule_hits`` on tracks: what they say is what the bundle holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mapper import compare, convert, explain, load_spec, rule_hits
from mapper.reports import track_explanation
from mapper.reports.style import PLAIN

if TYPE_CHECKING:
    from mapper.api import LoadedSpec

ROOT = Path(__file__).parents[2]
CROSSING = ROOT / "examples" / "crossing"
STANDARD = (ROOT / "rules" / "standard" / "standard.yaml").read_text("utf-8")
CASES = sorted(path.parent for path in (ROOT / "tests" / "golden").glob("video_*/source.xml"))


def spec(folder: Path, *rules: str) -> LoadedSpec:
    """The standard rules with others before them."""
    file = folder / "mapping.yaml"
    file.write_text(STANDARD.replace("\nrules:\n", "\nrules:\n" + "".join(f"  - {rule}\n" for rule in rules)), "utf-8")
    return load_spec(file)


def rule(name: str, match: str, title: str = "") -> str:
    """A rule that makes boxes, or drops."""
    end = f"emit: [{{object: {{name: {title}, geometry: {{kind: bounding_box}}}}}}]" if title else "drop: {reason: not wanted}"
    return f"{{id: {name}, match: {{{match}}}, {end}}}"


def rows(folder: Path) -> list[dict[str, Any]]:
    """The label rows of a bundle."""
    return [json.loads(line) for line in (folder / "label_rows.jsonl").read_text("utf-8").splitlines()]


def frames_of(row: dict[str, Any]) -> dict[str, list[int]]:
    """The frames on which each object of a video row stands."""
    found: dict[str, list[int]] = {}
    for unit in row["data_units"].values():
        for frame, label in unit["labels"].items():
            for item in label["objects"]:
                found.setdefault(item["objectHash"], []).append(int(frame))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_told_of_tracks_stands_in_the_bundle(case: Path, tmp_path: Path) -> None:
    """Row, data unit, hashes, frames and answers of every track are those that a conversion writes, and no object is left out."""
    loaded = load_spec(case / "spec.yaml") if (case / "spec.yaml").is_file() else load_spec("standard")
    convert(case / "source.xml", tmp_path / "out", spec=loaded)
    written = rows(tmp_path / "out")
    answer = explain(case / "source.xml", spec=loaded, limit=1000, media="auto")
    told = {item["hash"] for found in answer.explanations for item in map(dict, (made._asdict() for made in found.made))}
    for track in answer.tracks:
        row = written[(track.row or 0) - 1]
        assert track.row is not None
        assert track.unit in row["data_units"]
        frames = frames_of(row)
        for part in track.parts:
            for item in part.objects:
                told.add(item.hash)
                assert [frame for first, last in item.frames for frame in range(first, last + 1)] == frames[item.hash]
                answers = {answer["featureHash"] for answer in row["object_answers"][item.hash]["classifications"]}
                actions = {answer["featureHash"] for answer in row["object_actions"].get(item.hash, {}).get("actions", ())}
                said = [value for value in part.values if value.answers]
                assert len(answers | actions) >= len({value.to for value in said})
    assert told >= {found for row in written for found in frames_of(row)}


def test_each_rule_is_told_with_its_frames(tmp_path: Path) -> None:
    """Rules that take frames, the word by which they do, the first condition of others with its frame, and dynamic answers."""
    loaded = spec(
        tmp_path,
        rule("tiny", "width: {lt: 5}, frames: any"),
        rule("braking", "label: car, attributes: {braking: 'true'}, occluded: false, frames: each", "Braking"),
        rule("hidden", "occluded: true, frames: all"),
    )
    (car,) = explain(CROSSING, spec=loaded, track="0").tracks
    assert (car.seen, car.outside, car.keyframes) == (10, 1, 4)
    assert [(part.rule, part.stated, part.frames) for part in car.parts] == [
        ("braking", "each", ((4, 7),)),
        ("rectangle", None, ((0, 3), (8, 9))),
    ]
    passed = {entry.rule: entry for entry in car.tried}
    assert (passed["tiny"].frame, passed["tiny"].miss.path(), passed["tiny"].held) == (0, "width", 0)
    assert (passed["hidden"].frame, passed["hidden"].held, passed["hidden"].asked) == (0, 2, 6)
    (occluded,) = [value for value in car.parts[1].values if value.name == "occluded"]
    assert occluded.values == (("0", ((0, 3),)), ("1", ((8, 9),)))
    assert (occluded.to, occluded.dynamic, occluded.answers) == ("CVAT occluded", True, ((["true"], ((8, 9),)),))
    text = track_explanation.full([car.as_dict()], PLAIN)
    assert "hidden did not match: on frame 0 occluded is false, wanted true (it holds on 2 of 6 frames)" in text
    assert "rule       braking, frames: each takes frames 4-7" in text


def test_a_rule_that_does_not_say_for_which_frames_stops_the_track(tmp_path: Path) -> None:
    """The rule is named with the frames on which it holds, and the finding stands below it."""
    loaded = spec(tmp_path, rule("hidden", "occluded: true"))
    (car,) = explain(CROSSING, spec=loaded, track="0").tracks
    assert [(part.rule, part.stated, part.held, part.asked, part.objects) for part in car.parts] == [("hidden", None, 2, 10, ())]
    assert [note.issue.code for note in car.notes] == ["MAP340"]
    assert "which holds on 2 of them" in track_explanation.full([car.as_dict()], PLAIN)


def test_a_line_of_a_track_is_that_of_its_keyframe() -> None:
    """A line within a track chooses it alone, and tells the last keyframe that begins before the line."""
    lines = (CROSSING / "annotations.xml").read_text("utf-8").splitlines()
    number = next(index for index, line in enumerate(lines, 1) if '<box frame="8"' in line)
    (car,) = explain(CROSSING, line=number + 1).tracks
    assert (car.id, car.line_frame) == ("0", 8)
    assert [track.id for track in explain(CROSSING, label="walker").tracks] == ["1"]
    assert explain(CROSSING, line=number, label="walker").tracks == ()
    assert explain(CROSSING, track="7").tracks == ()


def test_the_fidelity_of_a_track_is_its_own(tmp_path: Path) -> None:
    """An ellipse that becomes a polygon is measured on each frame of this track; the worst and the mean are told."""
    made = "emit: [{object: {name: Walker, geometry: {kind: polygon, points: 12}}}]"
    loaded = spec(tmp_path, f"{{id: walker, match: {{shapes: [ellipse]}}, {made}}}")
    (walker,) = explain(CROSSING, spec=loaded, track="1").tracks
    (conversion,) = walker.parts[0].conversions
    assert conversion["metric"] == "iou"
    assert 0.9 < conversion["worst"] <= conversion["mean"] < 1


def test_tracks_are_counted_by_rule(tmp_path: Path) -> None:
    """Each rule with the tracks of which it took frames; a rule that would have liked a track is told who took it."""
    loaded = spec(tmp_path, rule("cars", "label: car"), rule("wide", "width: {gt: 100}, frames: any"))
    hits = rule_hits(CROSSING, spec=loaded)
    found = {entry.rule: entry for entry in hits.rules}
    assert hits.tracks == 2
    assert (found["cars"].hits, found["cars"].tracks) == (10, 1)
    assert (found["wide"].tracks, found["wide"].tracks_matched, found["wide"].tracks_taken) == (0, 1, {"cars": 1})
    assert found["wide"].shadowed
    assert found["shape"].tracks == 1


def test_a_difference_is_counted_on_tracks(tmp_path: Path) -> None:
    """A track counts once, by what happens to its frames: the car that brakes, and not the walker."""
    (tmp_path / "after").mkdir()
    before, after = spec(tmp_path), spec(tmp_path / "after", rule("braking", "attributes: {braking: 'true'}, frames: each", "Braking"))
    found = compare(before, after, sources=[CROSSING])
    assert found.tracks == 2
    met = [found.met[index] for index, entry in enumerate(found.compared.differences) if index in found.met]
    assert [(entry.tracks, entry.track, entry.shapes) for entry in met] == [(1, "0", 0)]
    same = compare(before, before, sources=[CROSSING])
    assert same.met == {}
