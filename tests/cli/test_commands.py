"""``mapper validate``, ``inspect``, ``verify`` and ``rule``."""

from __future__ import annotations

import json
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
