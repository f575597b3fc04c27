"""``mapper validate``, ``inspect``, ``verify`` and ``rule``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mapper.findings import ISSUES
from mapper.findings.page import EXAMPLES

WRONG = "apiVersion: mapping/v1\nkind: MappingSpec\nmetadata: {name: x, version: 1.0.0}\nrulez: []\n"


def test_validate_says_that_all_is_well(mapper: Any) -> None:
    """The shipped packs are valid, and the closing line counts them."""
    run = mapper.here("validate", "standard", "encord-importer")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[-1].startswith("All checks passed: 2 specs")


def test_validate_shows_every_error_with_its_place(mapper: Any) -> None:
    """Code, file, line, column, carets and help; one bad spec fails them all."""
    mapper.file("specs/wrong.yaml", WRONG)
    run = mapper.here("validate", "specs/wrong.yaml", "standard")
    assert run.code == 1
    assert "SPC230 unknown key 'rulez'\n  --> specs/wrong.yaml:4:1\n   |\n 4 | rulez: []\n   | ^^^^^\n" in run.out
    assert run.out.splitlines()[-1].startswith("Checks failed: 1 of 2 specs (")


def test_validate_for_editors_and_programs(mapper: Any) -> None:
    """The other forms hold the same findings."""
    mapper.file("wrong.yaml", WRONG)
    concise = mapper.here("validate", "wrong.yaml", "--output-format", "concise").out.splitlines()
    assert concise[0].startswith("wrong.yaml:")
    document = json.loads(mapper.here("validate", "wrong.yaml", "standard", "--output-format", "json").out)
    assert [(spec["file"], spec["ok"]) for spec in document["specs"]] == [("wrong.yaml", False), ("standard", True)]
    lines = mapper.here("validate", "wrong.yaml", "--output-format", "json-lines").out.splitlines()
    assert [json.loads(line) for line in lines] == document["specs"][0]["findings"]
    assert len(lines) == len(concise) - 1


def test_validate_takes_parameters(mapper: Any) -> None:
    """A value that the spec does not allow is an error of the spec's user."""
    assert mapper.here("validate", "standard", "--set", "upright_rectangle=polygon").code == 0
    run = mapper.here("validate", "standard", "--set", "upright_rectangle=circle")
    assert run.code == 1
    assert "circle" in run.out


def test_inspect_shows_what_there_is(mapper: Any) -> None:
    """Labels with shapes, attributes with values, points of skeletons, fields, and what is odd."""
    run = mapper.here("inspect", "examples/street")
    assert (run.code, run.err) == (0, "")
    for text in (
        "task 7 'street'",
        "1 polygon, 3 rectangle",
        "checkbox, mutable",
        "left_hand",
        "group_id",
        "unused-label",
        "320 x 240 (3)",
    ):
        assert text in run.out


def test_inspect_for_programs(mapper: Any) -> None:
    """The document says which file it is of and holds exact counts."""
    document = json.loads(mapper.here("inspect", "examples/street", "--output-format", "json").out)
    assert document["source"]["complete"] is True
    assert len(document["source"]["sha256"]) == 64
    assert document["counts"] == {"images": 4, "images_empty": 1, "tracks": 0, "shapes": 23}
    assert sum(label["total"] for label in document["labels"]) == 23


VIDEO = """<annotations><meta><task><id>7</id><name>clip</name><size>9</size><mode>interpolation</mode><labels></labels><original_size>
<width>640</width><height>480</height></original_size></task></meta><track label="car" source="manual">
<box frame="0" keyframe="1" outside="0" occluded="0" xtl="-9" ytl="2" xbr="3" ybr="4"/>
<box frame="1" keyframe="0" outside="0" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4"/>
<box frame="2" keyframe="1" outside="1" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4"/></track></annotations>"""


def test_inspect_of_a_video(mapper: Any) -> None:
    """Tracks with keyframes, the size of the video, and what is odd by track and frame; nothing of images."""
    mapper.file("clip.xml", VIDEO)
    run = mapper.here("inspect", "clip.xml")
    assert run.code == 0
    for text in ("tracks  1", "640 x 480", "Interpolated", "0-1", "track without id on frame 0"):
        assert text in run.out
    assert "images" not in run.out.partition("Tasks")[0]
    counts = json.loads(mapper.here("inspect", "clip.xml", "--output-format", "json").out)["labels"][0]["tracks"]["rectangle"]
    assert (counts["seen"], counts["interpolated"], counts["outside"]) == (2, 1, 1)


def test_inspect_tells_of_a_broken_export(mapper: Any) -> None:
    """What was read is shown with the finding, and the code is 1."""
    whole = Path("examples/street/annotations.xml").read_text("utf-8")
    mapper.file("cut.xml", whole[: whole.rindex("<image")])
    run = mapper.here("inspect", "cut.xml")
    assert run.code == 1
    assert "breaks off" in run.out
    assert "SRC113" in run.out


def test_inspect_of_nothing(mapper: Any) -> None:
    """What cannot be read is explained on stderr; programs get a document."""
    run = mapper.here("inspect", "nowhere.zip")
    assert (run.code, run.out) == (2, "")
    assert "SRC101" in run.err
    document = json.loads(mapper.here("inspect", "nowhere.zip", "--output-format", "json").out)
    assert document["findings"][0]["code"] == "SRC101"


@pytest.mark.parametrize("form", ["full", "concise", "json-lines", "json"])
def test_the_variable_of_findings_does_not_break_documents(mapper: Any, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Commands that give a document take JSON from it, and text otherwise."""
    monkeypatch.setenv("MAPPER_OUTPUT_FORMAT", form)
    run = mapper.here("rule", "MAP302")
    assert run.code == 0
    assert run.out.startswith("{") is form.startswith("json")


def test_rule_prints_the_page(mapper: Any) -> None:
    """What, why, example and what to do, by code or name in any case."""
    run = mapper.here("rule", "map302")
    assert run.out.startswith("MAP302 unlisted-value (error)\n")
    for heading in ("\nWhy it matters\n", "\nExample\n", "\nWhat to do\n", "\nShown as\n  MAP302 "):
        assert heading in run.out
    assert mapper.here("rule", "Unlisted-Value").out == run.out


def test_rule_suggests(mapper: Any) -> None:
    """An unknown code is usage; a near one is named, and so is the list."""
    assert "did you mean unlisted-value?" in mapper.here("rule", "unlisted_valu").err
    assert "`mapper rule` lists them all" in mapper.here("rule", "xyzzy").err


def test_rule_lists_all_codes(mapper: Any) -> None:
    """Without a code one line each, with --all every page, as JSON all pages in parts."""
    lines = mapper.here("rule").out.splitlines()
    assert [line.split()[0] for line in lines] == [issue.code for issue in ISSUES]
    pages = mapper.here("rule", "--all").out
    assert all(f"{issue.code} {issue.name} ({issue.severity.word})\n" in pages for issue in ISSUES)
    rules = json.loads(mapper.here("rule", "--output-format", "json").out)["rules"]
    assert [rule["code"] for rule in rules] == [issue.code for issue in ISSUES]
    assert all(all(value for name, value in rule.items() if name != "shown") for rule in rules)
    assert {rule["code"] for rule in rules if rule["shown"]} == set(json.loads(EXAMPLES.read_text("utf-8")))


def test_verify_passes_what_convert_wrote(mapper: Any) -> None:
    """A fresh bundle is sound."""
    assert mapper.here("convert", "examples/street", "-o", "out").code == 0
    run = mapper.here("verify", "out", "--no-sdk")
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[-1].startswith("All checks passed: out")
    document = json.loads(mapper.here("verify", "out", "--no-sdk", "--output-format", "json").out)
    assert (document["out"], document["ok"]) == ("out", True)


def test_verify_finds_damage(mapper: Any) -> None:
    """A bundle that lacks a label row is not sound."""
    assert mapper.here("convert", "examples/street", "-o", "out").code == 0
    rows = Path("out/label_rows.jsonl")
    rows.write_bytes(b"".join(rows.read_bytes().splitlines(keepends=True)[:-1]))
    run = mapper.here("verify", "out", "--no-sdk")
    assert run.code == 1
    assert run.out.splitlines()[-1].startswith("Checks failed: out")


def test_schema_prints_each_schema_by_its_name(mapper: Any) -> None:
    """Every schema that is listed can be printed, by its name with and without the version."""
    listed = mapper.here("schema")
    assert (listed.code, listed.err) == (0, "")
    assert mapper.here("schema", "--list").out == listed.out
    names = dict(line.split() for line in listed.out.splitlines())
    assert {"mapping-spec", "mapping-tests", "bundle", "label-row", "ontology", "findings", "ledger"} <= set(names)
    for name, file in names.items():
        text = mapper.here("schema", name).out
        assert json.loads(text)["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert mapper.here("schema", file).out == mapper.here("schema", file.removesuffix(".json")).out == text


def test_schema_writes_files(mapper: Any) -> None:
    """One to a file or folder, all to a folder; the bytes are those that were shipped."""
    wanted = (Path(__file__).resolve().parents[2] / "schemas" / "mapping-spec.v1.json").read_bytes()
    assert mapper.here("schema", "mapping-spec", "-o", "mine.json").out == "written mine.json\n"
    assert Path("mine.json").read_bytes() == wanted
    assert mapper.here("schema", "mapping-spec", "-o", "one/").out == "written one/mapping-spec.v1.json\n"
    assert mapper.here("schema", "-o", "all/of/them").code == 0
    assert (Path("all") / "of" / "them" / "mapping-spec.v1.json").read_bytes() == wanted
    assert len(list(Path("all/of/them").iterdir())) == len(mapper.here("schema").out.splitlines())


def test_schema_refuses_what_it_cannot_do(mapper: Any) -> None:
    """A wrong name is corrected, contradicting options and a folder in the way of a file are refused."""
    assert "did you mean mapping-spec?" in mapper.here("schema", "maping-spec").err
    assert mapper.here("schema", "bundle", "--list").code == 2
    mapper.file("taken", "x")
    run = mapper.here("schema", "-o", "taken")
    assert run.code == 2
    assert "cannot write taken" in run.err


def test_explain_tells_about_one_shape(mapper: Any) -> None:
    """The rule, why no earlier one matched, the conversion, the values, and where it stands."""
    run = mapper.here("explain", "examples/street", "--image", "02_parking.png", "--shape", "3")
    assert (run.code, run.err) == (0, "")
    for text in (
        "rectangle 3, label car\n",
        "  rule       rectangle-rotated  (standard/standard.yaml:",
        "  before it  tag did not match: tag is false, wanted true\n",
        "  conversion rectangle -> rotatable_bounding_box of car (rotatable_bounding_box), exact\n",
        '  values     attribute color "red": kept -> color (radio): red  (standard/standard.yaml:',
        '             field occluded "0": kept, told by absence',
        "  bundle     line 2 of label_rows.jsonl, data unit ",
        "object car (rotatable_bounding_box) [rotatable_bounding_box], objectHash ",
    ):
        assert text in run.out, text


def test_explain_tells_of_refused_conversions_fidelity_and_findings(mapper: Any) -> None:
    """What a conversion refused, what was made otherwise, and the numbers that were measured."""
    cuboids = mapper.here("explain", "examples/street", "--label", "parcel").out
    assert "cuboid -> cuboid_2d of parcel (cuboid_2d), residual in px 0" in cuboids
    assert "cuboid -> cuboid_2d of parcel (cuboid_2d), refused: " in cuboids
    assert "cuboid -> polygon of parcel (polygon), exact" in cuboids
    refused = mapper.here("explain", "examples/street", "--label", "parcel", "--spec", "encord-importer").out
    assert "  became     refused: MAP306\n" in refused
    assert "  bundle     nothing\n" in refused
    assert "finding    MAP306 error: the hosted importer does not support cuboids" in refused


def test_explain_by_line(mapper: Any) -> None:
    """A line chooses the element that begins there, or the last before it in its image."""
    text = Path("examples/street/annotations.xml").read_text("utf-8").splitlines()
    line = next(number for number, content in enumerate(text, 1) if "<cuboid" in content)
    for given in (line, line + 1):
        document = json.loads(mapper.here("explain", "examples/street", "--line", str(given), "--output-format", "json").out)
        (found,) = document["explanations"]
        assert (found["source"]["line"], found["shape"]["kind"]) == (line, "cuboid")


def test_explain_is_bounded(mapper: Any) -> None:
    """At most --limit shapes are told, and how many there are is."""
    run = mapper.here("explain", "examples/street", "--label", "car", "--limit", "2")
    assert run.out.count("  rule  ") == 2
    assert run.out.endswith("… and 2 more; --limit shows more of them\n")
    concise = mapper.here("explain", "examples/street", "--label", "car", "--output-format", "concise").out.splitlines()
    assert len(concise) == 4
    assert all(re.fullmatch(r"\S+:\d+: \w+ \d+, label car: rule \S+: kept -> object car .* \[\w+\] \w{8}", line) for line in concise)


def test_explain_says_when_nothing_is_chosen(mapper: Any) -> None:
    """A name that is nearly right is corrected; a choice of nothing is no success."""
    run = mapper.here("explain", "examples/street", "--image", "02_parkin.png")
    assert run.code == 2
    assert "did you mean '02_parking.png'?" in run.err
    nothing = mapper.here("explain", "examples/street", "--label", "tram")
    assert (nothing.code, nothing.out) == (2, "")
    assert "no shape, tag or track of street is chosen by --label tram" in nothing.err
    assert mapper.here("explain", "examples/street", "--summary", "--shape", "1").code == 2
    assert mapper.here("explain", "nowhere", "--shape", "1").code == 2
    mapper.file("wrong.yaml", WRONG)
    invalid = mapper.here("explain", "examples/street", "--spec", "wrong.yaml")
    assert invalid.code == 2
    assert "wrong.yaml:4:1: SPC230" in invalid.err


def test_explain_counts_hits_and_names_dead_rules(mapper: Any) -> None:
    """Every rule with its hits; a dead one with the reason: nothing to match, or all taken by earlier ones."""
    standard = Path(__file__).resolve().parents[2] / "rules" / "standard" / "standard.yaml"
    more = (
        "rules:\n"
        "  - {id: tram, match: {label: tram}, drop: {reason: none here}}\n"
        "  - {id: any-car, match: {label: [car, tram], width: {gt: 0}}, drop: {reason: a car}}\n"
        "  - {id: wide-car, match: {label: car, width: {gt: 1}}, drop: {reason: a wide car}}\n"
    )
    mapper.file("mine.yaml", standard.read_text("utf-8").replace("rules:\n", more, 1))
    run = mapper.here("explain", "examples/street", "--spec", "mine.yaml", "--summary")
    assert run.code == 0
    assert re.search(r"^any-car +4  4 dropped$", run.out, re.MULTILINE)
    assert re.search(r"^shadowed: wide-car \(mine.yaml:\d+\) matches 4, all taken by any-car$", run.out, re.MULTILINE)
    assert re.search(r"^dead: tram \(mine.yaml:\d+\) matches nothing in this export$", run.out, re.MULTILINE)
    document = json.loads(mapper.here("explain", "examples/street", "--spec", "mine.yaml", "--summary", "--output-format", "json").out)
    assert (document["read"], document["unmatched"], document["refused"]) == (23, 0, 0)
    assert sum(rule["hits"] for rule in document["rules"]) == 23
    concise = mapper.here("explain", "examples/street", "--spec", "mine.yaml", "--summary", "--output-format", "concise").out
    assert re.search(r"^mine.yaml:\d+: wide-car: 0 hits, shadowed$", concise, re.MULTILINE)
