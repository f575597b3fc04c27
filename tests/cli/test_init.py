"""``mapper init``."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_draft_from_the_example(mapper: Any) -> None:
    """Written, told with its decisions, refused by validate until they are taken; the same bytes each time."""
    run = mapper.here("init", "examples/street", "-o", "specs/street.yaml")
    assert (run.code, run.err) == (0, "")
    assert "decisions to take\nnext: mapper validate specs/street.yaml\n" in run.out
    first = Path("specs/street.yaml").read_bytes()
    assert mapper.here("validate", "specs/street.yaml").code == 1
    again = mapper.here("init", "examples/street", "-o", "specs/street.yaml", "--force")
    assert again.out == run.out
    assert Path("specs/street.yaml").read_bytes() == first
    assert [path.name for path in Path("specs").iterdir()] == ["street.yaml"]


def test_defaults_make_it_whole(mapper: Any) -> None:
    """Valid, green, and the bundle holds what standard makes."""
    assert mapper.here("init", "examples/street", "-o", "street.yaml", "--accept-defaults").code == 0
    assert mapper.here("validate", "street.yaml").code == 0
    assert mapper.here("test", "street.yaml").code == 0
    mapper.here("convert", "examples/street", "-o", "own", "--spec", "street.yaml")
    mapper.here("convert", "examples/street", "-o", "usual")
    assert Path("own/label_rows.jsonl").read_bytes() == Path("usual/label_rows.jsonl").read_bytes()
    assert Path("own/ontology.json").read_bytes() == Path("usual/ontology.json").read_bytes()


def test_a_file_that_is_there_is_not_replaced(mapper: Any) -> None:
    """Only --force does, and what cannot be read leaves it alone."""
    mapper.file("street.yaml", "mine\n")
    run = mapper.here("init", "examples/street", "-o", "street.yaml")
    assert run.code == 2
    assert "--force replaces it" in run.err
    assert mapper.here("init", "missing.zip", "-o", "street.yaml", "--force").code == 2
    assert mapper.here("init", "examples/street", "-o", "street.yaml", "--force", "--from", "standrad").code == 2
    assert mapper.here("init", "examples/street", "-o", "street.yaml", "--force", "--ontology", "missing.json").code == 2
    assert Path("street.yaml").read_text("utf-8") == "mine\n"


def test_an_export_that_breaks_off_is_drafted_as_far_as_it_goes(mapper: Any) -> None:
    """The draft is written, and the exit code says that something is missing."""
    text = Path("examples/street/annotations.xml").read_text("utf-8")
    mapper.file("cut.xml", text[: text.rindex("<image ")])
    run = mapper.here("init", "cut.xml", "-o", "cut.yaml", "--accept-defaults")
    assert run.code == 1
    assert Path("cut.yaml").is_file()
